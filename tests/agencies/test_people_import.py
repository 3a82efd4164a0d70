"""People by command and by file: all or nothing, again without doubles, invited once."""

import csv
from pathlib import Path

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from agencies import directory
from agencies.actors import console
from agencies.csv_table import WrongLines
from agencies.models import Contact, Person, Seat
from agencies.services import people_import
from config.database import db
from config.errors import Forbidden
from tests.agencies.browsing import send
from tests.agencies.test_sign_in import PASSWORD
from tests.worlds import World

HEAD = "username,name,agency_code,seats,mail,phone"
FILE = f"""{HEAD}
Qian,钱一,130102,reader:办公室阅文; clerk:二,q@example.com,138 0013 8000
sun,孙二,130104,签发：夜间,,
zhou,周三,,,,
"""


def load(text: str) -> people_import.Outcome:
    return people_import.import_people(console(), text.encode())


def _faults(text: str) -> dict[int, str]:
    with pytest.raises(WrongLines) as caught:
        load(text)
    return {fault.line: fault.reason for fault in caught.value.faults}


def _person(username: str) -> Person:
    return db.session.scalars(select(Person).where(Person.username == username)).one()


def _seats(username: str) -> set[tuple[str, str, str]]:
    person = _person(username)
    return {
        (one.seat.agency.code, one.seat.kind, one.seat.label)
        for one in directory.tenures_of([person.id])[person.id]
    }


def test_people_come_with_seats_and_addresses_and_only_once(world: World) -> None:
    first = load(FILE)
    assert (len(first.created), first.seated) == (3, 3)
    again = load(FILE)
    assert (again.created, again.renamed, again.seated) == ([], 0, 0)
    assert _seats("qian") == {("130102", "reader", "办公室阅文"), ("130102", "clerk", "二")}
    assert _seats("sun") == {("130104", "approver", "夜间")}
    addresses = select(Contact.address, Contact.verified_at).order_by(Contact.id.desc()).limit(2)
    assert {(row.address, row.verified_at) for row in db.session.execute(addresses)} == {
        ("q@example.com", None),
        ("+8613800138000", None),
    }


def test_a_later_file_renames_and_seats_but_leaves_addresses(world: World) -> None:
    load(FILE)
    outcome = load(f"{HEAD}\nqian,钱大,130102,duty:二,other@example.com,\n")
    assert (outcome.created, outcome.renamed, outcome.seated) == ([], 1, 1)
    assert len(_seats("qian")) == 3
    assert (
        db.session.scalar(
            select(func.count()).select_from(Contact).where(Contact.address == "other@example.com")
        )
        == 0
    )


def test_every_wrong_line_is_named_and_nothing_is_loaded(world: World) -> None:
    said = _faults(
        f"""{HEAD}
good,好,130102,reader:三,,
bad name,坏,,,,
wu,,,,,
zheng,郑,999999,reader,,
wang,王,130102,chief,,
feng,冯,130102,clerk,,
chen,陈,,clerk,,
chu,褚,,,nobody,
wei,卫,,,,110
good,又好,,,,
audit,审,130102,duty:二,,
jiang,蒋,130102,reader:三,,
"""
    )
    assert list(said) == [3, 4, 5, 6, 7, 8, 9, 10, 11, 12]
    assert "chief" in said[6]
    assert "已有人担任" in said[7]
    assert "没有机构编码" in said[8]
    assert "第 2 行重复" in said[11]
    assert "管理员" in said[12]
    assert db.session.scalar(select(Person.id).where(Person.username == "good")) is None
    assert db.session.scalar(select(Seat.id).where(Seat.label == "三")) is None


def test_two_lines_for_one_seat_are_a_fault(world: World) -> None:
    said = _faults(f"{HEAD}\njia,甲,130102,duty:新,,\nyi,乙,130102,duty:新,,\n")
    assert list(said) == [3]
    assert db.session.scalar(select(Person.id).where(Person.username == "jia")) is None


def test_only_the_system_administrator_loads_people(world: World) -> None:
    with pytest.raises(Forbidden):
        people_import.import_people(world.actor("security"), FILE.encode())


def test_the_command_loads_and_prints_slips(app: APIFlask, world: World, tmp_path: Path) -> None:
    runner = app.test_cli_runner()
    file = tmp_path / "people.csv"
    file.write_bytes(f'{FILE}wu,"吴,五",,,,\n'.encode("gb18030"))
    done = runner.invoke(args=["people", "import", str(file), "--invite", "slip"])
    assert done.exit_code == 0
    rows = list(csv.reader(done.stdout.splitlines()))
    names = [["qian", "钱一"], ["sun", "孙二"], ["zhou", "周三"], ["wu", "吴,五"]]
    assert [row[:2] for row in rows] == names
    client = app.test_client()
    answer = send(client, "/invitation", username="zhou", code=rows[2][2])
    assert answer.location.startswith("/invitation/")
    file.write_text(f"{HEAD}\nx y,坏,,,,\n", encoding="utf-8")
    failed = runner.invoke(args=["people", "import", str(file)])
    assert failed.exit_code == 1
    assert failed.stderr.startswith("第 2 行：username：")


def test_the_first_administrator_comes_by_command(app: APIFlask, client: FlaskClient) -> None:
    runner = app.test_cli_runner()
    args = ["people", "add", "--admin", "system", "--username", "root", "--name", "管理员"]
    done = runner.invoke(args=args)
    assert done.exit_code == 0
    link = next(line.split()[1] for line in done.stdout.splitlines() if line.startswith("link"))
    path = link.removeprefix("http://127.0.0.1:8000")
    fields = {"password": PASSWORD, "password_again": PASSWORD}
    assert send(client, path, **fields).status_code == 303
    assert client.get("/people").status_code == 200
    twice = runner.invoke(args=args)
    assert twice.exit_code == 1
    assert twice.stderr == "Error: username: 这个用户名已有人使用。\n"
    nameless = runner.invoke(args=[*args[:-1], ""])
    assert nameless.stderr == "Error: name: 请填写此项。\n"
    anew = runner.invoke(args=["people", "invite", "--username", "root"])
    assert anew.exit_code == 0
    assert "link" in anew.stdout


def test_the_command_seats_whom_it_adds(app: APIFlask, world: World) -> None:
    runner = app.test_cli_runner()

    def add(*more: str) -> int:
        args = ["people", "add", "--username", "he", "--name", "何", *more]
        return int(runner.invoke(args=args).exit_code)

    assert add("--agency", "130102") == 1
    assert add("--label", "二") == 1
    assert add("--admin", "audit", "--agency", "130102", "--seat", "duty") == 1
    assert add("--agency", "999", "--seat", "duty") == 1
    assert add("--agency", "130102", "--seat", "duty") == 1  # somebody holds it
    assert db.session.scalar(select(Person.id).where(Person.username == "he")) is None
    assert add("--agency", "130102", "--seat", "duty", "--label", "二") == 0
    assert _seats("he") == {("130102", "duty", "二")}
    for help_of in ("add", "import", "invite"):
        assert runner.invoke(args=["people", help_of, "--help"]).exit_code == 0
