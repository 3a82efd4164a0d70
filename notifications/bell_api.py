"""The bell and the call list for programs."""

from datetime import date, datetime
from typing import Any

from apiflask import APIBlueprint
from pydantic import BaseModel

from agencies.actors import acting
from agencies.permissions import permission
from bulletins.states import State
from config.http import csrf
from config.navigation import counted
from config.openapi import PageQuery, listing
from notifications import bell, calls
from notifications.inputs import CallInput, SeenInput
from notifications.services import alerts, escalation

bp = APIBlueprint("bell_api", __name__, url_prefix="/api/v1", tag="Bell")
csrf.exempt(bp)


class AlertOut(BaseModel):
    """One thing the agency was told of; ``fresh``: this person has not seen it yet.

    Of ``overdue_below`` the assignment is the first of those that are late.
    """

    id: int
    kind: str
    title: str
    source: str
    receipt_id: int | None
    assignment_id: int | None
    task_id: int | None
    bulletin_id: int | None
    export_id: int | None
    created_at: datetime
    fresh: bool

    @classmethod
    def of(cls, row: Any) -> "AlertOut":
        """An alert as the API shows it."""
        return cls(**{name: getattr(row, name) for name in cls.model_fields})


class AlertsOut(BaseModel):
    items: list[AlertOut]
    next: str | None


class AlertCountOut(BaseModel):
    """How many are new; 100 stands for more than 99."""

    count: int


class CallOut(BaseModel):
    """An agency that has to be rung up about a paper that nobody there has opened."""

    receipt_id: int
    bulletin_id: int
    title: str
    ended_kind: State | None
    ended_on: date | None
    agency_id: int
    agency: str
    contact_name: str
    contact_phone: str
    sent_at: datetime

    @classmethod
    def of(cls, row: Any) -> "CallOut":
        """A line of the call list as the API shows it."""
        return cls(**{name: getattr(row, name) for name in cls.model_fields})


class CallsOut(BaseModel):
    items: list[CallOut]
    next: str | None


@bp.get("/alerts")
@permission("alert.read")
@bp.input(PageQuery, location="query", arg_name="page")
@bp.output(AlertsOut)
@bp.doc(summary="What my agency was told of, newest first; reading it here marks nothing as seen")
def list_alerts(page: PageQuery) -> dict[str, object]:
    found = bell.listed(acting(), size=page.limit)
    return listing(found, [AlertOut.of(row) for row in found.items])


@bp.get("/alerts/count")
@permission("alert.read")
@bp.output(AlertCountOut)
@bp.doc(summary="How many alerts I have not seen")
def count_alerts() -> AlertCountOut:
    [count] = counted([bell.unseen(acting())])
    return AlertCountOut(count=count)


@bp.post("/alerts/seen")
@permission("alert.read")
@bp.input(SeenInput, arg_name="data")
@bp.output({}, status_code=204)
@bp.doc(summary="Mark the alerts up to one as seen")
def see_alerts(data: SeenInput) -> str:
    alerts.see(acting(), data.upto)
    return ""


@bp.get("/calls")
@permission("call.list")
@bp.input(PageQuery, location="query", arg_name="page")
@bp.output(CallsOut)
@bp.doc(summary="Whom my agency has to ring up about urgent papers that nobody opened")
def list_calls(page: PageQuery) -> dict[str, object]:
    found = calls.listed(acting().agency_id, size=page.limit)
    return listing(found, [CallOut.of(row) for row in found.items])


@bp.post("/calls/<int:receipt_id>")
@permission("call.note")
@bp.input(CallInput, arg_name="data")
@bp.output({}, status_code=204)
@bp.doc(summary="Note that an agency was rung up")
def note_call(receipt_id: int, data: CallInput) -> str:
    escalation.note_call(acting(), receipt_id, data.note)
    return ""
