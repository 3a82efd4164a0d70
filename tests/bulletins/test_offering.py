"""Whom the draft's form offers by type, as the checks accept them; governments and congresses."""

import re

import pytest

from agencies import tree
from agencies.models import Agency
from agencies.states import AgencyKind, Level, SeatKind
from bulletins import services
from bulletins.paper_types import barrier
from bulletins.queries import reach
from bulletins.services.addressing import stored_rules
from bulletins.services.paper_rules import check_type
from bulletins.states import Part
from config import clock
from config.database import db, writing
from config.errors import Invalid
from tests.bulletins.browsing import Browsers, form, post
from tests.bulletins.papers import drafted, every_check, published, receivers
from tests.worlds import World, add_person, seat_person


def _alone(world: World, part: str, name: str, **given: object) -> dict[str, object]:
    chosen = {f"{part}_agencies": [world.agencies[name]]}
    return {"to_all": False, "needs_acknowledgement": False, **chosen, **given}


@pytest.mark.parametrize("issuer", ["county", "city"])
def test_what_is_offered_is_what_is_accepted(world: World, issuer: str) -> None:
    names = {"county": ("city", "sibling", "other_county"), "city": ("province", "county")}[issuer]
    issuer_id = world.agencies[issuer]
    ids = [world.agencies[name] for name in names]
    found = reach.choices(issuer_id, [], ids, wide=True).agencies
    stands = {one.id: one.stand for one in found}
    for kind in ("notice", "request", "letter", "minutes", "information", "motion"):
        for name in names:
            offered = barrier(kind, Part.TO, stands[world.agencies[name]]) is None
            assert offered == _accepted(world, issuer, _alone(world, "to", name, type=kind))
            copied = barrier(kind, Part.CC, stands[world.agencies[name]]) is None
            assert copied == _saved(world, issuer, _alone(world, "cc", name, type=kind))


def _accepted(world: World, issuer: str, given: dict[str, object]) -> bool:
    try:
        draft = drafted(world, issuer, **given)
        check_type(draft, stored_rules(draft.id))
    except Invalid as error:
        return not {"to_agencies", "type"} & error.errors.keys()
    return True


def _saved(world: World, issuer: str, given: dict[str, object]) -> bool:
    try:
        drafted(world, issuer, **given)
    except Invalid:
        return False
    return True


def test_a_notice_is_copied_to_a_bureau_beside_and_never_addressed_to_it(world: World) -> None:
    copied = _alone(world, "cc", "other_city", to_agencies=[world.agencies["county"]])
    paper = published(world, "city", **copied)
    assert receivers(world, paper) == {"county": "to", "other_city": "cc"}
    with pytest.raises(Invalid) as caught:
        drafted(world, "city", **_alone(world, "to", "other_city"))
    assert "请用函" in str(caught.value.errors["to_agencies"])
    assert "抄送" in str(caught.value.errors["to_agencies"])


def test_the_finder_says_why_beside_the_name(world: World, browser_of: Browsers) -> None:
    clerk = browser_of(world.people["county-clerk"])
    new = "/bulletins/drafts/new"

    def shown(kind: str, part: str) -> tuple[bool, bool]:
        given = form(type=kind, find="桥西", action="find", to_all="")
        page = post(clerk, new, new, **given).text
        section = page.split(f'id="f-{part}_agencies"')[1].split("<summary>")[0]
        groups = section.split('<div class="checks-part"')[1:]
        [mine] = [one for one in groups if f'value="{world.agencies["sibling"]}"' in one]
        why = re.search(r'<p class="form-text"([^>]*)>桥西区[^<]*不相隶属', section)
        return "hidden" not in mine[:300], why is not None and "hidden" not in why[1]

    assert shown("notice", "to") == (False, True)
    assert shown("notice", "cc")[0]
    assert shown("letter", "to") == (True, False)


def test_nobody_below_is_offered_to_what_goes_up(world: World, browser_of: Browsers) -> None:
    clerk = browser_of(world.people["city-clerk"])
    new = "/bulletins/drafts/new"

    def group_of(kind: str, part: str, **given: object) -> str:
        sent = form(type=kind, action="find", to_all="", **given)
        page = post(clerk, new, new, **sent).text
        return page.split(f'name="{part}_all"')[0].split("<summary>")[-1]

    assert "hidden" in group_of("request", "to")
    assert "hidden" not in group_of("request", "cc")
    assert "hidden" not in group_of("notice", "to")
    assert "hidden" not in group_of("request", "to", to_levels="county")  # so it can be unticked


def _authority(world: World, name: str, kind: AgencyKind, parent: str | None = None) -> None:
    with writing():
        agency = Agency(
            code=name,
            name=name,
            level=Level.CITY,
            kind=kind,
            parent_id=world.agencies[parent] if parent else None,
            created_at=clock.now(),
        )
        tree.plant(agency)
        world.agencies[name] = agency.id
        for seat in (SeatKind.CLERK, SeatKind.APPROVER):
            person = add_person(f"{name}-{seat}", name)
            seat_person(person.id, agency.id, seat)
            world.people[person.username] = person.id


def test_a_government_lays_a_motion_before_the_congress_of_its_level(world: World) -> None:
    _authority(world, "government", AgencyKind.GOVERNMENT)
    _authority(world, "congress", AgencyKind.CONGRESS)
    motion = {"type": "motion", "title": "关于提请审议质量促进条例（草案）的议案"}
    paper = published(world, "government", **_alone(world, "to", "congress", **motion))
    assert receivers(world, paper) == {"congress": "to"}
    for issuer, name, field in (
        ("government", "city", "to_agencies"),
        ("city", "congress", "type"),
        ("city", "other_city", "type"),
    ):
        draft = drafted(world, issuer, **_alone(world, "to", name, **motion))
        with pytest.raises(Invalid) as caught:
            services.submit(world.actor(f"{issuer}-clerk"), draft.id, every_check())
        assert "函" in str(caught.value.errors[field])
        assert "请示" in str(caught.value.errors[field])


def test_a_bureau_and_a_congress_write_letters(world: World) -> None:
    _authority(world, "congress", AgencyKind.CONGRESS)
    letter = {"type": "letter", "title": "关于办理代表建议的函"}
    paper = published(world, "city", **_alone(world, "to", "congress", **letter))
    assert receivers(world, paper) == {"congress": "to"}
    assert db.session.get_one(Agency, world.agencies["congress"]).kind == "congress"
