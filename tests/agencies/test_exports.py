"""Tables that the worker makes: asked for once, made in pieces, fetched by whoever asked."""

import csv
import io
from datetime import timedelta
from zipfile import ZipFile

import pytest
import time_machine
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import update

from agencies.exports import making, services
from agencies.exports.states import FILE_KEPT, LEASE, PAUSES, ROW_KEPT, State
from agencies.models import Person, Tenure
from config import clock
from config.database import db, writing
from config.files import store
from config.sheets import Format
from tests.agencies.exporting import (
    FAR,
    FORM,
    Browsers,
    Given,
    Numbers,
    asked,
    kinds,
    now,
    numbers,
    press,
    rows,
)
from tests.agencies.test_tokens import Api, api, key_of
from tests.bulletins.attaching import full_disk
from tests.worlds import World, csrf_of

__all__ = ["api", "now", "numbers"]


def test_a_large_table_is_made_by_the_worker_and_fetched(
    world: World, numbers: Numbers, browser_of: Browsers
) -> None:
    browser = browser_of(world.people["county-clerk"])
    assert "2500" in browser.get("/exports/new", query_string=FORM).text
    path = press(browser, **FORM)
    page = browser.get(path).text
    assert "排队中" in page
    assert f'<noscript><meta http-equiv="refresh" content="5; url={path}?then=file"' in page
    assert browser.get(f"{path}/file").status_code == 409
    assert making.make_waiting() == 1
    page = browser.get(path).text
    assert "可以下载" in page
    assert 'refresh" content' not in page  # opened later, it waits for a press
    assert f'content="1; url={path}/file"' in browser.get(f"{path}?then=file").text
    file = browser.get(f"{path}/file")
    assert file.headers["Content-Disposition"] == "attachment; filename=numbers.csv"
    assert file.headers["Content-Length"] == str(len(file.data))
    told = list(csv.reader(io.StringIO(file.data.decode("utf-8-sig"))))
    assert told[0] == ["代码", "'=1+1"]
    assert [row[0] for row in told[1:]] == [str(number) for number in range(FAR)]
    assert kinds()[-3:] == ["export.asked", "export.made", "export.fetched"]
    assert path in browser.get("/exports").text
    assert making.make_waiting() == 0


def test_pressed_again_it_is_the_same_until_it_is_ready(
    world: World, numbers: Numbers, browser_of: Browsers
) -> None:
    browser = browser_of(world.people["county-clerk"])
    first = press(browser, **FORM)
    assert press(browser, **FORM) == first
    assert press(browser, **(FORM | {"format": "xlsx"})) != first
    assert press(browser_of(world.people["county-reader"]), **FORM) != first
    making.make_waiting()
    assert press(browser, **FORM) != first


def test_nobody_piles_up_tables(world: World, numbers: Numbers, browser_of: Browsers) -> None:
    for number in range(1, 6):
        asked(world, upto=number)
    browser = browser_of(world.people["county-clerk"])
    token = csrf_of(browser.get("/exports/new", query_string=FORM).text)
    answer = browser.post("/exports", data={"csrf_token": token, **FORM})
    assert (answer.status_code, "正在准备" in answer.text) == (429, True)


