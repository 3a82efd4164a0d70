"""The province in which it all happens: bureaus, whoever writes, signs and reads, recipients."""

from dataclasses import dataclass

from sqlalchemy import select

from agencies.actors import Actor
from agencies.states import Level, SeatKind
from benchmarks.people import Somebody, actor, know_the_tables, mail_of, plant, settle_in
from bulletins.inputs import DraftInput
from bulletins.services import create_draft, sign, submit
from config.database import db, writing
from notifications.models import Recipient
from notifications.services.enrolment import enrol

BELOW = {Level.CITY: 11, Level.COUNTY: 167}
APPROVER = "approver"
OFFICES = 6
BODY = "请各地认真组织实施，并于月底前反馈结果。\n\n"


@dataclass(frozen=True)
class Province:
    """179 bureaus: the one on top publishes, everybody below receives.

    ``recipients`` have a digest by mail, by their id in the ledger of deliveries. ``clerks`` sit
    in the offices that read and acknowledge.
    """

    clerk: Actor
    approver: Actor
    audience: frozenset[int]
    recipients: frozenset[int]
    clerks: tuple[str, ...]
    refused: tuple[str, ...]
    deferred: tuple[str, ...]

    @classmethod
    def built(cls, recipients: int) -> "Province":
        """Write it to the database in hand, with so many recipients."""
        with writing():
            top, *below = plant(Level.PROVINCE, BELOW)
            readers = [
                Somebody(f"reader-{number}", below[number % len(below)], SeatKind.READER)
                for number in range(recipients)
            ]
            offices = [
                Somebody(f"office-{number}", agency_id, SeatKind.CLERK)
                for number, agency_id in enumerate(below[-OFFICES:])
            ]
            signing = [
                Somebody("clerk", top, SeatKind.CLERK),
                Somebody(APPROVER, top, SeatKind.APPROVER),
            ]
            people = settle_in([*signing, *offices, *readers])
            enrol(people[-recipients:], position=0)
        know_the_tables()
        names = [one.username for one in readers]
        return cls(
            clerk=actor(people[0]),
            approver=actor(people[1]),
            audience=frozenset(below),
            recipients=frozenset(db.session.scalars(select(Recipient.id))),
            clerks=tuple(one.username for one in offices),
            refused=tuple(map(mail_of, names[:: max(1, recipients // 5)])),
            deferred=tuple(map(mail_of, names[1 :: max(1, recipients // 5)])),
        )

    def submitted(self, title: str) -> int:
        """A paper for everybody below that only has to be signed."""
        draft = DraftInput(title=title, body=BODY, to_all=True, needs_acknowledgement=True)
        bulletin_id = create_draft(self.clerk, draft).id
        submit(self.clerk, bulletin_id, ["similar"])
        return bulletin_id

    def published(self, title: str) -> int:
        """A paper for everybody below, signed."""
        bulletin_id = self.submitted(title)
        sign(self.approver, bulletin_id, looked_at=["similar"])
        return bulletin_id
