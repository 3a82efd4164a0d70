"""A real SMTP server on loopback that keeps what it gets and misbehaves as told."""

import itertools
import json
import os
import sys
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

import trustme

from parts.leftovers import remove, scratch_folder
from parts.ports import free_port
from parts.processes import Process, listening, start, wait_until
from parts.smtp_server import Options, Rule

_ROOT = Path(__file__).parents[1]
Encryption = Literal["", "starttls", "smtps"]


@dataclass(frozen=True)
class Mail:
    """A message as it came: its envelope, its bytes, and the time (epoch seconds) it was taken."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes
    at: float

    @cached_property
    def parsed(self) -> EmailMessage:
        """The message, with headers decoded."""
        return message_from_bytes(self.content, policy=policy.default)

    @property
    def subject(self) -> str:
        """Its subject, decoded."""
        return str(self.parsed["Subject"])

    @property
    def text(self) -> str:
        """Its plain text, or nothing."""
        return self._body("plain")

    @property
    def html(self) -> str:
        """Its HTML, or nothing."""
        return self._body("html")

    def _body(self, kind: str) -> str:
        """The first body of that kind."""
        body = self.parsed.get_body((kind,))
        return str(body.get_content()).replace("\r\n", "\n") if body else ""


class Mailbox:
    """The server, from ``start()``, or ``with``, to ``stop()``, in a process of its own.

    It keeps its port and its messages over a stop. With ``user`` it wants to be signed in to;
    with ``encryption`` it has a certificate that ``ca_file`` vouches for. ``pipelining``: it says
    that it takes several commands at once, as most servers do.
    """

    def __init__(
        self,
        *,
        user: str = "",
        password: str = "",
        encryption: Encryption = "",
        pipelining: bool = True,
    ) -> None:
        self.port = free_port()
        self._pipelining = pipelining
        self._user, self._password, self._encryption = user, password, encryption
        self._folder = scratch_folder("mailbox")
        self.ca_file = self._folder / "ca.pem"
        self._certificate = self._make_certificate() if encryption else ""
        self._process: Process | None = None
        self._ids = itertools.count(1)
        self._rules: list[Rule] = []
        self._mails: list[Mail] = []
        self._cleared = 0
        self._read = 0
        (self._folder / "messages.jsonl").touch()
        self.behave()

    @property
    def url(self) -> str:
        """The server's address, as the settings take it."""
        scheme = "smtps" if self._encryption == "smtps" else "smtp"
        login = f"{self._user}:{self._password}@" if self._user else ""
        query = "?starttls=1" if self._encryption == "starttls" else ""
        return f"{scheme}://{login}127.0.0.1:{self.port}{query}"

    def start(self) -> None:
        """Be there; nothing happens if it is."""
        if self._process:
            return
        options: Options = {
            "folder": str(self._folder),
            "port": self.port,
            "user": self._user,
            "password": self._password,
            "certificate": self._certificate,
            "starttls": self._encryption == "starttls",
            "pipelining": self._pipelining,
        }
        self._process = start(
            [sys.executable, "-m", "parts.smtp_server", json.dumps(options)],
            name="SMTP server",
            ready=lambda _: listening(self.port),
            cwd=_ROOT,
        )

    def stop(self) -> None:
        """Be away: open connections break and nobody listens at ``port``."""
        if self._process:
            self._process.stop()
            self._process = None

    def messages(self, address: str | None = None) -> list[Mail]:
        """What has been accepted, for ``address`` or at all, in order."""
        with (self._folder / "messages.jsonl").open("rb") as file:
            file.seek(self._read)
            for line in file:
                if not line.endswith(b"\n"):
                    break  # it is still being written
                self._read += len(line)
                self._mails.append(_mail(line))
        found = self._mails[self._cleared :]
        return [mail for mail in found if address is None or address in mail.recipients]

    def wait_for(self, count: int, address: str | None = None, timeout: float = 10.0) -> list[Mail]:
        """Wait until ``count`` messages have arrived and return them; raises PartError if not."""

        def enough() -> list[Mail]:
            found = self.messages(address)
            return found if len(found) >= count else []

        return wait_until(enough, timeout, f"{count} mails for {address or 'anybody'}")

    def clear(self) -> None:
        """Forget what has arrived."""
        self._cleared += len(self.messages())

    def refuse(self, address: str, reply: str = "550 5.1.1 No such user") -> None:
        """Refuse a recipient for good."""
        self._add("recipient", "answer", address, reply)

    def defer(
        self,
        address: str | None = None,
        times: int | None = None,
        reply: str = "451 4.3.0 Try again later",
    ) -> None:
        """Refuse a recipient, or everybody, for now; ``times`` times only if that is given."""
        self._add("recipient", "answer", address, reply, times=times)

    def hang(self, address: str | None = None) -> None:
        """Take the message, then say nothing until ``behave()``, nor keep it."""
        self._add("message", "hang", address, "451 4.3.0 Try again later")

    def drop(
        self, address: str | None = None, times: int | None = None, *, keep: bool = False
    ) -> None:
        """Break the connection once the message is there; ``keep`` it, so that it did arrive."""
        self._add("message", "drop", address, "421 Gone", times=times, keep=keep)

    def tarry(self, seconds: float) -> None:
        """Take every message, and say so ``seconds`` later."""
        self._add("message", "answer", None, "250 Accepted", keep=True, seconds=seconds)

    def behave(self) -> None:
        """Accept everything again."""
        self._rules = []
        self._write_rules()

    def _add(
        self,
        stage: str,
        action: str,
        address: str | None,
        reply: str,
        *,
        times: int | None = None,
        keep: bool = False,
        seconds: float = 0.0,
    ) -> None:
        """Put one more rule in force, before the next command is answered."""
        self._rules.append(
            {
                "id": next(self._ids),
                "stage": stage,
                "action": action,
                "address": address,
                "reply": reply,
                "times": times,
                "keep": keep,
                "seconds": seconds,
            }
        )
        self._write_rules()

    def _write_rules(self) -> None:
        """Replace the file at once, so that it is never read half written."""
        path = self._folder / f"rules-{next(self._ids)}.json"
        path.write_text(json.dumps(self._rules))
        os.replace(path, self._folder / "rules.json")

    def _make_certificate(self) -> str:
        """A certificate for 127.0.0.1 with its key, and ``ca_file`` beside it."""
        authority = trustme.CA()
        authority.cert_pem.write_to_path(str(self.ca_file))
        path = str(self._folder / "server.pem")
        issued = authority.issue_cert("127.0.0.1", "localhost")
        issued.private_key_and_cert_chain_pem.write_to_path(path)
        return path

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
        remove(self._folder)


def _mail(line: bytes) -> Mail:
    """Read one line of the server's file."""
    stored = json.loads(line)
    return Mail(
        sender=stored["sender"],
        recipients=tuple(stored["recipients"]),
        content=stored["content"].encode("latin-1"),
        at=stored["at"],
    )
