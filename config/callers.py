"""Who reads an answer: people read pages, programs JSON or plain text, by the address they call."""

import re
from collections.abc import Sequence
from enum import StrEnum

from flask import current_app, request


class Reader(StrEnum):
    """What whoever called can read."""

    PERSON = "person"
    JSON = "json"
    TEXT = "text"


Callers = Sequence[tuple[re.Pattern[str], Reader]]
"""What paths that programs call begin with, and what they read; the first that matches counts."""

CALLERS: Callers = (
    (re.compile(r"/api(/|\Z)"), Reader.JSON),
    (re.compile(r"/(healthz|readyz)\Z"), Reader.JSON),
    (re.compile(r"/metrics\Z"), Reader.TEXT),
)


def reader() -> Reader:
    """Who reads the answer to this request; a page's own script reads JSON.

    An address that there is not, or a method that it does not take, is answered alike.
    """
    if request.headers.get("X-Requested-With") == "fetch":
        return Reader.JSON
    callers: Callers = current_app.extensions["callers"]
    found = (reads for path, reads in callers if path.match(request.path))
    return next(found, Reader.PERSON)
