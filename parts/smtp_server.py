"""The mail server's own process: ``python -m parts.smtp_server OPTIONS`` (see ``mailbox``).

It appends every message it accepts to a file before it says so, and reads from another file how
it shall misbehave.
"""

import asyncio
import json
import ssl
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypedDict

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


class Rule(TypedDict):
    """One way to misbehave; ``address`` None is for everybody, ``times`` None for ever."""

    id: int
    stage: str
    action: str
    address: str | None
    reply: str
    times: int | None
    keep: bool
    seconds: float


class Options(TypedDict):
    """What the server is started with; ``certificate`` is the path of a PEM file with its key."""

    folder: str
    port: int
    user: str
    password: str
    certificate: str
    starttls: bool
    pipelining: bool


class Rules:
    """The rules in force, read again whenever their file has been replaced."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stamp: tuple[int, int] | None = None
        self._rules: list[Rule] = []
        self._used: Counter[int] = Counter()

    def current(self) -> list[Rule]:
        """Those that still apply."""
        stat = self._path.stat()
        if self._stamp != (stat.st_ino, stat.st_mtime_ns):
            self._rules = json.loads(self._path.read_text())
            self._stamp = (stat.st_ino, stat.st_mtime_ns)
        return [
            rule
            for rule in self._rules
            if rule["times"] is None or self._used[rule["id"]] < rule["times"]
        ]

    def take(self, stage: str, addresses: list[str]) -> Rule | None:
        """The first rule for this stage and one of these addresses, counted as used once more."""
        for rule in self.current():
            if rule["stage"] == stage and (not rule["address"] or rule["address"] in addresses):
                self._used[rule["id"]] += 1
                return rule
        return None


class Handler:
    """Accepts and keeps messages, except where a rule says otherwise."""

    def __init__(self, folder: Path, extensions: Sequence[str]) -> None:
        self._extensions = extensions
        self._rules = Rules(folder / "rules.json")
        self._messages = (folder / "messages.jsonl").open("a", encoding="ascii")

    async def handle_EHLO(
        self,
        server: SMTP,
        session: Session,
        envelope: Envelope,
        hostname: str,
        responses: list[str],
    ) -> list[str]:
        """Name the extensions that the server's own code does not."""
        session.host_name = hostname
        named = [f"250-{name}" for name in self._extensions]
        return [*responses[:-1], *named, responses[-1]]

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take one recipient or not."""
        rule = self._rules.take("recipient", [address])
        if rule:
            return await self._misbehave(rule, server)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Take the message or not."""
        rule = self._rules.take("message", envelope.rcpt_tos)
        if rule and not rule["keep"]:
            return await self._misbehave(rule, server)
        self._keep(envelope)
        return await self._misbehave(rule, server) if rule else "250 Accepted"

    def _keep(self, envelope: Envelope) -> None:
        """Put the message where ``Mailbox`` reads it."""
        content = envelope.content
        assert isinstance(content, bytes)
        line = {
            "at": time.time(),
            "sender": envelope.mail_from,
            "recipients": envelope.rcpt_tos,
            "content": content.decode("latin-1"),
        }
        self._messages.write(json.dumps(line) + "\n")
        self._messages.flush()

    async def _misbehave(self, rule: Rule, server: SMTP) -> str:
        """Do what the rule says and give the reply that is left to send."""
        if rule["action"] == "hang":
            while any(other["id"] == rule["id"] for other in self._rules.current()):
                await asyncio.sleep(0.02)
        await asyncio.sleep(rule["seconds"])
        if rule["action"] == "drop" and isinstance(server.transport, asyncio.Transport):
            server.transport.abort()
        return rule["reply"]


def _smtp(options: Options, handler: Handler, context: ssl.SSLContext | None) -> SMTP:
    """The server's side of one connection."""

    def login(
        server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any
    ) -> AuthResult:
        expected = LoginPassword(options["user"].encode(), options["password"].encode())
        return AuthResult(success=data == expected, handled=False)

    return SMTP(
        handler,
        hostname="mailbox.localhost",
        enable_SMTPUTF8=True,
        tls_context=context if options["starttls"] else None,
        require_starttls=options["starttls"],
        authenticator=login if options["user"] else None,
        auth_required=bool(options["user"]),
        auth_require_tls=options["starttls"],
    )


async def serve(options: Options) -> None:
    """Serve until cancelled or killed."""
    handler = Handler(Path(options["folder"]), ["PIPELINING"] if options["pipelining"] else [])
    context = None
    if options["certificate"]:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(options["certificate"])
    server = await asyncio.get_running_loop().create_server(
        lambda: _smtp(options, handler, context),
        "127.0.0.1",
        options["port"],
        ssl=None if options["starttls"] else context,
    )
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(json.loads(sys.argv[1])))
