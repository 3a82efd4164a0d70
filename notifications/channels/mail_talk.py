"""The talk with a mail server about one message; in one breath where the server takes that."""

import smtplib
from dataclasses import dataclass

from notifications.channels.base import Parcel

_GO_ON = 354


class DownError(Exception):
    """The server takes nothing at present; nothing was handed over."""


@dataclass
class Talk:
    """``begun``: the server has taken our sender; ``handed_over``: it may have the whole mail."""

    client: smtplib.SMTP
    sender: str
    parcel: Parcel
    begun: bool = False
    handed_over: bool = False

    def run(self) -> tuple[int, bytes]:
        """The reply that decides; raises DownError where our sender is refused.

        No line of a mail begins with a dot, so none is doubled.
        """
        if self.client.has_extn("pipelining"):
            return self._in_one_breath()
        for words in self._commands():
            code, reply = self._said(words)
            if not self._goes_on(words, code, reply):
                return code, reply
        return self._hand_over()

    def _commands(self) -> tuple[bytes, bytes, bytes]:
        sender = smtplib.quoteaddr(self.sender)
        address = smtplib.quoteaddr(self.parcel.address)
        return f"MAIL FROM:{sender}\r\n".encode(), f"RCPT TO:{address}\r\n".encode(), b"DATA\r\n"

    def _said(self, words: bytes) -> tuple[int, bytes]:
        self.client.send(words)
        return self.client.getreply()

    def _goes_on(self, words: bytes, code: int, reply: bytes) -> bool:
        if words.startswith(b"MAIL"):
            if code != 250:
                raise DownError(f"{code} {reply.decode('utf-8', 'replace')}")
            self.begun = True
            return True
        return code == _GO_ON if words.startswith(b"DATA") else code in (250, 251)

    def _in_one_breath(self) -> tuple[int, bytes]:
        """All commands at once, then their replies (RFC 2920): one way there and back less each."""
        commands = self._commands()
        self.client.send(b"".join(commands))
        replies = [self.client.getreply() for _ in commands]
        refused = [
            pair
            for words, pair in zip(commands, replies, strict=True)
            if not self._goes_on(words, *pair)
        ]
        if not refused:
            return self._hand_over()
        if replies[-1][0] == _GO_ON:
            self._said(b".\r\n")  # it waits for a message although nobody is to get it
        return refused[0]

    def _hand_over(self) -> tuple[int, bytes]:
        self.handed_over = True
        return self._said(self.parcel.body + b".\r\n")
