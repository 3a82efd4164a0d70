"""Calls over HTTP of which we must know whether the other side may have heard them."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import (
    ConnectTimeoutError,
    MaxRetryError,
    NewConnectionError,
    ProxyError,
    SSLError,
)

from notifications.channels.base import DownError, SilentError
from notifications.channels.signing import Key

_HANDSHAKE = {
    "CERTIFICATE_VERIFY_FAILED": "certificate not trusted",
    "WRONG_VERSION_NUMBER": "does not speak TLS",
}


def unheard(error: Exception) -> str:
    """Why a call failed before a byte of it was sent; empty where the other side may know of it.

    ``error`` is one of urllib3, or one that requests made of it.
    """
    cause = error.args[0] if isinstance(error, requests.RequestException) and error.args else error
    reason = cause.reason if isinstance(cause, MaxRetryError) else cause
    if isinstance(reason, ProxyError):  # raised only while there is no way through it
        return "no way through the proxy"
    if isinstance(reason, SSLError):
        return _HANDSHAKE.get(getattr(reason.args[0], "reason", ""), "")
    if isinstance(reason, NewConnectionError | ConnectTimeoutError):
        return "connection refused"
    return ""


class Line:
    """The line to a cloud: ``scheme://KEY:SECRET@host?timeout=SECONDS&proxy=URL&tls=0&…``.

    ``query`` holds what else the address says.
    """

    def __init__(self, url: str, host: str) -> None:
        parts = urlsplit(url)
        self.query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        self.key = Key(unquote(parts.username or ""), unquote(parts.password or ""))
        self.host = (parts.hostname or host) + (f":{parts.port}" if parts.port else "")
        scheme = "http" if self.query.get("tls") == "0" else "https"
        self._url = f"{scheme}://{self.host}/"
        self._timeout = float(self.query.get("timeout", "20"))
        self._session = requests.Session()
        self._session.trust_env = False  # a proxy of the host is meant for others
        proxy = self.query.get("proxy", "")
        self._session.proxies = {"http": proxy, "https": proxy} if proxy else {}
        self._session.mount(f"{scheme}://", HTTPAdapter(pool_maxsize=8, max_retries=0))

    def post(self, query: str, headers: Mapping[str, str], body: bytes) -> dict[str, Any]:
        """What the cloud answers to a call, as JSON.

        Raises DownError where it did not hear it, SilentError where it may have.
        """
        try:
            answer = self._session.post(
                self._url + (f"?{query}" if query else ""),
                data=body,
                headers=headers,
                timeout=self._timeout,
                allow_redirects=False,
            )
            said = answer.json()
        except requests.RequestException as error:
            if why := unheard(error):
                raise DownError(why) from error
            raise SilentError(type(error).__name__) from error
        if not isinstance(said, dict):
            raise SilentError(f"{answer.status_code} without an answer")
        return said

    def close(self) -> None:
        """End the connections that are kept."""
        self._session.close()
