"""Endpoints for programs: other systems and chat groups that hear of what reaches an agency."""

from datetime import datetime
from typing import Any

from apiflask import APIBlueprint
from pydantic import BaseModel

from agencies.actors import acting
from agencies.permissions import permission, require
from config import clock
from config.http import csrf
from config.openapi import PageQuery, listing
from notifications.hooks import queries
from notifications.hooks.inputs import EndpointChangeInput, EndpointInput
from notifications.hooks.states import EndpointKind
from notifications.services import endpoint_secrets
from notifications.services import endpoints as service
from notifications.services.endpoint_targets import is_allowed

bp = APIBlueprint("endpoints_api", __name__, url_prefix="/api/v1", tag="Endpoints")
csrf.exempt(bp)


class EndpointOut(BaseModel):
    """An endpoint; of its address as much as may be shown. ``is_gone``: it answered 410.

    ``is_allowed``: its host is its vendor's or one that the operator allows; others are not called.
    """

    id: int
    kind: str
    name: str
    shown: str
    created_at: datetime
    disabled_at: datetime | None
    is_gone: bool
    is_allowed: bool

    @classmethod
    def of(cls, one: Any) -> "EndpointOut":
        """An endpoint as the API shows it."""
        own = {name: getattr(one, name) for name in cls.model_fields if name != "is_allowed"}
        return cls(**own, is_allowed=is_allowed(EndpointKind(one.kind), one.shown))


class EndpointDetailOut(EndpointOut):
    """One endpoint, with what it hears of.

    ``old_secret_until``: an earlier secret signs until then, beside the one in use.
    """

    events: list[str]
    old_secret_until: datetime | None


class NewEndpointOut(EndpointOut):
    """A new endpoint; ``secret`` signs what a webhook gets and is told this once."""

    secret: str


class RotatedOut(BaseModel):
    """The new secret, told this once; the one before signs beside it until then."""

    secret: str
    old_secret_until: datetime


class EndpointsOut(BaseModel):
    items: list[EndpointOut]
    next: str | None


class EndpointCallOut(BaseModel):
    """One event told to an endpoint; ``outcome``, ``status`` and ``answer`` are the last attempt's.

    ``next_try_at`` counts while ``state`` is ``waiting``.
    """

    id: int
    event: str
    state: str
    attempts: int
    created_at: datetime
    tried_at: datetime | None
    next_try_at: datetime
    ended_at: datetime | None
    outcome: str
    status: int | None
    answer: str
    title: str

    @classmethod
    def of(cls, row: Any) -> "EndpointCallOut":
        """A call as the API shows it."""
        return cls(**{name: getattr(row, name) for name in cls.model_fields})


class EndpointCallsOut(BaseModel):
    items: list[EndpointCallOut]
    next: str | None


@bp.get("/endpoints")
@permission("endpoint.edit")
@bp.input(PageQuery, location="query", arg_name="page")
@bp.output(EndpointsOut)
@bp.doc(summary="Other systems and chat groups that hear of what reaches my agency, newest first")
def list_endpoints(page: PageQuery) -> dict[str, object]:
    found = queries.of_agency(acting().agency_id, size=page.limit)
    return listing(found, [EndpointOut.of(row) for row in found.items])


@bp.post("/endpoints")
@permission("endpoint.edit")
@bp.input(EndpointInput, arg_name="data")
@bp.output(NewEndpointOut, status_code=201)
@bp.doc(summary="Register another system or a chat group's robot")
def create_endpoint(data: EndpointInput) -> NewEndpointOut:
    endpoint, secret = service.add(acting(), data)
    return NewEndpointOut(**EndpointOut.of(endpoint).model_dump(), secret=secret)


@bp.get("/endpoints/<int:endpoint_id>")
@permission("endpoint.edit")
@bp.output(EndpointDetailOut)
@bp.doc(summary="One endpoint")
def show_endpoint(endpoint_id: int) -> EndpointDetailOut:
    return _detail(endpoint_id)


