"""Markings of state secrets (密级): such papers have no place on this system."""

import re

# A marking, not a mention: 机密★一年, 密级：秘密. A notice about secrecy training is no secret.
_MARKING = re.compile(r"(?:绝密|机密|秘密)\s*[★☆]|密\s*级\s*[:：]\s*(?:绝密|机密|秘密)")


def marking(text: str) -> str | None:
    """The first marking in ``text``, None where it bears none."""
    match = _MARKING.search(text)
    return match[0] if match else None
