"""Files with questions, remarks and answers: the same limits and checks as those of a paper."""

from collections.abc import Sequence
from typing import IO

from flask_babel import gettext as _
from sqlalchemy import func, select

from agencies.actors import Actor
from agencies.permissions import require
from bulletins.models import Answer, Attachment, Question, StoredFile
from bulletins.queries import attachments as queries
from bulletins.questions.states import QuestionState
from bulletins.services import keeping
from bulletins.services.attachments import added, check_load, note_change
from bulletins.services.keeping import Examined
from bulletins.states import OwnerKind
from config import clock
from config.database import db, found, writing
from config.errors import Conflict

Given = Sequence[tuple[str, IO[bytes]]]
"""Seekable files, each with the name that it was given."""


def taken_in(given: Given) -> list[Examined]:
    """Look at all files of a reply before it is written; one that may not be attached refuses all.

    Call outside of ``writing()``. Raises what ``keeping.taken_in`` does, and Invalid where they are
    too many or too large.
    """
    examined: list[Examined] = []
    for name, file in given:
        one = keeping.taken_in(name, file)
        check_load(name, one.size, len(examined), sum(other.size for other in examined))
        examined.append(one)
    return examined


def add(
    actor: Actor, bulletin_id: int, owner: tuple[OwnerKind, int], files: Sequence[Examined]
) -> None:
    """Let a reply that is being written have these files. Call inside ``writing()``."""
    for one in files:
        added(actor, bulletin_id, owner, one)


def attach_to_question(actor: Actor, question_id: int, given: str, file: IO[bytes]) -> Attachment:
    """One file more with a question of one's agency that waits for its answer.

    Raises Invalid for a file that may not be attached and where there are too many, NotFound,
    Forbidden, Conflict where it is answered or withdrawn already, StorageFull.
    """
    require(actor, "question.attach", found(select(Question).where(Question.id == question_id)))
    examined = keeping.taken_in(given, file)
    with writing():
        question = found(select(Question).where(Question.id == question_id), lock=True)
        require(actor, "question.attach", question)
        if question.state != QuestionState.ASKED:
            raise Conflict(
                _("这条提问已有结果，不能再添加附件。"), hint=_("如有补充，请另行提出。")
            )
        return _attached(actor, question.bulletin_id, (OwnerKind.QUESTION, question_id), examined)


def remove_from_question(actor: Actor, attachment_id: int) -> Question:
    """Take a file off a question of one's agency that waits for its answer, as often as one likes.

    Raises NotFound (also for a file of something else), Forbidden, Conflict where the question is
    answered or withdrawn already.
    """
    with writing():
        attachment = found(
            select(Attachment).where(
                Attachment.id == attachment_id, Attachment.owner_kind == OwnerKind.QUESTION
            )
        )
        # The question is held, not the file: whoever answers it holds it too.
        question = found(select(Question).where(Question.id == attachment.owner_id), lock=True)
        require(actor, "question.attach", question)
        db.session.refresh(attachment)
        if question.state != QuestionState.ASKED:
            raise Conflict(
                _("这条提问已有结果，附件不能再删去。"), hint=_("如有更正，请另行提出。")
            )
        if attachment.removed_at is None:
            attachment.removed_at = clock.now()
            note_change("attachment.removed", actor, attachment)
    return question


def attach_to_answer(actor: Actor, answer_id: int, given: str, file: IO[bytes]) -> Attachment:
    """One file more with an answer of one's agency; to an official one the approver alone adds.

    Raises Invalid for a file that may not be attached and where there are too many, NotFound,
    Forbidden, StorageFull.
    """
    _check_answering(actor, found(select(Answer).where(Answer.id == answer_id)))
    examined = keeping.taken_in(given, file)
    with writing():
        answer = found(select(Answer).where(Answer.id == answer_id), lock=True)
        _check_answering(actor, answer)
        return _attached(actor, answer.bulletin_id, (OwnerKind.ANSWER, answer_id), examined)


def _check_answering(actor: Actor, answer: Answer) -> None:
    require(actor, "answer.attach", answer)
    if answer.official_at is not None:
        require(actor, "answer.make_official", answer)


def _attached(
    actor: Actor, bulletin_id: int, owner: tuple[OwnerKind, int], examined: Examined
) -> Attachment:
    count, size = db.session.execute(
        queries.attached(*owner)
        .join(StoredFile)
        .with_only_columns(func.count(), func.coalesce(func.sum(StoredFile.size), 0))
    ).one()
    check_load(examined.name, examined.size, count, int(size))
    return added(actor, bulletin_id, owner, examined)
