"""Who issued a paper, by name, and which agencies they are."""

from collections.abc import Collection, Mapping

from sqlalchemy import ColumnElement, case, select

from agencies.models import Agency
from bulletins.models import Bulletin, JointIssuer
from config.database import db


def issued_by() -> ColumnElement[str]:
    """All issuers of ``Bulletin`` by name, its host (``Agency``) first."""
    together = Agency.name + "、" + Bulletin.joint_names
    return case((Bulletin.joint_names == "", Agency.name), else_=together)


def beside(bulletin_id: int) -> list[int]:
    """The agencies that issue a paper beside its host, in their order."""
    query = select(JointIssuer.agency_id).where(JointIssuer.bulletin_id == bulletin_id)
    return list(db.session.scalars(query.order_by(JointIssuer.place)))


def issuers_beside(bulletin_ids: Collection[int]) -> Mapping[int, list[int]]:
    """The same of several papers, by paper."""
    query = select(JointIssuer.bulletin_id, JointIssuer.agency_id)
    query = query.where(JointIssuer.bulletin_id.in_(bulletin_ids)).order_by(JointIssuer.place)
    found: dict[int, list[int]] = {}
    for bulletin_id, agency_id in db.session.execute(query):
        found.setdefault(bulletin_id, []).append(agency_id)
    return found


def issuers(bulletin: Bulletin) -> list[int]:
    """All agencies that issue a paper, its host first."""
    others = beside(bulletin.id) if bulletin.joint_names else []
    return [bulletin.issuer_id, *others]
