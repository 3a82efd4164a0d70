"""What people without an account are told: what is to be read, and nothing that is to be done."""

import re
from datetime import date

import pytest
from apiflask import APIFlask
from time_machine import Traveller

from app import SECTIONS
from bulletins.states import Urgency
from tests.bulletins.papers import TITLE, published
from tests.coordination.tasks import given
from tests.notifications.hours import MONDAY, work
from tests.notifications.opened import parsed, part
from tests.notifications.outsiders import joined
from tests.notifications.providers import Told
from tests.worlds import World


@pytest.mark.parametrize(
    ("channel", "address", "news"),
    [("mail", "li@else.example", "新到公文"), ("phone", "+8613800138000", "1 件新公文")],
)
def test_nothing_is_listed_that_only_the_agency_can_do(
    app: APIFlask,
    enrolled: World,
    told: Told,
    clock: Traveller,
    channel: str,
    address: str,
    news: str,
) -> None:
    app.extensions["sections"] = sorted(SECTIONS, key=lambda section: section.order)
    joined(enrolled, {"name": "李四", "agency": "130102", channel: address, "urgent_at_once": True})
    given(enrolled)
    published(enrolled, urgency=Urgency.FLASH, acknowledge_by=date(2018, 5, 10))
    clock.move_to(MONDAY)
    work()
    bodies = [one.body for one in told.parcels if one.address == address]
    texts = [part(parsed(one), "plain") if channel == "mail" else one.decode() for one in bodies]
    assert len(texts) == 2  # the urgent paper at once, and the digest
    for text in texts:
        assert TITLE in text
        assert not re.search("签收|任务|期限|转发", text), text
    assert news in texts[-1]
