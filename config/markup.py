"""Markdown as papers use it: headings, lists, tables, quotes, emphasis, code, links.

What python-markdown offers beyond that is left out, and its links and code spans are bounded,
because on hostile text of 50,000 characters it would take minutes. HTML that somebody typed is
text like any other and shown as it stands; so are references and underlined headings. Of an image
its words are shown, and a link to it.
"""

import re
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions.tables import TableExtension
from markdown.inlinepatterns import InlineProcessor
from markdown.util import AtomicString

MOST_TAGS = 20_000
NAMELESS = "图片"

_LINK = r"\[([^\[\]\n]{1,500})\]\(([^\s()<>\[\]]{1,1000})\)"
# What it shows may be the address itself, as long as a picture; the next `[` ends the search.
_IMAGE = (
    r"!\[([^\[\]\n]{0,500})\]"
    r"\((data:[^\s()<>\[\]]{1,50000}|[^\s()<>\[\]]{1,1000})(?: +\"[^\"\n]{0,200}\")?\)"
)
_ADDRESS = r"(?<![A-Za-z0-9/])https?://[A-Za-z0-9._~:/?#@!$&*+,;=%'\-]{1,500}(?<![.,:;!?'])"
# A scheme that leads out, or a place on this site; `data:1` must not pass for host and port.
_SAFE = re.compile(r"(?:https?://|mailto:|tel:|/(?![/\\])|#)", re.I)
_CODE = r"(?<![\\`])(`+)(?!`)([^\n]{1,500}?)(?<!`)\1(?!`)"
_LEFT_OUT_INLINE = (
    "backtick",
    "reference",
    "link",
    "image_link",
    "image_reference",
    "short_reference",
    "short_image_ref",
    "autolink",
    "automail",
    "html",
    "entity",
)
_LEFT_OUT_BLOCKS = ("setextheader", "reference")

# A heading or a rule ends a block anyway; said with blank lines it is found without rescanning
# the rest of the text for each.
_OF_ITS_OWN = re.compile(
    r"^(#{1,6}.*| {0,3}(?:(?:\* {0,2}){3,}|(?:- {0,2}){3,}|(?:_ {0,2}){3,}))$", re.M
)


class TooComplex(Exception):
    """A text nested so deeply, or of so many parts, that no paper needs it."""


class _Link(InlineProcessor):
    """``[text](address)``."""

    ANCESTOR_EXCLUDES = ("a",)

    def handleMatch(  # type: ignore[override]
        self, m: re.Match[str], data: str
    ) -> tuple[Element, int, int]:
        return _anchor(m[1], self.unescape(m[2])), m.start(0), m.end(0)


class _Image(InlineProcessor):
    """``![words](address)``: no picture is shown, but its words, and a link to where it lies."""

    ANCESTOR_EXCLUDES = ("a",)

    def handleMatch(  # type: ignore[override]
        self, m: re.Match[str], data: str
    ) -> tuple[Element, int, int]:
        return _anchor(m[1].strip() or NAMELESS, self.unescape(m[2])), m.start(0), m.end(0)


class _Address(InlineProcessor):
    """A web address in the text becomes a link; Chinese punctuation ends it."""

    ANCESTOR_EXCLUDES = ("a",)

    def handleMatch(  # type: ignore[override]
        self, m: re.Match[str], data: str
    ) -> tuple[Element, int, int]:
        return _anchor(AtomicString(m[0]), m[0]), m.start(0), m.end(0)


class _Code(InlineProcessor):
    """Words between the same number of backticks."""

    def handleMatch(  # type: ignore[override]
        self, m: re.Match[str], data: str
    ) -> tuple[Element, int, int]:
        code = Element("code")
        code.text = AtomicString(m[2].strip())
        return code, m.start(0), m.end(0)


def _anchor(text: str, address: str) -> Element:
    """A link; where its address leads nowhere that is safe, its words alone."""
    safe = _SAFE.match(address)
    anchor = Element("a" if safe else "span")
    anchor.text = text
    if safe:
        anchor.set("href", address)
        anchor.set("rel", "noopener noreferrer nofollow")
    return anchor


def _converter() -> Markdown:
    tables = TableExtension(use_align_attribute=True)
    converter = Markdown(extensions=[tables, "sane_lists", "nl2br"])
    converter.preprocessors.deregister("html_block")
    for name in _LEFT_OUT_INLINE:
        converter.inlinePatterns.deregister(name)
    for name in _LEFT_OUT_BLOCKS:
        converter.parser.blockprocessors.deregister(name)
    converter.inlinePatterns.register(_Code(_CODE, converter), "code", 190)
    converter.inlinePatterns.register(_Image(_IMAGE, converter), "image", 165)
    converter.inlinePatterns.register(_Link(_LINK, converter), "link", 160)
    converter.inlinePatterns.register(_Address(_ADDRESS, converter), "address", 155)
    return converter


def html_of(source: str) -> str:
    """HTML of a Markdown text, still to be cleaned.

    Raises TooComplex for what is nested too deeply or has too many parts.
    """
    try:
        html = _converter().convert(_OF_ITS_OWN.sub(r"\n\1\n", source))
    except RecursionError as error:
        raise TooComplex from error
    if html.count("<") > MOST_TAGS:
        raise TooComplex
    return html
