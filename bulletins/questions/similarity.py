"""How alike two questions are: by the pairs of characters, and the words, that both have."""

from bulletins.search.tokens import tokens_of

READ_AT_MOST = 1000
"""Characters of a text that are compared."""
ALIKE_FROM = 0.3
"""The part of the shorter one's pairs that must stand in the longer one."""
SHARED_FROM = 2

_POLITE = frozenset("请问 是否 如何 怎么 怎样 什么 可以 可否 能否 我们 我局 需要 问题 一下".split())
"""What stands in any question says nothing of what it is about."""


def pairs(text: str) -> frozenset[str]:
    """What a text is compared by."""
    found = tokens_of(text[:READ_AT_MOST])
    return frozenset(one for one in found if len(one) > 1 and one not in _POLITE)


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """From 0 for two that share too little to 1 where the shorter stands in the longer."""
    shared = len(one & other)
    if shared < SHARED_FROM:
        return 0.0
    part = shared / min(len(one), len(other))
    return part if part >= ALIKE_FROM else 0.0
