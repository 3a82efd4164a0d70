"""People as a table: user name, name, agency, seats, addresses. Each line checked. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from flask_babel import gettext as _
from pydantic import ValidationError

from agencies.csv_table import Fault, Line, WrongLines, decoded, lines
from agencies.inputs import PersonInput, SeatInput
from agencies.labels import SEATS
from config.forms import messages

REQUIRED = ("username", "name")
COLUMNS = (*REQUIRED, "agency_code", "seats", "mail", "phone")
NAMES = {name: name for name in COLUMNS} | {
    "用户名": "username",
    "账号": "username",
    "姓名": "name",
    "机构编码": "agency_code",
    "机构": "agency_code",
    "岗位": "seats",
    "邮箱": "mail",
    "手机": "phone",
    "手机号": "phone",
}
_BETWEEN = re.compile(r"[;；、|]")


@dataclass(frozen=True)
class PersonRow:
    """One person of a table and the seats they shall hold."""

    line: int
    person: PersonInput
    agency_code: str
    seats: tuple[SeatInput, ...]


@dataclass
class People:
    """What a file says: its good lines and its wrong ones."""

    rows: list[PersonRow] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def parsed(data: bytes) -> People:
    """The people of a CSV file; raises WrongLines for what is no table."""
    people = _checked(lines(decoded(data), NAMES, REQUIRED))
    if not people.rows and not people.faults:
        raise WrongLines([Fault(0, _("文件里除了表头没有任何人员。"))])
    return people


def _checked(found: Iterable[Line | Fault]) -> People:
    people = People()
    first_line: dict[str, int] = {}
    for one in found:
        row = one if isinstance(one, Fault) else _row(one)
        if isinstance(row, Fault):
            people.faults.append(row)
            continue
        name = row.person.username
        earlier = first_line.setdefault(name, row.line)
        if earlier != row.line:
            reason = _("用户名 %(name)s 与第 %(line)s 行重复。", name=name, line=earlier)
            people.faults.append(Fault(row.line, reason))
        else:
            people.rows.append(row)
    return people


def _row(line: Line) -> PersonRow | Fault:
    cells = line.cells
    known = {name: cells[name] for name in ("username", "name", "mail", "phone") if name in cells}
    try:
        person = PersonInput.model_validate(known)
        seats = tuple(_seats(cells.get("seats", "")))
    except ValidationError as error:
        name, message = next(iter(messages(error).items()))
        return Fault(line.number, f"{name}：{message}")
    except KeyError as error:
        words = "reader、clerk、approver、liaison、duty"
        reason = _("岗位“%(word)s”不认识，应为 %(words)s。", word=error.args[0], words=words)
        return Fault(line.number, reason)
    agency_code = cells.get("agency_code", "")
    if seats and not agency_code:
        return Fault(line.number, _("有岗位而没有机构编码。"))
    return PersonRow(line.number, person, agency_code, seats)


def _seats(words: str) -> Iterable[SeatInput]:
    """Kinds of seats, each with its own label after a colon where it has one."""
    kinds = {str(kind): kind for kind in SEATS} | {
        "阅文": "reader",
        "经办": "clerk",
        "签发": "approver",
        "联络员": "liaison",
        "值班": "duty",
    }
    for part in filter(None, (part.strip() for part in _BETWEEN.split(words))):
        kind, _colon, label = part.replace("：", ":").partition(":")
        if kind.strip().casefold() not in kinds:
            raise KeyError(kind[:20])
        yield SeatInput(kind=kinds[kind.strip().casefold()], label=label.strip())
