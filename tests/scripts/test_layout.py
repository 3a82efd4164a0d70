"""The layout of several hosts runs on one, and does what docs/scaling.md says."""

from scripts.layout import layout


def test_the_layout_of_several_hosts_works_and_outlives_its_leader() -> None:
    said: list[str] = []
    with layout() as running:
        running.check(recipients=40, say=said.append)
    assert len(said) == 6
