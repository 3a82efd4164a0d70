"""What digests tell those who issue a paper with its host."""

import pytest

from bulletins import sections, services
from bulletins.decisions import VoidInput
from bulletins.joint_section import ITEMS, with_joint
from bulletins.models import Bulletin
from config import journal, settling
from config.database import writing
from config.sections import Item, Part, Span
from tests.bulletins.papers import published, submitted
from tests.bulletins.queries import counted
from tests.worlds import World


def _told(kind: str, world: World, span: Span, *names: str) -> dict[str, list[tuple[str, str]]]:
    section = next(one for one in sections.SECTIONS if one.kind == kind)
    by_id = {agency_id: name for name, agency_id in world.agencies.items()}
    parts = section.compose([world.agencies[name] for name in names], span)
    return {
        by_id[agency_id]: [(item.path, item.remark) for item in part.items]
        for agency_id, part in parts.items()
    }


def _settled() -> int:
    settling.settle_all()
    return journal.head()


@pytest.fixture
def paper(world: World) -> Bulletin:
    """A paper of one city that the other one has signed too."""
    bulletin = submitted(world, "city", title="联合", joint_agencies=[world.agencies["other_city"]])
    services.cosign(world.actor("other_city-approver"), bulletin.id)
    return services.sign(world.actor("city-approver"), bulletin.id)


def test_partners_are_told_that_a_paper_is_over(world: World, paper: Bulletin) -> None:
    before = _settled()
    services.void(world.actor("city-approver"), paper.id, VoidInput(reason="有误"))
    after = _settled()
    told = _told("ended", world, Span(before, after), "city", "other_city", "province")
    assert told == {"other_city": [(f"/joint/{paper.id}", "联合行文，已撤销")]}
    for span in (Span(0, before), Span(after, after)):
        assert _told("ended", world, span, "other_city") == {}


def test_partners_are_told_of_a_correction(world: World, paper: Bulletin) -> None:
    before = _settled()
    assert _told("new", world, Span(0, before), "other_city") == {}
    services.correct(world.actor("city-clerk"), paper.id)
    with writing():
        paper.note, paper.body = "更正数字", "更正后的正文"
    services.submit(world.actor("city-clerk"), paper.id)
    services.cosign(world.actor("other_city-approver"), paper.id)
    services.sign(world.actor("city-approver"), paper.id)
    span = Span(before, _settled())
    told = _told("new", world, span, "city", "other_city")
    assert told == {"other_city": [(f"/joint/{paper.id}", "联合行文，更正")]}


def test_news_of_receipts_and_of_joint_papers_stand_together(world: World, paper: Bulletin) -> None:
    cities = [world.agencies["city"], world.agencies["other_city"]]
    received = published(world, to_all=False, to_agencies=cities)
    before = _settled()
    services.void(world.actor("province-approver"), received.id, VoidInput(reason="有误"))
    services.void(world.actor("city-approver"), paper.id, VoidInput(reason="有误"))
    span = Span(before, _settled())
    with counted() as statements:
        told = _told("ended", world, span, "city", "other_city")
    assert [len(told[name]) for name in ("city", "other_city")] == [1, 2]
    assert len(statements) == 2


def test_no_more_lines_than_a_section_has_and_the_rest_is_counted() -> None:
    line = Item("甲", "/joint/1")
    both = with_joint({1: Part((line,) * 8, 8)}, {1: Part((line,) * 5, 7), 2: Part((line,), 1)})
    assert {one: (len(part.items), part.total) for one, part in both.items()} == {
        1: (ITEMS, 15),
        2: (1, 1),
    }
