"""What a file is, by its content; whatever could be two things, or too much, is refused."""

import io
import zipfile
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletins import packages
from bulletins.filenames import NAME_LENGTH, disposition, safe_name
from bulletins.filetypes import FileKind, detect
from bulletins.packages import Unacceptable
from tests.bulletins import files
from tests.bulletins.files import PDF, SVG, docx, ole, package, picture

ODF = b"application/vnd.oasis.opendocument."


def detected(content: bytes) -> str:
    """The kind of a file of that content."""
    return str(detect(io.BytesIO(content), len(content)))


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PDF, "pdf"),
        (docx(), "docx"),
        (package({files.TYPES: b"", "xl/workbook.xml": b""}), "xlsx"),
        (package({files.TYPES: b"", "ppt/presentation.xml": b""}), "pptx"),
        (package({"OFD.xml": b"", "Doc_0/Document.xml": b""}), "ofd"),
        (package({"mimetype": ODF + b"text", "content.xml": b""}), "odt"),
        (package({"mimetype": ODF + b"spreadsheet"}), "ods"),
        (package({"mimetype": ODF + b"presentation"}), "odp"),
        (ole("WordDocument", "1Table"), "doc"),
        (ole("Workbook"), "xls"),
        (ole("Book"), "xls"),
        (ole("Current User", "PowerPoint Document"), "ppt"),
        (picture("PNG"), "png"),
        (picture("JPEG"), "jpeg"),
        (picture("GIF"), "gif"),
        (picture("BMP"), "bmp"),
        (picture("TIFF"), "tiff"),
        (picture("WEBP"), "webp"),
        ("县局,数量\r\n长安区,3\n".encode(), "text"),
        ("县局,数量\n".encode("gb18030"), "text"),
        ("县局,数量\n".encode("utf-16"), "text"),
        ("\ufeff通知".encode(), "text"),
        (("一" * 300_000).encode(), "text"),
    ],
)
def test_what_may_be_attached_is_known_by_its_content(content: bytes, kind: str) -> None:
    assert detected(content) == kind


PNG = picture("PNG")


def _saying(size: int) -> bytes:
    """A package whose member of 5,000 bytes says that it has so many."""
    true = package({files.TYPES: b"", "word/document.xml": bytes(5000)})
    return true.replace((5000).to_bytes(4, "little"), size.to_bytes(4, "little"))


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(SVG, id="SVG with script"),
        pytest.param(b"\xef\xbb\xbf<?xml version='1.0'?>" + SVG, id="SVG behind a BOM"),
        pytest.param(SVG.decode().encode("utf-16"), id="SVG in UTF-16"),
        pytest.param(b"\n\n<HTML><body>", id="page"),
        pytest.param(b"MZ\x90\0\x03\0\0\0", id="program"),
        pytest.param(b"\x7fELF\x02\x01\x01\0", id="Linux program"),
        pytest.param(b"\0" * 100, id="zeros"),
        pytest.param(b"text\x1b[2J", id="control characters"),
        pytest.param(package({"a.txt": b"x"}), id="archive"),
        pytest.param(package({"a.jar": b"x", "META-INF/MANIFEST.MF": b""}), id="jar"),
        pytest.param(PDF + docx(), id="PDF with a package behind it"),
        pytest.param(PNG + package({"evil.class": b"x"}), id="picture with an archive behind it"),
        pytest.param(PDF[:-8], id="PDF cut short"),
        pytest.param(b"\n" + PDF, id="PDF not at the start"),
        pytest.param(b"%PDF-1.4 <html><script>" + PDF, id="PDF with a page in its head"),
        pytest.param(b"GIF89a/*<script>*/" + picture("GIF")[18:], id="picture with a script"),
        pytest.param(PNG + b"<script>alert(1)</script>", id="picture with a script behind it"),
        pytest.param(PNG[:40], id="picture cut in its head"),
        pytest.param(files.huge_png(20_000, 20_000), id="picture of 400 million pixels"),
        pytest.param(files.huge_png(11_000, 11_000), id="picture of 121 million pixels"),
        pytest.param(_saying(packages.MOST_UNPACKED + 1), id="decompression bomb"),
        pytest.param(_saying(5), id="package with more than it says"),
        pytest.param(docx() + b"\0", id="package with something behind it"),
        pytest.param(b"\0" + docx(), id="package with something before it"),
        pytest.param(docx()[:-30], id="package cut short"),
        pytest.param(docx(**{"word/vbaProject.bin": b""}), id="macros"),
        pytest.param(docx(**{"../../etc/cron.d/evil": b""}), id="package that leads out"),
        pytest.param(docx(**{"/etc/passwd": b""}), id="package with an absolute path"),
        pytest.param(ole("WordDocument", "_VBA_PROJECT"), id="OLE with macros"),
        pytest.param(ole("EncryptedPackage", "EncryptionInfo"), id="encrypted"),
        pytest.param(ole("Something"), id="OLE of another program"),
        pytest.param(ole("WordDocument")[:600], id="OLE cut short"),
        pytest.param(package({"mimetype": b"application/epub+zip"}), id="book"),
    ],
)
def test_what_may_not_is_refused_with_a_reason(content: bytes) -> None:
    with pytest.raises(Unacceptable) as refused:
        detected(content)
    assert str(refused.value).endswith("。")


