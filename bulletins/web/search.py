"""Finding papers: the box in every page's head leads here."""

from flask import request
from flask.typing import ResponseReturnValue

from agencies.permissions import permission
from bulletins.search.criteria import Criteria
from bulletins.web.blueprint import bp
from bulletins.web.found import found_page
from config.errors import Invalid
from config.forms import Form


@bp.get("/search")
@permission("search.find")
def search() -> ResponseReturnValue:
    """Search everything that one's agency may read."""
    form = Form.read(Criteria, request.args)
    return found_page(form), Invalid.status if form.errors else 200
