"""Mails as a mail program opens them."""

from email import message_from_bytes, policy
from email.message import EmailMessage


def parsed(body: bytes) -> EmailMessage:
    return message_from_bytes(body, policy=policy.default)


def part(mail: EmailMessage, kind: str) -> str:
    body = mail.get_body((kind,))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")
