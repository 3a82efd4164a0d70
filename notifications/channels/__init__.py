"""The ways out: each channel's providers by the settings, one of each in a process.

A provider's module is loaded where it was chosen: their libraries are large, and web needs none.
"""

from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

from flask import current_app

from agencies.states import Channel
from config.settings import Settings
from notifications.channels.base import Cloud, Provider
from notifications.channels.outbox import Outbox

_EXTENSION = "providers"
_SMS = {"kannel": "Kannel", "aliyun": "Aliyun", "tencent": "Tencent"}
CLOUDS = frozenset({"aliyun", "tencent"})
"""The vendors that take approved templates alone."""


@dataclass(frozen=True)
class Route:
    """One of a channel's ways out.

    ``vendor`` is there where only its templates go through; ``sign`` is the signature they have.
    """

    name: str
    provider: Provider
    vendor: str = ""
    sign: str = ""


def outbox_folder() -> Path:
    """Where messages are written that have no provider."""
    settings: Settings = current_app.extensions["settings"]
    return settings.data_dir / "outbox"


def provider(channel: Channel) -> Provider:
    """The provider of ``channel``, the first one where it has several."""
    return _kept(channel.value, channel, 0)


def routes(channel: Channel) -> list[Route]:
    """The ways out of ``channel``, in the order in which they are to be used."""
    if channel != Channel.SMS:
        return [Route(channel.value, provider(channel))]
    return [_route(name, count) for count, name in enumerate(route_names())]


def route_names() -> list[str]:
    """The names of the ways out for SMS: what their addresses begin with, numbered if alike."""
    settings: Settings = current_app.extensions["settings"]
    names: list[str] = []
    for url in settings.sms_urls or ["outbox://"]:
        name = url.partition("://")[0]
        count = sum(one.partition("-")[0] == name for one in names)
        names.append(f"{name}-{count + 1}" if count else name)
    return names


def is_cloud(name: str) -> bool:
    """Whether the way out of this name takes templates alone."""
    return name.partition("-")[0] in CLOUDS


def _route(name: str, count: int) -> Route:
    made = _kept(f"sms.{count}" if count else "sms", Channel.SMS, count)
    if not is_cloud(name):
        return Route(name, made)
    settings: Settings = current_app.extensions["settings"]
    sign = parse_qs(urlsplit(settings.sms_urls[count]).query).get("sign", [""])[0]
    return Route(name, made, name.partition("-")[0], sign)


def cloud(name: str) -> Cloud | None:
    """The cloud that is the way out of this name; None where it is none, or is not set any more."""
    for route in routes(Channel.SMS):
        if route.name == name and route.vendor:
            return cast(Cloud, route.provider)
    return None


def close() -> None:
    """Give up every connection that is held open."""
    made: dict[str, Provider] = current_app.extensions.pop(_EXTENSION, {})
    for one in made.values():
        one.close()


def _kept(key: str, channel: Channel, number: int) -> Provider:
    made: dict[str, Provider] = current_app.extensions.setdefault(_EXTENSION, {})
    if key not in made:
        made[key] = _made(channel, number, current_app.extensions["settings"])
    return made[key]


def _built(module: str, name: str, *given: Any) -> Provider:
    made: Provider = getattr(import_module(f"{__name__}.{module}"), name)(*given)
    return made


def _made(channel: Channel, number: int, settings: Settings) -> Provider:
    if channel == Channel.MAIL:
        if settings.smtp_url:
            return _built("smtp", "Smtp", settings.smtp_url, settings.return_path)
        return Outbox(outbox_folder(), ".eml")
    if not settings.sms_urls:
        return Outbox(outbox_folder(), ".txt")
    url = settings.sms_urls[number]
    scheme = url.partition("://")[0]
    given = (url, settings.base_url) if scheme == "kannel" else (url,)
    return _built(scheme, _SMS[scheme], *given)
