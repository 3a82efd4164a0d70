"""Everything that somebody may want of the county, or of agencies that are none of its business."""

from collections.abc import Mapping
from datetime import date, timedelta

from flask import current_app

from agencies.inputs import SpecialDayInput
from agencies.invitations import short_code, token
from agencies.models import Invitation
from agencies.services import calendar
from agencies.states import SeatKind
from config import clock
from config.database import db, writing
from tests.bulletins import papers
from tests.security import (
    endpoints,
    exports,
    mails,
    orders,
    passing,
    persons,
    searches,
    texting,
    writings,
)
from tests.security.standing import AGENCY_OF, to
from tests.worlds import World

One = int | str | bytes
Ids = dict[str, dict[str, One | Mapping[str, One]]]
"""By name and relation; for what is a person's own, by role."""

NO_ID = 999_999_999
SEATED = tuple(str(kind) for kind in SeatKind)
ADMINS = ("system", "security", "audit")


def made(world: World) -> Ids:
    """Make all things; their ids by name and by how they stand to the county or the person."""
    ids: Ids = {"agency": {rel: world.agencies[name] for rel, name in AGENCY_OF.items()}}
    for name, make in OF_AGENCIES.items():
        ids[name] = {rel: make(world, agency) for rel, agency in AGENCY_OF.items()}
    ids["addressed"] = {
        "upper": papers.published(world, "city", **to(world, "county")).id,
        "lower": papers.published(world, "township", type="information", **to(world, "county")).id,
    }
    with writing():
        world.people["county-other"] = persons.seated(world, "county-other", "county")
        of_people = {**persons.OF_PEOPLE, **mails.OF_PEOPLE, **searches.OF_PEOPLE}
        of_people |= exports.OF_PEOPLE
        for name, own in of_people.items():
            ids[name] = {
                "mine": {role: own(world.people[one]) for role, one in callers().items()},
                "colleague": own(world.people["county-other"]),
                **{
                    rel: own(world.people[f"{agency}-clerk"])
                    for rel, agency in AGENCY_OF.items()
                    if rel != "own"
                },
            }
        persons.give_passwords([world.people[name] for name in callers().values()])
    ids["self"] = {"mine": ids["self"]["mine"]}
    for things in ids.values():
        things["forged"] = NO_ID
    ids.update((name, {"always": one}) for name, one in _always(world, ids).items())
    return ids


def _always(world: World, ids: Ids) -> dict[str, One]:
    """What stands to everybody in the same way."""
    slip = db.session.get_one(Invitation, ids["slip"]["own"])
    tomorrow = clock.today(current_app.extensions["settings"].zone) + timedelta(days=1)
    calendar.set_day(
        world.actor("system"), SpecialDayInput(day=date(2026, 10, 11), is_working=True)
    )
    return {
        "password": persons.PASSWORD,
        "tomorrow": tomorrow.isoformat(),
        "invitation": token(slip),
        "slip_code": short_code(slip),
        "special_day": "2026-10-11",
        "lower_agency": world.agencies["township"],
        "upper_agency": world.agencies["city"],
        "of_the_county": papers.published(world, "county", **to(world, "township")).id,
        "file": "code,name,level,parent_code\n130199,新区,county,130100\n".encode(),
        "feed_secret": searches.secret(world.people["county-reader"]),
        **mails.words(world.people["county-reader"]),
    }


OF_AGENCIES = {
    **writings.OF_AGENCIES,
    **passing.OF_AGENCIES,
    **orders.OF_AGENCIES,
    **persons.OF_AGENCIES,
    **searches.OF_AGENCIES,
    **texting.OF_AGENCIES,
    **endpoints.OF_AGENCIES,
    "outsider": mails.outsider,
    "join_link": mails.join_link,
}


def callers() -> dict[str, str]:
    """The name in the world of the person behind each role."""
    return {**{kind: f"county-{kind}" for kind in SEATED}, **{one: one for one in OTHERS}}


OTHERS = ("seatless", *ADMINS)
