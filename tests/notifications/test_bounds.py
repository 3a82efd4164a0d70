"""How much a digest lists: never more than is readable, and nothing uncounted."""

from flask_babel import lazy_gettext as _l
from hypothesis import given
from hypothesis import strategies as st
from time_machine import Traveller

from config.sections import Item, Part, Section
from notifications.bounds import FEW, MOST_LINES, listed
from notifications.material import Block, Told
from notifications.preview import preview
from tests.notifications import news
from tests.notifications.hours import MONDAY, subscription_of, texts_to, work
from tests.worlds import World

SECTION = Section("s", _l("新"), _l("新%(count)s"), 1, True, lambda *_: {})


def block(number: int, counts: list[int]) -> Block:
    told = tuple(
        Told(SECTION, Part([Item(f"{number}-{n}", "/") for n in range(min(count, 10))], count))
        for count in counts
    )
    return Block(number, f"第{number}局", told)


@given(st.lists(st.lists(st.integers(1, 60), min_size=1, max_size=16), min_size=1, max_size=30))
def test_nothing_is_lost_by_shortening(counts: list[list[int]]) -> None:
    blocks = [block(number, some) for number, some in enumerate(counts)]
    shown = listed(blocks)
    lines = [told.part.items for one in shown.blocks for told in one.told]
    assert sum(map(len, lines)) <= MOST_LINES
    counted = sum(told.part.total for one in shown.blocks for told in one.told)
    assert counted + shown.left_out == sum(map(sum, counts))
    if sum(min(10, one) for some in counts for one in some) <= MOST_LINES:
        assert shown.blocks == tuple(blocks)


def test_a_long_section_leaves_room_for_the_later_ones() -> None:
    shown = listed([block(1, [60, 60, 60, 60, 60, 60])])
    lengths = [len(told.part.items) for told in shown.blocks[0].told]
    assert lengths == [10, 10, 10, 4, FEW, FEW]


def test_a_preview_says_what_is_sent(enrolled: World, clock: Traveller) -> None:
    clerk, county = enrolled.people["county-clerk"], enrolled.agencies["county"]
    for _ in range(50):
        news.tell(county)
    news.tasks[county] = 3
    clock.move_to(MONDAY)
    shown = preview(subscription_of(clerk))
    assert shown.words
    work()
    [text] = texts_to(clerk)
    assert text == shown.words.text
    assert text.count("news-") == MOST_LINES - 1
    assert "另有 11 项，登录后查看" in text
