"""A paper as GB/T 9704-2012 (党政机关公文格式) lays it out: what stands in which place, pure.

An official paper is Chinese whatever language its reader's pages have.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from markupsafe import Markup

from bulletins.states import BulletinType, Layout, Urgency
from bulletins.title_lines import lines_of

COLUMNS = 28
"""Characters of size 3 (16 pt) on a line: 5.2.3."""

FLAG_SIZES = (52, 46, 40, 36, 32, 28, 25, 22)
"""Points in which a flag (发文机关标志) may be set; official.css has a class for each."""

FLAG_SIZES_BELOW = tuple(size for size in FLAG_SIZES if size <= 36)
"""The same where several names stand below each other."""

MOST_FLAGS = 5
"""Organs that a flag names, at most one less."""

MOST_TO = 5 * COLUMNS
"""A longer list of addressees goes to the foot, so that the first page has text: 7.3.2."""

_WIDTH = 442
_DOCUMENT = "文件"
_BESIDE_SIGNERS = 2 + 4
"""Characters on the line of the signers: a blank at either edge (7.2.5, 7.2.6), “签发人：”."""

_NAMES = re.compile("[、，]")
_URGENT = {Urgency.URGENT: "加急", Urgency.FLASH: "特急"}
_SALUTATION = re.compile(r"\s*<p>([^<>。；]{1,200}[：:])(?:</p>|<br\s*/?>\s*)")
_NO_SALUTATION = re.compile(r"如下|决定|现将|现就|根据|按照|为了|经研究")
_ORDER_NUMBER = re.compile(r"第\d+号$")
_LINK = re.compile(r"<a\b[^>]*>")
_LONG = re.compile(r"(<[^>]*>)|((?:&\w+;|[^\s<>&\u2e80-\uffff]){40})")
_FIRST = re.compile(r"<p>(?=[一二三四五六七八九十]{1,3}、[^<>。]{1,40}</p>)")
_SECOND = re.compile(r"<p>(?=（[一二三四五六七八九十]{1,3}）[^<>。]{1,40}</p>)")


class Form(StrEnum):
    """The general layout, and the special ones: 10.1, 10.2, 10.3."""

    DOCUMENT = "document"
    LETTER = "letter"
    ORDER = "order"
    MINUTES = "minutes"


_FORMS = {
    BulletinType.LETTER: Form.LETTER,
    BulletinType.ORDER: Form.ORDER,
    BulletinType.MINUTES: Form.MINUTES,
}


@dataclass(frozen=True)
class Official:
    """What is printed of a paper, place by place; a blank place is left out.

    ``to`` stands above the text or, with ``is_to_below``, at the foot; ``signers``, one for each
    organ in their order, are named on what goes up (7.2.6), and under an order (7.3.5.3), which
    shows no title (10.2). ``stated`` is what everyday papers state besides their text,
    ``attendance`` who attended, was excused and sat in (10.3), ``note`` whom to ask (7.3.6).
    ``mark`` says what the standard has no place for: that the paper holds no more or is not signed
    yet. The places of 份号 and 密级 stay empty: no such paper is let in. ``beside`` are the organs
    that sign below the host (7.3.5), ``post`` is what who signs an order is (签发人职务). It was
    ``signed_on`` one day (成文日期) and ``printed_on`` another, perhaps (印发日期).
    """

    form: Form
    issuer: str
    flag: str
    number: str
    urgency: str
    signers: Sequence[str]
    title: str
    to: str
    is_to_below: bool
    cc: str
    body: Markup
    stated: Sequence[tuple[str, str]]
    attendance: Sequence[tuple[str, str]]
    attachments: Sequence[str]
    signed_on: str
    printed_on: str
    note: str
    mark: str
    beside: Sequence[str] = ()
    post: str = ""

    @property
    def flag_names(self) -> Sequence[str]:
        """The organs that a flag names beside the word 文件, where it names more than one: 7.2.4.

        Of very many the host stands alone, so that the first page shows text.
        """
        is_joint = self.form == Form.DOCUMENT and 0 < len(self.beside) < MOST_FLAGS
        return [self.issuer, *self.beside] if is_joint else []

    @property
    def flag_size(self) -> int:
        """Points in which the flag fits the width of the text, the smallest for longer ones."""
        names, beside = self.flag_names, len(_DOCUMENT) + 0.5
        width = max(map(len, names)) + beside if names else len(self.flag)
        sizes = FLAG_SIZES_BELOW if names else FLAG_SIZES
        return next((size for size in sizes if size * width <= _WIDTH), sizes[-1])

    @property
    def title_lines(self) -> list[str]:
        """The title in lines that keep the organs' names whole: 7.3.1."""
        return lines_of(self.title, [self.issuer, *self.beside, *_NAMES.split(self.to)])

    @property
    def signer_rows(self) -> list[Sequence[str]]:
        """The signers in their order, two on a line where there is room for two: 7.2.6."""
        pairs = [self.signers[at : at + 2] for at in range(0, len(self.signers), 2)]
        columns = [
            max(map(_width, column)) for column in (self.signers[::2], self.signers[1::2]) if column
        ]
        room = COLUMNS - _BESIDE_SIGNERS - _width(self.number) - len(columns)
        return pairs if sum(columns) <= room else [[one] for one in self.signers]


