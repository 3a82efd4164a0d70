"""The blueprint of the API about papers and receipts."""

from apiflask import APIBlueprint

from config.http import csrf

bp = APIBlueprint("bulletins_api", __name__, url_prefix="/api/v1", tag="Bulletins")
csrf.exempt(bp)
