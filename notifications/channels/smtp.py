"""Mail to a server: connections are kept and used again, each recipient gets an answer."""

import smtplib
import ssl
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from queue import Empty, LifoQueue
from urllib.parse import parse_qs, unquote, urlsplit

from notifications.channels.base import Parcel, Result, Sent
from notifications.states import Action

_IDLE = 30.0  # seconds after which a server may have closed a connection


@dataclass(frozen=True)
class Server:
    """A mail server as ``smtp://user:password@host:port?starttls=1&timeout=20`` names it."""

    host: str
    port: int
    user: str
    password: str
    tls: bool
    starttls: bool
    timeout: float

    @classmethod
    def of(cls, url: str) -> "Server":
        """The server of a URL; ``smtps://`` speaks TLS from the start."""
        parts = urlsplit(url)
        query = parse_qs(parts.query)
        tls = parts.scheme == "smtps"
        starttls = query.get("starttls", ["0"])[0] == "1"
        return cls(
            host=parts.hostname or "localhost",
            port=parts.port or (465 if tls else 587 if starttls else 25),
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            tls=tls,
            starttls=starttls,
            timeout=float(query.get("timeout", ["20"])[0]),
        )

    def connect(self) -> smtplib.SMTP:
        """A connection that is greeted, encrypted and signed in as the URL wants it."""
        if self.tls:
            context = ssl.create_default_context()
            client: smtplib.SMTP = smtplib.SMTP_SSL(
                self.host, self.port, timeout=self.timeout, context=context
            )
        else:
            client = smtplib.SMTP(self.host, self.port, timeout=self.timeout)
        try:
            client.ehlo_or_helo_if_needed()
            if self.starttls:
                client.starttls(context=ssl.create_default_context())
                client.ehlo_or_helo_if_needed()
            if self.user:
                client.login(self.user, self.password)
        except BaseException:
            client.close()
            raise
        return client


class _DownError(Exception):
    """The server takes nothing at present; nothing was handed over."""


@dataclass
class _Line:
    """A connection in use, and when it was used last."""

    client: smtplib.SMTP
    used_at: float


class Smtp:
    """The way out to one mail server."""

    chunk = 50

    def __init__(self, url: str, sender: str) -> None:
        self._server = Server.of(url)
        self._sender = sender
        self._idle: LifoQueue[_Line] = LifoQueue()

    def send(self, parcels: Sequence[Parcel], seconds: float) -> Sent:
        """Send each parcel over one kept connection."""
        sent, until = Sent(), time.monotonic() + seconds
        line: _Line | None = None
        for parcel in parcels:
            if time.monotonic() > until:
                break
            try:
                line = self._begin(line)
            except _DownError as error:
                sent.down, line = str(error), None
                break
            result, line = self._one(line, parcel)
            sent.results.append(result)
        if line is not None:
            line.used_at = time.monotonic()
            self._idle.put(line)
        return sent

    def close(self) -> None:
        """End the connections that are kept."""
        with suppress(Empty):
            while True:
                _quit(self._idle.get_nowait().client)

    # Until the server has the last byte of a message, a broken connection means: not sent.

    def _begin(self, line: _Line | None) -> _Line:
        """A connection on which MAIL FROM has been accepted; raises _DownError."""
        line = line or self._kept()
        if line is not None:
            with suppress(OSError, smtplib.SMTPException):
                if line.client.mail(self._sender)[0] == 250:
                    return line
            _quit(line.client)
        try:
            client = self._server.connect()
        except (OSError, smtplib.SMTPException) as error:
            raise _DownError(_words(error)) from error
        try:
            code, reply = client.mail(self._sender)
        except (OSError, smtplib.SMTPException) as error:
            client.close()
            raise _DownError(_words(error)) from error
        if code != 250:
            _quit(client)
            raise _DownError(_reply(code, reply))
        return _Line(client, time.monotonic())

    def _kept(self) -> _Line | None:
        with suppress(Empty):
            while True:
                line = self._idle.get_nowait()
                if time.monotonic() - line.used_at < _IDLE:
                    return line
                _quit(line.client)
        return None

    def _one(self, line: _Line, parcel: Parcel) -> tuple[Result, _Line | None]:
        """What became of one parcel, and the connection if it is still good."""
        exchange = _Exchange(line.client)
        try:
            code, reply = exchange.run(parcel)
        except (OSError, smtplib.SMTPException) as error:
            line.client.close()
            action = Action.LOSE if exchange.handed_over else Action.DEFER
            return Result(parcel.delivery_id, action, "no_answer", _words(error)), None
        result = _judged(parcel, code, reply, exchange.handed_over)
        if code == 421 or (result.action != Action.ACCEPT and not _reset(line.client)):
            line.client.close()
            return result, None
        return result, line


@dataclass
class _Exchange:
    """The talk about one message, and whether the server may have the whole of it."""

    client: smtplib.SMTP
    handed_over: bool = False

    def run(self, parcel: Parcel) -> tuple[int, bytes]:
        """The reply that decides. No line of a mail begins with a dot, so none is doubled."""
        code, reply = self.client.rcpt(parcel.address)
        if code not in (250, 251):
            return code, reply
        code, reply = self.client.docmd("DATA")
        if code != 354:
            return code, reply
        self.handed_over = True
        self.client.send(parcel.body + b".\r\n")
        return self.client.getreply()


def _reset(client: smtplib.SMTP) -> bool:
    try:
        client.rset()
    except (OSError, smtplib.SMTPException):
        return False
    return True


def _judged(parcel: Parcel, code: int, reply: bytes, handed_over: bool) -> Result:
    if handed_over and 200 <= code < 300:
        action, outcome = Action.ACCEPT, "accepted"
    elif 500 <= code < 600:
        action, outcome = Action.REFUSE, "refused"
    elif handed_over and not 400 <= code < 500:
        action, outcome = Action.LOSE, "no_answer"
    else:
        action, outcome = Action.DEFER, "deferred"
    return Result(parcel.delivery_id, action, outcome, _reply(code, reply))


def _reply(code: int, reply: bytes) -> str:
    return f"{code} {reply.decode('utf-8', 'replace')}"


def _words(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        error_text = error.smtp_error
        text = (
            error_text.decode("utf-8", "replace") if isinstance(error_text, bytes) else error_text
        )
        return f"{error.smtp_code} {text}"
    return str(error) or type(error).__name__


def _quit(client: smtplib.SMTP) -> None:
    with suppress(OSError, smtplib.SMTPException):
        client.quit()
    client.close()