def _width(text: str) -> int:
    """Characters of a line that a text takes; two letters or figures take one."""
    return -(-sum(1 if char.isascii() else 2 for char in text) // 2)


def form_of(kind: str, layout: Layout | None) -> Form:
    """The layout of a paper: the one chosen for it, else what papers of its type take."""
    return Form(layout) if layout else _FORMS.get(BulletinType(kind), Form.DOCUMENT)


def flag(form: Form, issuer: str, title: str) -> str:
    """发文机关标志: the name, alone (10.1) or with 文件 (7.2.4), 令 (10.2), 会议纪要 (10.3)."""
    if form == Form.ORDER:
        return issuer + ("命令" if title.endswith("命令") else "令")
    return issuer + {Form.DOCUMENT: _DOCUMENT, Form.LETTER: "", Form.MINUTES: "会议纪要"}[form]


def order_number(number: str) -> str:
    """令号 as it stands under a flag that names the organ already: 第12号."""
    found = _ORDER_NUMBER.search(number)
    return found[0] if found else number


def attendance(present: str, excused: str, observers: str) -> list[tuple[str, str]]:
    """Who attended a meeting, was excused and sat in, each under its word: 10.3."""
    lists = [("出席", present), ("请假", excused), ("列席", observers)]
    return [(word, names) for word, names in lists if names]


def urgency(value: str) -> str:
    """加急 or 特急 (7.2.3); nothing for a paper that has time."""
    return _URGENT.get(Urgency(value), "")


def day(value: date) -> str:
    """A date in Arabic figures, with no zero before month and day: 7.3.5.4."""
    return f"{value.year}年{value.month}月{value.day}日"


def note(name: str, phone: str) -> str:
    """附注 (7.3.6): whom to ask; nothing where nobody is named."""
    parts = [f"联系人：{name}"] if name else []
    return "，".join([*parts, f"电话：{phone}"] if phone else parts)


def bare(name: str) -> str:
    """The name of an attachment as the note says it (7.3.4): without its ending."""
    return name.rpartition(".")[0] or name


def parted(html: str) -> tuple[str, str]:
    """Whom a text itself addresses in its first line, and the rest of it."""
    found = _SALUTATION.match(html)
    if found is None or _NO_SALUTATION.search(found[1]):
        return "", html
    rest = html[found.end() :]
    return found[1][:-1], rest if found[0].endswith("</p>") else f"<p>{rest}"


def shaped(html: str) -> Markup:
    """A paper's clean HTML for print: levels of 7.3.3 marked, links no more than words.

    Words without end may be broken: looking for a place by itself takes the typesetter minutes.
    """
    html = _LONG.sub(lambda m: m[1] or f"{m[2]}<wbr>", _LINK.sub("<a>", html))
    html = _FIRST.sub('<p class="official-first">', html)
    return Markup(_SECOND.sub('<p class="official-second">', html))
