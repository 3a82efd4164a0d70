"""Everything that somebody may want of the county, or of agencies that are none of its business."""

from collections.abc import Mapping
from datetime import date, timedelta

from flask import current_app
from sqlalchemy import select

from agencies.inputs import SpecialDayInput
from agencies.invitations import short_code, token
from agencies.models import Invitation
from agencies.services import calendar
from agencies.states import SeatKind
from bulletins import services
from bulletins import services as bulletins
from bulletins.decisions import PlaceInput
from bulletins.inputs import FilingInput, UploadInput
from bulletins.models import Offer
from bulletins.services import following, uploads
from config import clock
from config.database import db, writing
from coordination import services as coordination
from coordination.inputs import SubmissionInput, TaskInput
from coordination.models import Assignment, Task
from tests.bulletins import asking, corrections, numbering, papers, relays, reviews, shelving
from tests.bulletins.attaching import attached
from tests.security import mails, persons, searches, texting
from tests.worlds import World

One = int | str | bytes
Ids = dict[str, dict[str, One | Mapping[str, One]]]
"""By name and relation; for what is a person's own, by role."""

AGENCY_OF = {
    "own": "county",
    "upper": "city",
    "lower": "township",
    "sibling": "sibling",
    "unrelated": "unrelated_city",
}
UNDER = {
    "county": "township",
    "city": "sibling",
    "township": "office",
    "sibling": "sibling_office",
    "unrelated_city": "unrelated_county",
}
ABOVE = {
    "county": "city",
    "city": "province",
    "township": "province",
    "sibling": "city",
    "unrelated_city": "unrelated",
}
NO_ID = 999_999_999
SEATED = tuple(str(kind) for kind in SeatKind)
ADMINS = ("system", "security", "audit")


def made(world: World) -> Ids:
    """Make all things; their ids by name and by how they stand to the county or the person."""
    ids: Ids = {"agency": {rel: world.agencies[name] for rel, name in AGENCY_OF.items()}}
    of_agencies = {**OF_AGENCIES, **persons.OF_AGENCIES, **searches.OF_AGENCIES}
    for name, make in {**of_agencies, **texting.OF_AGENCIES}.items():
        ids[name] = {rel: make(world, agency) for rel, agency in AGENCY_OF.items()}
    ids["addressed"] = {
        "upper": papers.published(world, "city", **_to(world, "county")).id,
        "lower": papers.published(world, "township", type="information", **_to(world, "county")).id,
    }
    with writing():
        world.people["county-other"] = persons.seated(world, "county-other", "county")
        of_people = {**persons.OF_PEOPLE, **mails.OF_PEOPLE, **searches.OF_PEOPLE}
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
        "of_the_county": papers.published(world, "county", **_to(world, "township")).id,
        "file": "code,name,level,parent_code\n130199,新区,county,130100\n".encode(),
        "feed_secret": searches.secret(world.people["county-reader"]),
        **mails.words(world.people["county-reader"]),
    }


def callers() -> dict[str, str]:
    """The name in the world of the person behind each role."""
    return {**{kind: f"county-{kind}" for kind in SEATED}, **{one: one for one in OTHERS}}


OTHERS = ("seatless", *ADMINS)


def _to(world: World, *names: str) -> dict[str, object]:
    return {"to_all": False, "to_agencies": [world.agencies[name] for name in names]}


def _draft(world: World, agency: str) -> int:
    return papers.drafted(world, agency, **_to(world, UNDER[agency])).id


def _submitted(world: World, agency: str) -> int:
    return papers.submitted(world, agency, **_to(world, UNDER[agency])).id


def _published(world: World, agency: str) -> int:
    return papers.published(world, agency, **_to(world, UNDER[agency])).id


def _receipt(world: World, agency: str) -> int:
    """A receipt of a paper that somebody above the agency sent to it."""
    paper = papers.published(world, ABOVE[agency], **_to(world, agency))
    return papers.receipt_of(world, agency, paper).id


def _file_of_draft(world: World, agency: str) -> int:
    draft = papers.drafted(world, agency, **_to(world, UNDER[agency]))
    return attached(world, draft, issuer=agency).id


