"""A connection to one of the services that answer JSON, and what an answer must be before anything is concluded from it.

These services report errors as JSON, HTML or text under any status and cut answers short; an answer holds if it is one whole JSON
object. What an object says is the service's own module's matter.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from review import __version__
from review.search.http import Answer
from review.search.http import Patience
from review.search.http import Retry
from review.search.http import Transport
from review.search.http import check_status
from review.search.http import redact
from review.search.settings import Settings
from review.search.throttle import Throttle

if TYPE_CHECKING:
    import requests


def connect(
    title: str,
    settings: Settings,
    interval_seconds: float,
    *,
    session: requests.Session | None = None,
    patience: Patience | None = None,
    notify: Callable[[str], None] | None = None,
    sleep: Callable[[float], None] = time.sleep,
    throttle: Throttle | None = None,
) -> Transport:
    """Return a transport that keeps a service's rate over all of the user's processes.

    Args:
        title: Name of the service for messages.
        settings: Address, e-mail, key.
        interval_seconds: Least time between two starts.
        session: Connections; None for new ones.
        patience: The bounds; None for the usual ones.
        notify: Is told of every repetition.
        sleep: Waits so many seconds.
        throttle: Keeps the rate instead of the shared one.
    """
    if settings.api_key:
        _hide_in_logs(settings.api_key)
    throttle = throttle or Throttle(settings.host, interval_seconds, folder=settings.cache_dir)
    agent = f"{settings.tool}/{__version__} (mailto:{settings.email})"
    return Transport(title, throttle, session=session, patience=patience, notify=notify, user_agent=agent, sleep=sleep)


def read_object(answer: Answer, source: str, *, setting: str = "") -> dict[str, object]:
    """Return the object of an answer that holds.

    Args:
        answer: Any answer.
        source: Name of the service for messages.
        setting: The setting to mend where the service refuses the caller.

    Raises:
        Retry: For what may pass: overload, cut, empty or foreign bodies.
        SourceError: If the status is final.
    """
    check_status(answer, source, setting=setting)
    return parse_object(answer.body)


def parse_object(body: bytes) -> dict[str, object]:
    """Return the object that a body holds.

    Raises:
        Retry: If it holds none, or not a whole one.
    """
    head = body[:1024].removeprefix(b"\xef\xbb\xbf").lstrip()
    if not head:
        raise Retry("an empty answer")
    if not head.startswith(b"{"):
        raise Retry(f"an answer that is {'HTML or XML' if head.startswith(b'<') else 'no JSON object'}")
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        raise Retry("an answer that is no whole JSON") from None
    if not isinstance(value, dict):
        raise Retry("an answer that is no JSON object")
    return value


def shorten(text: str, settings: Settings, width: int = 300) -> str:
    """Return what a service says, on one line, without the key and not at length."""
    return " ".join(redact(text, [settings.api_key]).split())[:width]


class _KeyFilter(logging.Filter):
    """Takes a key out of the addresses that the library for connections logs."""

    def __init__(self, secret: str) -> None:
        super().__init__()
        self.secret = secret

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        if self.secret in message:
            record.msg, record.args = redact(message, [self.secret]), ()
        return True


def _hide_in_logs(secret: str) -> None:
    """Keep a key that must stand in addresses out of the debug log of connections."""
    logger = logging.getLogger("urllib3.connectionpool")
    if not any(isinstance(item, _KeyFilter) and item.secret == secret for item in logger.filters):
        logger.addFilter(_KeyFilter(secret))
