"""The pages of agencies, people and accounts."""

from flask_babel import lazy_gettext as _l

from agencies.web import (
    absences,
    account,
    agencies,
    audit,
    calendar,
    contacts,
    imports,
    invitations,
    keys,
    people,
    seats,
    sign_in,
)
from agencies.web.blueprint import bp
from config.navigation import ADMINISTRATION as ADMIN
from config.navigation import DIRECTORY, OWN, NavItem

NAVIGATION = (
    NavItem(_l("机构与联系人"), "agencies.agencies", "tree", DIRECTORY, "agency.browse", 500),
    NavItem(_l("工作日历"), "agencies.calendar", "calendar", DIRECTORY, "calendar.read", 510),
    NavItem(_l("人员"), "agencies.people", "people", ADMIN, "person.read", 600),
    NavItem(_l("导入机构"), "agencies.import_page", "upload", ADMIN, "agency.import", 610),
    NavItem(_l("审计日志"), "agencies.journal", "shield", ADMIN, "journal.read", 620),
    NavItem(_l("我的账号"), "agencies.account", "user", OWN, "account.own", 900),
    NavItem(_l("我的密钥"), "agencies.keys", "key", OWN, "account.own", 910),
)

__all__ = [
    "NAVIGATION",
    "absences",
    "account",
    "agencies",
    "audit",
    "bp",
    "calendar",
    "contacts",
    "imports",
    "invitations",
    "keys",
    "people",
    "seats",
    "sign_in",
]