def test_a_workbook_says_the_same(world: World, numbers: Numbers, browser_of: Browsers) -> None:
    browser = browser_of(world.people["county-clerk"])
    path = press(browser, **(FORM | {"format": "xlsx"}))
    making.make_waiting()
    with ZipFile(io.BytesIO(browser.get(f"{path}/file").data)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert f"<v>{FAR - 1}</v>" in sheet
    assert "<f>" not in sheet


def test_how_far_it_is_shows_while_it_is_made(
    world: World, numbers: Numbers, browser_of: Browsers
) -> None:
    seen: list[int] = []
    press(browser_of(world.people["county-clerk"]), **FORM)
    numbers.at[2100] = lambda: seen.append(rows()[0].done)
    making.make_waiting()
    assert seen == [2000]
    assert rows()[0].done == FAR


def test_others_see_nothing_of_it(world: World, numbers: Numbers, browser_of: Browsers) -> None:
    path = press(browser_of(world.people["county-clerk"]), **FORM)
    making.make_waiting()
    for name in ("county-approver", "city-clerk", "system"):
        other = browser_of(world.people[name])
        for end in ("", "/file", "/state"):
            assert other.get(f"{path}{end}").status_code == 404
        assert path not in other.get("/exports").text


def test_what_is_hidden_meanwhile_is_neither_made_nor_fetched(
    world: World, numbers: Numbers, browser_of: Browsers
) -> None:
    browser = browser_of(world.people["county-clerk"])
    path = press(browser, **FORM)
    making.make_waiting()
    other = press(browser, **FORM)
    numbers.is_hidden = True
    assert browser.get(f"{path}/file").status_code == 404
    making.make_waiting()
    assert "已不在您现在的岗位能看的范围内" in browser.get(other).text
    assert browser.get("/exports/new", query_string=FORM).status_code == 404


@pytest.mark.parametrize("how", ["left", "gone"])
def test_for_whoever_has_left_nothing_is_made(world: World, numbers: Numbers, how: str) -> None:
    asked(world)
    person_id = world.people["county-clerk"]
    left = update(Tenure).where(Tenure.person_id == person_id).values(ended_at=clock.now())
    gone = update(Person).where(Person.id == person_id).values(active=False)
    with writing():
        db.session.execute(left if how == "left" else gone)
    making.make_waiting()
    assert (rows()[0].state, rows()[0].failure) == ("failed", "refused")


def test_a_full_disk_is_said_and_nothing_is_kept(
    world: World, numbers: Numbers, browser_of: Browsers
) -> None:
    browser = browser_of(world.people["county-clerk"])
    path = press(browser, **FORM)
    numbers.width = 2000
    with full_disk(3_000_000):
        making.make_waiting()
    assert list(store().keys(making.FOLDER, clock.now() + timedelta(days=1))) == []
    page = browser.get(path).text
    assert "存储空间已满" in page
    assert press(browser, f"{path}/again") == path
    making.make_waiting()
    assert browser.get(f"{path}/file").status_code == 200


def test_what_breaks_is_tried_again_after_pauses_then_given_up(
    world: World, numbers: Numbers, browser_of: Browsers, now: time_machine.Traveller
) -> None:
    path = press(browser_of(world.people["county-clerk"]), **FORM)
    numbers.at[7] = lambda: 1 // 0
    for pause in PAUSES:
        assert making.make_waiting() == 1
        assert making.make_waiting() == 0
        now.shift(pause)
    assert making.make_waiting() == 1
    assert (rows()[0].state, rows()[0].failure) == ("failed", "broken")
    assert kinds().count("export.failed") == 1
    numbers.at.clear()
    browser = browser_of(world.people["county-clerk"])
    press(browser, f"{path}/again")
    making.make_waiting()
    assert rows()[0].state == State.READY


def test_what_a_dead_worker_had_is_taken_up_when_its_time_is_over(
    world: World, numbers: Numbers, now: time_machine.Traveller
) -> None:
    def die() -> None:
        raise KeyboardInterrupt

    asked(world)
    numbers.at[7] = die
    with pytest.raises(KeyboardInterrupt):
        making.make_waiting()
    db.session.rollback()
    assert making.make_waiting() == 0
    numbers.at.clear()
    now.shift(LEASE + timedelta(seconds=1))
    assert making.make_waiting() == 1
    assert rows()[0].state == State.READY


def test_a_worker_that_was_given_up_finishes_nothing(
    world: World, numbers: Numbers, now: time_machine.Traveller
) -> None:
    def other_takes_over() -> None:
        numbers.at.clear()
        now.shift(LEASE + timedelta(seconds=1))
        making.make_waiting()

    asked(world)
    numbers.at[2400] = other_takes_over
    making.make_waiting()
    assert rows()[0].state == State.READY
    assert kinds().count("export.made") == 1
    kept = list(store().keys(making.FOLDER, clock.now() + timedelta(days=400)))
    assert kept == [rows()[0].key]


def test_files_go_after_a_week_and_rows_after_three_months(
    world: World, numbers: Numbers, browser_of: Browsers
) -> None:
    browser = browser_of(world.people["county-clerk"])
    path = press(browser, **FORM)
    making.make_waiting()
    making.forget_old()
    assert browser.get(f"{path}/file").status_code == 200
    with time_machine.travel(clock.now() + FILE_KEPT + timedelta(minutes=1)):
        making.forget_old()
        assert list(store().keys(making.FOLDER, clock.now())) == []
    assert "重新生成" in browser.get(path).text
    assert browser.get(f"{path}/file").status_code == 409
    with time_machine.travel(clock.now() + ROW_KEPT + timedelta(minutes=1)):
        making.forget_old()
    assert rows() == []


def test_a_row_whose_file_a_backup_did_not_bring_back_says_so(
    world: World, numbers: Numbers, browser_of: Browsers
) -> None:
    browser = browser_of(world.people["county-clerk"])
    path = press(browser, **FORM)
    making.make_waiting()
    store().delete(rows()[0].key)
    answer = browser.get(f"{path}/file")
    assert (answer.status_code, "没有文件可以下载" in answer.text) == (409, True)
    assert "重新生成" in browser.get(path).text


@pytest.mark.parametrize(
    "wrong", [{"upto": "x"}, {"upto": ""}, {"table": "other"}, {"format": "pdf"}, {"upto": "0"}]
)
def test_what_makes_no_table_is_not_found(
    world: World, numbers: Numbers, browser_of: Browsers, wrong: dict[str, str]
) -> None:
    browser = browser_of(world.people["county-clerk"])
    assert browser.get("/exports/new", query_string=FORM | wrong).status_code == 404
    token = csrf_of(browser.get("/exports/new", query_string=FORM).text)
    answer = browser.post("/exports", data={"csrf_token": token, **FORM, **wrong})
    assert answer.status_code == 404
    assert rows() == []


def test_programs_ask_wait_and_fetch(
    world: World, numbers: Numbers, client: FlaskClient, api: Api
) -> None:
    key = key_of(world, "county-clerk")
    headers = {"Authorization": f"Bearer {key}"}
    wanted = {"table": "numbers", "format": "csv", "given": {"upto": FAR}}
    answer = client.post("/api/v1/exports", json=wanted, headers=headers)
    assert answer.status_code == 202
    place = answer.headers["Location"]
    assert client.post("/api/v1/exports", json=wanted, headers=headers).headers["Location"] == place
    waits = client.get(place, headers=headers)
    assert (waits.status_code, waits.json and waits.json["state"]) == (200, "waiting")
    making.make_waiting()
    ready = client.get(place, headers=headers)
    assert ready.status_code == 303
    file = client.get(ready.headers["Location"], headers=headers)
    assert file.data.decode("utf-8-sig").count("\n") == FAR + 1
    assert [one["state"] for one in api(key, "GET", "/exports")[1]["items"]] == ["ready"]
    wrong = wanted | {"given": {"upto": -1}}
    assert api(key, "POST", "/exports", json=wrong)[0] == 404
    assert api(key_of(world, "city-clerk"), "GET", place.removeprefix("/api/v1"))[0] == 404


def test_the_words_are_those_of_whoever_asked(
    app: APIFlask, world: World, numbers: Numbers, browser_of: Browsers
) -> None:
    export = services.ask(world.actor("county-clerk"), "numbers", Format.CSV, Given(upto=FAR), "en")
    making.make_waiting()
    file = browser_of(world.people["county-clerk"]).get(f"/exports/{export.id}/file")
    assert file.text.lstrip("\ufeff").startswith("Code,")
