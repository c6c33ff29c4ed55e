"""A small client of a language server: JSON-RPC over the pipes of a process that this starts and ends."""

from __future__ import annotations

import json
import os
import queue
import shutil
import subprocess
import threading
from dataclasses import dataclass
from dataclasses import field
from pathlib import Path
from time import monotonic

#: The environment variable that names a folder with node_modules/yaml-language-server.
VARIABLE = "REVIEW_YAML_LS"

#: Seconds that an answer may take; the first one starts the server.
WAIT_SECONDS = 20


def find_server() -> list[str] | None:
    """The command that starts yaml-language-server; None where it is not installed."""
    node = shutil.which("node")
    folder = os.environ.get(VARIABLE)
    script = Path(folder or ".") / "node_modules/yaml-language-server/bin/yaml-language-server"
    if folder and node and script.is_file():
        return [node, str(script), "--stdio"]
    found = shutil.which("yaml-language-server")
    return [found, "--stdio"] if found else None


@dataclass
class LanguageServer:
    """A running server. `close` ends the process, and only it."""

    command: list[str]
    root: Path
    _number: int = 0
    _diagnostics: dict[str, list[dict]] = field(default_factory=dict)

    def __post_init__(self):
        self._process = subprocess.Popen(
            self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self._messages: queue.Queue[dict] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        folder = {"uri": self.root.as_uri(), "name": "review"}
        documents = {
            "completion": {"completionItem": {"documentationFormat": ["markdown"], "snippetSupport": True}},
            "hover": {"contentFormat": ["markdown"]},
        }
        self.ask(
            "initialize",
            processId=os.getpid(),
            rootUri=self.root.as_uri(),
            workspaceFolders=[folder],
            capabilities={"textDocument": documents, "workspace": {"configuration": True, "workspaceFolders": True}},
        )
        self.tell("initialized")

    def ask(self, method: str, **parameters):
        """Send a request and wait for its result."""
        self._number += 1
        self._send({"id": self._number, "method": method, "params": parameters})
        answer = self._wait(lambda message: message.get("id") == self._number and "method" not in message)
        assert "error" not in answer, answer
        return answer["result"]

    def tell(self, method: str, **parameters):
        """Send a notification."""
        self._send({"method": method, "params": parameters})

    def open(self, path: Path, text: str, version: int = 1) -> list[dict]:
        """Open a document, or show its next version; the diagnostics of it."""
        uri = path.as_uri()
        self._diagnostics.pop(uri, None)
        if version == 1:
            document = {"uri": uri, "languageId": "yaml", "version": version, "text": text}
            self.tell("textDocument/didOpen", textDocument=document)
        else:
            self.tell(
                "textDocument/didChange",
                textDocument={"uri": uri, "version": version},
                contentChanges=[{"text": text}],
            )
        self._wait(lambda _: uri in self._diagnostics)
        return self._diagnostics[uri]

    def at(self, method: str, path: Path, line: int, character: int):
        """Ask about a place of an open document, line and character from 0."""
        return self.ask(
            f"textDocument/{method}",
            textDocument={"uri": path.as_uri()},
            position={"line": line, "character": character},
        )

    def close(self):
        """End the server: asked first, then by its process id."""
        try:
            self.ask("shutdown")
            self.tell("exit")
            self._process.wait(WAIT_SECONDS)
        except (AssertionError, OSError, subprocess.TimeoutExpired):
            self._process.kill()
        finally:
            for stream in (self._process.stdin, self._process.stdout):
                stream.close()
            self._process.wait(WAIT_SECONDS)
            self._reader.join(WAIT_SECONDS)

    def _send(self, message: dict):
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        self._process.stdin.flush()

    def _read(self):
        stream = self._process.stdout
        while header := stream.readline():
            length = 0
            while header.strip():
                name, _, value = header.partition(b":")
                length = int(value) if name.lower() == b"content-length" else length
                header = stream.readline()
            self._messages.put(json.loads(stream.read(length)))
        self._messages.put({"ended": True})

    def _wait(self, is_awaited) -> dict:
        """Take messages until the one that is awaited; what the server asks is answered, its diagnostics are kept."""
        until = monotonic() + WAIT_SECONDS
        while True:
            try:
                message = self._messages.get(timeout=max(0.01, until - monotonic()))
            except queue.Empty:
                raise AssertionError(f"the language server gave no answer in {WAIT_SECONDS} s") from None
            assert "ended" not in message, "the language server ended"
            if message.get("method") == "textDocument/publishDiagnostics":
                self._diagnostics[message["params"]["uri"]] = message["params"]["diagnostics"]
            elif "method" in message and "id" in message:
                self._answer(message)
            if is_awaited(message):
                return message

    def _answer(self, message: dict):
        # Settings that it asks for are those of an editor in which nothing was set, without schemas from the network.
        settings = {"yaml": {"schemaStore": {"enable": False}, "validate": True, "hover": True, "completion": True}}
        items = message["params"].get("items", []) if message["method"] == "workspace/configuration" else None
        result = None if items is None else [settings.get(item.get("section")) for item in items]
        self._send({"id": message["id"], "result": result})
