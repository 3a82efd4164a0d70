"""The draft's form: what stands in its fields, and what it offers to choose from."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import request
from flask_babel import gettext as _
from pydantic import BaseModel

from agencies import labels as agency_labels
from bulletins import labels, offering, paper_types, references
from bulletins.audience import Rule
from bulletins.decisions import SubmitInput
from bulletins.inputs import KEY, DraftInput, ParticularsInput, RelayInput
from bulletins.models import Bulletin, OrganCode, Relay
from bulletins.paper_types import Particular
from bulletins.queries import numbers, reach, reviews, tags
from bulletins.queries.issuers import beside
from bulletins.queries.joint import candidates
from bulletins.queries.reach import Offered
from bulletins.queries.stated import stated
from bulletins.services.checking import Unchecked
from bulletins.states import BulletinType, Layout, Part, RuleKind, TagKind, Urgency
from config.forms import Form

F = TypeVar("F", bound=BaseModel)
Pairs = Sequence[tuple[Any, str]]
Groups = Sequence[tuple[str, Pairs]]

_OWN = ("revision", "find", "form_key")


def blank(issuer_id: int) -> Form[DraftInput]:
    """The form of a new draft."""
    codes = numbers.codes_in_use(issuer_id)
    return Form.blank(
        organ_code_id=codes[0].id if codes and codes[0].is_default else None,
        type=BulletinType.NOTICE,
        urgency=Urgency.NORMAL,
        needs_acknowledgement=True,
        revision=0,
        form_key=new_key(),
    )


def stored(bulletin: Bulletin, rules: Iterable[Rule]) -> Form[DraftInput]:
    """The form of a draft as it was saved."""
    return Form.blank(
        title=bulletin.title,
        body=bulletin.body,
        type=bulletin.type,
        urgency=bulletin.urgency,
        needs_acknowledgement=bulletin.needs_acknowledgement,
        acknowledge_by=bulletin.acknowledge_by,
        organ_code_id=bulletin.organ_code_id,
        relay_within=bulletin.relay_within,
        note=bulletin.note,
        **_review_values(bulletin.id),
        revision=bulletin.revision,
        for_followers=bulletin.for_followers,
        layout=bulletin.layout or "",
        joint_agencies=beside(bulletin.id),
        **_stated(bulletin.id),
        **_filed(bulletin.id),
        **_audience_values(bulletin.issuer_id, rules),
    )


def _stated(bulletin_id: int) -> dict[str, Any]:
    kept = stated(bulletin_id, 0)
    return {name: getattr(kept, name) for name in ParticularsInput.model_fields}


def _review_values(bulletin_id: int) -> dict[str, list[int]]:
    values: dict[str, list[int]] = {}
    for step, seat_id in reviews.plan_of(bulletin_id):
        values.setdefault(f"review_{step}", []).append(seat_id)
    return values


def _filed(bulletin_id: int) -> dict[str, Any]:
    filed = tags.of_version(bulletin_id, 0)
    return {f"{kind}s": [tag.code for tag in filed if tag.kind == kind] for kind in TagKind}


def posted() -> Form[DraftInput]:
    """The form as it was sent, with the fields that belong to the page and not to the paper."""
    form = Form[DraftInput].posted(DraftInput)
    form.values.update({name: request.form.get(name, "") for name in _OWN})
    return form


def new_key() -> str:
    """What tells a new draft's form from all others of its person."""
    return secrets.token_urlsafe(16)


def key() -> str | None:
    """The key of the form that was sent; None for anything odd."""
    sent = request.form.get("form_key", "")
    return sent if KEY.fullmatch(sent) else None


def stored_relay(relay: Relay, rules: Iterable[Rule]) -> Form[RelayInput]:
    """The form of a relay as it was saved."""
    return Form.blank(
        note=relay.note,
        additions=relay.additions,
        needs_acknowledgement=relay.needs_acknowledgement,
        acknowledge_by=relay.acknowledge_by,
        revision=relay.revision,
        form_key=new_key(),
        **_audience_values(relay.agency_id, rules),
    )


def posted_relay() -> Form[RelayInput]:
    """The form of a relay as it was sent, with the fields that belong to the page alone."""
    form = Form[RelayInput].posted(RelayInput)
    form.values.update({name: request.form.get(name, "") for name in _OWN})
    return form


def looked_at() -> list[str]:
    """The checks whose warnings the draft's form says were looked at."""
    data = Form[SubmitInput].posted(SubmitInput).data
    return data.looked_at if data else []


def stopped(form: Form[F], error: Unchecked) -> Form[F]:
    """The form that the checks before publishing stopped; what they said stands in their box."""
    form.values.pop("looked_at", None)
    form.errors[""] = f"{error.message}{error.hint}"
    return form


def revision() -> int:
    """The revision that was being edited; 0, which no draft has, for anything odd."""
    typed = request.form.get("revision", "")
    return int(typed) if typed.isdecimal() and typed.isascii() and len(typed) < 10 else 0


def _audience_values(issuer_id: int, rules: Iterable[Rule]) -> dict[str, Any]:
    values: dict[str, Any] = {}

    def tick(name: str, value: object) -> None:
        chosen = values.setdefault(name, [])
        if value is not None and value not in chosen:
            chosen.append(value)

    for rule in rules:
        if rule.kind == RuleKind.AGENCY:
            tick(f"{rule.part}_agencies", rule.agency_id)
            continue
        if rule.agency_id != issuer_id:
            tick(f"{rule.part}_subtrees", rule.agency_id)
        elif rule.level is None and rule.agency_kind is None:
            values[f"{rule.part}_all"] = True
        tick(f"{rule.part}_levels", rule.level)
        tick(f"{rule.part}_kinds", rule.agency_kind)
    return values


