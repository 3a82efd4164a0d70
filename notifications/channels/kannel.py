"""SMS through a Kannel gateway: one HTTP call a message, its reports come back to our own page."""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import parse_qs, unquote, urlsplit, urlunsplit

import requests
from requests.adapters import HTTPAdapter

from notifications.channels.base import DownError, Parcel, Result, Sent
from notifications.channels.calling import never_connected
from notifications.states import Action

_CONNECTIONS = 8  # over one connection a gateway takes under a hundred messages a second
_ALL_REPORTS = 31
_IDLE = 5.0  # seconds after which the gateway may have closed a connection


class Kannel:
    """The way out to a gateway named by
    ``kannel://user:password@host:port?from=NUMBER&dlr=BASE&timeout=SECONDS&tls=1``.

    ``dlr`` is the address under which the gateway reaches this installation, if not ``base_url``;
    ``reports=0`` asks for none.
    """

    chunk = 12 * _CONNECTIONS

    def __init__(self, url: str, base_url: str) -> None:
        parts = urlsplit(url)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        scheme = "https" if query.get("tls") == "1" else "http"
        host = f"{parts.hostname}:{parts.port or 13013}"
        self._url = urlunsplit((scheme, host, "/cgi-bin/sendsms", "", ""))
        self._reports = query.get("dlr", base_url).rstrip("/")
        self._timeout = float(query.get("timeout", "20"))
        self._given = {
            "username": unquote(parts.username or ""),
            "password": unquote(parts.password or ""),
            **({"from": query["from"]} if "from" in query else {}),
            "coding": "2",
            "charset": "UTF-8",
        }
        self._wants_reports = query.get("reports") != "0"
        self._session = requests.Session()
        self._session.trust_env = False  # a proxy of the host is not meant for the gateway
        adapter = HTTPAdapter(pool_connections=1, pool_maxsize=_CONNECTIONS, max_retries=0)
        self._session.mount(f"{scheme}://", adapter)
        self._pool = ThreadPoolExecutor(_CONNECTIONS, thread_name_prefix="kannel")
        self._used_at = 0.0

    def send(self, parcels: Sequence[Parcel], seconds: float) -> Sent:
        """Send the parcels, several at a time."""
        sent, until = Sent(), time.monotonic() + seconds
        if time.monotonic() - self._used_at > _IDLE:
            self._session.close()
        calls = [self._pool.submit(self._one, parcel) for parcel in parcels]
        for call in calls:
            if (sent.down or time.monotonic() > until) and call.cancel():
                continue
            try:
                sent.results.append(call.result())
            except DownError as error:
                sent.down = str(error)
        self._used_at = time.monotonic()
        return sent

    def close(self) -> None:
        """End the connections that are kept."""
        self._pool.shutdown(wait=True)
        self._session.close()

    def _one(self, parcel: Parcel) -> Result:
        query = self._given | {"to": parcel.address, "text": parcel.body.decode()}
        if self._wants_reports:
            query |= {
                "dlr-mask": str(_ALL_REPORTS),
                "dlr-url": f"{self._reports}{parcel.report_path}?type=%d&reply=%A",
            }
        try:
            answer = self._session.get(
                self._url, params=query, timeout=self._timeout, allow_redirects=False
            )
        except requests.RequestException as error:
            if never_connected(error):
                raise DownError("connection refused") from error
            return Result(parcel.delivery_id, Action.LOSE, "no_answer", type(error).__name__)
        return _judged(parcel, answer.status_code, answer.text)


def _judged(parcel: Parcel, status: int, text: str) -> Result:
    detail = f"{status} {' '.join(text.split())}"
    if status == 202:
        return Result(parcel.delivery_id, Action.ACCEPT, "accepted", detail)
    if status in (401, 403, 404) and "black-list" not in detail:
        # A wrong password or address is no fault of the message.
        raise DownError(detail)
    if status in (429, 503):
        return Result(parcel.delivery_id, Action.DEFER, "deferred", detail)
    if 400 <= status < 500:
        return Result(parcel.delivery_id, Action.REFUSE, "refused", detail)
    return Result(parcel.delivery_id, Action.LOSE, "no_answer", detail)
