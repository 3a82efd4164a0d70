"""Numbers of orders (令号): a register of their own that runs on over the years."""

from datetime import UTC, datetime

import pytest
import time_machine
from sqlalchemy import select

from bulletins import services
from bulletins.inputs import OrganCodeInput
from bulletins.models import Bulletin, OrganCode
from bulletins.services import official as layouts
from config.database import db
from config.errors import Conflict, Invalid
from tests.bulletins.browsing import Browsers, post
from tests.bulletins.numbering import code_of, given_out
from tests.bulletins.papers import drafted, every_check, published
from tests.worlds import World

CODE = "河北省市场监督管理局令"
URL = "/bulletins/numbers"


def _register(world: World, used: int = 0) -> int:
    data = OrganCodeInput(code=CODE, is_of_orders=True, used_before=used)
    return services.add_code(world.actor("province-approver"), data).id


def _order(world: World, code: int) -> Bulletin:
    given = {"type": "order", "title": "公布某办法的令", "body": "现予公布。"}
    return published(world, organ_code_id=code, **given)


def test_the_numbers_of_orders_run_on_over_the_years(world: World) -> None:
    with time_machine.travel(datetime(2018, 7, 1, tzinfo=UTC)):
        code = _register(world, used=11)
        assert _order(world, code).number == f"{CODE}第12号"
    with time_machine.travel(datetime(2019, 7, 1, tzinfo=UTC)):
        paper = _order(world, code)
        assert paper.number == f"{CODE}第13号"
    assert given_out(code) == [12, 13]
    sheet = layouts.issued(world.actor("province-clerk"), paper.id)
    assert (sheet.flag, sheet.number, sheet.to) == (CODE, "第13号", "")
    assert sheet.signers == [world.actor("province-approver").person.name]


def test_an_order_takes_no_other_number_and_nothing_else_takes_its(world: World) -> None:
    orders, plain = _register(world), code_of(world)
    clerk = world.actor("province-clerk")
    for given in (
        {"type": "order", "title": "公布某办法的令", "organ_code_id": plain},
        {"organ_code_id": orders},
    ):
        draft = drafted(world, **given)
        with pytest.raises(Invalid) as caught:
            services.submit(clerk, draft.id, every_check())
        assert set(caught.value.errors) == {"organ_code_id"}


def test_a_register_of_orders_is_never_the_default(world: World) -> None:
    orders = _register(world)
    assert not db.session.get_one(OrganCode, orders).is_default
    with pytest.raises(Conflict):
        services.choose_default(world.actor("province-approver"), orders)
    assert db.session.get_one(OrganCode, code_of(world)).is_default


def test_it_is_put_into_use_in_the_browser(world: World, browser_of: Browsers) -> None:
    approver = browser_of(world.people["province-approver"])
    typed = {"is_of_orders": "1", "used_before": "0"}
    wrong = post(approver, f"{URL}/codes", URL, code="冀市监", **typed)
    assert wrong.status_code == 422
    assert "以“令”结尾" in wrong.text
    assert post(approver, f"{URL}/codes", URL, code=CODE, **typed).status_code == 302
    number = _order(world, _id_of(CODE)).number or ""
    assert number in approver.get(f"{URL}?code={_id_of(CODE)}").text
    assert (
        f"{CODE}（令号）"
        in browser_of(world.people["province-clerk"]).get("/bulletins/drafts/new").text
    )


def _id_of(code: str) -> int:
    return db.session.scalars(select(OrganCode.id).where(OrganCode.code == code)).one()
