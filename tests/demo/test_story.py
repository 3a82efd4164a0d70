"""The story that `make demo` tells, in one city; and that a wrong number is noticed."""

from demo import arrivals
from demo.bureaus import PROVINCE, bureaus
from demo.past import CITY
from demo.story import Story
from demo.theatre import opened


def test_the_story_of_one_city() -> None:
    agencies = [one for one in bureaus() if {one.code, one.parent_code} & {PROVINCE, CITY}]
    agencies = [one for one in agencies if one.level != "city" or one.code == CITY]
    with opened() as theatre:
        story = Story(theatre, agencies)
        for _title, chapter in story.chapters():
            chapter()
        said: list[object] = []
        assert arrivals.table(story.rows, said.append), said
        assert theatre.complaints() == []
    assert [row.expected for row in story.rows][:3] == [24, 26, 12]


def test_each_address_counts_once() -> None:
    assert arrivals.addressed("x", ["a", "b"], ["b", "a"]).right
    for arrived in (["a"], ["a", "a"], ["a", "b", "b"], ["a", "c"]):
        assert not arrivals.addressed("x", ["a", "b"], arrived).right


def test_a_wrong_number_is_shown_and_fails() -> None:
    said: list[object] = []
    rows = [arrivals.counted("邮件", 2, 2), arrivals.counted("SMS", 2, 1)]
    assert not arrivals.table(rows, said.append)
    assert [str(line).endswith("WRONG") for line in said] == [False, False, True]
    assert arrivals.table(rows[:1], said.append)
