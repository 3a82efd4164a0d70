"""Attachments of a draft: called otherwise, put into another order; what was signed stands."""

import io

import pytest

from bulletins import services
from bulletins.inputs import ArrangeInput
from bulletins.models import Attachment
from bulletins.queries import attachments as queries
from config.errors import Conflict, Forbidden, NotFound
from tests.bulletins.attaching import attached
from tests.bulletins.browsing import Browsers, post
from tests.bulletins.files import PDF
from tests.bulletins.papers import drafted
from tests.bulletins.relays import begun, to_cities
from tests.worlds import World


def arranged(world: World, file: Attachment, by: str = "province-clerk", **given: object) -> str:
    """The name that it has then."""
    return services.arrange(world.actor(by), file.id, ArrangeInput.model_validate(given)).name


def names(bulletin_id: int) -> list[str]:
    return [one.name for one in queries.working(bulletin_id)]


def three(world: World) -> tuple[int, list[Attachment]]:
    """A draft with three files."""
    draft = drafted(world)
    files = [attached(world, draft, f"{name}.pdf", PDF + name.encode()) for name in "甲乙丙"]
    return draft.id, files


@pytest.mark.parametrize(
    ("place", "order"), [(1, "丙甲乙"), (2, "甲丙乙"), (3, "甲乙丙"), (99, "甲乙丙")]
)
def test_a_file_goes_to_any_place(world: World, place: int, order: str) -> None:
    draft_id, files = three(world)
    arranged(world, files[2], place=place)
    assert names(draft_id) == [f"{name}.pdf" for name in order]


def test_the_order_is_signed(world: World) -> None:
    draft_id, files = three(world)
    arranged(world, files[2], place=1)
    services.submit(world.actor("province-clerk"), draft_id)
    services.sign(world.actor("province-approver"), draft_id)
    assert [one.name for one in queries.of_version(draft_id, 1)] == ["丙.pdf", "甲.pdf", "乙.pdf"]


@pytest.mark.parametrize(
    ("given", "name"),
    [("汇总表.pdf", "汇总表.pdf"), ("汇总表", "汇总表.pdf"), ("../../a<b>.exe", "ab.exe.pdf")],
)
def test_a_name_stays_safe_and_true_to_its_content(world: World, given: str, name: str) -> None:
    _draft_id, files = three(world)
    assert arranged(world, files[0], name=given) == name


def test_what_was_signed_keeps_its_name(world: World) -> None:
    draft_id, files = three(world)
    services.submit(world.actor("province-clerk"), draft_id)
    with pytest.raises(Conflict):
        arranged(world, files[0], name="新.pdf")
    services.sign(world.actor("province-approver"), draft_id)
    services.correct(world.actor("province-clerk"), draft_id)
    with pytest.raises(Conflict):
        arranged(world, files[0], name="新.pdf")
    arranged(world, files[2], place=1)
    assert names(draft_id)[0] == "丙.pdf"
    assert [one.name for one in queries.of_version(draft_id, 1)] == ["甲.pdf", "乙.pdf", "丙.pdf"]


def test_only_the_issuers_clerk_does(world: World) -> None:
    _draft_id, files = three(world)
    for who, error in (("province-reader", Forbidden), ("city-clerk", NotFound)):
        with pytest.raises(error):
            arranged(world, files[0], who, place=2)


def test_a_relays_files_too(world: World) -> None:
    relay = begun(world, to_cities(world))
    clerk = world.actor("city-clerk")
    from_bytes = [(f"{name}.pdf", PDF + name.encode()) for name in "甲乙"]
    files = [
        services.attach_to_relay(clerk, relay.id, name, io.BytesIO(content))
        for name, content in from_bytes
    ]
    before = relay.revision
    arranged(world, files[1], "city-clerk", place=1, name="附表")
    assert relay.revision == before + 1
    assert [files[1].name, files[1].place, files[0].place] == ["附表.pdf", 1, 2]


def test_buttons_on_the_page(world: World, browser_of: Browsers) -> None:
    draft_id, files = three(world)
    clerk, page = browser_of(world.people["province-clerk"]), f"/bulletins/{draft_id}/attachments"
    url = f"/attachments/{files[1].id}/arrange"
    assert url in clerk.get(page).text
    assert post(clerk, url, page, place="1").status_code == 303
    assert post(clerk, url, page, name="新表").status_code == 303
    assert names(draft_id) == ["新表.pdf", "甲.pdf", "丙.pdf"]
    assert post(clerk, url, page, place="x").status_code == 422
