"""Reading what a page sends: a small JSON object of texts, and nothing else."""

from __future__ import annotations

import json

from starlette.exceptions import HTTPException
from starlette.requests import Request

#: Far above any decision with its note.
LIMIT_BYTES = 64 * 1024


async def read_texts(request: Request) -> dict[str, str]:
    """Read the body of a request as a JSON object whose values are texts.

    Raises:
        HTTPException: With status 413 for a body above the limit, 415 for another type, 400 for anything but such an object.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise HTTPException(415, "send JSON")
    data = bytearray()
    async for piece in request.stream():
        data += piece
        if len(data) > LIMIT_BYTES:
            raise HTTPException(413, "this is too much for one decision")
    try:
        body = json.loads(bytes(data))
    except (ValueError, RecursionError) as error:
        raise HTTPException(400, "this is no JSON") from error
    if not isinstance(body, dict) or not all(isinstance(value, str) for value in body.values()):
        raise HTTPException(400, "send an object of texts")
    return body
