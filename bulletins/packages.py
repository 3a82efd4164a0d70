"""Documents that are containers: zip packages (OOXML, ODF, OFD) and OLE files (DOC, WPS and kin).

Limits keep a few kilobytes from becoming gigabytes in whatever opens them.
"""

import zipfile
import zlib
from pathlib import PurePosixPath
from typing import IO

import olefile
from flask_babel import gettext as _

MOST_MEMBERS = 10_000
MOST_UNPACKED = 500 * 1024 * 1024

_OOXML = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx", "ppt/presentation.xml": "pptx"}
_ODF = "application/vnd.oasis.opendocument."
_ODF_KINDS = {_ODF + "text": "odt", _ODF + "spreadsheet": "ods", _ODF + "presentation": "odp"}
_OLE_KINDS = {
    "worddocument": "doc",
    "workbook": "xls",
    "book": "xls",
    "powerpoint document": "ppt",
}
_END = b"PK\x05\x06"


class Unacceptable(Exception):
    """A file that may not be attached; the message says why, in the user's language."""


def zip_kind(file: IO[bytes], size: int) -> str:
    """Which document a zip package is; raises Unacceptable for any other zip file."""
    file.seek(max(0, size - 22))
    if not file.read(4) == _END:  # something hangs on its end
        raise _damaged()
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as package:
            members = package.infolist()
            _check_members(members, size)
            names = {member.filename for member in members}
            kind = _package_kind(package, names)
            _check_contents(package, members)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, KeyError) as error:
        raise _damaged() from error
    except (NotImplementedError, RuntimeError) as error:
        raise Unacceptable(_("文件有密码，无法检查。请去掉密码后再上传。")) from error
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise _has_macros()
    return kind


def _check_members(members: list[zipfile.ZipInfo], size: int) -> None:
    """Before anything is unpacked: how much it says it holds, and whether parts lie on another."""
    unpacked = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    if len(members) > MOST_MEMBERS or unpacked > MOST_UNPACKED or packed > size:
        raise Unacceptable(_("文件解开后过大，可能是恶意文件，不能上传。"))
    names = [PurePosixPath(member.filename) for member in members]
    if any(name.is_absolute() or ".." in name.parts for name in names):
        raise _damaged()


def _package_kind(package: zipfile.ZipFile, names: set[str]) -> str:
    if "OFD.xml" in names:
        return "ofd"
    if "[Content_Types].xml" in names:
        for name, kind in _OOXML.items():
            if name in names:
                return kind
    if "mimetype" in names:
        with package.open("mimetype") as member:
            media_type = member.read(200).decode("ascii", "replace").strip()
        if media_type in _ODF_KINDS:
            return _ODF_KINDS[media_type]
    raise Unacceptable(_("不接受压缩包，请解开后把里面的文件分别上传。"))


def _check_contents(package: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> None:
    """Unpack all of it into nothing: what is longer than it says, or damaged, shows itself."""
    for member in members:
        with package.open(member) as content:
            while content.read(256 * 1024):
                pass


def ole_kind(file: IO[bytes]) -> str:
    """Which document an OLE file is; raises Unacceptable for any other, and for macros."""
    file.seek(0)
    try:
        with olefile.OleFileIO(file.read()) as document:
            paths = [[part.lower() for part in path] for path in document.listdir()]
    except Exception as error:  # what a damaged file makes of the parser is not foreseeable
        raise _damaged() from error
    if any(path[-1] in ("_vba_project", "vba") for path in paths):
        raise _has_macros()
    if any(path == ["encryptedpackage"] for path in paths):
        raise Unacceptable(_("文件有密码，无法检查。请去掉密码后再上传。"))
    for path in paths:
        if len(path) == 1 and path[0] in _OLE_KINDS:
            return _OLE_KINDS[path[0]]
    raise Unacceptable(_("认不出这个文件的格式。请另存为 DOCX、PDF 或 OFD 后再上传。"))


def _damaged() -> Unacceptable:
    return Unacceptable(_("文件已损坏或被改动过。请用原来的软件重新保存一份再上传。"))


def _has_macros() -> Unacceptable:
    return Unacceptable(_("文件带有宏，可能有害。请另存为不带宏的格式后再上传。"))
