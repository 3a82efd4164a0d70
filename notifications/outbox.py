"""Reading the messages that were written to the outbox folder instead of being sent."""

from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from flask_babel import lazy_gettext as _l

from agencies.states import Channel
from notifications.channels import outbox_folder
from notifications.models import Delivery


@dataclass(frozen=True)
class Written:
    """A message as it stands in its file; ``html`` is empty for SMS."""

    headers: list[tuple[str, str]]
    text: str
    html: str = ""


_SHOWN = {
    "From": _l("发件人"),
    "To": _l("收件人"),
    "Subject": _l("主题"),
    "Date": _l("日期"),
    "Message-ID": _l("编号"),
}


def read(delivery: Delivery) -> Written | None:
    """The message of a delivery; None where its file is gone."""
    suffix = ".eml" if delivery.channel == Channel.MAIL else ".txt"
    path: Path = outbox_folder() / f"{delivery.ref}{suffix}"
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return None
    if delivery.channel == Channel.MAIL:
        return _mail(message_from_bytes(content, policy=policy.default))
    head, _, text = content.decode().partition("\n\n")
    return Written([(str(_SHOWN["To"]), head.removeprefix("To: "))], text)


def _mail(mail: EmailMessage) -> Written:
    headers = [(str(label), str(mail[name])) for name, label in _SHOWN.items() if mail[name]]
    return Written(headers, _body(mail, "plain"), _body(mail, "html"))


def _body(mail: EmailMessage, kind: str) -> str:
    body = mail.get_body((kind,))
    return str(body.get_content()).replace("\r\n", "\n") if body else ""