def _sent_with_file(world: World, agency: str, to: str) -> int:
    draft = papers.drafted(world, agency, **_to(world, to))
    number = attached(world, draft, issuer=agency).id
    services.submit(world.actor(f"{agency}-clerk"), draft.id)
    services.sign(world.actor(f"{agency}-approver"), draft.id)
    return number


def _file_of_paper(world: World, agency: str) -> int:
    return _sent_with_file(world, agency, UNDER[agency])


def _file_received(world: World, agency: str) -> int:
    return _sent_with_file(world, ABOVE[agency], agency)


def _upload(world: World, agency: str) -> int:
    """What the agency's clerk has announced and not sent yet."""
    data = UploadInput(name="检查表.pdf", size=4000)
    return uploads.begin(world.actor(f"{agency}-clerk"), _draft(world, agency), data).id


def _relay(world: World, agency: str) -> int:
    """What the agency has begun to relay of a paper from above it."""
    paper = papers.published(world, ABOVE[agency], **_to(world, agency))
    return relays.begun(world, paper, agency, **_to(world, UNDER[agency])).id


def _laid_relay(world: World, agency: str) -> int:
    paper = papers.published(world, ABOVE[agency], **_to(world, agency))
    return relays.laid(world, paper, agency, **_to(world, UNDER[agency])).id


def _to_call(world: World, agency: str) -> int:
    """A receipt about which the agency has to ring up the one under it."""
    paper = papers.published(world, agency, **_to(world, UNDER[agency]))
    receipt = papers.receipt_of(world, UNDER[agency], paper)
    return mails.to_call(receipt.id, world.agencies[agency])


def _given(world: World, issuer: str, to: str) -> Task:
    data = {"title": "燃气安全排查", "days": 10, "to_agencies": [world.agencies[to]]}
    return coordination.assign(world.actor(f"{issuer}-clerk"), TaskInput.model_validate(data))


def _part(task: Task) -> int:
    return db.session.scalars(select(Assignment.id).where(Assignment.task_id == task.id)).one()


def _task(world: World, agency: str) -> int:
    return _given(world, agency, UNDER[agency]).id


def _assignment(world: World, agency: str) -> int:
    return _part(_given(world, ABOVE[agency], agency))


def _accepted(world: World, agency: str) -> int:
    number = _assignment(world, agency)
    coordination.accept(world.actor(f"{agency}-clerk"), number)
    return number


def _handed_in(world: World, agency: str) -> int:
    """What the agency under this one was given by it, and has handed in."""
    number = _part(_given(world, agency, UNDER[agency]))
    actor = world.actor(f"{UNDER[agency]}-clerk")
    coordination.accept(actor, number)
    coordination.submit(actor, number, SubmissionInput(text="已全部排查。"))
    return number


def _correcting(world: World, agency: str) -> int:
    """A published paper whose correction is being written."""
    paper = papers.published(world, agency, **_to(world, UNDER[agency]))
    return corrections.correcting(world, paper, agency).id


def _corrected(world: World, agency: str) -> int:
    """A paper in its second version."""
    paper = papers.published(world, agency, **_to(world, UNDER[agency]))
    return corrections.corrected(world, paper, issuer=agency).id


def _corrected_receipt(world: World, agency: str) -> int:
    """The receipt of a corrected version that somebody above the agency sent to it."""
    paper = papers.published(world, ABOVE[agency], **_to(world, agency))
    corrections.corrected(world, paper, issuer=ABOVE[agency])
    return corrections.receipt(world, agency, paper, 2).id


def _review(world: World, agency: str) -> int:
    """A review that waits for the agency's liaison."""
    paper = reviews.under_review(world, ["liaison"], agency=agency, **_to(world, UNDER[agency]))
    return reviews.review_of(world, paper, "liaison", agency).id


def _remark(world: World, agency: str) -> int:
    data = PlaceInput(paragraph=1, text="请改。")
    paper = _submitted(world, agency)
    return bulletins.remark_on(world.actor(f"{agency}-approver"), paper, data).id


