"""Who issued a paper, by name, and which agencies they are."""

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


def issuers(bulletin: Bulletin) -> list[int]:
    """All agencies that issue a paper, its host first."""
    others = beside(bulletin.id) if bulletin.joint_names else []
    return [bulletin.issuer_id, *others]