@dataclass(frozen=True)
class Choices:
    """What the fields of the draft's form offer, in words."""

    types: Groups
    fields: Mapping[str, str]
    hints: Pairs
    papers: Sequence[references.Group]
    joint: Pairs
    tags: Mapping[TagKind, Pairs]
    urgencies: Pairs
    codes: Pairs
    layouts: Pairs
    laid_out: str
    levels: Pairs
    kinds: Pairs
    subtrees: Pairs
    agencies: Pairs
    offered: Sequence[Offered]
    is_whole: bool
    below: int
    form: Form[Any]

    def subtrees_of(self, part: str) -> Pairs:
        """The subtrees, those ticked in this part first."""
        return _ticked_first(self.subtrees, self.form.values.get(f"{part}_subtrees"))

    def agencies_of(self, part: str) -> Sequence[offering.Choice]:
        """The single agencies: of a draft by its type, those ticked in this part first."""
        if self.offered and part != Part.EXCEPT:
            return offering.choices(self._type, Part(part), self.offered, self._chosen(part))
        return _ticked_first(self.agencies, self.form.values.get(f"{part}_agencies"))

    def below_of(self, part: str) -> Mapping[str, Any]:
        """When to show what names many below: of a draft by its type; what is ticked always."""
        names = ("all", "levels", "kinds", "subtrees")
        ticked = any(self.form.values.get(f"{part}_{name}") for name in names)
        if not self.offered or part == Part.EXCEPT or ticked:
            return {}
        return offering.groups_below(self._type, Part(part))

    def remarks_of(self, part: str) -> Sequence[tuple[Mapping[str, Any], str]]:
        """Whom a draft can't go to in this part, and why, each for some types."""
        if part == Part.EXCEPT:
            return []
        return offering.remarks(self._type, Part(part), self.offered, self._chosen(part))

    @property
    def _type(self) -> str:
        typed = str(self.form.values.get("type"))
        return typed if typed in set(BulletinType) else BulletinType.NOTICE

    def _chosen(self, part: str) -> set[str]:
        return {str(one) for one in self.form.values.get(f"{part}_agencies") or ()}


def _ticked_first(pairs: Pairs, typed: Any) -> Pairs:
    ticked = set(map(str, typed or ()))
    return sorted(pairs, key=lambda pair: str(pair[0]) not in ticked)


def choices(issuer_id: int, form: Form[Any], *, wide: bool = False) -> Choices:
    """What the issuer can choose from, with what is ticked already always among it.

    ``wide``: a paper's audience, whose type may let it leave the line.
    """
    offered = reach.choices(
        issuer_id, _ids(form, "subtrees"), _ids(form, "agencies"), _sought(form), wide=wide
    )
    levels = {*offered.levels, *_ticked(form, "levels")}
    kinds = {*offered.kinds, *_ticked(form, "kinds")}
    return Choices(
        types=labels.types(),
        fields=_particulars(),
        hints=[(one, str(hint)) for one, hint in labels.HINTS.items()],
        papers=_papers(issuer_id, form) if wide else [],
        joint=_beside(issuer_id, form) if wide else [],
        tags=tags.offered() if wide else {},
        urgencies=[(one, labels.urgency(one)) for one in labels.URGENCIES],
        codes=[(one.id, _code_words(one)) for one in numbers.codes_in_use(issuer_id)],
        layouts=[(one, labels.layout(one)) for one in Layout],
        laid_out=" ".join(sorted(paper_types.LAYOUTS)),
        levels=[(one, agency_labels.level(one)) for one in agency_labels.LEVELS if one in levels],
        kinds=[(one, agency_labels.kind(one)) for one in agency_labels.KINDS if one in kinds],
        subtrees=[
            (agency_id, _("%(name)s及其下级", name=name)) for agency_id, name in offered.subtrees
        ],
        agencies=[(one.id, one.name) for one in offered.agencies],
        offered=offered.agencies if wide else [],
        is_whole=offered.is_whole,
        below=offered.below,
        form=form,
    )


def _code_words(code: OrganCode) -> str:
    return _("%(code)s（令号）", code=code.code) if code.is_of_orders else code.code


def _particulars() -> dict[str, str]:
    """By particular, the types that may state it, as words with blanks between."""
    return {one: " ".join(paper_types.stating(one)) for one in Particular}


def _papers(issuer_id: int, form: Form[Any]) -> Sequence[references.Group]:
    """What a paper could answer or explain; the one chosen so far is among it."""
    typed = str(form.values.get("refers_to_id") or "")
    chosen = int(typed) if typed.isdecimal() and len(typed) < 19 else None
    return references.offered(issuer_id, str(form.values.get("type")), chosen)


def _beside(issuer_id: int, form: Form[Any]) -> Pairs:
    """Who could issue it too; those ticked are always among them."""
    ticked = [str(one) for one in form.values.get("joint_agencies") or []]
    chosen = {int(one) for one in ticked if one.isdecimal() and len(one) < 19}
    return candidates(issuer_id, chosen, _sought(form))


def _sought(form: Form[Any]) -> str:
    """The part of a name that is looked for, without what no name has."""
    return "".join(one for one in str(form.values.get("find") or "")[:50] if one.isprintable())


def _ticked(form: Form[Any], name: str) -> list[str]:
    """What is ticked so far in the fields of that name, over all parts of the audience."""
    return [str(one) for part in Part for one in form.values.get(f"{part}_{name}") or []]


def _ids(form: Form[Any], name: str) -> set[int]:
    """Agencies ticked so far; what is no id of an agency is left to validation."""
    return {int(one) for one in _ticked(form, name) if one.isdecimal() and len(one) < 19}
