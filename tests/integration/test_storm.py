"""Everything breaks in turn while digests go out, and nothing is lost: a short ``make soak``."""

from soak.faults import Fault, blows
from soak.storm import Size, storm

SEED = 20180504
SHORT = Size(recipients=240, rounds=1, seconds=1.0, rate=25, impatience=3.0)


def test_the_same_seed_breaks_the_same() -> None:
    assert blows(1, 2, 1.0) == blows(1, 2, 1.0) != blows(2, 2, 1.0)
    assert sorted(blow.fault for blow in blows(1, 2, 1.0)) == sorted([*Fault, *Fault])


def test_every_recipient_has_one_digest_whatever_breaks() -> None:
    account = storm(SEED, SHORT)
    assert account.faults == []
    assert account.lost == 0
    assert account.doubled <= account.unknown
    assert account.struck == list(dict.fromkeys(account.struck))
    assert set(account.struck) == set(Fault)
    assert account.failed > 0  # some are refused for good, and listed
    assert account.arrived >= account.digests - account.failed - account.unknown > 0
