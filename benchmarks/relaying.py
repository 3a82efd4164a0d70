"""A national paper relayed by its cities, against the same rows written bare, each committed."""

import gzip
from collections.abc import Iterator
from functools import partial
from typing import Any

from flask import current_app, render_template
from sqlalchemy import bindparam, event, select, text

from agencies.actors import Actor
from agencies.models import Agency
from agencies.states import Level, SeatKind
from benchmarks.figures import Figure, seconds
from benchmarks.installation import installed
from benchmarks.people import NATION, Somebody, actor, know_the_tables, plant, settle_in
from bulletins.inputs import DraftInput, RelayInput
from bulletins.models import Receipt
from bulletins.queries import chain
from bulletins.services import (
    create_draft,
    progress,
    save_relay,
    sign,
    sign_relay,
    submit,
    submit_relay,
)
from bulletins.steps_taken import Steps
from bulletins.web.drawing import Picture
from config import clock
from config.database import UTCDateTime, db, writing
from config.http import zone
from parts.postgresql import PostgreSQL

BOUND = 3
MOST_KILOBYTES = 30
MOST_STATEMENTS = 12
BODY = "各省、自治区、直辖市市场监督管理局：\n\n" + "请逐级转发，按时报送。\n\n" * 40
Office = tuple[int, int]
"""The ids of an agency's clerk and approver."""

RECEIPTS = text(
    "INSERT INTO receipts (bulletin_id, version, agency_id, part, through_receipt_id, relay_id,"
    " needs_acknowledgement, sent_at)"
    " SELECT :bulletin_id, 1, id, 'to', :through, :relay_id, :needs, :at FROM agencies"
    " WHERE parent_id = :city_id"
).bindparams(bindparam("needs", True), bindparam("at", type_=UTCDateTime()))
ENTRY = text(
    "INSERT INTO journal (kind, at, subject_kind, subject_id, agency_id, body)"
    " VALUES ('relay.signed', :at, 'relay', :relay_id, :city_id, :body)"
).bindparams(bindparam("at", type_=UTCDateTime()))
RELAYED = text("UPDATE receipts SET relayed_at = :at WHERE id = :through").bindparams(
    bindparam("at", type_=UTCDateTime())
)


def figures() -> Iterator[Figure]:
    """The ratio for each engine, and what the picture of the finished chain weighs and asks."""
    yield from _on("sqlite", None)
    with PostgreSQL(durable=True) as server:
        yield from _on("postgresql", server)


def _on(engine: str, server: PostgreSQL | None) -> Iterator[Figure]:
    with installed(server):
        top, cities, offices = _nation()
        relayed, lender = (_published(top) for _ in range(2))
        ours = _laid(offices, cities, relayed)
        other = _laid(offices, cities, lender)
        spent = [0.0, 0.0]
        for city in cities:
            approver, relay_id = _acting(offices[city][1]), ours[city]
            spent[0] += seconds(partial(sign_relay, approver, relay_id))
            through, at = _own(lender, city), clock.now()
            values = {
                "bulletin_id": lender,
                "through": through,
                "relay_id": other[city],
                "city_id": city,
                "at": at,
                "body": "x" * 300,
            }
            spent[1] += seconds(partial(_bare, values))
        yield Figure(
            f"relay to {len(cities):,} cities' counties ({engine})",
            "the same rows bare, each relay committed",
            spent[0] / spent[1],
            BOUND,
            " ×",
            details=f"{spent[0] * 1000 / len(cities):.1f} and"
            f" {spent[1] * 1000 / len(cities):.1f} ms a relay",
        )
        yield from _picture(engine, _acting(top[0]), relayed)


def _bare(values: dict[str, object]) -> None:
    with db.engine.begin() as connection:
        for statement in (RECEIPTS, ENTRY, RELAYED):
            wanted = {name: values[name] for name in statement.compile().params if name in values}
            connection.execute(statement, wanted)


def _own(bulletin_id: int, agency_id: int) -> int:
    query = select(Receipt.id).where(
        Receipt.bulletin_id == bulletin_id, Receipt.agency_id == agency_id
    )
    found = db.session.scalars(query).one()
    db.session.rollback()
    return found


def _acting(person_id: int) -> Actor:
    """The person in a session of their own that knows nobody else, as in a request."""
    db.session.remove()
    return actor(person_id)


def _nation() -> tuple[Office, list[int], dict[int, Office]]:
    """The nation's office, the ids of all cities, and each city's office."""
    with writing():
        agencies = plant(Level.NATION, NATION)
        cities = list(db.session.scalars(select(Agency.id).where(Agency.level == Level.CITY)))
        offices = [agencies[0], *cities]
        kinds = (SeatKind.CLERK, SeatKind.APPROVER)
        people = settle_in(
            [Somebody(f"{kind}-{one}", one, kind) for one in offices for kind in kinds]
        )
    know_the_tables()
    pairs = dict(zip(offices, zip(people[::2], people[1::2], strict=True), strict=True))
    return pairs[agencies[0]], cities, pairs


def _published(top: Office) -> int:
    draft = DraftInput(
        title="关于逐级转发的通知",
        body=BODY,
        to_levels=[Level.PROVINCE, Level.CITY],
        needs_acknowledgement=True,
    )
    clerk = _acting(top[0])
    bulletin_id = create_draft(clerk, draft).id
    submit(clerk, bulletin_id)
    sign(_acting(top[1]), bulletin_id)
    return bulletin_id


def _laid(offices: dict[int, Office], cities: list[int], bulletin_id: int) -> dict[int, int]:
    """A relay of each city that lies before its approver."""
    found = {}
    for city in cities:
        clerk = _acting(offices[city][0])
        data = RelayInput(note="请认真落实。", to_all=True)
        relay = save_relay(clerk, _own(bulletin_id, city), data)
        found[city] = submit_relay(clerk, relay.id).id
    return found


def _picture(engine: str, reader: Actor, bulletin_id: int) -> Iterator[Figure]:
    """What the picture asks of the database, and how much it sends."""
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_others: Any) -> None:
        if not statement.startswith("BEGIN"):
            asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        with current_app.test_request_context():
            scope = progress(reader, bulletin_id)
            steps = Steps(scope.version.signed_at, zone())
            nodes, left_out = chain.nodes(scope)
            drawn = render_template(
                "bulletins/_chain.svg", picture=Picture(nodes, steps), here="/chain"
            )
            chain.totals(scope)
            chain.longest_waits(scope)
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    if left_out or len(nodes) != NATION[Level.PROVINCE] + NATION[Level.CITY]:
        raise RuntimeError(f"the picture draws {len(nodes)} agencies")
    what = f"chain picture of 3,227 agencies ({engine})"
    yield Figure(
        what,
        "–",
        round(len(gzip.compress(drawn.encode())) / 1000, 1),
        MOST_KILOBYTES,
        " KB",
        details=f"{len(drawn) // 1000} KB before compression",
    )
    yield Figure(what, "–", len(asked), MOST_STATEMENTS, " queries")
