"""The blueprint that the pages of this folder share."""

from flask import Blueprint

from notifications import labels

bp = Blueprint("notifications", __name__)


@bp.context_processor
def words() -> dict[str, object]:
    """Channels, kinds and states in words, for the templates."""
    return {"labels": labels}
