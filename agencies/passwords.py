"""What makes a password good enough: its length, and not being one that everybody tries first."""

from typing import Any

from flask import current_app
from flask_babel import gettext as _
from flask_security.password_util import PasswordUtil
from flask_security.utils import hash_password, verify_password

from agencies.models import Person
from config.errors import Invalid

SHORTEST, LONGEST = 10, 200

# The heads of the public lists of leaked passwords, as far as they are long enough to pass.
_COMMON = frozenset(
    """
    1234567890 0123456789 12345678910 123456789a a123456789 qq123456789 1234567891 0987654321
    9876543210 1111111111 0000000000 8888888888 6666666666 1q2w3e4r5t 1qaz2wsx3edc q1w2e3r4t5
    qwertyuiop qwerty12345 qwerty123456 asdfghjkl; zaq12wsxcde3 password12 password123 passw0rd123
    password1234 p@ssw0rd123 adminadmin admin12345 admin123456 administrator changtong changtong123
    iloveyou123 woaini1314 woaini5201314 woaini520 5201314520 1314520520 1122334455 1234512345
    abc123456789 abcd123456 abcdefghij abcdef123456 aa123456789 abc1234567 123qweasdzxc qwe123456789
    letmein123 welcome123 shijiazhuang zhongguo123 beijing2008 china123456 hebei123456
    """.split()
)


class PasswordRules(PasswordUtil):
    """Flask-Security's check of a password, with our rules: length and list, no composition."""

    def validate(
        self, password: str, is_register: bool, **kwargs: Any
    ) -> tuple[list[str] | None, str]:
        """What is wrong with a password (None: nothing), and the password normalised."""
        normal = self.normalize(password)
        folded = normal.casefold()
        username = str(kwargs.get("username", "")).casefold()
        if len(normal) < SHORTEST:
            return [_("密码至少要有 %(count)s 个字符。", count=SHORTEST)], normal
        if len(normal) > LONGEST:
            return [_("密码不能超过 %(count)s 个字符。", count=LONGEST)], normal
        if folded in _COMMON or len(set(folded)) < 4:
            return [_("这个密码太常见，容易被猜到，请换一个。")], normal
        if username and (folded == username or folded.replace(username, "").isdecimal()):
            return [_("密码不能是用户名，也不能只是用户名加数字。")], normal
        return None, normal


def _rules() -> PasswordRules:
    rules: PasswordRules = current_app.extensions["security"].password_util
    return rules


def fault(password: str, person: Person) -> str | None:
    """What is wrong with a new password; None where it is good enough."""
    faults, _normal = _rules().validate(password, False, username=person.username)
    return faults[0] if faults else None


def hashed(password: str, person: Person, field: str = "password") -> str:
    """The hash to keep of a new password; raises Invalid at ``field`` where it is too weak.

    Takes tens of milliseconds: call it before the write transaction.
    """
    faults, normal = _rules().validate(password, False, username=person.username)
    if faults:
        raise Invalid(errors={field: faults[0]})
    return str(hash_password(normal))


def matches(password: str, kept: str | None) -> bool:
    """Whether a password is the one kept; takes as long where nothing is kept."""
    normal = _rules().normalize(password)[: LONGEST * 2]
    if kept is None:
        hash_password(normal)
        return False
    return bool(verify_password(normal, kept))
