"""The blueprint of all pages about papers and receipts."""

from flask import Blueprint

from bulletins import file_labels, labels, sheets, wording
from bulletins.filetypes import PREVIEWED
from bulletins.library import labels as library_labels
from bulletins.questions import labels as question_labels

bp = Blueprint("bulletins", __name__)
FILTERS = labels.FILTERS | file_labels.FILTERS | question_labels.FILTERS
FILTERS |= {"receipt_way": sheets.way, "checks_passed": wording.checks_passed}
FILTERS |= library_labels.FILTERS
bp.record_once(lambda state: state.app.jinja_env.filters.update(FILTERS))
bp.record_once(lambda state: state.app.jinja_env.tests.update(previewed=PREVIEWED.__contains__))