def _signed(world: World, agency: str) -> int:
    """A paper that is signed and will be published tomorrow."""
    at = clock.now() + timedelta(days=1)
    approver = world.actor(f"{agency}-approver")
    return bulletins.sign(approver, _submitted(world, agency), publish_at=at).id


def _question(world: World, agency: str) -> int:
    """What the agency has asked somebody above it."""
    paper = papers.published(world, ABOVE[agency], **_to(world, agency))
    return asking.asked(world, paper, agency).id


def _remark_received(world: World, agency: str) -> int:
    """What the one under the agency has remarked to it."""
    paper = papers.published(world, agency, **_to(world, UNDER[agency]))
    return asking.asked(world, paper, UNDER[agency], kind="remark").id


def _answer(world: World, agency: str) -> int:
    """What the agency has answered to the one under it."""
    paper = papers.published(world, agency, **_to(world, UNDER[agency]))
    question = asking.asked(world, paper, UNDER[agency])
    return asking.answered(world, agency, [question]).id


def _case(world: World, agency: str) -> int:
    return shelving.case(world, agency, **_to(world, UNDER[agency])).id


def _offer(world: World, agency: str) -> int:
    """What the agency has offered upward."""
    return shelving.offered(world, _case(world, agency), agency, ABOVE[agency]).id


def _offered(world: World, agency: str) -> int:
    """What the agency under it has offered to it."""
    lower = UNDER[agency]
    paper = shelving.case(world, lower, **_to(world, agency))
    return shelving.offered(world, paper.id, lower, agency).id


def _to_choose(world: World, agency: str) -> int:
    return db.session.get_one(Offer, _offered(world, agency)).bulletin_id


def _chosen(world: World, agency: str) -> int:
    """The agency's paper, which an agency above it selected."""
    offer = db.session.get_one(Offer, _offer(world, agency))
    return shelving.chosen(world, offer.bulletin_id, ABOVE[agency]).bulletin_id


def _chosen_here(world: World, agency: str) -> int:
    """A paper from under the agency, which it selected."""
    return shelving.chosen(world, _to_choose(world, agency), agency).bulletin_id


def _organ_code(world: World, agency: str) -> int:
    return numbering.code_of(world, f"质{agency.replace('_', '')}", agency)


def _followed(world: World, agency: str) -> int:
    """A paper to others that came to the agency, and to it alone, by what it followed."""
    clerk = f"{agency}-clerk"
    following.follow(world.actor(clerk), FilingInput(topics=["food"]))
    filed = {"topics": ["food"], "for_followers": True}
    paper = papers.published(world, "province", **filed, **_to(world, "other_city"))
    following.follow(world.actor(clerk), FilingInput())
    return paper.id


HOSTS = {
    "county": "sibling",
    "city": "unrelated_city",
    "township": "other_township",
    "sibling": "other_county",
    "unrelated_city": "other_city",
}


def _joint(world: World, agency: str) -> int:
    """A paper of another host that waits for the agency's signature too."""
    given = {"joint_agencies": [world.agencies[agency]], "to_all": True}
    return papers.submitted(world, HOSTS[agency], **given).id


OF_AGENCIES = {
    "joint": _joint,
    "followed": _followed,
    "draft": _draft,
    "submitted": _submitted,
    "published": _published,
    "receipt": _receipt,
    "organ_code": _organ_code,
    "correcting": _correcting,
    "corrected": _corrected,
    "corrected_receipt": _corrected_receipt,
    "signed": _signed,
    "review": _review,
    "remark": _remark,
    "file_of_draft": _file_of_draft,
    "file_of_paper": _file_of_paper,
    "file_received": _file_received,
    "upload": _upload,
    "case": _case,
    "offer": _offer,
    "offered": _offered,
    "to_choose": _to_choose,
    "chosen": _chosen,
    "chosen_here": _chosen_here,
    "question": _question,
    "answer": _answer,
    "remark_received": _remark_received,
    "relay": _relay,
    "laid_relay": _laid_relay,
    "task": _task,
    "assignment": _assignment,
    "accepted": _accepted,
    "handed_in": _handed_in,
    "outsider": mails.outsider,
    "to_call": _to_call,
}
