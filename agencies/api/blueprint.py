"""The blueprint of the API about agencies and people."""

from apiflask import APIBlueprint

from config.http import csrf

bp = APIBlueprint("agencies_api", __name__, url_prefix="/api/v1", tag="Agencies and people")
csrf.exempt(bp)
