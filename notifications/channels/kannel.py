"""SMS through a Kannel gateway: one HTTP call a message, its reports come back to our own page."""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError

from notifications.channels.base import DownError, Parcel, Result, Sent
from notifications.channels.calling import unheard
from notifications.states import Action

_CONNECTIONS = 8  # over one connection a gateway takes under a hundred messages a second
_PATH = "/cgi-bin/sendsms"
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
        self._reports = query.get("dlr", base_url).rstrip("/")
        self._given = {
            "username": unquote(parts.username or ""),
            "password": unquote(parts.password or ""),
            **({"from": query["from"]} if "from" in query else {}),
            "coding": "2",
            "charset": "UTF-8",
        }
        self._wants_reports = query.get("reports") != "0"
        self._connections = partial(
            HTTPSConnectionPool if query.get("tls") == "1" else HTTPConnectionPool,
            parts.hostname or "",
            parts.port or 13013,
            timeout=float(query.get("timeout", "20")),
            maxsize=_CONNECTIONS,
            retries=False,
        )
        self._lines: HTTPConnectionPool = self._connections()
        self._pool = ThreadPoolExecutor(_CONNECTIONS, thread_name_prefix="kannel")
        self._used_at = 0.0

    def send(self, parcels: Sequence[Parcel], seconds: float) -> Sent:
        """Send the parcels, several at a time."""
        sent, until = Sent(), time.monotonic() + seconds
        if time.monotonic() - self._used_at > _IDLE:
            self._lines = self._connections()  # whoever still uses the others lets them end
        self._used_at = time.monotonic()
        calls = [self._pool.submit(self._one, self._lines, parcel) for parcel in parcels]
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
        self._lines.close()

    def _one(self, lines: HTTPConnectionPool, parcel: Parcel) -> Result:
        query = self._given | {"to": parcel.address, "text": parcel.body.decode()}
        if self._wants_reports:
            query |= {
                "dlr-mask": str(_ALL_REPORTS),
                "dlr-url": f"{self._reports}{parcel.report_path}?type=%d&reply=%A",
            }
        try:
            answer = lines.urlopen("GET", f"{_PATH}?{urlencode(query)}", redirect=False)
        except HTTPError as error:
            if why := unheard(error):
                raise DownError(why) from error
            return Result(parcel.delivery_id, Action.LOSE, "no_answer", type(error).__name__)
        return _judged(parcel, answer.status, answer.data.decode(errors="replace"))


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
