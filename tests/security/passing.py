"""What is passed on, asked, answered and offered between an agency and those above and below."""

import io

from bulletins.models import Offer
from bulletins.services import reply_files
from config.database import db
from tests.bulletins import asking, files, papers, relays, shelving
from tests.security import mails
from tests.security.standing import ABOVE, UNDER, to
from tests.worlds import World


def _relay(world: World, agency: str) -> int:
    """What the agency has begun to relay of a paper from above it."""
    paper = papers.published(world, ABOVE[agency], **to(world, agency))
    return relays.begun(world, paper, agency, **to(world, UNDER[agency])).id


def _laid_relay(world: World, agency: str) -> int:
    paper = papers.published(world, ABOVE[agency], **to(world, agency))
    return relays.laid(world, paper, agency, **to(world, UNDER[agency])).id


def _to_call(world: World, agency: str) -> int:
    """A receipt about which the agency has to ring up the one under it."""
    paper = papers.published(world, agency, **to(world, UNDER[agency]))
    receipt = papers.receipt_of(world, UNDER[agency], paper)
    return mails.to_call(receipt.id, world.agencies[agency])


def _question(world: World, agency: str) -> int:
    """What the agency has asked somebody above it."""
    paper = papers.published(world, ABOVE[agency], **to(world, agency))
    return asking.asked(world, paper, agency).id


def _open_question(world: World, agency: str) -> int:
    """What another has asked, for all to see, about a paper that reached the agency too."""
    paper = papers.published(world, ABOVE[agency], **to(world, agency, UNDER[agency]))
    return asking.asked(world, paper, UNDER[agency], for_all=True).id


def _file_of_question(world: World, agency: str) -> int:
    """A file with what the agency has asked."""
    clerk = world.actor(f"{agency}-clerk")
    file = io.BytesIO(files.PDF)
    return reply_files.attach_to_question(clerk, _question(world, agency), "照片.pdf", file).id


def _remark_received(world: World, agency: str) -> int:
    """What the one under the agency has remarked to it."""
    paper = papers.published(world, agency, **to(world, UNDER[agency]))
    return asking.asked(world, paper, UNDER[agency], kind="remark").id


def _answer(world: World, agency: str) -> int:
    """What the agency has answered to the one under it."""
    paper = papers.published(world, agency, **to(world, UNDER[agency]))
    question = asking.asked(world, paper, UNDER[agency])
    return asking.answered(world, agency, [question]).id


def _case(world: World, agency: str) -> int:
    return shelving.case(world, agency, **to(world, UNDER[agency])).id


def _offer(world: World, agency: str) -> int:
    """What the agency has offered upward."""
    return shelving.offered(world, _case(world, agency), agency, ABOVE[agency]).id


def _offered(world: World, agency: str) -> int:
    """What the agency under it has offered to it."""
    lower = UNDER[agency]
    paper = shelving.case(world, lower, **to(world, agency))
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


OF_AGENCIES = {
    "case": _case,
    "offer": _offer,
    "offered": _offered,
    "to_choose": _to_choose,
    "chosen": _chosen,
    "chosen_here": _chosen_here,
    "question": _question,
    "open_question": _open_question,
    "file_of_question": _file_of_question,
    "answer": _answer,
    "remark_received": _remark_received,
    "relay": _relay,
    "laid_relay": _laid_relay,
    "to_call": _to_call,
}
