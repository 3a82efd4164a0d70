"""What agencies read every day is found by index, however long their history."""

from apiflask import APIFlask
from sqlalchemy import Select, text, update

from bulletins.models import Receipt
from bulletins.queries import inbox
from bulletins.states import Waiting
from config import clock
from config.database import db, is_sqlite, writing
from tests.bulletins.papers import published
from tests.worlds import World


def _plan(query: Select[*tuple[object, ...]]) -> str:
    sql = str(query.compile(db.engine, compile_kwargs={"literal_binds": True})).replace(":", r"\:")
    if is_sqlite():
        return str(db.session.execute(text(f"EXPLAIN QUERY PLAN {sql}")).all())
    for way in ("seqscan", "bitmapscan", "sort"):
        db.session.execute(text(f"SET LOCAL enable_{way} = off"))
    return str(db.session.execute(text(f"EXPLAIN {sql}")).all())


def test_each_list_of_the_inbox_has_its_index(app: APIFlask, world: World) -> None:
    for _number in range(12):
        bulletin = published(world)
    with writing():
        now = clock.now()
        done = update(Receipt).where(Receipt.bulletin_id != bulletin.id)
        db.session.execute(done.values(opened_at=now, acknowledged_at=now))
        db.session.execute(text("ANALYZE"))
    for which, index in (
        (None, "ix_receipts_inbox"),
        (Waiting.UNACKNOWLEDGED, "ix_receipts_to_acknowledge"),
        (Waiting.UNOPENED, "ix_receipts_unopened"),
    ):
        query = inbox.inbox(world.agencies["county"], which)
        newest = query.order_by(Receipt.sent_at.desc(), Receipt.id.desc()).limit(26)
        assert index in _plan(newest)
