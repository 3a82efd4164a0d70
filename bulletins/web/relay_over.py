"""The page in place of a relay's form where the paper is not in force in the version received."""

from flask import render_template

from bulletins.inputs import RelayInput
from bulletins.models import Receipt, Relay
from bulletins.queries import inbox
from bulletins.queries.endings import ending_of
from config.forms import Form


def is_in_force(receipt: Receipt) -> bool:
    """Whether a paper neither ended nor was corrected since that receipt."""
    bulletin = receipt.bulletin
    return bulletin.ended_kind is None and bulletin.version == receipt.version


def over_page(receipt: Receipt, begun: Relay | None, form: Form[RelayInput] | None = None) -> str:
    """Why it can't be relayed, with the words typed or saved for it, so that none are lost."""
    saved = {"note": begun.note, "additions": begun.additions} if begun else {}
    return render_template(
        "bulletins/relay_over.html",
        written=form.values if form else saved,
        is_typed=form is not None,
        relay=begun,
        reading=inbox.reading(receipt),
        ending=ending_of(receipt.bulletin, receipt.agency_id),
    )
