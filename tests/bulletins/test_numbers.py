"""Document numbers: gapless by code and year, and kept by the agency."""

import multiprocessing
from datetime import UTC, datetime
from threading import Barrier, Thread

import pytest
import time_machine
from apiflask import APIFlask

from agencies.models import Agency
from bulletins import services
from bulletins.inputs import OrganCodeInput
from bulletins.models import Bulletin, BulletinVersion, OrganCode
from bulletins.services.checks import today
from config.database import db, writing
from config.errors import DomainError, Forbidden, Invalid, NotFound
from tests.bulletins.numbering import code_of, given_out, many_submitted, numbered
from tests.bulletins.papers import draft_input, drafted, published, submitted
from tests.worlds import World

APPROVERS = 50


def test_a_number_is_taken_when_a_paper_is_signed(world: World) -> None:
    with time_machine.travel(datetime(2018, 5, 4, 2, tzinfo=UTC)):
        code = code_of(world)
        waiting = submitted(world, organ_code_id=code)
        assert waiting.number is None
        assert services.sign(world.actor("province-approver"), waiting.id).number == (
            "冀质监〔2018〕1号"
        )
        second = numbered(world, code)
    assert second.number == "冀质监〔2018〕2号"
    assert db.session.get_one(BulletinVersion, (second.id, 1)).number == "冀质监〔2018〕2号"
    assert published(world).number is None


def test_each_code_and_each_year_counts_for_itself(world: World) -> None:
    with time_machine.travel(datetime(2018, 12, 31, 15, 59, tzinfo=UTC)):
        one, other = code_of(world), code_of(world, "冀质监函")
        found = [numbered(world, code).number for code in (one, other, one)]
    with time_machine.travel(datetime(2018, 12, 31, 16, 1, tzinfo=UTC)):  # New Year in China
        found.append(numbered(world, one).number)
    assert found == [
        "冀质监〔2018〕1号",
        "冀质监函〔2018〕1号",
        "冀质监〔2018〕2号",
        "冀质监〔2019〕1号",
    ]


def test_a_register_goes_on_from_where_the_one_on_paper_ended(world: World) -> None:
    with time_machine.travel(datetime(2018, 7, 1, tzinfo=UTC)):
        code = code_of(world, used=11)
        assert numbered(world, code).number == "冀质监〔2018〕12号"
        assert numbered(world, code).number == "冀质监〔2018〕13号"
    with time_machine.travel(datetime(2019, 7, 1, tzinfo=UTC)):
        assert numbered(world, code).number == "冀质监〔2019〕1号"


def test_what_is_not_signed_after_all_leaves_no_gap(world: World) -> None:
    code, county = code_of(world), [world.agencies["county"]]
    nobody = submitted(world, organ_code_id=code, to_all=False, to_agencies=county)
    with writing():
        db.session.get_one(Agency, world.agencies["county"]).ended_on = today()
    with pytest.raises(Invalid):
        services.sign(world.actor("province-approver"), nobody.id)
    assert given_out(code) == []
    numbered(world, code)
    assert given_out(code) == [1]


def _sign(app: APIFlask, world: World, bulletin_id: int, barrier: Barrier) -> None:
    with app.app_context():
        approver = world.actor("province-approver")
        db.session.rollback()
        barrier.wait(60)
        services.sign(approver, bulletin_id)
        db.session.remove()


def _check_all_numbered(code: int, ids: list[int]) -> None:
    db.session.rollback()
    assert given_out(code) == list(range(1, APPROVERS + 1))
    numbers = {db.session.get_one(Bulletin, one).number for one in ids}
    year = today().year
    assert numbers == {f"冀质监〔{year}〕{number}号" for number in range(1, APPROVERS + 1)}


def test_fifty_threads_at_the_same_moment(app: APIFlask, world: World) -> None:
    code = code_of(world)
    ids = many_submitted(world, APPROVERS, code)
    # No more than there are connections, or they would wait for each other at the barrier.
    barrier = Barrier(10)
    threads = [Thread(target=_sign, args=(app, world, one, barrier)) for one in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    _check_all_numbered(code, ids)


def _process(app: APIFlask, world: World, ids: list[int], barrier: Barrier) -> None:
    with app.app_context():
        approver = world.actor("province-approver")
        barrier.wait(60)
        for bulletin_id in ids:
            services.sign(approver, bulletin_id)
        db.session.remove()
        db.engine.dispose()


def test_fifty_by_processes_of_their_own(app: APIFlask, world: World) -> None:
    code = code_of(world)
    ids = many_submitted(world, APPROVERS, code)
    db.session.remove()
    db.engine.dispose()  # a connection must not be shared with a child
    fork = multiprocessing.get_context("fork")
    barrier = fork.Barrier(10)
    processes = [
        fork.Process(target=_process, args=(app, world, ids[number::10], barrier))
        for number in range(10)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join(120)
    assert [process.exitcode for process in processes] == [0] * 10
    _check_all_numbered(code, ids)


def test_the_first_code_is_the_default_until_another_is_chosen(world: World) -> None:
    one, other = code_of(world), code_of(world, "冀质监函")
    assert db.session.get_one(OrganCode, one).is_default
    services.choose_default(world.actor("province-approver"), other)
    codes = [db.session.get_one(OrganCode, number) for number in (one, other)]
    assert [code.is_default for code in codes] == [False, True]


def test_a_code_belongs_to_one_agency(world: World) -> None:
    code_of(world)
    for issuer in ("province", "city"):
        with pytest.raises(Invalid):
            code_of(world, issuer=issuer)
    with pytest.raises(Invalid) as caught:
        drafted(world, "city", organ_code_id=code_of(world, "冀质监函"))
    assert list(caught.value.errors) == ["organ_code_id"]


def test_a_code_out_of_use_gives_no_number_until_it_is_back(world: World) -> None:
    approver, code = world.actor("province-approver"), code_of(world)
    numbered(world, code)
    waiting = submitted(world, organ_code_id=code)
    services.end_code(approver, code)
    with pytest.raises(Invalid):
        services.sign(approver, waiting.id)
    with pytest.raises(Invalid):
        drafted(world, organ_code_id=code)
    assert code_of(world) == code
    services.sign(approver, waiting.id)
    assert given_out(code) == [1, 2]


@pytest.mark.parametrize("code", ["", "冀质监〔2018〕", "冀 质监", "冀质监1", "质" * 21, "<b>"])
def test_a_code_is_a_few_letters_and_nothing_else(world: World, code: str) -> None:
    with pytest.raises(ValueError):
        OrganCodeInput(code=code)


WHO = [("province-clerk", Forbidden), ("city-approver", NotFound), ("security", NotFound)]


@pytest.mark.parametrize(("name", "error"), WHO)
def test_only_an_approver_of_the_agency_keeps_its_codes(
    world: World, name: str, error: type[DomainError]
) -> None:
    code = code_of(world)
    for use in (services.choose_default, services.end_code):
        with pytest.raises(error):
            use(world.actor(name), code)


def test_choosing_another_code_is_a_change_of_the_draft(world: World) -> None:
    bulletin, clerk = drafted(world), world.actor("province-clerk")
    saved = services.save_draft(clerk, bulletin.id, 1, draft_input(organ_code_id=code_of(world)))
    assert saved.revision == 2
