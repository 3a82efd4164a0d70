"""Questions for tests: asked by one agency's clerk, answered by the issuer's."""

from collections.abc import Sequence
from typing import Any

from bulletins.models import Answer, Bulletin, Question
from bulletins.questions.inputs import AnswerInput, QuestionInput
from bulletins.services import questions
from tests.worlds import World

QUESTION = "企业自查报告的报送期限是哪一天？"


def asked(world: World, paper: Bulletin, agency: str = "county", **given: Any) -> Question:
    """A question to the issuer alone."""
    data = QuestionInput.model_validate({"text": QUESTION, **given})
    return questions.ask(world.actor(f"{agency}-clerk"), paper.id, data)


def answered(
    world: World,
    issuer: str,
    asked: Sequence[Question],
    seat: str = "clerk",
    **given: Any,
) -> Answer:
    """One answer to all of these questions."""
    values = {"text": "以通知所附日期为准。", "questions": [one.id for one in asked], **given}
    data = AnswerInput.model_validate(values)
    return questions.answer(world.actor(f"{issuer}-{seat}"), asked[0].bulletin_id, data)
