"""Review before signing: in order or side by side, returned, withdrawn, by the seat asked."""

from collections.abc import Callable

import pytest
from apiflask import APIFlask
from sqlalchemy import func, select

from agencies.actors import actor_for
from agencies.holdings import open_counts
from agencies.models import Person, Tenure
from agencies.states import SeatKind
from bulletins import services
from bulletins.models import Bulletin, Remark, Review
from config.database import db, writing
from config.errors import Conflict, DomainError, Forbidden, Invalid, NotFound
from tests.bulletins.browsing import Browsers, form, post
from tests.bulletins.papers import drafted, submitted
from tests.bulletins.reviews import agreed, review_of, seat, under_review
from tests.worlds import World, seat_person


def test_reviewers_are_asked_in_order_and_then_the_approver(world: World) -> None:
    bulletin = under_review(world, ["liaison"], ["duty"])
    assert bulletin.state == "review"
    with pytest.raises(Conflict):
        agreed(world, bulletin, "duty")
    with pytest.raises(Conflict):
        services.sign(world.actor("province-approver"), bulletin.id)
    agreed(world, bulletin, "liaison")
    assert bulletin.state == "review"
    agreed(world, bulletin, "duty")
    assert bulletin.state == "submitted"
    assert services.sign(world.actor("province-approver"), bulletin.id).version == 1


def test_of_a_step_all_are_asked_side_by_side(world: World) -> None:
    bulletin = under_review(world, ["liaison", "duty"], ["approver"])
    agreed(world, bulletin, "duty")
    with pytest.raises(Conflict):
        agreed(world, bulletin, "approver")
    agreed(world, bulletin, "liaison")
    agreed(world, bulletin, "approver")
    assert bulletin.state == "submitted"


def test_without_reviewers_a_paper_goes_straight_to_the_approver(world: World) -> None:
    assert submitted(world).state == "submitted"
    assert db.session.scalar(select(func.count(Review.id))) == 0


def test_one_who_returns_it_ends_the_round_and_the_next_begins_anew(world: World) -> None:
    bulletin = under_review(world, ["liaison", "duty"])
    agreed(world, bulletin, "duty")
    mine = review_of(world, bulletin, "liaison")
    services.object_to(world.actor("province-liaison"), mine.id, "请补充依据。")
    assert bulletin.state == "returned"
    assert "请补充依据。" in db.session.scalars(select(Remark.text)).all()
    services.submit(world.actor("province-clerk"), bulletin.id)
    assert [review_of(world, bulletin, kind).round for kind in ("liaison", "duty")] == [2, 2]
    for kind in ("liaison", "duty"):
        agreed(world, bulletin, kind)
    assert bulletin.state == "submitted"


def test_what_is_withdrawn_is_asked_of_nobody(world: World) -> None:
    bulletin = under_review(world, ["liaison"])
    review = review_of(world, bulletin, "liaison")
    assert open_counts("seat", review.seat_id)["reviews"] == 1
    services.withdraw(world.actor("province-clerk"), bulletin.id)
    assert open_counts("seat", review.seat_id)["reviews"] == 0
    with pytest.raises(Conflict):
        services.agree(world.actor("province-liaison"), review.id)


def test_nobody_decides_twice(world: World) -> None:
    bulletin = under_review(world, ["liaison", "duty"])
    agreed(world, bulletin, "liaison")
    with pytest.raises(Conflict):
        agreed(world, bulletin, "liaison")


WHO = [
    ("province-duty", Forbidden),
    ("province-clerk", Forbidden),
    ("province-reader", Forbidden),
    ("city-liaison", NotFound),
    ("system", NotFound),
]


@pytest.mark.parametrize(("name", "error"), WHO)
def test_only_the_seat_asked_decides(world: World, name: str, error: type[DomainError]) -> None:
    review = review_of(world, under_review(world, ["liaison"]), "liaison")
    uses: list[Callable[[], object]] = [
        lambda: services.agree(world.actor(name), review.id),
        lambda: services.object_to(world.actor(name), review.id, "不行"),
    ]
    for use in uses:
        with pytest.raises(error):
            use()


