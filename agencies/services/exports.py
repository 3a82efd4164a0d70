"""The tree of agencies as a file that can be imported again."""

import csv
import io

from sqlalchemy import select
from sqlalchemy.orm import aliased

from agencies.actors import Actor
from agencies.csv_import import COLUMNS, CONTACTS
from agencies.models import Agency
from agencies.permissions import require
from config.database import db
from config.sheets import guarded


def export_agencies(actor: Actor) -> bytes:
    """All living agencies as CSV in UTF-8 with BOM, the upper before the lower by code."""
    require(actor, "agency.export")
    parent = aliased(Agency)
    query = (
        select(
            Agency.code,
            Agency.name,
            Agency.level,
            parent.code,
            Agency.kind,
            *(getattr(Agency, name) for name in CONTACTS),
        )
        .outerjoin(parent, parent.id == Agency.parent_id)
        .where(Agency.ended_on.is_(None))
        .order_by(Agency.code)
    )
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    for row in db.session.execute(query):
        writer.writerow([guarded(cell or "") for cell in row])
    return file.getvalue().encode("utf-8-sig")
