"""Loading the tree: all or nothing, again without doubles, moved with its lines of ancestors."""

import threading
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from agencies import queries, tree
from agencies.actors import Actor, console
from agencies.csv_table import WrongLines
from agencies.exports import making, services
from agencies.inputs import AgencyInput
from agencies.models import Agency, Lineage
from agencies.services import agencies, exports, imports
from agencies.services.exports import AGENCIES, EveryAgency
from agencies.services.imports import Outcome, import_agencies
from config.database import db, writing
from config.errors import Forbidden
from config.journal import Entry
from config.sheets import Format, write
from tests.agencies.browsing import text_of
from tests.worlds import World, csrf_of

Browser = Callable[[int], FlaskClient]
HEAD = "code,name,level,parent_code,kind,contact_name,contact_phone,contact_mail"
FILE = f"""{HEAD}
1301,县局乙,county,13,,,,
13,省局,province,,bureau,王主任,0311-1,w@example.com
130101,站点,township,1301,office,,,
1302,市局甲,city,13,,,,
E1,企业,county,1302,enterprise,,,
"""


def test_what_is_edited_during_an_import_stays(
    app: APIFlask, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(FILE)
    agency_id = db.session.scalars(select(Agency.id).where(Agency.code == "13")).one()
    db.session.remove()
    known = imports._known

    def edit() -> None:
        with app.app_context():
            agencies.edit(console(), agency_id, AgencyInput(contact_name="李主任"))
            db.session.remove()

    editing = threading.Thread(target=edit)

    def read_while_another_edits() -> dict[str, imports.Known]:
        read = known()
        editing.start()
        editing.join(timeout=1)  # it waits for the import, or is done before that writes back
        return read

    monkeypatch.setattr(imports, "_known", read_while_another_edits)
    load("code,name,level,parent_code\n13,省局新名,province,\n")
    editing.join(timeout=20)
    db.session.rollback()
    kept = db.session.get_one(Agency, agency_id)
    assert (kept.name, kept.contact_name) == ("省局新名", "李主任")


def load(text: str) -> Outcome:
    return import_agencies(console(), text.encode())


def lines() -> set[tuple[str, str, int]]:
    """The whole lineage by codes."""
    codes = {agency.id: agency.code for agency in db.session.scalars(select(Agency))}
    rows = db.session.execute(select(Lineage.ancestor_id, Lineage.descendant_id, Lineage.depth))
    return {(codes[upper], codes[lower], depth) for upper, lower, depth in rows}


def by_walking() -> set[tuple[str, str, int]]:
    """The same, found by walking from each agency up to its root."""
    agencies = {agency.id: agency for agency in db.session.scalars(select(Agency))}
    found = set()
    for agency in agencies.values():
        at, depth = agency, 0
        while True:
            found.add((at.code, agency.code, depth))
            if at.parent_id is None:
                break
            at, depth = agencies[at.parent_id], depth + 1
    return found


def agency(code: str) -> Agency:
    return db.session.scalars(select(Agency).where(Agency.code == code)).one()


def test_a_file_is_loaded_and_loaded_again_without_doubles(app: APIFlask) -> None:
    assert load(FILE) == Outcome(5, 0, 0, 0)
    assert load(FILE) == Outcome(0, 0, 0, 5)
    assert db.session.scalar(select(func.count()).select_from(Agency)) == 5
    assert lines() == by_walking()
    assert agency("E1").kind == "enterprise"
    assert agency("1301").kind == "bureau"
    assert agency("13").contact_name == "王主任"
    upper = queries.upper_agencies(agency("130101").id)
    assert [one.code for one in upper] == ["1301", "13"]


def test_a_later_file_adds_changes_and_moves(app: APIFlask) -> None:
    load(FILE)
    made = agency("1301").id
    outcome = load(
        f"{HEAD}\n1301,县局乙改名,county,1302,,,,\n1303,新局,city,13,,,,\nE1,企业,county,1302,,,,\n"
    )
    assert outcome == Outcome(created=1, changed=1, moved=1, unchanged=1)
    assert (agency("1301").id, agency("1301").name) == (made, "县局乙改名")
    assert agency("E1").kind == "enterprise"  # a kind that is not given stays
    assert lines() == by_walking()
    assert ("1302", "130101", 2) in lines()


def test_columns_a_file_lacks_stay_as_they_are(app: APIFlask) -> None:
    load(FILE)
    assert load("code,name,level,parent_code\n13,省局,province,\n") == Outcome(0, 0, 0, 1)
    assert agency("13").contact_phone == "0311-1"
    assert load(f"{HEAD}\n13,省局,province,,,,,\n") == Outcome(0, 1, 0, 0)
    assert agency("13").contact_phone == ""


@pytest.mark.parametrize(
    "more",
    ["99,坏,city,77,,,,", "13,坏,city,1302,,,,", "98,坏,nowhere,13,,,,", "97,坏\0,city,13,,,,"],
)
def test_one_wrong_line_and_nothing_is_imported(app: APIFlask, more: str) -> None:
    load(FILE)
    before = lines()
    with pytest.raises(WrongLines):
        load(f"{HEAD}\n1304,好,city,13,,,,\n{more}\n")
    db.session.rollback()
    assert lines() == before
    assert db.session.scalar(select(func.count()).select_from(Agency)) == 5


def test_an_ended_agency_takes_nothing_up(app: APIFlask) -> None:
    load(FILE)
    with writing():
        ended = agency("1302")
        ended.ended_on = ended.created_at.date()
    with pytest.raises(WrongLines) as caught:
        load(f"{HEAD}\n1302,市局甲,city,13,,,,\n")
    assert [fault.line for fault in caught.value.faults] == [2]
    with pytest.raises(WrongLines) as caught:
        load(f"{HEAD}\n1306,好,city,13,,,,\n1305,新,county,1302,,,,\n")
    assert [fault.line for fault in caught.value.faults] == [3]


def exported_by(actor: Actor) -> bytes:
    """The table as the page gives it."""
    file = BytesIO()
    write(Format.CSV, services.source(actor, AGENCIES.kind, EveryAgency()).rows(), file)
    return file.getvalue()


def test_what_was_exported_can_be_imported(app: APIFlask) -> None:
    load(FILE)
    with writing():
        agency("E1").name = "=1+1 企业"
    exported = exported_by(console())
    assert exported.startswith(b"\xef\xbb\xbfcode,name")
    assert ",=1" not in exported.decode()
    assert import_agencies(console(), exported) == Outcome(0, 0, 0, 5)


def test_a_large_tree_is_exported_by_the_worker(
    world: World, browser_of: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "PIECE", 3)
    system = browser_of(world.people["system"])
    at_once = system.get("/agencies/export.csv").data
    monkeypatch.setattr(services, "MOST_AT_ONCE", 7)
    led = system.get("/agencies/export.csv")
    assert led.status_code == 303
    page = system.get(led.location).text
    assert "铃铛" not in page  # administrators have none
    wanted = {"csrf_token": csrf_of(page), "table": "agencies", "format": "csv"}
    path = system.post("/exports", data=wanted).location
    making.make_waiting()
    assert "铃铛" not in system.get(path).text
    assert system.get(f"{path}/file").data == at_once
    assert at_once.count(b"\r\n") == 1 + 8
    assert import_agencies(console(), at_once) == Outcome(0, 0, 0, 8)


def test_the_journal_tells_of_it_once(app: APIFlask) -> None:
    load(FILE)
    load(FILE)
    (entry,) = db.session.scalars(select(Entry).where(Entry.kind == "agency.imported"))
    assert entry.facts == {"changed": 0, "created": 5, "moved": []}


def test_growing_and_planting_write_the_same_lines(app: APIFlask) -> None:
    load(FILE)
    with writing():
        leaf = Agency(
            code="new",
            name="新",
            level="county",
            kind="bureau",
            parent_id=agency("1302").id,
            created_at=agency("1302").created_at,
        )
        tree.plant(leaf)
    planted = lines()
    assert planted == by_walking()
    with writing():
        tree.rebuild()
    assert lines() == planted


def test_the_administrator_loads_a_file_in_the_browser(world: World, browser_of: Browser) -> None:
    browser = browser_of(world.people["system"])

    def upload(data: bytes, name: str = "a.csv") -> tuple[int, str]:
        token = csrf_of(browser.get("/agencies/import").text)
        fields = {"csrf_token": token, "file": (BytesIO(data), name)}
        answer = browser.post("/agencies/import", data=fields)
        answer.request.environ["wsgi.input"].close()
        return answer.status_code, text_of(answer)

    assert upload(FILE.encode("gbk"))[0] == 303
    assert "新增 5 个" in text_of(browser.get("/agencies"))
    status, words = upload(f"{HEAD}\n5,坏,city,77,,,,\n6,,city,,,,,\n".encode())
    assert status == 422
    assert "第 2 行：找不到上级 77。" in words
    assert "第 3 行：名称为空。" in words
    assert upload(b"", "")[0] == 422
    big = FILE.encode() + b"x" * 5_000_000  # larger than other forms may be
    assert upload(big)[0] == 422


def test_nobody_else_loads_or_exports(world: World, browser_of: Browser) -> None:
    for name in ("security", "audit", "province-approver"):
        browser = browser_of(world.people[name])
        assert browser.get("/agencies/import").status_code == 403
        assert browser.get("/agencies/export.csv").status_code == 403
        with pytest.raises(Forbidden):
            import_agencies(world.actor(name), FILE.encode())


def test_the_command_names_each_wrong_line(app: APIFlask, tmp_path: Path) -> None:
    runner = app.test_cli_runner()
    file = tmp_path / "tree.csv"
    file.write_bytes(FILE.encode("gb18030"))
    done = runner.invoke(args=["agencies", "import", str(file)])
    assert (done.exit_code, done.output) == (0, "5 created, 0 changed (0 moved), 0 unchanged\n")
    file.write_text(f"{HEAD}\n5,坏,city,77,,,,\n6,,city,,,,,\n", encoding="utf-8")
    failed = runner.invoke(args=["agencies", "import", str(file)])
    assert failed.exit_code == 1
    said = failed.stderr.splitlines()
    assert said == [
        "第 2 行：找不到上级 77。",
        "第 3 行：名称为空。",
        "Error: 文件中有 2 处错误，没有导入任何内容。",
    ]
    assert runner.invoke(args=["agencies", "import", str(tmp_path / "none")]).exit_code == 2
    assert runner.invoke(args=["agencies", "import", "--help"]).exit_code == 0
