"""A table is for whoever asked for it, in the agency for which they did; what is in it is asked of
the folder that it comes from."""

from agencies.actors import Actor
from agencies.exports.models import Export
from agencies.permissions import Rule


def mine(actor: Actor, export: Export) -> bool:
    """Whether the actor asked for it, acting for the same agency as now."""
    return export.person_id == actor.person_id and export.agency_id == actor.agency_id


RULES: dict[str, Rule] = {
    "export.ask": Rule(anyone=True),
    "export.own": Rule(anyone=True, sees=mine),
}