def test_members_that_lie_on_each_other_are_refused() -> None:
    """The way to petabytes in a few kilobytes: one compressed block named by many members."""
    content = package({files.TYPES: b"", "word/document.xml": bytes(100_000)})
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entry = archive.getinfo("word/document.xml")
    start = content.index(b"PK\x01\x02", entry.header_offset)
    end = content.index(b"PK\x05\x06")
    last = content[content.rindex(b"PK\x01\x02") : end]
    count = 2000
    tail = bytearray(content[end:])
    tail[8:12] = (count + 2).to_bytes(2, "little") * 2
    tail[12:16] = (end - start + count * len(last)).to_bytes(4, "little")
    with pytest.raises(Unacceptable):
        detected(content[:end] + last * count + bytes(tail))


@pytest.mark.filterwarnings("ignore")  # what Pillow says of broken pictures
@given(st.binary(max_size=300))
def test_no_content_breaks_it(content: bytes) -> None:
    for head in (b"", b"%PDF-", PNG[:30], docx()[:40], ole("WordDocument")[:520], b"II*\0"):
        with suppress(Unacceptable):
            detected(head + content)


@pytest.mark.parametrize(
    ("name", "kind", "safe"),
    [
        ("附件1 检查表.docx", FileKind.DOCX, "附件1 检查表.docx"),
        ("年报.WPS", FileKind.DOC, "年报.WPS"),
        ("../../etc/passwd", FileKind.TEXT, "passwd.txt"),
        (r"C:\Users\li\照片.PNG", FileKind.PNG, "照片.PNG"),
        ("照片.jpg", FileKind.PNG, "照片.png"),
        ("invoice.pdf.exe", FileKind.PDF, "invoice.pdf.exe.pdf"),
        ("a\r\nSet-Cookie: x.pdf", FileKind.PDF, "aSet-Cookie x.pdf"),
        ("\u202egnp.exe.png", FileKind.PNG, "gnp.exe.png"),
        ("a\0b.txt", FileKind.TEXT, "ab.txt"),
        ('"><script>.txt', FileKind.TEXT, "script.txt"),
        ("CON.txt", FileKind.TEXT, "_CON.txt"),
        ("..", FileKind.PDF, "附件.pdf"),
        ("", FileKind.PDF, "附件.pdf"),
        (".pdf", FileKind.PDF, "附件.pdf"),
        ("\ud800.pdf", FileKind.PDF, "附件.pdf"),
        ("😀.pdf", FileKind.PDF, "😀.pdf"),
    ],
)
def test_names_are_made_safe(name: str, kind: FileKind, safe: str) -> None:
    assert safe_name(name, kind) == safe


@given(st.text(max_size=400), st.sampled_from(FileKind))
def test_any_name_becomes_one_that_is_safe_everywhere(name: str, kind: FileKind) -> None:
    safe = safe_name(name, kind)
    assert 3 < len(safe) <= NAME_LENGTH
    assert not set(safe) & set('/\\:*?"<>|\0\r\n')
    assert not safe.startswith(".")
    header = disposition(safe)
    assert header.isascii()
    assert header.isprintable()
    assert header.count('"') == 2
    assert safe_name(safe, kind) == safe


def test_a_chinese_name_goes_into_the_header_as_the_standard_says() -> None:
    """RFC 6266 and RFC 5987: UTF-8 in per cent, and a plain name for who knows neither."""
    expected = "attachment; filename=\"__.pdf\"; filename*=UTF-8''%E9%80%9A%E7%9F%A5.pdf"
    assert disposition("通知.pdf") == expected
