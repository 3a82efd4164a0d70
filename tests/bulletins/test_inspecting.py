"""Files are read before they are kept: what bears a marking is refused, the rest is counted."""

import io
import time
import zipfile
from typing import Any

import pytest
from PIL import Image, PngImagePlugin
from sqlalchemy import func, select

from bulletins import inspecting
from bulletins.filetypes import FileKind
from bulletins.models import FileInspection, StoredFile
from bulletins.services.checking import examine
from config.database import db
from config.errors import Invalid
from tests.bulletins.attaching import attached
from tests.bulletins.files import TYPES, docx, package, picture, written_pdf
from tests.bulletins.papers import drafted
from tests.worlds import World

SPLIT = "<w:p><w:r><w:t>机</w:t></w:r><w:r><w:t>密★一年</w:t></w:r></w:p>".encode()
CORE = "<cp:coreProperties><dc:title>密级：秘密</dc:title></cp:coreProperties>".encode()
TITLE = "FEFF79D85BC6FF0A4E005E74"  # 秘密＊一年, in UTF-16BE, as PDF writes it


def _xlsx(**more: bytes) -> bytes:
    others = {name.replace("__", "/") + ".xml": content for name, content in more.items()}
    return package({TYPES: b"<Types/>", "xl/workbook.xml": b"<workbook/>", **others})


def _pptx(slide: bytes) -> bytes:
    return package(
        {TYPES: b"<Types/>", "ppt/presentation.xml": b"<p/>", "ppt/slides/slide1.xml": slide}
    )


def _picture(kind: str, **more: Any) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (8, 8)).save(made, kind, **more)
    return made.getvalue()


def _chunk(add: str, words: str) -> PngImagePlugin.PngInfo:
    made = PngImagePlugin.PngInfo()
    getattr(made, add)("Title", words)
    return made


def _exif(tag: int, value: bytes) -> Image.Exif:
    made = Image.Exif()
    made[tag] = value
    return made


def _as_latin(words: str) -> str:
    """As they stand in a field that knows Latin-1 alone, written by one that uses UTF-8."""
    return words.encode().decode("latin-1")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("文.docx", docx(SPLIT)),
        ("题.docx", docx(**{"docProps__core.xml": CORE})),
        ("眉.docx", docx(**{"word__header1.xml": SPLIT})),
        ("表.xlsx", _xlsx(xl__sharedStrings="<si><t>绝密★</t></si>".encode())),
        ("片.pptx", _pptx("<a:p><a:t>密级：机密</a:t></a:p>".encode())),
        ("题.pdf", written_pdf(info=f"/Title<{TITLE}>")),
        ("词.pdf", written_pdf(info=f"/Keywords<{TITLE}>")),
        ("注.txt", "第一行\n机密★三年\n".encode("gb18030")),
        ("图.png", _picture("PNG", pnginfo=_chunk("add_itxt", "密级：机密"))),
        ("旧.png", _picture("PNG", pnginfo=_chunk("add_text", _as_latin("机密★三年")))),
        ("说.jpg", _picture("JPEG", comment="密级：秘密".encode())),
        ("窗.jpg", _picture("JPEG", exif=_exif(0x9C9B, "机密★".encode("utf-16-le")))),
        ("述.jpg", _picture("JPEG", exif=_exif(0x010E, "绝密★".encode()))),
        ("标.jpg", _picture("JPEG", xmp='<x a="密级：机密"/>'.encode())),
        ("动.gif", _picture("GIF", comment="机密★三年".encode("gb18030"))),
        ("描.tif", _picture("TIFF", tiffinfo={270: "机密★三年".encode()})),
    ],
)
def test_a_marking_anywhere_in_a_file_refuses_it(world: World, name: str, content: bytes) -> None:
    bulletin = drafted(world)
    with pytest.raises(Invalid) as refused:
        attached(world, bulletin, name, content)
    assert "密级标志" in str(refused.value.errors["files"])
    assert db.session.scalar(select(func.count()).select_from(StoredFile)) == 0


def test_numbers_of_persons_are_counted_and_nothing_of_them_is_kept(world: World) -> None:
    bulletin = drafted(world)
    words = "<w:p><w:t>13812345678 11010519491231002X</w:t></w:p><w:p><w:t>13912345678</w:t></w:p>"
    attached(world, bulletin, "名单.docx", docx(words.encode()))
    row = db.session.scalars(select(FileInspection)).one()
    assert (row.is_read, row.identities, row.cards, row.phones) == (True, 1, 0, 2)
    (one,) = [one for one in examine(bulletin).warned if one.check.name == "personal"]
    assert "名单.docx" in one.words
    assert "138" not in one.words


def test_what_nobody_can_read_is_for_a_person_to_look_at(world: World) -> None:
    bulletin = drafted(world)
    attached(world, bulletin, "照片.png", picture())
    attached(world, bulletin, "说明.pdf")
    (one,) = examine(bulletin).warned
    assert one.check.name == "unread"
    assert "照片.png" in one.words
    assert "说明.pdf" not in one.words


def test_the_same_content_is_read_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    bulletin = drafted(world)
    attached(world, bulletin, "一.docx", docx())
    monkeypatch.setattr(inspecting, "inspect", None)
    attached(world, bulletin, "二.docx", docx())
    assert db.session.scalar(select(func.count()).select_from(FileInspection)) == 1


def test_a_bomb_costs_neither_memory_nor_time() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"<w:t>" + b"a" * 400_000_000)
    began = time.monotonic()
    found = inspecting.inspect(FileKind.DOCX, made, made.tell())
    assert not found.is_read
    assert time.monotonic() - began < inspecting.SECONDS


@pytest.mark.parametrize("kind", [FileKind.PDF, FileKind.DOCX, FileKind.OFD])
def test_what_is_broken_is_only_unread(kind: FileKind) -> None:
    content = b"%PDF-1.4 nothing %%EOF"
    assert inspecting.inspect(kind, io.BytesIO(content), len(content)) == inspecting.UNREAD
