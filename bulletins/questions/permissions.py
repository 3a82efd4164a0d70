"""Who may ask, withdraw, answer, and say that an answer is official."""

from dataclasses import dataclass

from agencies.actors import Actor
from agencies.permissions import ALL_SEATS, WORKING_SEATS, Rule
from bulletins.models import Answer, Bulletin, Question
from bulletins.questions.states import ACTORS, QuestionAction, QuestionState
from bulletins.states import ACTORS as PAPER_ACTORS
from bulletins.states import Action


@dataclass(frozen=True)
class Discussed:
    """A published paper and what an agency has to do with its questions.

    ``receipt_id``: its copy; ``is_visible``: it may read the paper, or has asked or to answer
    something; ``answers``: it has to answer what is asked.
    """

    bulletin: Bulletin
    title: str
    receipt_id: int | None
    is_visible: bool
    answers: bool


@dataclass(frozen=True)
class Joinable:
    """A question with its paper, to those who might ask it too."""

    question: Question
    paper: Discussed


def _may_discuss(_actor: Actor, paper: Discussed) -> bool:
    return paper.is_visible


def _has_to_answer(_actor: Actor, paper: Discussed) -> bool:
    return paper.answers


def is_asker(actor: Actor, question: Question) -> bool:
    """Whether the actor's own agency asked."""
    return question.agency_id == actor.agency_id


def has_to_answer(actor: Actor, question: Question) -> bool:
    """Whether the question waits for the actor's own agency."""
    return question.issuer_id == actor.agency_id


def is_answerer(actor: Actor, answer: Answer) -> bool:
    """Whether the answer is the actor's own agency's."""
    return answer.issuer_id == actor.agency_id


def _may_see(actor: Actor, thing: Joinable) -> bool:
    """Its asker always, the issuer and, where it is for all, every reader until it is withdrawn."""
    question = thing.question
    is_shown = question.for_all or has_to_answer(actor, question)
    is_kept = question.state != QuestionState.WITHDRAWN
    return thing.paper.is_visible and (is_asker(actor, question) or (is_kept and is_shown))


RULES: dict[str, Rule] = {
    "question.list": Rule(seats=ALL_SEATS, sees=_may_discuss),
    "question.ask": Rule(seats=WORKING_SEATS, sees=_may_discuss),
    "question.join": Rule(seats=WORKING_SEATS, sees=_may_see),
    "question.askers": Rule(seats=ALL_SEATS, sees=has_to_answer),
    "question.withdraw": Rule(seats=ACTORS[QuestionAction.WITHDRAW], sees=is_asker),
    "question.attach": Rule(seats=WORKING_SEATS, sees=is_asker),
    "question.note": Rule(seats=ACTORS[QuestionAction.NOTE], sees=has_to_answer),
    "answer.attach": Rule(seats=ACTORS[QuestionAction.ANSWER], sees=is_answerer),
    "question.answer": Rule(seats=ACTORS[QuestionAction.ANSWER], sees=_has_to_answer),
    "answer.make_official": Rule(seats=PAPER_ACTORS[Action.SIGN], sees=is_answerer),
}
