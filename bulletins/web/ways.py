"""The page at which an agency reads a paper, by whatever way the paper came to it."""

from typing import Any

from flask import url_for


def place_of(row: Any) -> str:
    """The page at which the agency reads a paper found."""
    if row.receipt_id is not None and not row.is_own:
        return url_for("bulletins.read", receipt_id=row.receipt_id)
    ways = {
        "show": row.is_own,
        "joint_paper": row.is_joint,
        "followed_paper": row.is_followed,
        "library_paper": True,
    }
    page = next(page for page, is_open in ways.items() if is_open)
    return url_for(f"bulletins.{page}", bulletin_id=row.bulletin_id)
