"""Text messages in tests: deliveries that clouds can carry, approved templates, several ways."""

from collections.abc import Sequence
from itertools import count

from flask import current_app
from sqlalchemy import select

from agencies.models import Contact
from agencies.states import Channel
from config.database import db, writing
from config.settings import Settings
from notifications import channels
from notifications.models import Delivery
from notifications.posting import Letter, Sheet, post
from notifications.services import templates
from notifications.services.enrolment import ensure_recipients
from notifications.states import Kind
from notifications.texting.inputs import DecisionInput, TemplateInput
from notifications.texting.models import SmsTemplate
from notifications.texting.states import TemplateAction, Vendor
from notifications.words import Words
from tests.notifications.hours import deliveries, recipient_of
from tests.worlds import World

TEXT = "您有${to_acknowledge}件待签收，${due}项任务待办。"
_occasions = count()


def texted(
    people: Sequence[int], *, kind: Kind = Kind.DIGEST, variables: dict[str, str] | None = None
) -> list[Delivery]:
    """A text message of the same words for each of these people, to their own numbers."""
    with writing():
        ensure_recipients(people)
    said = {"to_acknowledge": "2", "due": "1"} if variables is None else variables
    words = Words("", "【畅通】您有2件待签收，1项任务待办。", variables=said)
    sheet = Sheet(kind, Channel.SMS, "zh", f"text {next(_occasions)}", words)
    letters = [
        Letter(
            *(sheet, recipient_of(one).id, phone_of(one)),
            urgent=kind != Kind.DIGEST,
            at_any_hour=True,
        )
        for one in people
    ]
    before = {one.id for one in deliveries()}
    with writing():
        post(letters)
    return [one for one in deliveries() if one.id not in before]


def phone_of(person_id: int) -> str:
    """A person's verified number."""
    return db.session.scalars(
        select(Contact.address).where(
            Contact.person_id == person_id, Contact.channel == Channel.SMS
        )
    ).one()


def approved(
    world: World, vendor: Vendor = Vendor.ALIYUN, kind: Kind = Kind.DIGEST, text: str = TEXT
) -> SmsTemplate:
    """A template that its vendor has approved."""
    actor = world.actor("system")
    data = TemplateInput(vendor=vendor, kind=kind, code=f"SMS_{next(_occasions)}", text=text)
    made = templates.create(actor, data)
    for step in (TemplateAction.SUBMIT, TemplateAction.APPROVE):
        templates.decide(actor, made.id, DecisionInput(action=step))
    return made


def use(**given: object) -> None:
    """Go on with other settings."""
    channels.close()
    settings: Settings = current_app.extensions["settings"]
    changed = {**settings.model_dump(), **given}
    current_app.extensions["settings"] = Settings.model_validate(changed)
