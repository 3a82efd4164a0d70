"""Text from people: cleaned on the way in, rendered from Markdown once when saved."""

import re
import unicodedata
from typing import Annotated

import bleach
from flask_babel import gettext as _
from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from config import markup
from config.errors import Invalid

TAGS = frozenset(
    "p br hr h1 h2 h3 h4 h5 h6 ul ol li dl dt dd blockquote pre code em strong del sup sub "
    "table thead tbody tr th td a".split()
)
ATTRIBUTES = {"a": ["href", "title", "rel"], "th": ["align"], "td": ["align"], "ol": ["start"]}
PROTOCOLS = frozenset({"http", "https", "mailto", "tel"})

# Characters that reorder or hide what a reader sees (Unicode TR 36) have no place in a paper;
# joiners do, in names and signs that are written with them.
_ALLOWED = frozenset("\n\r\t\u200c\u200d")
# Letters and symbols by their category, that draw nothing all the same.
_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")


def _is_hostile(character: str) -> bool:
    if character in _ALLOWED:
        return False
    return character in _BLANK or unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co")


def _refuse_hostile(value: str) -> None:
    for position, character in enumerate(value, start=1):
        if _is_hostile(character):
            raise PydanticCustomError(
                "hostile_character",
                "control or direction character",
                {"position": position, "code": f"U+{ord(character):04X}"},
            )
        if character == "\ufffd":  # what stands for bytes that were no text
            raise PydanticCustomError(
                "unreadable_character", "broken encoding", {"position": position}
            )


def clean_line(value: str) -> str:
    """One line without leading, trailing or doubled blanks.

    Raises PydanticCustomError for control and direction characters, and for what was no text.
    """
    _refuse_hostile(value)
    return _seen(" ".join(value.split()))


def clean_text(value: str) -> str:
    """Several lines with ``\\n`` as their end, without trailing blanks at the end of the text.

    Raises PydanticCustomError for control and direction characters, and for what was no text.
    """
    _refuse_hostile(value)
    return _seen(value.replace("\r\n", "\n").replace("\r", "\n").rstrip())


def harmless(value: str) -> str:
    """One line of words from elsewhere: what hides, reorders or can't be stored becomes a blank."""
    return " ".join("".join(" " if _is_hostile(one) else one for one in value).split())


def _seen(value: str) -> str:
    """``value``, or nothing where it holds no character that anybody can see."""
    return value if any(unicodedata.category(one)[0] not in "CMZ" for one in value) else ""


Line = Annotated[str, AfterValidator(clean_line)]
Text = Annotated[str, AfterValidator(clean_text)]


def render(source: str) -> str:
    """Safe HTML of a Markdown text; nothing active survives (scripts, events, styles, frames).

    Raises Invalid for a text nested so deeply, or of so many parts, that no paper needs it.
    """
    try:
        html = markup.html_of(source)
    except markup.TooComplex as error:
        raise Invalid(_("正文的格式过于复杂，请减少嵌套的层次和格式符号。")) from error
    return bleach.clean(
        html,
        tags=TAGS,
        attributes=ATTRIBUTES,
        protocols=PROTOCOLS,
        strip=True,
        strip_comments=True,
    )


def plain(html: str, limit: int = 0) -> str:
    """The words of rendered HTML on one line, cut at ``limit`` characters (0: whole)."""
    words = " ".join(bleach.clean(html, tags=[], strip=True).split())
    words = re.sub(r"&(amp|lt|gt);", lambda m: {"amp": "&", "lt": "<", "gt": ">"}[m[1]], words)
    return words if not limit or len(words) <= limit else words[: limit - 1] + "…"
