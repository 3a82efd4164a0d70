"""Papers of an agency in all of their states, and their files."""

from datetime import timedelta

from bulletins import services
from bulletins.decisions import PlaceInput
from bulletins.inputs import FilingInput, UploadInput
from bulletins.services import following, uploads
from config import clock
from tests.bulletins import corrections, numbering, papers, reviews
from tests.bulletins.attaching import attached
from tests.security.standing import ABOVE, HOSTS, UNDER, to
from tests.worlds import World


def _draft(world: World, agency: str) -> int:
    return papers.drafted(world, agency, **to(world, UNDER[agency])).id


def _submitted(world: World, agency: str) -> int:
    return papers.submitted(world, agency, **to(world, UNDER[agency])).id


def _published(world: World, agency: str) -> int:
    return papers.published(world, agency, **to(world, UNDER[agency])).id


def _receipt(world: World, agency: str) -> int:
    """A receipt of a paper that somebody above the agency sent to it."""
    paper = papers.published(world, ABOVE[agency], **to(world, agency))
    return papers.receipt_of(world, agency, paper).id


def _file_of_draft(world: World, agency: str) -> int:
    draft = papers.drafted(world, agency, **to(world, UNDER[agency]))
    return attached(world, draft, issuer=agency).id


def _sent_with_file(world: World, agency: str, reader: str) -> int:
    draft = papers.drafted(world, agency, **to(world, reader))
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


def _correcting(world: World, agency: str) -> int:
    """A published paper whose correction is being written."""
    paper = papers.published(world, agency, **to(world, UNDER[agency]))
    return corrections.correcting(world, paper, agency).id


def _corrected(world: World, agency: str) -> int:
    """A paper in its second version."""
    paper = papers.published(world, agency, **to(world, UNDER[agency]))
    return corrections.corrected(world, paper, issuer=agency).id


def _corrected_receipt(world: World, agency: str) -> int:
    """The receipt of a corrected version that somebody above the agency sent to it."""
    paper = papers.published(world, ABOVE[agency], **to(world, agency))
    corrections.corrected(world, paper, issuer=ABOVE[agency])
    return corrections.receipt(world, agency, paper, 2).id


def _review(world: World, agency: str) -> int:
    """A review that waits for the agency's liaison."""
    paper = reviews.under_review(world, ["liaison"], agency=agency, **to(world, UNDER[agency]))
    return reviews.review_of(world, paper, "liaison", agency).id


def _remark(world: World, agency: str) -> int:
    data = PlaceInput(paragraph=1, text="请改。")
    paper = _submitted(world, agency)
    return services.remark_on(world.actor(f"{agency}-approver"), paper, data).id


def _signed(world: World, agency: str) -> int:
    """A paper that is signed and will be published tomorrow."""
    at = clock.now() + timedelta(days=1)
    approver = world.actor(f"{agency}-approver")
    return services.sign(approver, _submitted(world, agency), publish_at=at).id


def _joint(world: World, agency: str) -> int:
    """A paper of another host that waits for the agency's signature too."""
    given = {"joint_agencies": [world.agencies[agency]], "to_all": True}
    return papers.submitted(world, HOSTS[agency], **given).id


def _organ_code(world: World, agency: str) -> int:
    return numbering.code_of(world, f"质{agency.replace('_', '')}", agency)


def _followed(world: World, agency: str) -> int:
    """A paper to others that came to the agency, and to it alone, by what it followed."""
    clerk = f"{agency}-clerk"
    following.follow(world.actor(clerk), FilingInput(topics=["food"]))
    filed = {"topics": ["food"], "for_followers": True}
    paper = papers.published(world, "province", **filed, **to(world, "other_city"))
    following.follow(world.actor(clerk), FilingInput())
    return paper.id


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
}
