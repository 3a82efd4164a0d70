"""What waits for a seat's review or signature, as digests tell it to who acts in the seat."""

from collections.abc import Sequence

from bulletins import services
from bulletins.desk_section import SECTIONS
from bulletins.states import Urgency
from config.sections import Item, Span
from tests.bulletins.papers import published, submitted
from tests.bulletins.queries import counted
from tests.bulletins.relays import laid
from tests.bulletins.reviews import agreed, seat, under_review
from tests.worlds import World

TO_SIGN, TO_REVIEW = SECTIONS
NOW = Span(0, 0)


def signing(world: World, kind: str = "approver", agency: str = "province") -> Sequence[Item]:
    """What waits for the signature of that seat."""
    seat_id = seat(world, kind, agency)
    part = TO_SIGN.compose([seat_id], NOW).get(seat_id)
    return part.items if part else ()


def reviewing(world: World, kind: str) -> list[str]:
    """Paths of what waits for the opinion of the province's seat of that kind."""
    seat_id = seat(world, kind)
    part = TO_REVIEW.compose([seat_id], NOW).get(seat_id)
    return [item.path for item in part.items] if part else []


def test_what_lies_before_the_approver_is_told_to_that_seat_alone(world: World) -> None:
    paper = submitted(world, urgency=Urgency.URGENT)
    [item] = signing(world)
    assert (item.path, item.text, item.urgent) == (f"/bulletins/{paper.id}", paper.title, True)
    assert signing(world, "clerk") == ()
    assert signing(world, agency="city") == ()
    services.return_draft(world.actor("province-approver"), paper.id, "请补充依据。")
    assert signing(world) == ()


def test_a_relay_before_the_approver_is_told_with_its_own_page(world: World) -> None:
    relay = laid(world, published(world, to_all=False, to_agencies=[world.agencies["city"]]))
    assert [item.path for item in signing(world, agency="city")] == [f"/relays/{relay.id}"]


def test_a_joint_paper_is_told_to_the_one_who_has_not_signed(world: World) -> None:
    other = world.agencies["other_city"]
    paper = submitted(world, "city", joint_agencies=[other])
    assert [item.path for item in signing(world, agency="other_city")] == [f"/joint/{paper.id}"]
    services.cosign(world.actor("other_city-approver"), paper.id)
    assert signing(world, agency="other_city") == ()
    assert [item.path for item in signing(world, agency="city")] == [f"/bulletins/{paper.id}"]


def test_a_review_is_told_to_the_seat_whose_turn_it_is(world: World) -> None:
    paper = under_review(world, ["liaison"], ["duty"])
    assert reviewing(world, "liaison") == [f"/bulletins/{paper.id}"]
    assert reviewing(world, "duty") == []
    agreed(world, paper, "liaison")
    assert reviewing(world, "liaison") == []
    assert reviewing(world, "duty") == [f"/bulletins/{paper.id}"]


def test_many_papers_and_seats_take_one_query_each(world: World) -> None:
    for _number in range(12):
        submitted(world)
    seats = [seat(world, "approver", agency) for agency in ("province", "city", "county")]
    with counted() as statements:
        parts = TO_SIGN.compose(seats, NOW)
    assert len(statements) == 1
    assert (len(parts[seats[0]].items), parts[seats[0]].total) == (10, 12)
