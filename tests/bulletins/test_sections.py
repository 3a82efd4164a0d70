"""What papers give to digests, for many agencies in one query each."""

from collections.abc import Mapping

import time_machine

from bulletins import sections, services
from config import journal, settling
from config.sections import Part, Span
from tests.bulletins.papers import TITLE, published, receipt_of
from tests.bulletins.queries import counted
from tests.bulletins.relays import relayed, to_cities
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


def test_the_most_urgent_waits_first(world: World) -> None:
    for urgency in ("normal", "urgent", "flash"):
        published(world, title=urgency, urgency=urgency)
    head = _settled()
    [part] = _compose("to_acknowledge", world, Span(head, head), "county").values()
    assert [item.text for item in part.items] == ["flash", "urgent", "normal"]


def test_news_asks_for_nothing_that_was_given(world: World) -> None:
    before = _settled()
    paper = published(world, acknowledge_by="2199-03-02")
    services.acknowledge(world.actor("county-clerk"), receipt_of(world, "county", paper).id)
    parts = _compose("new", world, Span(before, _settled()), "county", "sibling")
    said = {name: part.items[0].remark for name, part in parts.items()}
    assert said == {"county": "", "sibling": "请于 2199-03-02 前签收"}


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


def test_many_agencies_take_no_more_queries_than_one(world: World) -> None:
    published(world)
    span = Span(0, _settled())
    for kind, most in (("new", 2), ("ended", 2), ("to_acknowledge", 1)):
        with counted() as seen:
            _compose(kind, world, span, *world.agencies)
        assert len(seen) == most


def test_what_came_by_a_relay_is_news_when_it_came(world: World) -> None:
    bulletin = to_cities(world, relay_within=3, acknowledge_by="2199-05-20")
    before = _settled()
    relayed(world, bulletin, acknowledge_by="2199-05-10")
    parts = _compose("new", world, Span(before, _settled()), "city", "county", "sibling")
    assert set(parts) == {"county", "sibling"}
    assert parts["county"].items[0].remark == "请于 2199-05-10 前签收"
    assert set(_compose("new", world, Span(0, before), "city", "county")) == {"city"}


def test_what_is_to_be_relayed_waits_and_who_was_passed_over_is_told(world: World) -> None:
    with time_machine.travel("2026-11-20T09:00:00+08:00", tick=False) as clock:
        bulletin = to_cities(world, relay_within=3)
        before = _settled()
        waiting = _compose("to_relay", world, Span(0, 0), "city", "county")
        assert [item.remark for item in waiting["city"].items] == ["请于 2026-11-25 前转发下级"]
        assert set(waiting) == {"city"}
        clock.move_to("2026-11-26T09:00:00+08:00")
        services.serve_overdue()
    span = Span(before, _settled())
    [told] = _compose("passed_over", world, span, "city", "county")["city"].items
    assert told.remark == "贵单位逾期未转发，2 个下级机构已直接收到此件"
    assert told.path == f"/inbox/{receipt_of(world, 'city', bulletin).id}#passed-over"
    assert _compose("to_relay", world, span, "city") == {}
    assert set(_compose("new", world, span, "city", "county")) == {"county"}
