"""What people fill in about endpoints: one model for HTML and JSON."""

import re
from typing import Annotated

from flask_babel import gettext as _
from pydantic import BaseModel, Field, field_validator

from config.text import Line
from notifications.hooks import addresses
from notifications.hooks.models import NAME_LENGTH
from notifications.hooks.states import CHOICES, EndpointKind, Event

_SECRET = re.compile(r"[!-~]*")


class EndpointChangeInput(BaseModel):
    """How an endpoint is called on our pages, and what it is to hear of."""

    name: Annotated[Line, Field(min_length=1, max_length=NAME_LENGTH)]
    events: Annotated[list[Event], Field(min_length=1, max_length=len(CHOICES))]

    @field_validator("events")
    @classmethod
    def _can_be_chosen(cls, events: list[Event]) -> list[Event]:
        if not set(events) <= set(CHOICES):
            raise ValueError(_("请从列出的选项中选择。"))
        return sorted(set(events))


class EndpointInput(EndpointChangeInput):
    """Another system or a group's robot, its whole address, and what it is to hear of.

    ``secret`` is what DingTalk or Feishu signs with (加签, 签名校验); a webhook gets one from us.
    """

    kind: EndpointKind = EndpointKind.WEBHOOK
    url: Annotated[str, Field(min_length=1, max_length=addresses.LONGEST)]
    secret: Annotated[str, Field(max_length=200)] = ""

    @field_validator("url")
    @classmethod
    def _is_address(cls, url: str) -> str:
        return addresses.written(url)

    @field_validator("secret")
    @classmethod
    def _is_secret(cls, secret: str) -> str:
        if not _SECRET.fullmatch(secret.strip()):
            raise ValueError(_("密钥里只能有英文字母、数字和符号，请重新复制。"))
        return secret.strip()
