"""What providers answer is written down whatever they answer, and can't deceive who reads it."""

import pytest
from flask.testing import FlaskClient

from agencies.states import Channel
from config.database import db
from notifications.channels.base import Result
from notifications.links import report_path
from notifications.models import ChannelPause
from notifications.states import Action, State
from tests.notifications.hours import deliver, deliveries
from tests.notifications.post import posted
from tests.notifications.providers import Told
from tests.worlds import World

ODD = "550 no\0such \u202euser\x1b[31m\r\n here"
PLAIN = "550 no such user [31m here"


@pytest.fixture
def odd(told: Told, monkeypatch: pytest.MonkeyPatch) -> Told:
    """A provider that refuses with words that no database or terminal should see."""
    send = told.send

    def refuse(parcels, seconds):  # type: ignore[no-untyped-def]
        sent = send(parcels, seconds)
        sent.results = [
            Result(one.delivery_id, Action.REFUSE, "refused", ODD) for one in sent.results
        ]
        return sent

    monkeypatch.setattr(told, "send", refuse)
    return told


def test_an_answer_with_hostile_characters_is_an_answer(province: World, odd: Told) -> None:
    posted([province.people["county-clerk"], province.people["county-reader"]])
    deliver()
    assert {(one.state, one.detail) for one in deliveries()} == {(State.FAILED, PLAIN)}


def test_so_is_the_reason_for_which_nothing_can_be_sent(province: World, told: Told) -> None:
    posted([province.people["county-clerk"]])
    told.down = ODD
    deliver()
    assert db.session.get_one(ChannelPause, Channel.MAIL).reason == PLAIN
    assert [one.state for one in deliveries()] == [State.QUEUED]


def test_and_what_a_gateway_reports(province: World, told: Told, client: FlaskClient) -> None:
    posted([province.people["county-clerk"]], Channel.SMS)
    deliver()
    path = report_path(deliveries()[0].ref, deliveries()[0].claim or "")
    assert client.get(path, query_string={"type": 2, "reply": ODD}).status_code == 200
    [one] = deliveries()
    assert (one.state, one.detail) == (State.FAILED, PLAIN)
