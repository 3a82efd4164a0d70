"""Kannel on loopback: bearerbox and smsbox before a fake message centre or an HTTP operator."""

import secrets
from types import TracebackType
from typing import Self
from urllib.parse import quote

import requests

from parts.leftovers import remove, scratch_folder
from parts.ports import free_port
from parts.processes import Process, listening, program, start

_GATEWAY = """\
group = core
admin-port = {admin_port}
admin-interface = 127.0.0.1
admin-password = {password}
admin-allow-ip = "127.0.0.1"
admin-deny-ip = "*.*.*.*"
smsbox-port = {box_port}
smsbox-interface = 127.0.0.1
box-allow-ip = "127.0.0.1"
box-deny-ip = "*.*.*.*"
dlr-storage = internal
store-type = file
store-location = kannel.store

group = smsbox
bearerbox-host = 127.0.0.1
bearerbox-port = {box_port}
sendsms-port = {port}
sendsms-interface = 127.0.0.1
mo-recode = true
http-request-retry = 30
http-queue-delay = 1

group = sendsms-user
username = {username}
password = {password}
default-sender = {sender}
concatenation = true
max-messages = 10
user-allow-ip = "127.0.0.1"
user-deny-ip = "*.*.*.*"
"""

_PHONE = """
group = smsc
smsc = fake
smsc-id = PHONE
our-host = 127.0.0.1
port = {phone_port}
connect-allow-ip = 127.0.0.1
"""

# Without a port of its own: with one it would listen on every address.
_OPERATOR = """
group = smsc
smsc = http
system-type = generic
smsc-id = OPERATOR
connect-allow-ip = 127.0.0.1
no-sender = true
send-url = "{operator_url}?to=%p&from=%P&text=%b&coding=%c&charset=%C"
status-success-regex = "^OK"
status-permfail-regex = "^FAIL"
status-tempfail-regex = "^RETRY"
"""

_REPLIES = """
group = sms-service
keyword = default
get-url = "{replies_url}?from=%p&to=%P&text=%b&coding=%c&charset=%C&ts=%T"
catch-all = true
max-messages = 0
"""


class Kannel:
    """The gateway, from ``start()``, or ``with``, to ``stop()``.

    Messages go to a ``Phone`` at ``phone_port``, or to the HTTP operator at ``operator_url`` if
    that is given. What phones answer is fetched from ``replies_url``. ``dlr`` is where delivery
    reports are to be sent, handed on in ``url`` to whoever sends.
    """

    def __init__(
        self,
        *,
        sender: str = "10690001",
        dlr: str = "",
        operator_url: str = "",
        replies_url: str = "",
    ) -> None:
        self.sender = sender
        self.username = "app"
        self.password = secrets.token_hex(8)
        self.port = free_port()
        self.phone_port = free_port()
        self._dlr = dlr
        self._box_port = free_port()
        self._admin_port = free_port()
        self._folder = scratch_folder("kannel")
        self._bearerbox: Process | None = None
        self._smsbox: Process | None = None
        centre = _OPERATOR if operator_url else _PHONE
        text = (_GATEWAY + centre + (_REPLIES if replies_url else "")).format(
            admin_port=self._admin_port,
            box_port=self._box_port,
            operator_url=operator_url,
            password=self.password,
            phone_port=self.phone_port,
            port=self.port,
            replies_url=replies_url,
            sender=sender,
            username=self.username,
        )
        (self._folder / "kannel.conf").write_text(text)

    @property
    def url(self) -> str:
        """The address of the gateway, as the settings take it."""
        report = f"&dlr={quote(self._dlr, safe='')}" if self._dlr else ""
        login = f"{self.username}:{self.password}"
        return f"kannel://{login}@127.0.0.1:{self.port}?from={self.sender}{report}"

    @property
    def phone_is_on(self) -> bool:
        """Whether the fake centre has seen a phone connect, and not seen it go."""
        status = f"http://127.0.0.1:{self._admin_port}/status.txt"
        answer = requests.get(status, params={"password": self.password}, timeout=10)
        return "(online" in answer.text

    def start(self) -> None:
        """Start what does not run yet."""
        if not self._bearerbox:
            self._bearerbox = self._box("bearerbox", self._box_port)
        self.start_gateway()

    def stop(self) -> None:
        """Stop all; what was not delivered is kept on disk for the next start."""
        self.stop_gateway()
        if self._bearerbox:
            self._bearerbox.stop()
            self._bearerbox = None

    def start_gateway(self) -> None:
        """Take messages again."""
        if not self._smsbox:
            self._smsbox = self._box("smsbox", self.port)

    def stop_gateway(self) -> None:
        """Be away: nobody listens at ``url``, while the message centre is still there."""
        if self._smsbox:
            self._smsbox.stop()
            self._smsbox = None

    def _box(self, name: str, port: int) -> Process:
        """Start one of the two programs and wait until it listens."""
        command = [program(name, "kannel"), "-v", "2", "kannel.conf"]
        return start(command, ready=lambda _: listening(port), cwd=self._folder)

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
