"""Tasks for tests, given and answered through the services."""

from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from agencies import tree
from agencies.models import Agency
from agencies.states import AgencyKind, Level
from config import clock
from config.database import db, writing
from coordination import services
from coordination.inputs import ReportInput, SubmissionInput, TaskInput
from coordination.models import Assignment, Task
from tests.worlds import World, csrf_of


def given(world: World, issuer: str = "province-clerk", *to: str, **fields: object) -> Task:
    """A task of ten working days for the agencies named (else the county)."""
    ids = [world.agencies[name] for name in to or ("county",)]
    data = {"title": "燃气安全排查", "body": "请**逐户**排查。", "days": 10, "to_agencies": ids}
    return services.assign(world.actor(issuer), TaskInput.model_validate(data | fields))


def part_of(task: Task, world: World, agency: str = "county") -> Assignment:
    """An agency's assignment of a task."""
    return db.session.scalars(
        select(Assignment).where(
            Assignment.task_id == task.id, Assignment.agency_id == world.agencies[agency]
        )
    ).one()


def parts(task: Task, world: World) -> dict[str, str]:
    """The names of the agencies that have the task, with their part in it."""
    names = {number: name for name, number in world.agencies.items()}
    rows = db.session.execute(
        select(Assignment.agency_id, Assignment.part).where(Assignment.task_id == task.id)
    )
    return {names[row.agency_id]: row.part for row in rows}


def submitted(task: Task, world: World, agency: str = "county") -> Assignment:
    """The agency's assignment, accepted, reported on and submitted by its clerk."""
    row, actor = part_of(task, world, agency), world.actor(f"{agency}-clerk")
    services.accept(actor, row.id)
    services.report(actor, row.id, ReportInput(text="已排查一半。", percent=50))
    services.submit(actor, row.id, SubmissionInput(text="已全部排查。"))
    return row


def grow(world: World, count: int) -> None:
    """Put so many counties under the city."""
    now = clock.now()
    with writing():
        db.session.add_all(
            Agency(
                code=f"C{number:05}",
                name=f"第{number}县",
                level=Level.COUNTY,
                kind=AgencyKind.BUREAU,
                parent_id=world.agencies["city"],
                created_at=now,
            )
            for number in range(count)
        )
        tree.rebuild()


def post(client: FlaskClient, page: str, path: str, **fields: object) -> TestResponse:
    """Open ``page``, then send a form to ``path`` with the token found on it."""
    token = csrf_of(client.get(page).get_data(as_text=True))
    return client.post(path, data={"csrf_token": token, **fields})
