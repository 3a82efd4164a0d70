"""The first wish on a channel that nobody enrolled the person for."""

from apiflask import APIFlask

from agencies.states import Channel
from notifications.inputs import WishInput
from notifications.services.subscriptions import choose
from notifications.states import Rhythm
from tests.worlds import World


def test_a_first_wish_is_kept_whole(app: APIFlask, world: World) -> None:
    wish = WishInput(rhythm=Rhythm.WORKDAYS, times=["08:00"], urgent_at_once=True)
    kept = choose(world.actor("county-clerk"), Channel.SMS, wish)
    assert (kept.rhythm, kept.times, kept.urgent_at_once) == (Rhythm.WORKDAYS, "08:00", True)
    assert kept.next_due_at is not None
