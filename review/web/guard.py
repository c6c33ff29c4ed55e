"""Who may talk to a local page: the browser that was given its address, and no other site, program or user.

The first address holds a secret, which is exchanged for a cookie. A foreign `Host` (a name that an attacker pointed to 127.0.0.1) and a
foreign `Origin` (another site's page) are refused, and a change needs a token that only our own page can read.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from dataclasses import field
from http.cookies import CookieError
from http.cookies import SimpleCookie
from urllib.parse import parse_qs

from starlette.datastructures import Headers
from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.responses import RedirectResponse
from starlette.responses import Response
from starlette.types import ASGIApp
from starlette.types import Message
from starlette.types import Receive
from starlette.types import Scope
from starlette.types import Send

#: The header in which the page sends its token with every change.
TOKEN_HEADER = "x-review-token"  # noqa: S105 (the header's name)

#: Nothing is loaded from elsewhere, no script stands in the page, no other site may frame it.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; frame-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)

_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}


@dataclass(frozen=True, slots=True)
class Pass:
    """The secrets of one run of a server: `key` is in its first address, `cookie` in the browser, `token` in the page."""

    port: int
    key: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)
    cookie: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)

    @property
    def host(self) -> str:
        """The only `Host` that is answered."""
        return f"127.0.0.1:{self.port}"

    @property
    def origin(self) -> str:
        """The only `Origin` that may change anything."""
        return f"http://{self.host}"

    @property
    def address(self) -> str:
        """The address to open."""
        return f"{self.origin}/?key={self.key}"

    @property
    def cookie_name(self) -> str:
        """The cookie's name; browsers share cookies between the ports of a host, so that it has the port in it."""
        return f"review_{self.port}"


class Guard:
    """Middleware that lets through what the module says, and sends every answer with strict headers."""

    def __init__(self, app: ASGIApp, permit: Pass) -> None:
        self._app = app
        self._permit = permit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or pass it on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        answer = self._refuse(scope)
        await (answer or self._app)(scope, receive, send_guarded)

    def _refuse(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        permit = self._permit
        is_change = scope["method"] not in {"GET", "HEAD"}
        if headers.get("host") != permit.host:
            return _deny("This program answers on its own address only.")
        origin = headers.get("origin")
        if origin is not None and origin != permit.origin:
            return _deny("Another site may not use this page.")
        if scope["path"] == "/" and not is_change:
            key = parse_qs(scope["query_string"].decode("latin-1")).get("key", [""])[0]
            if _equal(key, permit.key):
                answer = RedirectResponse("/", status_code=303)
                answer.set_cookie(permit.cookie_name, permit.cookie, httponly=True, samesite="strict", path="/")
                return answer
        if headers.get("sec-fetch-site") in {"cross-site", "same-site"}:
            return _deny("Another site may not use this page.")
        if not _equal(_read_cookie(headers.get("cookie", ""), permit.cookie_name), permit.cookie):
            return _deny("Open the address that the program printed; it was started anew if that one does not work.")
        if is_change and (origin is None or not _equal(headers.get(TOKEN_HEADER, ""), permit.token)):
            return _deny("The page is out of date: load it again.")
        return None


def _deny(text: str) -> Response:
    return PlainTextResponse(f"{text}\n", status_code=403)


def _equal(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "surrogateescape"), expected.encode())


def _read_cookie(header: str, name: str) -> str:
    try:
        morsel = SimpleCookie(header).get(name)
    except CookieError:
        return ""
    return morsel.value if morsel else ""
