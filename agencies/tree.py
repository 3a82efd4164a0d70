"""The tree's lineage table: written when the tree changes, so that reading never walks."""

from sqlalchemy import delete, exists, insert, literal, select
from sqlalchemy.orm import aliased

from agencies.models import Agency, Lineage
from config.database import db


def plant(agency: Agency) -> None:
    """Give a new leaf its line of ancestors. Call inside ``writing()``."""
    db.session.add(agency)
    db.session.flush()
    above = select(Lineage.ancestor_id, literal(agency.id), Lineage.depth + 1).where(
        Lineage.descendant_id == agency.parent_id
    )
    columns = ["ancestor_id", "descendant_id", "depth"]
    db.session.execute(insert(Lineage).from_select(columns, above))
    db.session.add(Lineage(ancestor_id=agency.id, descendant_id=agency.id, depth=0))
    db.session.flush()


def grow() -> None:
    """Give every agency that has no line yet the line of its parent and itself below it.

    Call inside ``writing()``, once for each level of new agencies, the upper first.
    """
    own = aliased(Lineage)
    new = ~exists().where(own.descendant_id == Agency.id)
    columns = ["ancestor_id", "descendant_id", "depth"]
    above = (
        select(Lineage.ancestor_id, Agency.id, Lineage.depth + 1)
        .join(Lineage, Lineage.descendant_id == Agency.parent_id)
        .where(new)
    )
    itself = select(Agency.id, Agency.id, literal(0)).where(new)
    db.session.execute(insert(Lineage).from_select(columns, above.union_all(itself)))


def rebuild() -> None:
    """Write the whole lineage anew from the parents, level by level, in the database itself.

    Call inside ``writing()`` and with a tree that has no cycles.
    """
    db.session.flush()
    db.session.execute(delete(Lineage))
    columns = ["ancestor_id", "descendant_id", "depth"]
    line = select(
        Agency.id.label("ancestor_id"), Agency.id.label("descendant_id"), literal(0).label("depth")
    ).cte("line", recursive=True)
    line = line.union_all(
        select(line.c.ancestor_id, Agency.id, line.c.depth + 1).join(
            line, Agency.parent_id == line.c.descendant_id
        )
    )
    everything = select(line.c.ancestor_id, line.c.descendant_id, line.c.depth)
    db.session.execute(insert(Lineage).from_select(columns, everything))
