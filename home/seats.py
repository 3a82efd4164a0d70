"""What waits for somebody in a seat, the most pressing first."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from agencies.actors import Actor
from agencies.permissions import can
from agencies.states import SeatKind
from bulletins import labels as paper_labels
from bulletins import services
from bulletins.queries.papers import Progress
from bulletins.states import State, Urgency, Waiting
from config import clock
from config.http import zone
from coordination import deadlines, labels
from coordination.queries import answering
from coordination.queries.answering import Mine
from home import queries, section_blocks
from home.blocks import Block, Line


@dataclass(frozen=True)
class Desk:
    """All that the first page shows to somebody in a seat."""

    blocks: Sequence[Block]
    todo: dict[Mine, int]
    to_acknowledge: int
    unopened: int
    latest: Sequence[Any]
    progress: dict[int, Progress]
    next_digest: datetime | None
    shown: Sequence[int]  # receipts in a list here for the first time


def desk(actor: Actor, agency_id: int) -> Desk:
    """What waits for ``actor``, in at most 16 statements."""
    now, here = clock.now(), zone()
    todo = answering.my_counts(agency_id, now, deadlines.near_until(here))
    waiting = queries.received(agency_id, Waiting.UNACKNOWLEDGED)
    unopened = queries.unopened_count(agency_id)
    fresh = _fresh(actor, agency_id, unopened)
    latest = queries.latest_papers(agency_id)
    return Desk(
        blocks=[
            *_to_sign(actor, agency_id),
            *_relays_to_sign(actor, agency_id),
            *_joint(actor, agency_id),
            *section_blocks.reviews(actor),
            *_received(actor, waiting, now.astimezone(here).date()),
            *_unopened(fresh),
            *_tasks(agency_id, todo, now),
            *_returned(actor, agency_id),
            *_relays_returned(actor, agency_id),
            *section_blocks.answers(actor, agency_id),
            *section_blocks.questions(actor, agency_id),
            *section_blocks.offers(actor, agency_id),
            *section_blocks.overdue(actor, agency_id),
        ],
        todo=todo,
        to_acknowledge=_count(waiting),
        unopened=unopened,
        latest=latest,
        progress={row.id: Progress.of(row) for row in latest},
        next_digest=queries.next_digest(actor.person_id),
        shown=[row.id for row in (*waiting, *fresh) if row.delivered_at is None],
    )


def note_shown(actor: Actor, found: Desk) -> None:
    """What was shown in a list counts as delivered."""
    if found.shown:
        services.mark_shown(actor, found.shown)


def _count(rows: Sequence[Any]) -> int:
    return rows[0].waiting if rows else 0


def _urgency(row: Any) -> str:
    return "" if row.urgency == Urgency.NORMAL else paper_labels.urgency(row.urgency)


def _to_sign(actor: Actor, agency_id: int) -> Iterator[Block]:
    if not can(actor, "bulletin.sign"):
        return
    rows = queries.on_desk(agency_id, State.SUBMITTED)
    if rows:
        yield Block(
            _("待签发的文稿"),
            _count(rows),
            url_for("bulletins.to_sign"),
            [
                Line(
                    row.title,
                    url_for("bulletins.show", bulletin_id=row.id),
                    meta=_("%(who)s 送签", who=row.editor),
                    mark=_urgency(row),
                    tone="urgent",
                )
                for row in rows
            ],
        )


def _relays_to_sign(actor: Actor, agency_id: int) -> Iterator[Block]:
    if can(actor, "relay.sign"):
        rows = queries.relays_on_desk(agency_id, State.SUBMITTED)
        yield from _relays(_("待签发的转发稿"), url_for("bulletins.to_sign"), rows, "urgent")


def _relays_returned(actor: Actor, agency_id: int) -> Iterator[Block]:
    if can(actor, "relay.edit"):
        rows = queries.relays_on_desk(agency_id, State.RETURNED)
        yield from _relays(_("退回修改的转发稿"), url_for("bulletins.drafts"), rows)


def _relays(title: str, url: str, rows: Sequence[Any], tone: str = "neutral") -> Iterator[Block]:
    if rows:
        lines = [
            Line(
                row.title,
                url_for("bulletins.show_relay", relay_id=row.id),
                meta=_("%(who)s 发文", who=row.issuer),
                mark=_urgency(row),
                tone=tone,
            )
            for row in rows
        ]
        yield Block(title, _count(rows), url, lines)


def _received(actor: Actor, rows: Sequence[Any], today: date) -> Iterator[Block]:
    if not rows:
        return
    may = can(actor, "bulletin.acknowledge")
    yield Block(
        _("待签收的文件"),
        _count(rows),
        url_for("bulletins.inbox", show="to_acknowledge"),
        [_receipt(row, today) for row in rows],
        hint="" if may else _("阅文岗位不能签收，请经办、签发、联络员或值班人员办理。"),
    )


def _receipt(row: Any, today: date | None = None) -> Line:
    due = row.acknowledge_by if today else None
    return Line(
        row.title,
        url_for("bulletins.read", receipt_id=row.id),
        meta=row.issuer,
        due=due,
        late=bool(today and due and due < today),
        mark=_urgency(row),
        tone="urgent",
    )


def _fresh(actor: Actor, agency_id: int, unopened: int) -> Sequence[Any]:
    """A reader reads: for them what nobody has opened is listed too."""
    reads = actor.office == SeatKind.READER
    return queries.received(agency_id, Waiting.UNOPENED) if reads and unopened else ()


def _unopened(rows: Sequence[Any]) -> Iterator[Block]:
    if rows:
        yield Block(
            _("未阅的文件"),
            _count(rows),
            url_for("bulletins.inbox", show="unopened"),
            [_receipt(row) for row in rows],
        )


def _tasks(agency_id: int, todo: dict[Mine, int], now: datetime) -> Iterator[Block]:
    if not todo[Mine.TODO]:
        return
    yield Block(
        _("待办任务"),
        todo[Mine.TODO],
        url_for("coordination.tasks", state=Mine.TODO),
        [
            Line(
                row.task.title,
                url_for("coordination.assignment", assignment_id=row.id),
                meta=row.task.issuer.name,
                due=deadlines.last_day(row.due_at, zone()),
                late=row.is_overdue(now),
                mark=labels.state(row.state),
                tone={"assigned": "info", "sent_back": "warn"}.get(row.state, "neutral"),
            )
            for row in answering.first_todo(agency_id, queries.SHOWN)
        ],
    )


def _returned(actor: Actor, agency_id: int) -> Iterator[Block]:
    if not can(actor, "bulletin.edit"):
        return
    rows = queries.on_desk(agency_id, State.RETURNED)
    if rows:
        yield Block(
            _("退回修改的文稿"),
            _count(rows),
            url_for("bulletins.drafts"),
            [Line(row.title, url_for("bulletins.draft", bulletin_id=row.id)) for row in rows],
        )


def _joint(actor: Actor, agency_id: int) -> Iterator[Block]:
    if can(actor, "joint.sign"):
        rows = queries.joint_to_sign(agency_id)
        lines = [
            Line(
                row.title,
                url_for("bulletins.joint_paper", bulletin_id=row.id),
                meta=_("%(who)s 发文", who=row.issuer),
                mark=_urgency(row),
                tone="urgent",
            )
            for row in rows
        ]
        if lines:
            yield Block(_("待会签的公文"), _count(rows), url_for("bulletins.to_sign"), lines)
