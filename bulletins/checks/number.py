"""Whether an official paper will have a number (发文字号), a part of it by 条例 第九条."""

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from bulletins.paper_types import TYPES
from bulletins.ports import Check, Examined, Finding, Level
from bulletins.queries import numbers


def find(paper: Examined) -> Sequence[Finding]:
    """That it will have none, and what to do; what only corrects another keeps what that has."""
    bulletin = paper.bulletin
    is_numbered = bulletin.organ_code_id is not None or bulletin.number is not None
    if is_numbered or bulletin.version or not TYPES[bulletin.type].is_official:
        return []
    if numbers.codes_in_use(bulletin.issuer_id):
        return [Finding(_("没有选机关代字，签发后没有发文字号。要编号，请在起草页上选好代字。"))]
    words = _("本机关还没有启用机关代字，签发后没有发文字号。签发岗位可在“发文登记”里启用。")
    return [Finding(words)]


CHECK = Check("number", _l("发文字号"), Level.NOTE, find)
