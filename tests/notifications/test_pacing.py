"""Mails by domain: as fast as each domain takes them, and none waits for another's."""

from datetime import timedelta

import pytest
from apiflask import APIFlask
from sqlalchemy import select
from time_machine import Traveller

from config.database import db, writing
from config.settings import Settings, SettingsError, load
from notifications.models import Delivery
from tests.notifications.hours import deliver, deliveries
from tests.notifications.post import posted
from tests.notifications.providers import Told
from tests.worlds import World


@pytest.fixture
def paced(app: APIFlask, province: World) -> World:
    """Two mails a second to each domain, and one in ten seconds to a slow one."""
    settings: Settings = app.extensions["settings"]
    update = {"mail_pace": "*=2, Slow.example=0.1"}
    app.extensions["settings"] = settings.model_copy(update=update)
    return province


def mails(world: World, domain: str, count: int, *, urgent: bool = False) -> None:
    """Mails to people there, behind those that wait already."""
    made = [one.id for one in posted(sorted(world.people.values())[:count], urgent=urgent)]
    with writing():
        for one in db.session.scalars(select(Delivery).where(Delivery.id.in_(made))):
            one.address = f"{one.id}@{domain}"


def came(told: Told, domain: str) -> int:
    return sum(parcel.address.endswith(f"@{domain}") for parcel in told.parcels)


def test_a_domain_gets_so_many_a_second(paced: World, told: Told, clock: Traveller) -> None:
    mails(paced, "a.example", 12)
    counts = []
    for _ in range(8):
        deliver()
        counts.append(came(told, "a.example"))
        clock.shift(timedelta(seconds=1))
    gained = [later - earlier for earlier, later in zip([0, *counts], counts, strict=False)]
    assert counts[-1] == 12
    assert gained[0] == 3  # those of this moment and of the second that begins
    assert all(one <= 2 for one in gained[1:])


def test_a_slow_domain_holds_up_no_other(paced: World, told: Told, clock: Traveller) -> None:
    mails(paced, "slow.example", 9)
    mails(paced, "b.example", 2)
    deliver()
    assert (came(told, "slow.example"), came(told, "b.example")) == (1, 2)
    clock.shift(timedelta(seconds=9))
    deliver()
    assert came(told, "slow.example") == 1
    clock.shift(timedelta(seconds=1))
    deliver()
    assert came(told, "slow.example") == 2


def test_an_urgent_mail_is_not_behind_what_was_booked(paced: World, told: Told) -> None:
    mails(paced, "slow.example", 9)
    deliver()
    mails(paced, "slow.example", 1, urgent=True)
    deliver()
    assert came(told, "slow.example") == 2


def test_nothing_is_booked_twice_and_each_goes_once(
    paced: World, told: Told, clock: Traveller
) -> None:
    mails(paced, "slow.example", 3)
    deliver()
    slots = [one.slot_at for one in deliveries()]
    for _ in range(25):
        clock.shift(timedelta(seconds=1))
        deliver()
    assert [one.slot_at for one in deliveries()][1:] == slots[1:]
    assert came(told, "slow.example") == 3
    assert len(set(told.refs())) == 3


def test_without_the_setting_there_is_no_pace(province: World, told: Told) -> None:
    mails(province, "a.example", 12)
    deliver()
    assert came(told, "a.example") == 12


@pytest.mark.parametrize("pace", ["fast", "-1", "a.example=", "1e9", "5;6"])
def test_a_pace_that_is_none_stops_the_start(
    pace: str, monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    monkeypatch.setenv("CHANGTONG_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("CHANGTONG_MAIL_PACE", pace)
    with pytest.raises(SettingsError, match="CHANGTONG_MAIL_PACE"):
        load()


@pytest.mark.parametrize("address", ["a@b.example\r\nBcc: x@y.example", "a", "a <a@b.example>"])
@pytest.mark.parametrize("name", ["MAIL_FROM", "MAIL_RETURN"])
def test_a_sender_that_is_no_address_stops_the_start(
    name: str, address: str, monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    monkeypatch.setenv("CHANGTONG_DATA_DIR", str(tmp_path))
    monkeypatch.setenv(f"CHANGTONG_{name}", address)
    with pytest.raises(SettingsError, match=f"CHANGTONG_{name}"):
        load()
