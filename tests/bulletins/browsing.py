"""Forms sent by a browser."""

import re
from collections.abc import Callable

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.bulletins.papers import TITLE
from tests.worlds import csrf_of

Browsers = Callable[[int], FlaskClient]
FETCH = {"X-Requested-With": "fetch"}


def post(client: FlaskClient, url: str, page: str, **fields: object) -> TestResponse:
    """Send a form with the CSRF token that ``page`` carries."""
    return client.post(url, data={"csrf_token": csrf_of(client.get(page).text), **fields})


def form(**given: object) -> dict[str, object]:
    """The draft's form, filled in well but for what is given."""
    return {
        "title": TITLE,
        "body": "请**认真**落实。",
        "type": "notice",
        "urgency": "normal",
        "needs_acknowledgement": "1",
        "to_all": "1",
        "action": "save",
        **given,
    }


def key_of(page: str) -> str:
    """The key of the form of a new draft that a page carries."""
    match = re.search(r'name="form_key"[^>]*value="([^"]+)"', page)
    assert match, "the page has no form of a new draft"
    return match[1]
