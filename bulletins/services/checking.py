"""The checks before publishing: run on a paper, and insisted on by the steps that lead to it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from agencies.actors import Actor
from agencies.permissions import require
from bulletins.models import Bulletin
from bulletins.permissions import action_name
from bulletins.ports import CHECKS, PASSED, Check, Examined, Finding, Level
from bulletins.queries import attachments, papers
from bulletins.queries.inspections import inspections
from bulletins.services.addressing import stored_rules
from bulletins.services.checks import today
from bulletins.states import Action
from config.errors import Conflict, Invalid


@dataclass(frozen=True)
class Outcome:
    """A check and what it found; nothing: it was fine."""

    check: Check
    findings: Sequence[Finding]

    @property
    def words(self) -> str:
        """What was found and where, on one line."""
        return "；".join(
            f"{one.place}：{one.words}" if one.place else one.words for one in self.findings
        )


@dataclass(frozen=True)
class Report:
    """What all checks said of one revision of a paper."""

    revision: int
    outcomes: Sequence[Outcome]

    @property
    def refused(self) -> Sequence[Outcome]:
        """What must be mended."""
        return [one for one in self.outcomes if one.findings and one.check.level == Level.REFUSE]

    @property
    def warned(self) -> Sequence[Outcome]:
        """What should be looked at."""
        return [one for one in self.outcomes if one.findings and one.check.level == Level.WARN]

    @property
    def noted(self) -> Sequence[Outcome]:
        """What is good to know; it holds nobody up."""
        return [one for one in self.outcomes if one.findings and one.check.level == Level.NOTE]

    @property
    def fine(self) -> Sequence[Outcome]:
        """What gave no reason for a word."""
        return [one for one in self.outcomes if not one.findings]

    @property
    def warnings(self) -> str:
        """The names of the checks that warn, as a form's tick sends them."""
        return ",".join(one.check.name for one in self.warned)


class Unchecked(Invalid):
    """The checks before publishing stop a step; ``report`` says why."""

    code = "unchecked"

    def __init__(self, report: Report) -> None:
        self.report = report
        if report.refused:
            super().__init__(
                _("发布前检查没有通过。"),
                hint=_("请先改好“必须修改”的各项，再提交。"),
                errors=_errors(report.refused),
            )
        else:
            super().__init__(
                _("发布前检查有几处需要您看一看。"),
                hint=_("请逐条看过，勾选“我已看过这些提示”后再提交。"),
                errors=_errors(report.warned),
            )


def _errors(outcomes: Sequence[Outcome]) -> Mapping[str, str]:
    return {one.check.name: one.words for one in outcomes}


def examine(bulletin: Bulletin) -> Report:
    """Run all checks on a paper as it stands. Call outside of ``writing()``."""
    files = attachments.working(bulletin.id)
    paper = Examined(bulletin, stored_rules(bulletin.id), files, inspections(files), today())
    return Report(bulletin.revision, [Outcome(check, check.find(paper)) for check in CHECKS])


def examined(actor: Actor, bulletin_id: int, action: Action) -> Report:
    """The same for somebody about to take a step; raises NotFound, Forbidden."""
    bulletin = papers.bulletin(bulletin_id)
    require(actor, action_name(action), bulletin)
    return examine(bulletin)


def passed_over(report: Report, bulletin: Bulletin, looked_at: Collection[str]) -> dict[str, bool]:
    """The warnings that a step passes over, as facts for the journal: names, never texts.

    ``looked_at`` names the checks whose warnings the actor has seen. Raises Unchecked where
    something must be mended or was not looked at, Conflict where the paper changed meanwhile.
    """
    if report.revision != bulletin.revision:
        raise Conflict(_("此稿在检查期间已被修改。"), hint=_("请刷新后再看一遍。"))
    if report.refused or {one.check.name for one in report.warned} - set(looked_at):
        raise Unchecked(report)
    return {f"{PASSED}{one.check.name}": True for one in report.warned}
