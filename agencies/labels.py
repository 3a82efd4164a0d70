"""The words in which people read kinds, levels, seats and roles."""

from flask_babel import lazy_gettext as _l

from agencies.models import Seat
from agencies.states import AdminRole, AgencyKind, Channel, Level, SeatKind

LEVELS = {
    Level.NATION: _l("国家级"),
    Level.PROVINCE: _l("省级"),
    Level.CITY: _l("市级"),
    Level.COUNTY: _l("县级"),
    Level.TOWNSHIP: _l("乡镇级"),
}
KINDS = {
    AgencyKind.BUREAU: _l("管理机关"),
    AgencyKind.GOVERNMENT: _l("人民政府"),
    AgencyKind.CONGRESS: _l("人大"),
    AgencyKind.ASSOCIATION: _l("协会"),
    AgencyKind.ENTERPRISE: _l("企业"),
    AgencyKind.OFFICE: _l("内设机构"),
}
SEATS = {
    SeatKind.READER: _l("阅文"),
    SeatKind.CLERK: _l("经办"),
    SeatKind.APPROVER: _l("签发"),
    SeatKind.LIAISON: _l("联络员"),
    SeatKind.DUTY: _l("值班"),
}
ROLES = {
    AdminRole.SYSTEM: _l("系统管理员"),
    AdminRole.SECURITY: _l("安全管理员"),
    AdminRole.AUDIT: _l("审计员"),
}
CHANNELS = {Channel.MAIL: _l("邮箱"), Channel.SMS: _l("手机")}


def level(value: str) -> str:
    """A level in words."""
    return str(LEVELS[Level(value)])


def kind(value: str) -> str:
    """A kind of agency in words."""
    return str(KINDS[AgencyKind(value)])


def seat_kind(value: str) -> str:
    """A kind of seat in words."""
    return str(SEATS[SeatKind(value)])


def role(value: str) -> str:
    """An administrator's role in words."""
    return str(ROLES[AdminRole(value)])


def channel(value: str) -> str:
    """A channel in words."""
    return str(CHANNELS[Channel(value)])


def seat(value: Seat) -> str:
    """A seat in words: its own label, else its kind."""
    return value.label or seat_kind(value.kind)


def seat_choices() -> list[tuple[str, str]]:
    """The kinds of seats for a form's list."""
    return [(str(one), str(words)) for one, words in SEATS.items()]


FILTERS = {
    "level_label": level,
    "kind_label": kind,
    "seat_kind_label": seat_kind,
    "role_label": role,
    "channel_label": channel,
    "seat_label": seat,
}
"""Filters for templates, registered by the app."""
