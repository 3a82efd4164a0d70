"""What papers give to digests, for many agencies in one query each."""

from collections.abc import Mapping

from bulletins import sections, services
from config import journal, settling
from config.sections import Part, Span
from tests.bulletins.papers import TITLE, published, receipt_of
from tests.bulletins.queries import counted
from tests.worlds import World


def _compose(kind: str, world: World, span: Span, *names: str) -> Mapping[str, Part]:
    section = next(one for one in sections.SECTIONS if one.kind == kind)
    found = section.compose([world.agencies[name] for name in names], span)
    by_id = {agency_id: name for name, agency_id in world.agencies.items()}
    return {by_id[agency_id]: part for agency_id, part in found.items()}


def _settled() -> int:
    settling.settle_all()
    return journal.head()


def test_what_waits_is_told_whenever_it_was_sent_the_nearest_day_first(world: World) -> None:
    published(world, title="没有期限")
    later = published(world, title="期限晚", acknowledge_by="2199-03-09")
    published(world, title="期限早", acknowledge_by="2199-03-02", urgency="flash")
    published(world, title="无需签收", needs_acknowledgement=False)
    services.acknowledge(world.actor("city-clerk"), receipt_of(world, "city", later).id)
    head = _settled()
    parts = _compose(
        "to_acknowledge", world, Span(head, head), "city", "county", "province", "unrelated"
    )
    assert set(parts) == {"city", "county"}
    assert [item.text for item in parts["city"].items] == ["期限早", "没有期限"]
    assert [item.text for item in parts["county"].items] == ["期限早", "期限晚", "没有期限"]
    first = parts["county"].items[0]
    assert (first.urgent, first.remark) == (True, "特急，请于 2199-03-02 前签收")
    assert first.path == f"/inbox/{first.receipt_id}"
    assert parts["county"].total == 3


def test_news_is_what_was_published_in_the_span_and_nothing_else(world: World) -> None:
    published(world, title="之前")
    before = _settled()
    inside = published(world, title="其间", to_all=False, to_agencies=[world.agencies["city"]])
    published(world, title="也在其间", urgency="urgent")
    upto = _settled()
    published(world, title="之后")
    _settled()
    parts = _compose("new", world, Span(before, upto), "city", "county", "unrelated")
    assert [item.text for item in parts["city"].items] == ["其间", "也在其间"]
    assert [item.text for item in parts["county"].items] == ["也在其间"]
    assert parts["city"].items[0].receipt_id == receipt_of(world, "city", inside).id
    assert [item.urgent for item in parts["city"].items] == [False, True]
    assert set(parts) == {"city", "county"}


def test_news_stays_news_after_it_was_opened(world: World) -> None:
    before = _settled()
    bulletin = published(world)
    services.open_receipt(world.actor("city-clerk"), receipt_of(world, "city", bulletin).id)
    parts = _compose("new", world, Span(before, _settled()), "city")
    assert [item.text for item in parts["city"].items] == [TITLE]


def test_a_long_list_is_cut_and_counted(world: World) -> None:
    before = _settled()
    for _number in range(sections.ITEMS + 2):
        published(world)
    parts = _compose("new", world, Span(before, _settled()), "city", "county")
    assert {name: (len(part.items), part.total) for name, part in parts.items()} == {
        "city": (10, 12),
        "county": (10, 12),
    }


def test_many_agencies_take_one_query(world: World) -> None:
    published(world)
    span = Span(0, _settled())
    for kind in ("new", "to_acknowledge"):
        with counted() as seen:
            _compose(kind, world, span, *world.agencies)
        assert len(seen) == 1
