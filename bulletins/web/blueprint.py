"""The blueprint of all pages about papers and receipts."""

from flask import Blueprint

from bulletins import file_labels, labels, sheets
from bulletins.filetypes import PREVIEWED
from bulletins.questions import labels as question_labels

bp = Blueprint("bulletins", __name__)
FILTERS = labels.FILTERS | file_labels.FILTERS | {"receipt_way": sheets.way}
FILTERS |= question_labels.FILTERS
bp.record_once(lambda state: state.app.jinja_env.filters.update(FILTERS))
bp.record_once(lambda state: state.app.jinja_env.tests.update(previewed=PREVIEWED.__contains__))
