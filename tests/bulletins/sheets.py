"""Papers set as PDF for tests, and read back from the PDF's own coordinates in millimetres."""

import ctypes
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium
from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from bulletins.official import Form, Official
from config import typesetting

ROOT = Path(__file__).resolve().parents[2]
MM = 72 / 25.4
PLAIN = "为切实防范农村集体聚餐食品安全风险决定在全省开展专项整治有关事项通知如下"


def paper(**given: Any) -> Official:
    """A short paper with something in each place, but for what is given."""
    values = {
        "form": Form.DOCUMENT,
        "issuer": "河北省市场监督管理局",
        "flag": "河北省市场监督管理局文件",
        "number": "冀市监〔2018〕12号",
        "urgency": "特急",
        "signers": [],
        "title": "关于开展专项整治的通知",
        "to": "各市市场监督管理局",
        "is_to_below": False,
        "cc": "省政府办公厅",
        "body": paragraphs(1),
        "stated": [],
        "attendance": [],
        "attachments": ["检查表", "汇总表"],
        "signed_on": "2018年5月4日",
        "printed_on": "2018年5月4日",
        "note": "",
        "mark": "",
    }
    return Official(**{**values, **given})


def paragraphs(count: int, text: str = PLAIN * 4) -> Markup:
    """So many paragraphs without punctuation, which would move the ends of lines."""
    return Markup(f"<p>{text}</p>" * count)


@dataclass(frozen=True)
class Char:
    """One character: the box of its font (top to bottom) and what of it is inked."""

    text: str
    left: float
    right: float
    top: float
    bottom: float
    ink_top: float
    ink_bottom: float
    size: float
    font: str


@dataclass(frozen=True)
class Line:
    """Characters that stand beside each other, from left to right."""

    chars: Sequence[Char]

    @property
    def text(self) -> str:
        return "".join(one.text for one in self.chars)

    @property
    def left(self) -> float:
        return self.chars[0].left

    @property
    def right(self) -> float:
        return self.chars[-1].right

    @property
    def top(self) -> float:
        return min(one.top for one in self.chars)

    @property
    def bottom(self) -> float:
        return max(one.bottom for one in self.chars)

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2


@dataclass(frozen=True)
class Rule:
    """A line that is drawn."""

    left: float
    right: float
    top: float
    bottom: float
    color: tuple[int, int, int]

    @property
    def thickness(self) -> float:
        return self.bottom - self.top


class Sheet:
    """A PDF; millimetres are counted from the left and upper edge of each page."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self._document = pypdfium2.PdfDocument(content)
        self.pages = len(self._document)

    def size(self, page: int = 0) -> tuple[float, float]:
        width, height = self._document[page].get_size()
        return width / MM, height / MM

    def lines(self, page: int = 0) -> list[Line]:
        """The lines of a page from the top down; parts of one far from each other are one."""
        rows: list[list[Char]] = []
        for char in sorted(self._chars(page), key=lambda one: one.top + one.bottom):
            last = rows[-1][-1] if rows else None
            if last and abs(last.top + last.bottom - char.top - char.bottom) < 4:
                rows[-1].append(char)
            else:
                rows.append([char])
        return [Line(sorted(row, key=lambda one: one.left)) for row in rows]

    def line(self, begins: str, page: int = 0) -> Line:
        """The first line of a page that begins so."""
        return next(one for one in self.lines(page) if one.text.startswith(begins))

    def page_of(self, begins: str) -> int:
        """The last page that has a line which begins so."""
        return max(
            page
            for page in range(self.pages)
            if any(line.text.startswith(begins) for line in self.lines(page))
        )

    def rules(self, page: int = 0) -> list[Rule]:
        """The lines drawn on a page, from the top down."""
        height = self._document[page].get_height()
        found = []
        for one in self._document[page].get_objects():
            if one.type != pdfium.FPDF_PAGEOBJ_PATH:
                continue
            left, bottom, right, top = one.get_bounds()
            top, bottom = (height - top) / MM, (height - bottom) / MM
            found.append(Rule(left / MM, right / MM, top, bottom, _color(one)))
        return sorted(found, key=lambda rule: rule.top)

    def _chars(self, page: int) -> list[Char]:
        height = self._document[page].get_height()
        text = self._document[page].get_textpage()
        found = []
        for index in range(text.count_chars()):
            letter = text.get_text_range(index, 1)
            if not letter.strip():
                continue
            left, bottom, right, top = text.get_charbox(index, loose=True)
            _left, ink_bottom, _right, ink_top = text.get_charbox(index)
            found.append(
                Char(
                    text=letter,
                    left=left / MM,
                    right=right / MM,
                    top=(height - top) / MM,
                    bottom=(height - bottom) / MM,
                    ink_top=(height - ink_top) / MM,
                    ink_bottom=(height - ink_bottom) / MM,
                    size=pdfium.FPDFText_GetFontSize(text, index) * 0.75,  # told in pixels
                    font=_font(text, index),
                )
            )
        return found


def _font(text: Any, index: int) -> str:
    buffer, flags = ctypes.create_string_buffer(100), ctypes.c_int()
    pdfium.FPDFText_GetFontInfo(text, index, buffer, 100, ctypes.byref(flags))
    return buffer.value.decode()


def _color(path: Any) -> tuple[int, int, int]:
    parts = [ctypes.c_uint() for _ in range(4)]
    pdfium.FPDFPageObj_GetFillColor(path, *(ctypes.byref(one) for one in parts))
    return parts[0].value, parts[1].value, parts[2].value


def html_of(printed: Official) -> str:
    """The document of a paper, as the service renders it."""
    loader = FileSystemLoader(ROOT / "templates")
    template = Environment(loader=loader, autoescape=True).get_template(
        "bulletins/official_pdf.html"
    )
    return template.render(paper=printed)


def style() -> str:
    """The style of official papers."""
    return (ROOT / "static" / "official.css").read_text(encoding="utf-8")


def set_of(**given: Any) -> Sheet:
    """``paper(**given)`` as PDF."""
    return Sheet(typesetting.pdf_of(html_of(paper(**given)), style()))
