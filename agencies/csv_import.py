"""The tree of agencies as a table: each line checked, then the tree as a whole. Pure."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from flask_babel import gettext as _

from agencies.csv_table import Fault, Line, WrongLines, decoded, lines
from agencies.states import AgencyKind, Level

DEEPEST = 16
LARGEST = 32 * 1024 * 1024  # bytes of a file
LONGEST_NAME = 100
CONTACTS = {"contact_name": 50, "contact_phone": 50, "contact_mail": 254}
REQUIRED = ("code", "name", "level", "parent_code")
COLUMNS = (*REQUIRED, "kind", *CONTACTS)
NAMES = {name: name for name in COLUMNS} | {
    "编码": "code",
    "机构编码": "code",
    "代码": "code",
    "名称": "name",
    "机构名称": "name",
    "级别": "level",
    "层级": "level",
    "上级": "parent_code",
    "上级编码": "parent_code",
    "上级机构编码": "parent_code",
    "类别": "kind",
    "类型": "kind",
    "联系人": "contact_name",
    "联系电话": "contact_phone",
    "电话": "contact_phone",
    "邮箱": "contact_mail",
    "联系邮箱": "contact_mail",
}
LEVELS = {str(level): level for level in Level} | {
    "国家": Level.NATION,
    "国家级": Level.NATION,
    "省": Level.PROVINCE,
    "省级": Level.PROVINCE,
    "市": Level.CITY,
    "市级": Level.CITY,
    "地市级": Level.CITY,
    "县": Level.COUNTY,
    "县级": Level.COUNTY,
    "区县级": Level.COUNTY,
    "乡镇": Level.TOWNSHIP,
    "乡镇级": Level.TOWNSHIP,
}
KINDS = {str(kind): kind for kind in AgencyKind} | {
    "机关": AgencyKind.BUREAU,
    "管理机关": AgencyKind.BUREAU,
    "人民政府": AgencyKind.GOVERNMENT,
    "政府": AgencyKind.GOVERNMENT,
    "人大": AgencyKind.CONGRESS,
    "人大常委会": AgencyKind.CONGRESS,
    "人民代表大会": AgencyKind.CONGRESS,
    "协会": AgencyKind.ASSOCIATION,
    "企业": AgencyKind.ENTERPRISE,
    "内设机构": AgencyKind.OFFICE,
}
_CODE = re.compile(r"[0-9A-Za-z._-]{1,32}")
_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


@dataclass(frozen=True)
class Row:
    """One agency of a table. What the table has no column for is None and stays as it is."""

    line: int
    code: str
    name: str
    level: Level
    parent_code: str
    kind: AgencyKind | None
    contacts: Mapping[str, str]


@dataclass
class Table:
    """What a file says: its good lines, its wrong ones, and the codes that stand on those."""

    rows: list[Row] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    spoiled: set[str] = field(default_factory=set)


def parsed(data: bytes) -> Table:
    """The lines of a CSV file, each checked for itself; raises WrongLines for what is no table."""
    table = _checked(lines(decoded(data), NAMES, REQUIRED))
    if not table.rows and not table.faults:
        raise WrongLines([Fault(0, _("文件里除了表头没有任何机构。"))])
    return table


def _checked(found: Iterable[Line | Fault]) -> Table:
    table = Table()
    first_line: dict[str, int] = {}
    for one in found:
        row = one if isinstance(one, Fault) else _row(one)
        if isinstance(row, Fault):
            table.faults.append(row)
            if isinstance(one, Line):
                table.spoiled.add(one.cells["code"])
            continue
        earlier = first_line.setdefault(row.code, row.line)
        if earlier != row.line:
            reason = _("编码 %(code)s 与第 %(line)s 行重复。", code=row.code, line=earlier)
            table.faults.append(Fault(row.line, reason))
        else:
            table.rows.append(row)
    return table


def _row(line: Line) -> Row | Fault:
    cells = line.cells
    code, parent = (unicodedata.normalize("NFKC", cells[key]) for key in ("code", "parent_code"))
    level, kind = cells["level"].casefold(), cells.get("kind", "").casefold()
    contacts = {key: cells[key] for key in CONTACTS if key in cells}
    reason = (
        _of_code(code, parent)
        or _of_name(cells["name"])
        or _of_words(level, kind)
        or _of_contacts(contacts)
    )
    if reason:
        return Fault(line.number, reason)
    return Row(
        line.number,
        code,
        cells["name"],
        LEVELS[level],
        parent,
        KINDS[kind] if kind else None,
        contacts,
    )


def _of_code(code: str, parent: str) -> str | None:
    if not _CODE.fullmatch(code):
        return _("编码为空，或不是 1 到 32 个字母、数字、点和横线。")
    if parent and not _CODE.fullmatch(parent):
        return _("上级编码不是 1 到 32 个字母、数字、点和横线。")
    return _("上级编码是它自己。") if parent == code else None


def _of_name(name: str) -> str | None:
    if not name:
        return _("名称为空。")
    if len(name) > LONGEST_NAME:
        return _("名称超过 %(count)s 个字。", count=LONGEST_NAME)
    return None


def _of_words(level: str, kind: str) -> str | None:
    if level not in LEVELS:
        words = "nation、province、city、county、township"
        return _("级别“%(word)s”不认识，应为 %(words)s。", word=level[:20], words=words)
    if kind and kind not in KINDS:
        words = "bureau、association、enterprise、office"
        return _("类别“%(word)s”不认识，应为 %(words)s。", word=kind[:20], words=words)
    return None


def _of_contacts(contacts: Mapping[str, str]) -> str | None:
    for key, value in contacts.items():
        if len(value) > CONTACTS[key]:
            return _("%(column)s 超过 %(count)s 个字。", column=key, count=CONTACTS[key])
    mail = contacts.get("contact_mail")
    return _("contact_mail 不是邮箱地址。") if mail and not _MAIL.fullmatch(mail) else None


def laid_over(table: Table, parents: Mapping[str, str]) -> dict[str, int]:
    """How deep each agency stands once the table is laid over the tree that is (code → parent).

    Raises WrongLines with all of the table's faults, and parents that nobody knows, circles and
    what stands too deep.
    """
    tree = {**parents, **{row.code: row.parent_code for row in table.rows}}
    known = tree.keys() | table.spoiled | {""}
    faults = table.faults + [
        Fault(row.line, _("找不到上级 %(code)s。", code=row.parent_code))
        for row in table.rows
        if row.parent_code not in known
    ]
    depth, circling = _measured(tree)
    for row in table.rows:
        if row.code in circling:
            faults.append(Fault(row.line, _("上级关系绕成了圈。")))
        elif depth.get(row.code, 0) > DEEPEST:
            faults.append(Fault(row.line, _("层次超过 %(count)s 层。", count=DEEPEST)))
    if faults:
        raise WrongLines(faults)
    return depth


def _measured(tree: Mapping[str, str]) -> tuple[dict[str, int], set[str]]:
    depth: dict[str, int] = {"": 0}
    circling: set[str] = set()
    for code in tree:
        path: list[str] = []
        on_path: set[str] = set()
        at = code
        while at in tree and at not in depth and at not in on_path:
            path.append(at)
            on_path.add(at)
            at = tree[at]
        if at in on_path:
            circling.update(path[path.index(at) :])
        below = depth.get(at, 0)
        for number, passed in enumerate(reversed(path), start=1):
            depth[passed] = below + number
    return depth, circling
