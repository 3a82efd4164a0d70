"""The agencies of the demo province, as the table that an administrator would import."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from agencies.states import AgencyKind, Level
from demo.credit_codes import credit_code
from demo.divisions import within

PROVINCE = "130000"
BUREAU = "市场监督管理局"

ASSOCIATION = ("河北省质量服务协会", PROVINCE)
ENTERPRISES = (
    ("石家庄晴川乳品有限公司", "130102"),
    ("石家庄佳禾食品有限公司", "130104"),
    ("唐山北岭特种钢有限公司", "130202"),
    ("秦皇岛海晏玻璃有限公司", "130302"),
    ("邯郸丛岭水泥有限公司", "130403"),
    ("邢台平野自行车有限公司", "130502"),
    ("保定云溪新能源电缆有限公司", "130606"),
    ("张家口塞上燕麦食品有限公司", "130702"),
    ("沧州渤远管件有限公司", "130902"),
    ("衡水滏阳橡胶制品有限公司", "131102"),
)


@dataclass(frozen=True)
class Line:
    """One agency of the table."""

    code: str
    name: str
    level: Level
    kind: AgencyKind
    parent_code: str


def bureaus() -> list[Line]:
    """The bureau of each division of the province: 1 + 11 + 167."""
    return [
        Line(
            division.code,
            division.name + BUREAU,
            Level(division.level),
            AgencyKind.BUREAU,
            "" if division.code == PROVINCE else division.parent_code,
        )
        for division in within(PROVINCE)
    ]


def others() -> list[Line]:
    """An association at the province's side, and enterprises where they are supervised."""
    name, parent = ASSOCIATION
    code = credit_code("51", parent, 1)
    association = Line(code, name, Level.PROVINCE, AgencyKind.ASSOCIATION, parent)
    return [
        association,
        *(
            Line(
                credit_code("91", parent, number),
                name,
                Level.COUNTY,
                AgencyKind.ENTERPRISE,
                parent,
            )
            for number, (name, parent) in enumerate(ENTERPRISES, 1)
        ),
    ]


def as_csv(lines: Iterable[Line]) -> bytes:
    """The table as the import takes it."""
    columns: Sequence[str] = ("code", "name", "level", "kind", "parent_code")
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([getattr(line, column) for column in columns] for line in lines)
    return text.getvalue().encode()