def _detail(endpoint_id: int) -> EndpointDetailOut:
    endpoint = queries.one(endpoint_id)
    require(acting(), "endpoint.edit", endpoint)
    known = EndpointOut.of(endpoint).model_dump()
    return EndpointDetailOut(
        **known,
        events=list(queries.events_of(endpoint_id)),
        old_secret_until=queries.old_signs_until(endpoint_id, clock.now()),
    )


@bp.put("/endpoints/<int:endpoint_id>")
@permission("endpoint.edit")
@bp.input(EndpointChangeInput, arg_name="data")
@bp.output(EndpointDetailOut)
@bp.doc(summary="Name an endpoint anew, and choose what it hears of")
def change_endpoint(endpoint_id: int, data: EndpointChangeInput) -> EndpointDetailOut:
    service.change(acting(), endpoint_id, data)
    return _detail(endpoint_id)


@bp.delete("/endpoints/<int:endpoint_id>")
@permission("endpoint.edit")
@bp.output({}, status_code=204)
@bp.doc(summary="Forget an endpoint with its address and secret")
def delete_endpoint(endpoint_id: int) -> str:
    service.end(acting(), endpoint_id)
    return ""


@bp.post("/endpoints/<int:endpoint_id>/test")
@permission("endpoint.edit")
@bp.output({}, status_code=204)
@bp.doc(summary="Call an endpoint once, to see whether that works")
def test_endpoint(endpoint_id: int) -> str:
    service.test(acting(), endpoint_id)
    return ""


@bp.post("/endpoints/<int:endpoint_id>/rotate")
@permission("endpoint.edit")
@bp.output(RotatedOut, status_code=201)
@bp.doc(summary="Give a webhook a new secret; for 24 hours calls are signed by the one before too")
def rotate_secret(endpoint_id: int) -> RotatedOut:
    secret, until = endpoint_secrets.rotate(acting(), endpoint_id)
    return RotatedOut(secret=secret, old_secret_until=until)


@bp.post("/endpoints/<int:endpoint_id>/retire-old")
@permission("endpoint.edit")
@bp.output({}, status_code=204)
@bp.doc(summary="Let a webhook's earlier secrets sign no more")
def retire_old_secrets(endpoint_id: int) -> str:
    endpoint_secrets.retire_old(acting(), endpoint_id)
    return ""


@bp.post("/endpoints/<int:endpoint_id>/disable")
@permission("endpoint.edit")
@bp.output({}, status_code=204)
@bp.doc(summary="Call an endpoint no more until it is enabled")
def disable_endpoint(endpoint_id: int) -> str:
    service.disable(acting(), endpoint_id)
    return ""


@bp.post("/endpoints/<int:endpoint_id>/enable")
@permission("endpoint.edit")
@bp.output({}, status_code=204)
@bp.doc(summary="Call an endpoint again")
def enable_endpoint(endpoint_id: int) -> str:
    service.enable(acting(), endpoint_id)
    return ""


@bp.get("/endpoints/<int:endpoint_id>/calls")
@permission("endpoint.edit")
@bp.input(PageQuery, location="query", arg_name="page")
@bp.output(EndpointCallsOut)
@bp.doc(summary="What became of each call of an endpoint, newest first")
def list_calls(endpoint_id: int, page: PageQuery) -> dict[str, object]:
    endpoint = queries.one(endpoint_id)
    require(acting(), "endpoint.edit", endpoint)
    found = queries.calls_of(endpoint, size=page.limit)
    return listing(found, [EndpointCallOut.of(row) for row in found.items])


@bp.post("/endpoint-calls/<int:call_id>/replay")
@permission("endpoint.edit")
@bp.output({}, status_code=204)
@bp.doc(summary="Make a call again that was delivered or given up")
def replay_call(call_id: int) -> str:
    service.replay(acting(), call_id)
    return ""
