"""What page and program send each other: the page a small object of texts, the program any JSON value."""

from __future__ import annotations

import json

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

#: Far above any decision with its note.
LIMIT_BYTES = 64 * 1024


class PlainJson(Response):
    """A JSON answer in ASCII, so that even half a letter (a lone surrogate of a broken export) can be sent."""

    media_type = "application/json"

    def render(self, content: object) -> bytes:
        """Return the value as JSON."""
        return json.dumps(content, separators=(",", ":")).encode("ascii")


async def read_object(request: Request, limit: int = LIMIT_BYTES) -> dict[str, object]:
    """Read the body of a request as a JSON object.

    Raises:
        HTTPException: With status 413 for a body above the limit, 415 for another type, 400 for anything but such an object.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise HTTPException(415, "send JSON")
    data = bytearray()
    async for piece in request.stream():
        data += piece
        if len(data) > limit:
            raise HTTPException(413, "this is too much at once")
    try:
        body = json.loads(bytes(data))
    except (ValueError, RecursionError) as error:
        raise HTTPException(400, "this is no JSON") from error
    if not isinstance(body, dict):
        raise HTTPException(400, "send an object")
    return body


async def read_texts(request: Request) -> dict[str, str]:
    """Read the body of a request as a JSON object whose values are texts; see `read_object` for the errors."""
    body = await read_object(request)
    texts = {key: value for key, value in body.items() if isinstance(value, str)}
    if len(texts) < len(body):
        raise HTTPException(400, "send an object of texts")
    return texts
