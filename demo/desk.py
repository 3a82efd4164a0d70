"""A player at their desk: a browser that knows pages, or a program that knows the API."""

import re
from typing import Any

import requests

PASSWORD = "only-of-this-story-7431"
SECONDS = 60
_CSRF = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
_SEAT = re.compile(r'<option value="(\d+)"')
_KEY = re.compile(r"\bct_[\w-]{30,}")


class StoryError(Exception):
    """The service did not do what the story needs to go on."""


class Desk:
    """A browser; ``accept`` signs it in."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._session = requests.Session()
        self._page = ""

    def accept(self, link: str) -> None:
        """Open an invitation and set the first password; that signs in."""
        self.get(link.removeprefix(self._url))
        self.post(link.removeprefix(self._url), password=PASSWORD, password_again=PASSWORD)

    def prove_phone(self, number: str) -> str:
        """Have a code sent to a phone; returns the page where it is typed in."""
        self.get("/account")
        page = self.post("/account/contacts", channel="sms", address=number)
        self.get(page)
        return page

    def type_code(self, page: str, code: str) -> None:
        """Prove the phone by the code that came."""
        self.post(f"{page}/verify", code=code)

    def want_texts(self) -> None:
        """Digests by SMS on working days at eight, and urgent papers at once."""
        self.get("/settings/digests/sms")
        self.post("/settings/digests/sms", rhythm="workdays", times="08:00", urgent_at_once="1")

    def key(self, purpose: str) -> str:
        """A new key for the API, for one's first seat."""
        seat = _SEAT.search(self.get("/account/keys"))
        page = self.post("/account/keys", label=purpose, seat_id=seat[1] if seat else "", days="1")
        found = _KEY.search(self.get(page))
        if not found:
            raise StoryError("no key was shown")
        return found[0]

    def open(self, title: str) -> str:
        """Find a paper in the inbox and read it; returns its path."""
        page = self.get("/inbox")
        found = re.search(rf'href="(/inbox/\d+)">{re.escape(title)}<', page)
        if not found:
            raise StoryError(f"{title} is not in the inbox")
        self.get(found[1])
        return found[1]

    def acknowledge(self, path: str) -> None:
        """Acknowledge the paper just opened."""
        self.post(f"{path}/acknowledge")

    def get(self, path: str) -> str:
        """A page."""
        answer = self._session.get(self._url + path, timeout=SECONDS)
        return self._kept(answer)

    def post(self, path: str, **fields: str) -> str:
        """Send a form of the page at hand; returns the path it leads to."""
        found = _CSRF.search(self._page)
        if not found:
            raise StoryError(f"no form to send to {path}")
        data = {"csrf_token": found[1], **fields}
        answer = self._session.post(
            self._url + path, data=data, timeout=SECONDS, allow_redirects=False
        )
        self._kept(answer)
        return answer.headers.get("Location", path)

    def _kept(self, answer: requests.Response) -> str:
        if not answer.ok:
            raise StoryError(f"{answer.request.method} {answer.url}: {answer.status_code}")
        self._page = answer.text
        return answer.text


class Program:
    """A program that works for one person by the API."""

    def __init__(self, url: str, key: str) -> None:
        self._url = f"{url}/api/v1"
        self._headers = {"Authorization": f"Bearer {key}"}

    def get(self, path: str, **query: Any) -> dict[str, Any]:
        """Ask for something."""
        answer = requests.get(
            self._url + path, params=query, headers=self._headers, timeout=SECONDS
        )
        return self._kept(answer)

    def post(self, path: str, **body: Any) -> dict[str, Any]:
        """Do something."""
        answer = requests.post(self._url + path, json=body, headers=self._headers, timeout=SECONDS)
        return self._kept(answer)

    def _kept(self, answer: requests.Response) -> dict[str, Any]:
        if not answer.ok:
            raise StoryError(f"{answer.request.method} {answer.url}: {answer.text[:300]}")
        found: dict[str, Any] = answer.json() if answer.content else {}
        return found
