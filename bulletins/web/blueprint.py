"""The blueprint of all pages about papers and receipts."""

from flask import Blueprint

from bulletins import labels

bp = Blueprint("bulletins", __name__)
bp.record_once(lambda state: state.app.jinja_env.filters.update(labels.FILTERS))
