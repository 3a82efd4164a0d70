"""How agencies stand to the county, and to each other: who is above whom, and who beside."""

from tests.worlds import World

AGENCY_OF = {
    "own": "county",
    "upper": "city",
    "lower": "township",
    "sibling": "sibling",
    "unrelated": "unrelated_city",
}
UNDER = {
    "county": "township",
    "city": "sibling",
    "township": "office",
    "sibling": "sibling_office",
    "unrelated_city": "unrelated_county",
}
ABOVE = {
    "county": "city",
    "city": "province",
    "township": "province",
    "sibling": "city",
    "unrelated_city": "unrelated",
}
HOSTS = {
    "county": "sibling",
    "city": "unrelated_city",
    "township": "other_township",
    "sibling": "other_county",
    "unrelated_city": "other_city",
}


def to(world: World, *names: str) -> dict[str, object]:
    """The fields of a paper to these agencies alone."""
    return {"to_all": False, "to_agencies": [world.agencies[name] for name in names]}
