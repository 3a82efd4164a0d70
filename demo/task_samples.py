"""The tasks of the demo province's last two weeks, and what became of them."""

from agencies.states import Level
from bulletins.models import Bulletin
from coordination import services as tasks
from coordination.inputs import ReportInput, SendBackInput, SubmissionInput, TaskInput
from coordination.models import Task
from demo import texts
from demo.bureaus import PROVINCE
from demo.past import BUREAUS, CITY, COUNTY, Past


def lifts(past: Past) -> Task:
    return tasks.assign(
        past.actor(f"{PROVINCE}-clerk"),
        TaskInput(
            title="开展电梯维护保养单位监督抽查",
            body=texts.LIFTS,
            days=7,
            to_levels=[Level.CITY],
            to_kinds=BUREAUS,
        ),
    )


def answer_lifts(past: Past, task: Task) -> None:
    """Of eleven cities some are done, one was asked for more, some are late."""
    issuer = past.actor(f"{PROVINCE}-clerk")
    for number, (code, assignment) in enumerate(past.assignments(task).items()):
        clerk = past.actor(f"{code}-clerk")
        if number in (7, 9):
            continue
        tasks.accept(clerk, assignment)
        if number in (0, 4):
            text = "已抽查维保单位 12 家、电梯 61 台，约谈 2 家。"
            tasks.report(clerk, assignment, ReportInput(text=text, percent=60))
            continue
        summary = SubmissionInput(
            text="已抽查维保单位 21 家、电梯 108 台，发现问题 17 个，责令改正 9 家。"
        )
        tasks.submit(clerk, assignment, summary)
        if number == 5:
            more = SendBackInput(text="请补充老旧住宅电梯安全评估进展。", days=5)
            tasks.send_back(issuer, assignment, more)
        elif number % 2:
            tasks.close(issuer, assignment)


def cooks(past: Past, ground: Bulletin) -> Task:
    return tasks.assign(
        past.actor(f"{CITY}-clerk"),
        TaskInput(
            title="建立农村流动厨师台账",
            body=texts.COOKS,
            bulletin_id=ground.id,
            days=4,
            to_levels=[Level.COUNTY],
            to_kinds=BUREAUS,
        ),
    )


def answer_cooks(past: Past, task: Task) -> None:
    """Half of the counties have handed in; the first one has not answered and is late."""
    for number, (code, assignment) in enumerate(past.assignments(task).items()):
        if code == COUNTY or number % 4 == 3:
            continue
        clerk = past.actor(f"{code}-clerk")
        tasks.accept(clerk, assignment)
        if number % 2:
            summary = SubmissionInput(
                text="已登记流动厨师 46 人，均持有效健康证明；困难：季节性流动大。"
            )
            tasks.submit(clerk, assignment, summary)


def heating(past: Past) -> None:
    tasks.assign(
        past.actor(f"{CITY}-clerk"),
        TaskInput(
            title="核对在用承压锅炉登记和检验情况",
            body=texts.HEATING,
            days=10,
            to_levels=[Level.COUNTY],
            to_kinds=BUREAUS,
        ),
    )
