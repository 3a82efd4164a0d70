"""Mail to a server: connections are kept and used again, each recipient gets an answer."""

import smtplib
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from queue import Empty, LifoQueue

from notifications.channels.base import Parcel, Result, Sent
from notifications.channels.mail_server import Server
from notifications.channels.mail_talk import DownError, Talk
from notifications.states import Action

_IDLE = 30.0  # seconds after which a server may have closed a connection


@dataclass
class _Line:
    """A connection in use, and when it was used last."""

    client: smtplib.SMTP
    used_at: float


class Smtp:
    """The way out to one mail server.

    ``return_path`` is where what can't be delivered comes back to; a ``*`` in it becomes the
    parcel's ``ref`` (VERP), so that what comes back names its delivery by its address alone.
    """

    chunk = 50

    def __init__(self, url: str, return_path: str) -> None:
        self._server = Server.of(url)
        self._return_path = return_path
        self._idle: LifoQueue[_Line] = LifoQueue()

    def send(self, parcels: Sequence[Parcel], seconds: float) -> Sent:
        """Send each parcel over one kept connection."""
        sent, until = Sent(), time.monotonic() + seconds
        line: _Line | None = None
        for parcel in parcels:
            if time.monotonic() > until:
                break
            try:
                result, line = self._one(line or self._kept(), parcel)
            except DownError as error:
                sent.down, line = str(error), None
                break
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

    def _kept(self) -> _Line | None:
        with suppress(Empty):
            while True:
                line = self._idle.get_nowait()
                if time.monotonic() - line.used_at < _IDLE:
                    return line
                _quit(line.client)
        return None

    # Until the server has the last byte of a message, a broken connection means: not sent.

    def _one(self, line: _Line | None, parcel: Parcel) -> tuple[Result, _Line | None]:
        """What became of one parcel, and the connection if it is still good; raises DownError.

        A connection that was used before may have ended meanwhile: then a new one is made.
        """
        if line is not None:
            talk = self._talk(line, parcel)
            try:
                return _outcome(line, parcel, *talk.run(), talk.handed_over)
            except (OSError, smtplib.SMTPException, DownError) as error:
                line.client.close()
                if talk.handed_over:
                    return _in_doubt(parcel, talk, _words(error)), None
        line = self._opened()
        talk = self._talk(line, parcel)
        try:
            return _outcome(line, parcel, *talk.run(), talk.handed_over)
        except DownError:
            _quit(line.client)
            raise
        except (OSError, smtplib.SMTPException) as error:
            line.client.close()
            if not talk.begun:
                raise DownError(_words(error)) from error
            return _in_doubt(parcel, talk, _words(error)), None

    def _opened(self) -> _Line:
        try:
            return _Line(self._server.connect(), time.monotonic())
        except (OSError, smtplib.SMTPException) as error:
            raise DownError(_words(error)) from error

    def _talk(self, line: _Line, parcel: Parcel) -> Talk:
        return Talk(line.client, self._return_path.replace("*", parcel.ref), parcel)


def _outcome(
    line: _Line, parcel: Parcel, code: int, reply: bytes, handed_over: bool
) -> tuple[Result, _Line | None]:
    result = _judged(parcel, code, reply, handed_over)
    if code == 421 or (result.action != Action.ACCEPT and not _reset(line.client)):
        line.client.close()
        return result, None
    return result, line


def _in_doubt(parcel: Parcel, talk: Talk, words: str) -> Result:
    action = Action.LOSE if talk.handed_over else Action.DEFER
    return Result(parcel.delivery_id, action, "no_answer", words)


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
