"""What a digest has no room for is listed on a page: each section names one that opens."""

from apiflask import APIFlask

from tests.bulletins.browsing import Browsers
from tests.worlds import World

EVERYWHERE = "/"


def test_the_page_behind_each_section_opens(
    app: APIFlask, world: World, browser_of: Browsers
) -> None:
    clients = [browser_of(world.people[f"city-{kind}"]) for kind in ("clerk", "approver")]
    paths = {section.path for section in app.extensions["sections"]} - {EVERYWHERE}
    assert len(paths) > 8
    for path in paths:
        assert [client.get(path).status_code for client in clients].count(200) > 0, path
