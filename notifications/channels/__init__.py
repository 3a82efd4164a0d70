"""The ways out: each channel's provider by the settings, one of each in a process.

A provider's module is loaded where it was chosen: their libraries are large, and web needs none.
"""

from importlib import import_module
from pathlib import Path
from typing import Any

from flask import current_app

from agencies.states import Channel
from config.settings import Settings
from notifications.channels.base import Provider
from notifications.channels.outbox import Outbox

_EXTENSION = "providers"


def outbox_folder() -> Path:
    """Where messages are written that have no provider."""
    settings: Settings = current_app.extensions["settings"]
    return settings.data_dir / "outbox"


def provider(channel: Channel) -> Provider:
    """The provider of ``channel``."""
    made: dict[Channel, Provider] = current_app.extensions.setdefault(_EXTENSION, {})
    if channel not in made:
        made[channel] = _made(channel, current_app.extensions["settings"])
    return made[channel]


def close() -> None:
    """Give up every connection that is held open."""
    made: dict[Channel, Provider] = current_app.extensions.pop(_EXTENSION, {})
    for one in made.values():
        one.close()


def _built(module: str, name: str, *given: Any) -> Provider:
    made: Provider = getattr(import_module(f"{__name__}.{module}"), name)(*given)
    return made


def _made(channel: Channel, settings: Settings) -> Provider:
    if channel == Channel.MAIL:
        if settings.smtp_url:
            return _built("smtp", "Smtp", settings.smtp_url, settings.return_path)
        return Outbox(outbox_folder(), ".eml")
    if settings.sms_url:
        return _built("kannel", "Kannel", settings.sms_url, settings.base_url)
    return Outbox(outbox_folder(), ".txt")
