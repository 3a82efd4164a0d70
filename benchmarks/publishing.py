"""Publishing to a nation, against the bare statement that writes the same receipts."""

from collections.abc import Iterator
from itertools import count

from sqlalchemy import bindparam, text

from agencies.actors import Actor
from agencies.states import Level, SeatKind
from benchmarks.figures import Figure, in_turn, seconds
from benchmarks.installation import installed
from benchmarks.people import NATION, Somebody, actor, know_the_tables, plant, settle_in
from bulletins.inputs import DraftInput
from bulletins.services import create_draft, sign, submit
from config import clock
from config.database import UTCDateTime, db, writing
from parts.postgresql import PostgreSQL

REPEATS = 15
BOUND = 3
BODY = (
    "各省、自治区、直辖市市场监督管理局：\n\n" + "请于本月底前完成自查，并将结果逐级上报。\n\n" * 40
)
BARE = text(
    "INSERT INTO receipts"
    " (bulletin_id, version, agency_id, part, needs_acknowledgement, sent_at)"
    " SELECT :bulletin_id, :version, id, 'to', :needs, :at FROM agencies WHERE id <> :issuer_id"
).bindparams(bindparam("needs", True), bindparam("at", type_=UTCDateTime()))


def figures() -> Iterator[Figure]:
    """One figure for each engine, whose commits are on disk when they return."""
    yield _on("sqlite", None)
    with PostgreSQL(durable=True) as server:
        yield _on("postgresql", server)


def _on(engine: str, server: PostgreSQL | None) -> Figure:
    with installed(server):
        agencies, clerk, approver = _nation()
        papers = [_submitted(clerk) for _ in range(REPEATS + 2)]
        # Receipts belong to a paper: this one lends its name to those written without the service.
        lender, versions = papers.pop(), count(1)
        ours, bare = in_turn(
            lambda: seconds(lambda: sign(approver, papers.pop())),
            lambda: _bare(lender, next(versions), agencies),
            REPEATS,
        )
    return Figure(
        f"publish to {len(agencies) - 1:,} agencies ({engine})",
        "the bare INSERT … SELECT of the same rows",
        ours / bare,
        BOUND,
        " ×",
        details=f"{ours * 1000:.1f} and {bare * 1000:.1f} ms",
    )


def _nation() -> tuple[list[int], Actor, Actor]:
    """The ids of all agencies, the one on top first, and its clerk and approver."""
    with writing():
        agencies = plant(Level.NATION, NATION)
        kinds = {"clerk": SeatKind.CLERK, "approver": SeatKind.APPROVER}
        people = settle_in([Somebody(name, agencies[0], kind) for name, kind in kinds.items()])
    know_the_tables()
    clerk, approver = (actor(person_id) for person_id in people)
    return agencies, clerk, approver


def _submitted(clerk: Actor) -> int:
    draft = DraftInput(
        title="关于开展产品质量安全自查的通知", body=BODY, to_all=True, needs_acknowledgement=True
    )
    bulletin_id = create_draft(clerk, draft).id
    submit(clerk, bulletin_id)
    return bulletin_id


def _bare(bulletin_id: int, version: int, agencies: list[int]) -> float:
    values = {
        "bulletin_id": bulletin_id,
        "version": version,
        "at": clock.now(),
        "issuer_id": agencies[0],
    }

    def insert() -> None:
        with db.engine.begin() as connection:
            written = connection.execute(BARE, values).rowcount
        assert written == len(agencies) - 1

    return seconds(insert)
