"""Static files that a browser asks for once: their addresses change with their content."""

from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

from flask import Flask, Response, request
from werkzeug.security import safe_join

ENDPOINTS = ("static", "bootstrap.static")
KEEP = "public, max-age=31536000, immutable"


@cache
def _digest(path: Path) -> str:
    return blake2b(path.read_bytes(), digest_size=6).hexdigest()


def _folder(app: Flask, endpoint: str) -> str:
    blueprint, _, _ = endpoint.rpartition(".")
    return str((app.blueprints[blueprint] if blueprint else app).static_folder)


def init_app(app: Flask) -> None:
    """Give each static address a digest of its file, and let browsers keep what carries one."""

    @app.url_defaults
    def add_digest(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint in ENDPOINTS and "v" not in values:
            path = safe_join(_folder(app, endpoint), values["filename"])
            if path and Path(path).is_file():
                values["v"] = _digest(Path(path))

    @app.after_request
    def keep(response: Response) -> Response:
        if request.endpoint in ENDPOINTS and "v" in request.args and response.status_code == 200:
            response.headers["Cache-Control"] = KEEP
        return response
