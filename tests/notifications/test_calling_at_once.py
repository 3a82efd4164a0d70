"""Calls that somebody asks to be tried at once, and what is said of one that was not made."""

import socket
import threading
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import current_app

from config.database import db
from config.errors import Conflict
from notifications.hooks import labels
from notifications.hooks.states import CallState, Outcome
from notifications.services import endpoints as service
from tests.bulletins.papers import published
from tests.notifications.hours import handle
from tests.notifications.systems import calls, connected, work
from tests.receivers import Receiver
from tests.worlds import World


def test_what_waits_can_be_tried_at_once_within_its_24_hours(
    county: World, receiver: Receiver, clock: time_machine.Traveller
) -> None:
    actor = county.actor("county-clerk")
    receiver.status, receiver.more = 503, {"Retry-After": "36000"}
    published(county)
    handle()
    with pytest.raises(Conflict):
        service.replay(actor, calls()[0].id)  # it is about to be made anyway
    work()
    began = calls()[0].began_at
    clock.shift(timedelta(seconds=30))
    service.replay(actor, calls()[0].id)
    work()
    assert len(receiver.heard) == 2
    [call] = calls()
    assert (call.attempts, call.began_at, call.state) == (2, began, CallState.WAITING)
    receiver.status = 200
    service.replay(actor, call.id)
    work()
    assert calls()[0].state == CallState.DELIVERED


def test_what_is_being_made_at_this_moment_is_not_made_twice(
    county: World, receiver: Receiver, clock: time_machine.Traveller
) -> None:
    refused: list[str] = []

    def meanwhile(handler: Any) -> None:
        thread = threading.Thread(target=press)
        thread.start()
        thread.join()
        handler.send_error(500)

    def press() -> None:
        with app.app_context():
            try:
                service.replay(county.actor("county-clerk"), call_id)
            except Conflict as error:
                refused.append(str(error))
            db.session.remove()

    app = current_app._get_current_object()  # type: ignore[attr-defined]
    published(county)
    handle()
    call_id = calls()[0].id
    receiver.talk = meanwhile
    work()
    assert len(refused) == len(receiver.heard) == 1


@pytest.mark.parametrize(
    ("url", "found", "outcome"),
    [
        ("http://oa.changtong.example/hook", "223.5.5.5", Outcome.OPEN),
        ("http://oa.changtong.example/hook", "10.9.9.9", Outcome.PRIVATE),
        ("https://oa.changtong.example/hook", "10.9.9.9", Outcome.PRIVATE),
        ("https://oa.changtong.example/hook", "", Outcome.NO_HOST),
    ],
)
def test_why_a_name_was_not_called_is_told_apart(
    world: World,
    allowing: None,
    receiver: Receiver,
    monkeypatch: pytest.MonkeyPatch,
    url: str,
    found: str,
    outcome: Outcome,
) -> None:
    look_up = socket.getaddrinfo

    def looked_up(host: str, *args: Any, **more: Any) -> Any:
        if host != "oa.changtong.example":
            return look_up(host, *args, **more)
        if not found:
            raise socket.gaierror(socket.EAI_NONAME, "unknown")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (found, 443))]

    connected(world, receiver, url=url)
    published(world)
    monkeypatch.setattr(socket, "getaddrinfo", looked_up)
    work()
    assert (calls()[0].outcome, calls()[0].answer) == (outcome, "")
    assert str(labels.outcome(calls()[0].outcome))
