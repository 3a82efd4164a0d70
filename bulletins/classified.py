"""Markings of state secrets (密级): such papers have no place on this system."""

import re

from flask_babel import gettext as _

from bulletins.models import MARKING_LENGTH

# A marking, not a mention: 机密★一年, 密级：秘密. A notice about secrecy training is no secret.
_WORD = r"[绝絕机機秘]\s*密"
_MARKING = re.compile(
    rf"{_WORD}\s*[★☆*＊]|密\s*[级級]\s*[:：]\s*{_WORD}"
    rf"|^[ \t\u3000#*_>【\[（(]*{_WORD}[ \t\u3000*_】\]）)]*$",
    re.MULTILINE,
)


def marking(text: str) -> str | None:
    """The first marking in ``text``, None where it bears none."""
    match = _MARKING.search(text)
    return " ".join(match[0].split())[:MARKING_LENGTH] if match else None


def refusal(marking: str) -> str:
    """Why a text that bears this marking is refused, for whoever wrote it."""
    return _(
        "文中有密级标志“%(marking)s”。本系统只传输公开和内部信息，不得传输涉密文件。",
        marking=marking,
    )
