"""Who may look at which receipts of a paper."""

from sqlalchemy import exists, select

from agencies.actors import Actor
from agencies.models import Agency
from agencies.permissions import require
from agencies.queries import is_below
from bulletins.models import Bulletin, BulletinVersion, Receipt
from bulletins.queries.issuers import issuers
from bulletins.queries.progress import Scope
from config.database import db, found
from config.errors import NotFound


def progress(actor: Actor, bulletin_id: int, agency_id: int | None = None) -> Scope:
    """What ``actor`` may see of the last version's receipts: of ``agency_id`` and below it.

    Each of its issuers sees all of them; an agency that received the paper sees its own and those
    under it, so that it knows where the paper is stuck. Raises NotFound for everything else,
    Forbidden.
    """
    require(actor, "bulletin.receipts")
    root_id = actor.agency_id
    version = found(
        select(BulletinVersion)
        .join(Bulletin, Bulletin.id == BulletinVersion.bulletin_id)
        .where(Bulletin.id == bulletin_id, Bulletin.version == BulletinVersion.version)
    )
    bulletin = db.session.get_one(Bulletin, bulletin_id)
    together = tuple(issuers(bulletin))
    if root_id is None or not (root_id in together or _received(root_id, version)):
        raise NotFound
    node_id = root_id if agency_id is None else agency_id
    tops = together if root_id in together else (root_id,)
    if node_id != root_id and not any(is_below(node_id, top) for top in tops):
        raise NotFound
    return Scope(bulletin, version, root_id, db.session.get_one(Agency, node_id), together)


def _received(agency_id: int, version: BulletinVersion) -> bool:
    receipt = exists().where(
        Receipt.bulletin_id == version.bulletin_id,
        Receipt.version == version.version,
        Receipt.agency_id == agency_id,
    )
    return bool(db.session.scalar(select(receipt)))
