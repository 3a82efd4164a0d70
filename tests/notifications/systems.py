"""Another system of an agency, in tests: registered, called, and what it heard."""

import json
from typing import Any

from sqlalchemy import select

from config.database import db
from notifications.hooks.inputs import EndpointInput
from notifications.hooks.models import EndpointCall
from notifications.hooks.states import CHOICES
from notifications.services import endpoints as service
from notifications.services.calling_out import call_out
from tests.notifications.hours import handle
from tests.receivers import Receiver
from tests.worlds import World


def connected(world: World, receiver: Receiver, agency: str = "county", **more: Any) -> str:
    """Register the receiver for an agency; the secret."""
    values = {"name": "办公系统", "url": f"{receiver.url}/hook", "events": list(CHOICES)}
    data = EndpointInput.model_validate(values | more)
    return service.add(world.actor(f"{agency}-liaison"), data)[1]


def work() -> None:
    """What the worker does, until nothing is due any more."""
    handle()
    while call_out():
        pass


def calls() -> list[EndpointCall]:
    """All calls, the first one first."""
    db.session.rollback()
    return list(db.session.scalars(select(EndpointCall).order_by(EndpointCall.id)))


def heard(receiver: Receiver) -> list[dict[str, Any]]:
    """What it was told, call by call."""
    return [json.loads(one.body) for one in receiver.heard]
