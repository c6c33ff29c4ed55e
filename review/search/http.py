"""Requests that survive a service's bad days, and give up in a stated time.

One `send` is one question: it is repeated with back-off and jitter until an answer holds, a bound is reached, or the service
says no. What holds is decided by the caller's reader, because services report errors inside HTTP 200 as well; the reader
raises `Retry` for whatever may be better next time. A question is bounded in tries, in seconds and in bytes.

Messages never hold an address with its parameters, nor the text of the libraries' exceptions, which do: keys are in there.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from typing import Literal
from typing import TypeVar
from urllib.parse import urlsplit

from review.errors import BadResponse
from review.errors import SourceRefused
from review.errors import SourceUnavailable
from review.search.throttle import Throttle

if TYPE_CHECKING:
    import requests

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Request:
    """One question: `parameters` go into the address of a GET and into the body of a POST.

    `what` names it in messages, for example `ESearch`.
    """

    what: str
    url: str
    parameters: Sequence[tuple[str, str]] = field(default=(), repr=False)
    method: Literal["GET", "POST"] = "GET"
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, whole: `headers` have lower-case names, `body` is decompressed."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def retry_after_seconds(self) -> float | None:
        """How long the service asks to wait, None if it does not say."""
        return parse_retry_after(self.headers.get("retry-after", ""), self.headers.get("date", ""))


class Retry(Exception):
    """Raised by a reader: this answer does not hold, the next may.

    Args:
        reason: In words, without addresses or keys.
        wait_seconds: What the service asked for.
        tries: How often this reason is borne, where that is less than the general bound.
    """

    def __init__(self, reason: str, *, wait_seconds: float | None = None, tries: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.wait_seconds = wait_seconds
        self.tries = tries


@dataclass(frozen=True, slots=True)
class Patience:
    """The bounds of one question.

    `total_seconds` covers all tries and the waits between them. An answer that arrives at less than `least_bytes_per_second`
    for `slow_seconds` is given up. `first_wait_seconds` doubles with every try up to `longest_wait_seconds`; jitter takes it
    to between half and all of that.
    """

    tries: int = 7
    total_seconds: float = 120.0
    connect_seconds: float = 10.0
    read_seconds: float = 30.0
    slow_seconds: float = 15.0
    least_bytes_per_second: float = 512.0
    first_wait_seconds: float = 0.6
    longest_wait_seconds: float = 12.0
    largest_body: int = 512 * 1024 * 1024


def parse_retry_after(value: str, date: str = "") -> float | None:
    """Return the seconds of a Retry-After header, given as seconds or as a date; None if it is neither.

    Args:
        value: The header.
        date: The answer's Date header, against which a date counts.
    """
    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    try:
        return max(0.0, (parsedate_to_datetime(value) - parsedate_to_datetime(date)).total_seconds())
    except (ValueError, TypeError):
        return None


def check_status(answer: Answer, source: str, *, setting: str = "") -> None:
    """Sort the statuses that mean the same everywhere.

    Args:
        answer: Any answer.
        source: Name of the service for messages.
        setting: The setting to mend where the service refuses the caller.

    Raises:
        Retry: 408, 425, 429, 5xx, redirects (which are never followed: they would carry the key elsewhere), 404 once.
        SourceRefused: 401, 403.
        BadResponse: Any other status but 2xx.
    """
    status = answer.status
    if 200 <= status < 300:
        return
    if status == 429:
        raise Retry("too many requests (HTTP 429)", wait_seconds=max(1.0, answer.retry_after_seconds or 1.0))
    if status in {408, 425} or status >= 500:
        raise Retry(f"HTTP {status}", wait_seconds=answer.retry_after_seconds)
    if 300 <= status < 400:
        raise Retry(f"HTTP {status}, a redirect, which is not followed", tries=3)
    if status == 404:
        raise Retry("HTTP 404", tries=2)
    if status in {401, 403}:
        hint = f"look at {setting}" if setting else "wait, or ask the service"
        raise SourceRefused(source, f"refused us (HTTP {status})", hint=hint)
    raise BadResponse(source, f"HTTP {status}")


class Transport:
    """Sends requests to one service: connections are kept, starts are spaced, failures are repeated within bounds.

    Args:
        source: Name of the service for messages.
        throttle: Spaces the starts.
        session: Connections; None for a new one. Tests mount their own adapter on it.
        patience: The bounds.
        notify: Is told of every repetition, in words.
        user_agent: Who asks.
        clock: Seconds that never go back.
        sleep: Waits so many seconds.
        jitter: Gives a number from 0 to 1.
    """

    def __init__(
        self,
        source: str,
        throttle: Throttle,
        *,
        session: requests.Session | None = None,
        patience: Patience | None = None,
        notify: Callable[[str], None] | None = None,
        user_agent: str = "review-toolkit",
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self.source = source
        self.patience = patience or Patience()
        self.sent = 0
        self.repeated = 0
        self._throttle = throttle
        self._session = session
        self._notify = notify or (lambda _: None)
        self._user_agent = user_agent
        self._clock = clock
        self._sleep = sleep
        self._jitter = jitter

    def send(self, request: Request, read: Callable[[Answer], T]) -> T:
        """Ask until an answer holds.

        Args:
            request: The question.
            read: Turns an answer into its value, or raises `Retry` or a `SourceError`.

        Raises:
            SourceUnavailable: If the bounds are reached; the text gives tries, seconds and the last reason.
            SourceError: What `read` raised.
        """
        start = self._clock()
        seen: Counter[str] = Counter()
        for attempt in range(1, self.patience.tries + 1):
            try:
                return read(self._exchange(request, start))
            except Retry as problem:
                spent = self._clock() - start
                wait = self._backoff(attempt, problem.wait_seconds)
                seen[problem.reason] += 1
                last = attempt >= self.patience.tries or seen[problem.reason] >= (problem.tries or self.patience.tries)
                if last or spent + wait > self.patience.total_seconds:
                    raise self._unavailable(request, problem, attempt, spent, wait if not last else None) from None
                self.repeated += 1
                self._notify(
                    f"{self.source}: {request.what}: {problem.reason}; "
                    f"try {attempt + 1} of {self.patience.tries} in {wait:.1f} s"
                )
                if problem.wait_seconds:
                    self._throttle.push(wait)
                self._sleep(wait)
        raise AssertionError("the last try returns or raises")

    def pause(self, attempt: int) -> None:
        """Wait as long as after the given failed try, for callers that repeat a whole chain of questions."""
        self._sleep(self._backoff(attempt, None))

    def _backoff(self, attempt: int, asked_seconds: float | None) -> float:
        ceiling = min(self.patience.longest_wait_seconds, self.patience.first_wait_seconds * 2.0 ** (attempt - 1))
        own = ceiling * (0.5 + 0.5 * self._jitter())
        return max(own, asked_seconds or 0.0)

    def _unavailable(
        self, request: Request, problem: Retry, tries: int, spent: float, wait: float | None
    ) -> SourceUnavailable:
        host = urlsplit(request.url).hostname or "?"
        asked = f", which asks to wait {wait:.0f} s more" if wait is not None and problem.wait_seconds else ""
        return SourceUnavailable(
            self.source,
            f"{request.what} at {host} was given up after {tries} {'try' if tries == 1 else 'tries'} in {spent:.0f} s"
            f"{asked}: {problem.reason}",
            hint="this says nothing about the number of hits; run the command again later, it goes on where it stopped",
        )

    def _exchange(self, request: Request, start: float) -> Answer:
        import requests
        import urllib3

        self._throttle.wait()
        self.sent += 1
        remaining = max(1.0, self.patience.total_seconds - (self._clock() - start))
        timeouts = (min(self.patience.connect_seconds, remaining), min(self.patience.read_seconds, remaining))
        parameters = list(request.parameters)
        response = None
        try:
            response = self._open_session().request(
                request.method,
                request.url,
                params=parameters if request.method == "GET" else None,
                data=parameters if request.method == "POST" else None,
                headers={"User-Agent": self._user_agent, **request.headers},
                timeout=timeouts,
                allow_redirects=False,
                stream=True,
            )
            body = self._read_body(response, self._clock() + remaining)
            headers = {name.lower(): value for name, value in response.headers.items()}
            return Answer(response.status_code, headers, body)
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            raise Retry(name_failure(error)) from None
        finally:
            if response is not None:
                response.close()

    def _open_session(self) -> requests.Session:
        if self._session is None:
            import requests

            self._session = requests.Session()
        return self._session

    def _read_body(self, response: requests.Response, deadline: float) -> bytes:
        """Read a body as it arrives: never waiting for a full buffer, so that a dripping answer is noticed."""
        raw = response.raw
        # urllib3 1 has no read1; there a dripping answer is noticed a buffer later.
        read_some = getattr(raw, "read1", raw.read)
        body = bytearray()
        began = self._clock()
        while chunk := read_some(65536, decode_content=True):
            body += chunk
            now = self._clock()
            if len(body) > self.patience.largest_body:
                raise BadResponse(self.source, f"an answer of more than {self.patience.largest_body // 2**20} MB")
            slow = now - began > self.patience.slow_seconds
            if slow and len(body) < self.patience.least_bytes_per_second * (now - began):
                raise Retry(f"the answer came too slowly ({len(body)} bytes in {now - began:.0f} s)")
            if now > deadline:
                raise Retry("the answer took too long")
        announced = response.headers.get("Content-Length", "")
        if announced.isdigit() and raw.tell() < int(announced):
            raise Retry(f"the answer was cut ({raw.tell()} of {announced} bytes)")
        return bytes(body)


def name_failure(error: BaseException) -> str:
    """Say in words what went wrong with a connection, without the library's text."""
    chain = list(_walk_causes(error))
    names = {type(item).__name__ for item in chain}
    for words, kinds in (
        ("the certificate was not accepted", {"SSLCertVerificationError"}),
        ("the secure connection failed", {"SSLError", "SSLEOFError", "SSLZeroReturnError"}),
        ("the name of the server was not found", {"NameResolutionError", "gaierror"}),
        ("the connection was refused", {"ConnectionRefusedError"}),
        ("no connection in time", {"ConnectTimeout", "ConnectTimeoutError"}),
        ("no answer in time", {"ReadTimeout", "ReadTimeoutError", "TimeoutError"}),
        ("the connection was reset", {"ConnectionResetError", "BrokenPipeError", "ConnectionAbortedError"}),
        ("the answer was cut", {"IncompleteRead", "ChunkedEncodingError", "InvalidChunkLength"}),
        ("the compressed answer was damaged", {"ContentDecodingError", "DecodeError"}),
        ("the server hung up without an answer", {"RemoteDisconnected"}),
        ("the proxy failed", {"ProxyError"}),
    ):
        if names & kinds:
            return words
    return f"the connection failed ({type(error).__name__})"


def _walk_causes(error: BaseException) -> Iterable[BaseException]:
    """Yield an exception and all it was made of, each once."""
    seen: set[int] = set()
    queue: list[object] = [error]
    while queue:
        item = queue.pop(0)
        if not isinstance(item, BaseException) or id(item) in seen:
            continue
        seen.add(id(item))
        yield item
        queue += [item.__cause__, item.__context__, getattr(item, "reason", None), *item.args]


def redact(text: str, secrets: Iterable[str]) -> str:
    """Replace every secret by stars; empty secrets are passed over."""
    for secret in secrets:
        if secret:
            text = text.replace(secret, "***")
    return text
