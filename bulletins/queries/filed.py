"""What is filed under a topic or a sector."""

from sqlalchemy import BindParameter, ColumnElement, exists
from sqlalchemy.orm import InstrumentedAttribute

from bulletins.models import PaperTag, Tag


def filed_under(
    code: str | BindParameter[str],
    bulletin: InstrumentedAttribute[int],
    version: InstrumentedAttribute[int],
) -> ColumnElement[bool]:
    """Whether the version that the columns name is filed under the tag of that code."""
    return exists().where(
        PaperTag.bulletin_id == bulletin,
        PaperTag.version == version,
        PaperTag.tag_id == Tag.id,
        Tag.code == code,
    )
