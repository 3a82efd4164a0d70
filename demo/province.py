"""The demo province: Hebei's bureaus, their people, and what they did in the last two weeks."""

from collections.abc import Mapping
from datetime import timedelta

from agencies.actors import console
from agencies.services.imports import import_agencies
from agencies.states import AdminRole
from config import clock, settling
from config.database import writing
from config.preparing import Demo
from demo import people, samples
from demo.bureaus import as_csv, bureaus, others
from notifications.services.enrolment import enrol

ADMINISTRATORS = {
    AdminRole.SYSTEM: ("admin-system", "系统管理员"),
    AdminRole.SECURITY: ("admin-security", "安全管理员"),
    AdminRole.AUDIT: ("admin-audit", "审计管理员"),
}
ACCOUNTS = (
    ("130000-clerk", "河北省市场监督管理局 经办"),
    ("130000-approver", "河北省市场监督管理局 签发"),
    ("130100-clerk", "石家庄市市场监督管理局 经办"),
    ("130102-clerk", "长安区市场监督管理局 经办"),
    ("130102-reader", "长安区市场监督管理局 阅文"),
    *ADMINISTRATORS.values(),
)
AGE = timedelta(days=30)


def load(passwords: Mapping[str, str]) -> None:
    """Load it all; ``passwords`` by user name, the others can't sign in.

    All in one transaction, but for what has files, which comes after it.
    """
    hashes = people.hashed(passwords)
    with writing():
        with clock.shifted(-AGE):
            import_agencies(console(), as_csv([*bureaus(), *others()]))
            ids = people.settle(people.places(), hashes)
            people.administrators(hashes, ADMINISTRATORS)
        enrol(ids, position=0)
        samples.play()
    samples.attach()
    settling.settle_all()


DEMO = Demo(ACCOUNTS, load)
