"""Serving a local page: a socket on 127.0.0.1, an address with its secret, and an end with Ctrl-C."""

from __future__ import annotations

import signal
import socket
import threading
import webbrowser
from collections.abc import Callable

import uvicorn
from starlette.types import ASGIApp

from review.errors import UsageError
from review.web.guard import Guard
from review.web.guard import Pass

#: What makes an application, given the secrets that its page needs.
AppFactory = Callable[[Pass], ASGIApp]


class LocalServer:
    """A server on 127.0.0.1. The port is taken at once, so that the address is known before it runs."""

    def __init__(self, make_app: AppFactory, port: int = 0) -> None:
        """Take a port.

        Raises:
            UsageError: If the port is in use.
        """
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            self._socket.bind(("127.0.0.1", port))
        except OSError as error:
            self._socket.close()
            raise UsageError(f"port {port} is in use; choose another, or leave --port out") from error
        # From here on a browser that is quicker than we are waits instead of being refused.
        self._socket.listen()
        self.permit = Pass(self._socket.getsockname()[1])
        config = uvicorn.Config(
            Guard(make_app(self.permit), self.permit),
            log_level="warning",
            access_log=False,
            lifespan="off",
            ws="none",
            server_header=False,
            timeout_graceful_shutdown=3,
        )
        self._server = uvicorn.Server(config)

    @property
    def address(self) -> str:
        """The address to open, with its secret."""
        return self.permit.address

    def run(self) -> None:
        """Answer requests until Ctrl-C or `stop`."""
        if threading.current_thread() is threading.main_thread():
            # Ending by a signal takes the same way as Ctrl-C, so that locks are taken away.
            signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            self._server.run(sockets=[self._socket])
        except KeyboardInterrupt:
            # Ctrl-C is how one ends a server; all that was decided is on disk.
            return
        finally:
            self._socket.close()

    def stop(self) -> None:
        """End the server from another thread."""
        self._server.should_exit = True


def open_browser(address: str) -> None:
    """Open an address in the browser, without waiting for it."""
    threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
