"""What meeting followed searches costs."""

from bulletins.models import SearchMatch
from bulletins.services import matching
from config.database import db, writing
from tests.bulletins.finding import indexed, kept
from tests.bulletins.papers import published
from tests.bulletins.queries import counted
from tests.worlds import World


def _statements(bulletin_id: int) -> int:
    with counted() as seen, writing():
        matching.match(bulletin_id)
        db.session.flush()
    # SQLite, in this process, numbers rows one by one.
    return len([one for one in seen if not one.startswith("INSERT INTO journal")])


def test_it_asks_the_same_for_one_agency_and_for_many(world: World) -> None:
    indexed()
    kept(world, "city")
    alone = _statements(published(world, title="电梯检查").id)
    for name in ("other_city", "county", "sibling", "other_county"):
        kept(world, name)
    many = published(world, title="电梯维保")
    assert _statements(many.id) == alone
    found = db.session.query(SearchMatch).filter_by(bulletin_id=many.id)
    assert found.count() == 5
