"""The words in which people read files: their kinds, their sizes, what was done with them."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from agencies.ports import ENTRY_WORDS
from bulletins.filetypes import ENDINGS, FileKind

KINDS = {
    FileKind.PDF: _l("PDF"),
    FileKind.DOCX: _l("文字文档"),
    FileKind.DOC: _l("文字文档"),
    FileKind.ODT: _l("文字文档"),
    FileKind.XLSX: _l("表格"),
    FileKind.XLS: _l("表格"),
    FileKind.ODS: _l("表格"),
    FileKind.PPTX: _l("演示文稿"),
    FileKind.PPT: _l("演示文稿"),
    FileKind.ODP: _l("演示文稿"),
    FileKind.OFD: _l("OFD 版式文件"),
    FileKind.TEXT: _l("文本"),
}
ENTRIES = {
    "attachment.added": _l("添加附件"),
    "attachment.removed": _l("删去附件"),
    "attachment.renamed": _l("附件改名"),
    "attachment.moved": _l("调整附件顺序"),
    "attachment.downloaded": _l("下载附件"),
    "attachment.viewed": _l("预览附件"),
    "attachment.swept": _l("清理附件"),
}
"""What the auditor reads for the journal's entries about attachments."""

ACCEPTED = ",".join(f".{ending}" for ending in sorted(ENDINGS))
"""What a browser's file dialog offers first; the content is what counts."""


def kind(value: str) -> str:
    """A kind of file in words."""
    return str(KINDS.get(FileKind(value), _("图片")))


def size(value: int) -> str:
    """A number of bytes as people read it, e.g. ``1.4 MB``."""
    if value < 1024:
        return _("%(number)s 字节", number=value)
    if value < 1024 * 1024:
        return f"{value / 1024:.0f} KB"
    return f"{value / 1024 / 1024:.1f} MB"


FILTERS = {"file_kind": kind, "file_size": size}
"""Filters for templates, registered with the pages."""


def fill() -> None:
    """Give the auditor's page its words for what happens to attachments."""
    ENTRY_WORDS.update(ENTRIES)