def test_only_working_seats_of_the_agency_can_be_asked(world: World) -> None:
    for wrong in (seat(world, "liaison", "city"), seat(world, "reader"), 10**9):
        with pytest.raises(Invalid) as caught:
            drafted(world, review_2=[wrong])
        assert list(caught.value.errors) == ["review_2"]


def test_nobody_reviews_what_they_wrote(world: World, browser_of: Browsers) -> None:
    person_id, agency_id = world.people["province-clerk"], world.agencies["province"]
    with writing():
        own = seat_person(person_id, agency_id, SeatKind.LIAISON, "二").id
    for asked in (seat(world, "clerk"), own):
        with pytest.raises(Invalid) as caught:
            drafted(world, review_2=[asked])
        assert "拟稿人不能同时是审核人" in str(caught.value.errors["review_2"])
    page = browser_of(world.people["province-clerk"]).get("/bulletins/drafts/new").text
    assert [
        f'name="review_1" value="{seat(world, kind)}"' in page for kind in ("duty", "clerk")
    ] == [
        True,
        False,
    ]


def test_who_takes_the_reviewing_seat_over_does_not_review_what_they_wrote(world: World) -> None:
    bulletin = under_review(world, ["liaison"])
    mine = review_of(world, bulletin, "liaison")
    with writing():
        query = select(Tenure).where(Tenure.seat_id == seat(world, "liaison"))
        db.session.scalars(query).one().person_id = world.people["province-clerk"]
    clerk = db.session.get_one(Person, world.people["province-clerk"])
    with pytest.raises(Forbidden) as caught:
        services.agree(actor_for(clerk, mine.seat_id), mine.id)
    assert "拟稿人" in str(caught.value)
    services.withdraw(actor_for(clerk, seat(world, "clerk")), bulletin.id)
    with pytest.raises(Invalid):
        services.submit(actor_for(clerk, seat(world, "clerk")), bulletin.id)


def test_where_one_person_does_it_all_the_paper_still_goes_out(world: World) -> None:
    person_id, agency_id = world.people["county-clerk"], world.agencies["county"]
    with writing():
        signer = seat_person(person_id, agency_id, SeatKind.APPROVER, "二").id
    bulletin = submitted(world, "county", to_all=False, cc_agencies=[world.agencies["city"]])
    alone = db.session.get_one(Person, person_id)
    assert services.sign(actor_for(alone, signer), bulletin.id).version == 1


def test_a_seat_named_twice_is_asked_once(world: World) -> None:
    bulletin = under_review(world, ["liaison"], ["liaison", "duty"])
    assert db.session.scalar(select(func.count(Review.id))) == 2
    agreed(world, bulletin, "liaison")
    agreed(world, bulletin, "duty")
    assert bulletin.state == "submitted"


def test_review_in_the_browser(world: World, browser_of: Browsers, app: APIFlask) -> None:
    clerk = browser_of(world.people["province-clerk"])
    fields = form(review_1=str(seat(world, "liaison")), action="submit")
    made = post(clerk, "/bulletins/drafts/new", "/bulletins/drafts/new", **fields)
    assert made.status_code == 302
    bulletin = db.session.scalars(select(Bulletin)).one()
    url = f"/bulletins/{bulletin.id}"
    assert "已送审，等待审核。" in clerk.get(url).text
    liaison = browser_of(world.people["province-liaison"])
    assert bulletin.title in liaison.get("/bulletins/to-review").text
    assert (
        bulletin.title
        not in browser_of(world.people["province-duty"]).get("/bulletins/to-review").text
    )
    review = f"/bulletins/reviews/{review_of(world, bulletin, 'liaison').id}"
    assert post(liaison, f"{review}/return", url, remark="").status_code == 422
    assert post(liaison, f"{review}/agree", url, opinion="可以。").status_code == 302
    page = browser_of(world.people["province-approver"]).get(url).text
    assert "可以。" in page
    assert "此稿待您签发" in page
    draft = f"/bulletins/drafts/{bulletin.id}"
    assert post(clerk, f"{url}/withdraw", url).location == draft
    assert f'value="{seat(world, "liaison")}" checked' in clerk.get(draft).text
