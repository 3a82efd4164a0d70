"""Other systems that agencies have registered, and calls of them."""

from sqlalchemy import select, update

from config import clock
from config.database import db, writing
from notifications.hooks.inputs import EndpointInput
from notifications.hooks.models import EndpointCall
from notifications.hooks.states import CallState, Event
from notifications.services import endpoint_secrets, endpoints
from tests.worlds import World


def _endpoint(world: World, agency: str) -> int:
    data = EndpointInput(
        name="办公系统", url="https://oa.changtong.example/hook", events=[Event.ARRIVED]
    )
    return endpoints.add(world.actor(f"{agency}-clerk"), data)[0].id


def _disabled(world: World, agency: str) -> int:
    endpoint_id = _endpoint(world, agency)
    endpoints.disable(world.actor(f"{agency}-clerk"), endpoint_id)
    return endpoint_id


def _rotated(world: World, agency: str) -> int:
    endpoint_id = _endpoint(world, agency)
    endpoint_secrets.rotate(world.actor(f"{agency}-clerk"), endpoint_id)
    return endpoint_id


def _call(world: World, agency: str) -> int:
    """One that was given up."""
    endpoint_id = _endpoint(world, agency)
    endpoints.test(world.actor(f"{agency}-clerk"), endpoint_id)
    mine = EndpointCall.endpoint_id == endpoint_id
    with writing():
        db.session.execute(
            update(EndpointCall)
            .where(mine)
            .values(state=CallState.GIVEN_UP, ended_at=clock.now())
            .execution_options(synchronize_session=False)
        )
    return db.session.scalars(select(EndpointCall.id).where(mine)).one()


OF_AGENCIES = {
    "endpoint": _endpoint,
    "disabled_endpoint": _disabled,
    "rotated_endpoint": _rotated,
    "endpoint_call": _call,
}
"""By name: what makes one for an agency."""
