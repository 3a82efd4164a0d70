"""Contents sent to a browser or program: never believed, never run, never guessed at."""

import io
from typing import IO

from flask import Response, request
from werkzeug.exceptions import RequestedRangeNotSatisfiable
from werkzeug.wsgi import wrap_file

from bulletins.filenames import disposition, safe_name
from bulletins.filetypes import SERVED, FileKind
from bulletins.models import Attachment
from config.files import store

POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"
"""Whatever a file turns out to be, it runs nothing, loads nothing and belongs to no origin."""


def wants_beginning() -> bool:
    """Whether this request begins a download; going on with one is no new one."""
    ranges = request.range
    if ranges is None or request.headers.get("Sec-Purpose", "").startswith("prefetch"):
        return ranges is None
    return any(start in (0, None) for start, _stop in ranges.ranges)


def download(attachment: Attachment) -> Response:
    """The file as it was attached, to be saved under its name; parts of it where asked for."""
    file = attachment.file
    content = store().open(file.key)
    response = _response(content, SERVED[FileKind(file.kind)].media_type)
    response.headers["Content-Disposition"] = disposition(attachment.name)
    # Packed on the way, a range of it would be none of the file, and its progress unknown.
    response.headers["Content-Encoding"] = "identity"
    response.content_length = file.size
    response.set_etag(file.sha256)
    try:
        response.make_conditional(request, accept_ranges=True, complete_length=file.size)
    except RequestedRangeNotSatisfiable:
        content.close()
        raise
    return response


def picture(content: bytes, media_type: str) -> Response:
    """A picture that this service drew itself."""
    response = Response(content, mimetype=media_type)
    response.headers["Content-Security-Policy"] = POLICY
    return response


def made(name: str, kind: FileKind, content: bytes, digest: str) -> Response:
    """What the service itself made, to be saved under a name; ``digest`` stands for its content."""
    response = _response(io.BytesIO(content), SERVED[kind].media_type)
    response.headers["Content-Disposition"] = disposition(safe_name(name, kind))
    response.content_length = len(content)
    response.set_etag(digest)
    response.make_conditional(request)
    return response


def _response(content: IO[bytes], media_type: str) -> Response:
    response = Response(
        wrap_file(request.environ, content, 64 * 1024),
        mimetype=media_type,
        direct_passthrough=True,
    )
    response.headers["Content-Security-Policy"] = POLICY
    return response
