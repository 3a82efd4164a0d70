"""What digests tell: each section is asked once for an agency and a stretch, for everybody."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import structlog
from flask import current_app
from flask_babel import force_locale
from sqlalchemy import literal, select
from sqlalchemy.exc import OperationalError

from agencies.models import Agency
from config.database import among, db, end_reading
from config.sections import Item, Part, Section, Span
from notifications.marks import unmarked
from notifications.plans import Plan

log = structlog.get_logger(__name__)

_AT_ONCE = 2000  # agencies in one question

_NOW = Span(0, 0)  # stands for "as it is now" where a section reads no span


class SectionError(Exception):
    """A section of a digest could not be composed."""


@dataclass(frozen=True)
class Told:
    """What one section says in a digest."""

    section: Section
    part: Part


@dataclass(frozen=True)
class Block:
    """What a digest says of one agency."""

    agency_id: int
    agency: str
    told: tuple[Told, ...]


@dataclass
class Material:
    """What the sections say, asked for many plans at once and kept for the run."""

    _parts: dict[tuple[str, str, int, Span], Part | None] = field(default_factory=dict)
    _names: dict[int, str] = field(default_factory=dict)
    _failed: set[tuple[str, str, int, Span]] = field(default_factory=set)

    def gather(self, plans: Iterable[Plan]) -> None:
        """Ask for what these plans need: one question a section, stretch and language."""
        by_language: dict[str, list[Plan]] = defaultdict(list)
        for plan in set(plans):
            by_language[plan.language].append(plan)
        for language, some in by_language.items():
            with force_locale(language):
                for section in _sections():
                    self._ask(section, language, some)
        self._learn_names(agency_id for some in by_language.values() for agency_id in _meant(some))

    def blocks(self, plan: Plan) -> list[Block]:
        """What a gathered plan's digest has to say, by agency; empty where there is nothing.

        Raises SectionError where a section could not be asked for one of its agencies.
        """
        self._check(plan)
        found = []
        for agency_id in sorted(_meant([plan])):
            told = tuple(self._told(plan, agency_id))
            if told:
                found.append(Block(agency_id, self._names[agency_id], told))
        return found

    def _check(self, plan: Plan) -> None:
        for section in _sections() if self._failed else ():
            for _agency_id, whose, span in _stretches(section, plan):
                if (section.kind, plan.language, whose, span) in self._failed:
                    raise SectionError(section.kind)

    def _ask(self, section: Section, language: str, plans: Iterable[Plan]) -> None:
        questions: dict[Span, set[int]] = defaultdict(set)
        for plan in plans:
            for _agency_id, whose, span in _stretches(section, plan):
                if (section.kind, language, whose, span) not in self._parts:
                    questions[span].add(whose)
        for span, ids in questions.items():
            for some in _chunks(sorted(ids)):
                answers, failed = _answered(section, some, span)
                self._failed.update((section.kind, language, one, span) for one in failed)
                for one in some:
                    key = (section.kind, language, one, span)
                    self._parts[key] = _unmarked(answers.get(one))

    def _told(self, plan: Plan, agency_id: int) -> Iterator[Told]:
        """What each section says; what stands in one is not listed again in a later one."""
        listed: set[str] = set()
        for section in _sections():
            parts = [
                part
                for one_id, whose, span in _stretches(section, plan)
                if one_id == agency_id
                and (part := self._parts[section.kind, plan.language, whose, span])
            ]
            items = [item for part in parts for item in part.items]
            fresh = [item for item in items if item.path not in listed]
            total = sum(part.total for part in parts) - (len(items) - len(fresh))
            listed.update(item.path for item in fresh)
            if total:
                yield Told(section, Part(_for(plan, fresh), total))

    def _learn_names(self, agency_ids: Iterable[int]) -> None:
        for some in _chunks(sorted(set(agency_ids) - set(self._names))):
            rows = db.session.execute(select(Agency.id, Agency.name).where(among(Agency.id, some)))
            self._names.update((row.id, unmarked(row.name)) for row in rows)


def _answered(
    section: Section, agency_ids: Sequence[int], span: Span
) -> tuple[Mapping[int, Part], list[int]]:
    """What a section says of these agencies, and of which ones it fails to say anything.

    Those are found by halves, so that one agency's trouble holds up nobody else's digest.
    """
    try:
        return section.compose(agency_ids, span), []
    except Exception as error:
        end_reading()  # a statement that failed spoils its transaction
        if len(agency_ids) == 1:
            log.exception("section_failed", section=section.kind, agency=agency_ids[0])
            return {}, list(agency_ids)
        if isinstance(error, OperationalError) and not _database_answers():
            log.exception("section_failed", section=section.kind, agencies=len(agency_ids))
            return {}, list(agency_ids)  # it is no agency's trouble
    answers: dict[int, Part] = {}
    failed: list[int] = []
    half = len(agency_ids) // 2
    for some in (agency_ids[:half], agency_ids[half:]):
        said, wrong = _answered(section, some, span)
        answers.update(said)
        failed += wrong
    return answers, failed


def _database_answers() -> bool:
    """Whether the database is there, so that it was the question that failed."""
    try:
        db.session.execute(select(literal(1))).all()
    except OperationalError:
        return False
    finally:
        end_reading()
    return True


def _sections() -> Sequence[Section]:
    sections: Sequence[Section] = current_app.extensions["sections"]
    return sections


def _stretches(section: Section, plan: Plan) -> Iterable[tuple[int, int, Span]]:
    """For which agency to ask, by whose id (its own or a seat's), and for which span.

    Who has no account is told what is to be read alone.
    """
    if plan.is_outside and not section.is_for_outside:
        return ()
    if section.by_seat:
        return ((agency_id, seat_id, _NOW) for agency_id, seat_id in plan.seats)
    if section.is_news:
        said = plan.now if section.is_said_now else ()
        return ((one, one, span) for one, span in plan.news if one not in said)
    return ((agency_id, agency_id, _NOW) for agency_id in plan.now)


def _for(plan: Plan, items: Sequence[Item]) -> Sequence[Item]:
    """The lines as the plan's readers are told them."""
    if not plan.is_outside:
        return items
    return [
        one if one.outside_remark is None else replace(one, remark=one.outside_remark)
        for one in items
    ]


def _unmarked(part: Part | None) -> Part | None:
    if part is None:
        return None
    items = [
        replace(
            item,
            text=unmarked(item.text),
            remark=unmarked(item.remark),
            outside_remark=None if item.outside_remark is None else unmarked(item.outside_remark),
        )
        for item in part.items
    ]
    return Part(items, part.total)


def _meant(plans: Iterable[Plan]) -> set[int]:
    return {
        agency_id
        for plan in plans
        for agency_id in (*plan.now, *(pair[0] for pair in (*plan.news, *plan.seats)))
    }


def _chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), _AT_ONCE):
        yield ids[start : start + _AT_ONCE]
