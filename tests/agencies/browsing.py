"""What a reader does in a browser: open a page, fill in its form, send it."""

import re

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.worlds import csrf_of


def send(browser: FlaskClient, page: str, action: str = "", **fields: object) -> TestResponse:
    """Open ``page`` and send its form to ``action`` (the page itself if none is given)."""
    opened = browser.get(page)
    data = {"csrf_token": csrf_of(opened.text), **fields}
    return browser.post(action or page, data=data)


def press(browser: FlaskClient, action: str, **fields: object) -> TestResponse:
    """Press a button that posts to ``action``; the token comes from one's own account's page."""
    return send(browser, "/account", action, **fields)


def text_of(response: TestResponse) -> str:
    """The words of a page, without its tags and without what differs by nature."""
    body = re.sub(r'name="csrf_token"[^>]*>', "", response.text)
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())
