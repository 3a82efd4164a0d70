"""What a paper is about: filed with its draft, frozen with each version."""

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy import delete, insert

from bulletins.inputs import DraftInput, FilingInput
from bulletins.models import Bulletin, PaperTag, Tag
from bulletins.queries import tags as queries
from config.database import db
from config.errors import Invalid


def keep(bulletin: Bulletin, data: DraftInput) -> None:
    """File a draft under the tags chosen. Call inside ``writing()``.

    Raises Invalid for a code that there is none of.
    """
    _file(bulletin.id, 0, chosen(data))


def holds(bulletin_id: int, data: DraftInput) -> bool:
    """Whether the draft is filed under these already."""
    return _ids(bulletin_id, 0) == {tag.id for tag in chosen(data)}


def freeze(bulletin: Bulletin) -> None:
    """File the version just signed as its draft is. Call inside ``writing()``."""
    _file(bulletin.id, bulletin.version, queries.of_version(bulletin.id, 0))


def restore(bulletin: Bulletin) -> None:
    """File the draft again as the last version is. Call inside ``writing()``."""
    _file(bulletin.id, 0, queries.of_version(bulletin.id, bulletin.version))


def differ(bulletin: Bulletin) -> bool:
    """Whether the draft is filed otherwise than the last version."""
    return _ids(bulletin.id, 0) != _ids(bulletin.id, bulletin.version)


def _ids(bulletin_id: int, version: int) -> set[int]:
    return {tag.id for tag in queries.of_version(bulletin_id, version)}


def chosen(data: FilingInput) -> Sequence[Tag]:
    """The topics and sectors of these codes; raises Invalid for a code that there is none of."""
    wanted = {"topics": data.topics, "sectors": data.sectors}
    tags = queries.by_codes([*data.topics, *data.sectors])
    known = {(f"{tag.kind}s", tag.code) for tag in tags}
    for field, codes in wanted.items():
        if any((field, code) not in known for code in codes):
            raise Invalid(errors={field: _("请从列出的选项中选择。")})
    return tags


def _file(bulletin_id: int, version: int, tags: Sequence[Tag]) -> None:
    if not version:  # what was signed is filed once
        draft = (PaperTag.bulletin_id == bulletin_id, PaperTag.version == version)
        db.session.execute(delete(PaperTag).where(*draft))
    rows = [{"bulletin_id": bulletin_id, "version": version, "tag_id": tag.id} for tag in tags]
    if rows:
        db.session.execute(insert(PaperTag), rows)
