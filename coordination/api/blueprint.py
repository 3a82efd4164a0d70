"""The blueprint of the API about tasks."""

from apiflask import APIBlueprint

from config.http import csrf

bp = APIBlueprint("coordination_api", __name__, url_prefix="/api/v1", tag="Tasks")
csrf.exempt(bp)
