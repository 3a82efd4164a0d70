"""The words of messages: templates filled for everybody who shares them, in one language."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from zoneinfo import ZoneInfo

import css_inline
from babel.dates import format_datetime
from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from agencies.states import Channel
from config.sections import Item, Section
from config.settings import Settings
from notifications import sms
from notifications.bounds import listed
from notifications.marks import MARKS, unmarked
from notifications.material import Block
from notifications.plans import Plan
from notifications.states import Kind

_INLINER = css_inline.CSSInliner(
    keep_style_tags=False, keep_link_tags=False, load_remote_stylesheets=False
)
_BLANK_LINES = re.compile(r"\n{3,}")
SUBJECT_LENGTH = 200


@dataclass(frozen=True)
class Words:
    """What is said: a subject and HTML for mail alone; the words name ``receipts`` and parts of
    tasks (``assignments``).

    ``variables`` is what an SMS says, by name, where a cloud takes no words but its templates'.
    """

    subject: str
    text: str
    html: str = ""
    receipts: tuple[int, ...] = ()
    assignments: tuple[int, ...] = ()
    variables: Mapping[str, str] = field(default_factory=dict)


def of_digest(blocks: Sequence[Block], plan: Plan) -> Words:
    """A digest of what the blocks tell.

    Whoever is from outside gets no links to pages; by SMS they are told how to leave.
    """
    with force_locale(plan.language):
        phrases = _phrases(blocks)
        if plan.channel == Channel.SMS:
            said = _digest_sms(blocks, phrases, outside=plan.is_outside)
            return replace(said, variables=_variables(blocks))
        subject = _("摘要：%(what)s", what=_("，").join(phrases))
        shown = listed(blocks)
        said = mail(
            Kind.DIGEST,
            plan.language,
            subject,
            blocks=shown.blocks,
            left_out=shown.left_out,
            outside=plan.is_outside,
            covered=covered(plan),
        )
        items = (one for block in shown.blocks for told in block.told for one in told.part.items)
        return _naming(said, [*items])


def _naming(said: Words, items: Sequence[Item]) -> Words:
    receipts = {one.receipt_id for one in items if one.receipt_id is not None}
    parts = {one.assignment_id for one in items if one.assignment_id is not None}
    return replace(said, receipts=tuple(sorted(receipts)), assignments=tuple(sorted(parts)))


def covered(plan: Plan) -> str:
    """Which span of time a digest covers, in its reader's language and zone."""
    if plan.covered is None:
        return ""
    zone = ZoneInfo(plan.covered.zone)
    until = plan.covered.until.astimezone(zone)
    since = plan.covered.since.astimezone(zone) if plan.covered.since else None
    in_one_year = since is None or since.year == until.year
    pattern = _("M月d日 HH:mm") if in_one_year else _("y年M月d日 HH:mm")
    end = format_datetime(until, pattern, locale=plan.language)
    if since is None:
        return _("截至 %(until)s。", until=end)
    begin = format_datetime(since, pattern, locale=plan.language)
    return _("涵盖 %(since)s 至 %(until)s。", since=begin, until=end)


def mail(kind: Kind, language: str, subject: str, **context: Any) -> Words:
    """A mail of one kind: its templates are ``email/<kind>/body.txt`` and ``body.html``."""
    subject = sms.shortened(" ".join(unmarked(subject).split()), SUBJECT_LENGTH)
    given = {"subject": subject, "language": language, **context}
    html = _INLINER.inline(_rendered(f"email/{kind}/body.html", **given))
    text = _BLANK_LINES.sub("\n\n", _rendered(f"email/{kind}/body.txt", **given))
    return Words(subject, text.strip() + "\n", html)


def text_message(kind: Kind, **context: Any) -> str:
    """A text message of one kind: its template is ``sms/<kind>.txt``."""
    signature = _settings().sms_signature
    return _rendered(f"sms/{kind}.txt", signature=signature, **context).strip()


def _rendered(template: str, **context: Any) -> str:
    # Not render_template: pages' context (who is signed in, the menu) has no place in a mail.
    found = current_app.jinja_env.get_template(template)
    return found.render(mark=MARKS, base_url=base_url(), **context)


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings


def base_url() -> str:
    """The address of this installation, without a slash at its end."""
    return _settings().base_url.rstrip("/")


def _phrases(blocks: Sequence[Block]) -> list[str]:
    """How many of each section there are over all agencies, in the sections' order."""
    counts: Counter[str] = Counter()
    sections: dict[str, Section] = {}
    for block in blocks:
        for told in block.told:
            counts[told.section.kind] += told.part.total
            sections[told.section.kind] = told.section
    ordered = sorted(sections.values(), key=lambda section: section.order)
    return [str(section.sms) % {"count": counts[section.kind]} for section in ordered]


def _variables(blocks: Sequence[Block]) -> dict[str, str]:
    """How many of each section there are, by its kind, and of all."""
    counts: Counter[str] = Counter()
    for block in blocks:
        for told in block.told:
            counts[told.section.kind] += told.part.total
    return {kind: str(count) for kind, count in {**counts, "total": counts.total()}.items()}


def _digest_sms(blocks: Sequence[Block], phrases: Sequence[str], *, outside: bool) -> Words:
    """Counts, and one title where it costs no further part."""

    def render(some: Sequence[str], title: str = "") -> str:
        return text_message(Kind.DIGEST, phrases=some, title=title, outside=outside)

    text = sms.listed(render, phrases)
    items = [item for block in blocks for told in block.told for item in told.part.items]
    named = min(items, key=lambda item: not item.urgent, default=None)
    if named is None or text != render(phrases):
        return Words("", text)
    longer = sms.fitted(
        lambda title: render(phrases, title), unmarked(named.text), most_parts=sms.parts(text)
    )
    return Words("", longer) if longer == text else _naming(Words("", longer), [named])
