"""The migrations give exactly the tables of the models, and keep what is in them."""

import shutil
import subprocess
from collections import Counter
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from apiflask import APIFlask
from sqlalchemy import Connection, create_engine, func, insert, inspect, select, text
from sqlalchemy.exc import IntegrityError

from agencies.models import Lineage
from app import create_app
from bulletins import services
from config import migrating, schema
from config.console import Refused
from config.database import db
from config.settings import Settings
from tests.bulletins.papers import published, receipt_of
from tests.operations import conftest
from tests.operations.conftest import Flask, Installation
from tests.worlds import World

ALTERS = """
import sqlalchemy as sa
from alembic import op
revision, down_revision = "0099", {head!r}

def upgrade():
    with op.batch_alter_table("agencies") as table:
        table.alter_column("name", existing_type=sa.String(100), type_=sa.String(120))
        table.add_column(sa.Column("short", sa.String(20), server_default="", nullable=False))

def downgrade():
    with op.batch_alter_table("agencies") as table:
        table.drop_column("short")
        table.alter_column("name", existing_type=sa.String(120), type_=sa.String(100))
"""

BREAKS = """
from alembic import op
revision, down_revision = "0099", {head!r}

def upgrade():
    op.execute("DELETE FROM agencies WHERE code = '130102'")
"""


def _described(connection: Connection) -> dict[str, object]:
    """Everything the database knows of its tables, to compare two of them."""
    look = inspect(connection)
    found: dict[str, object] = {}
    for name in look.get_table_names():
        if name == "alembic_version":
            continue
        found[name] = (
            sorted(
                (c["name"], str(c["type"]), c["nullable"], str(c["default"]))
                for c in look.get_columns(name)
            ),
            look.get_pk_constraint(name),
            sorted(look.get_foreign_keys(name), key=str),
            sorted(look.get_unique_constraints(name), key=str),
            sorted(look.get_check_constraints(name), key=str),
        )
    if connection.dialect.name == "sqlite":
        indexes = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    else:
        indexes = (
            "SELECT indexname, indexdef FROM pg_indexes"
            " WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
        )
    found["indexes"] = dict(connection.execute(text(indexes)).all())
    return found


def _counts() -> Counter[str]:
    with db.engine.connect() as connection:
        return Counter(
            {
                table.name: connection.scalar(select(func.count()).select_from(table)) or 0
                for table in db.metadata.sorted_tables
            }
        )


def test_the_models_find_nothing_to_change(migrated: APIFlask) -> None:
    with db.engine.connect() as connection:
        opts = {"compare_type": True, "include_name": schema.included}
        context = MigrationContext.configure(connection, opts=opts)
        assert compare_metadata(context, db.metadata) == []
        assert schema.current(connection) == schema.head()


def test_the_head_is_the_one_that_the_steps_lead_to() -> None:
    scripts = ScriptDirectory.from_config(migrating.alembic_config())
    assert scripts.get_heads() == [schema.head()]


def test_steps_are_written_with_the_command_line(migrated: APIFlask, flask: Flask) -> None:
    done = flask(migrated.extensions["settings"], "db", "heads")
    assert (done.returncode, done.stdout.strip()) == (0, f"{schema.head()} (head)"), done.stderr


def test_constraints_and_indexes_are_those_of_the_models(
    migrated: APIFlask, installation: Installation
) -> None:
    with db.engine.connect() as connection:
        by_migrations = _described(connection)
        engine = connection.dialect.name
    made = create_engine(installation(engine).database_url)
    db.metadata.create_all(made)
    with made.connect() as connection:
        assert _described(connection) == by_migrations
    made.dispose()


def test_up_down_and_up_again(migrated: APIFlask) -> None:
    with db.engine.connect() as connection, migrating.unchecked(connection):
        before = _described(connection)
        config = migrating.alembic_config()
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
        assert inspect(connection).get_table_names() == ["alembic_version"]
        migrating.upgrade(connection)
        assert _described(connection) == before


def _with_step(folder: Path, step: str, connection: Connection, *, down: bool = False) -> None:
    """Go up by a migration that stands in ``folder`` beside ours, or down again."""
    shutil.copytree(schema.FOLDER / "versions", folder, dirs_exist_ok=True)
    (folder / "0099_step.py").write_text(step.format(head=schema.head()))
    config = migrating.alembic_config()
    config.set_main_option("version_locations", str(folder))
    config.attributes["connection"] = connection
    if down:
        command.downgrade(config, "-1")
    else:
        command.upgrade(config, "head")


def test_rebuilding_a_table_loses_no_row_of_it_or_of_its_children(
    migrated: APIFlask, tmp_path: Path
) -> None:
    World.built()
    before = _counts()
    assert before["agencies"] == 8
    assert before["agency_lineage"] > before["seats"] / 5 > 0
    for down in (False, True):
        with db.engine.connect() as connection, migrating.unchecked(connection):
            _with_step(tmp_path / "versions", ALTERS, connection, down=down)
        assert _counts() == before
    with db.engine.connect() as connection:
        assert schema.current(connection) == schema.head()


def test_a_step_that_breaks_references_is_undone(migrated: APIFlask, tmp_path: Path) -> None:
    World.built()
    before = _counts()
    with (
        db.engine.connect() as connection,
        pytest.raises((Refused, IntegrityError)),
        migrating.unchecked(connection),
    ):
        _with_step(tmp_path / "versions", BREAKS, connection)
    assert _counts() == before
    with db.engine.connect() as connection:
        assert schema.current(connection) == schema.head()


def test_references_are_checked_again_after_a_migration(migrated: APIFlask) -> None:
    lost = insert(Lineage).values(ancestor_id=1, descendant_id=2, depth=0)
    with db.engine.connect() as connection:
        with migrating.unchecked(connection):
            connection.execute(text("SELECT 1"))
        with pytest.raises(IntegrityError):
            connection.execute(lost)


def test_several_hosts_may_prepare_at_once(bare: Settings) -> None:
    environment = conftest.environment(bare)
    hosts = [
        subprocess.Popen(
            conftest.command(["prepare"]),
            cwd=conftest.ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for _ in range(3)
    ]
    said = [host.communicate(timeout=120)[0] for host in hosts]
    assert [host.returncode for host in hosts] == [0, 0, 0], said
    app = create_app(bare)
    with app.app_context():
        with db.engine.connect() as connection:
            assert schema.current(connection) == schema.head()
        db.engine.dispose()


def test_a_database_of_a_newer_version_is_left_alone(migrated: APIFlask, flask: Flask) -> None:
    with db.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    done = flask(migrated.extensions["settings"], "prepare")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "9999" in done.stderr


def test_counts_are_filled_in_from_the_receipts(migrated: APIFlask) -> None:
    world = World.built()
    bulletin = published(world)
    receipt_id = receipt_of(world, "county", bulletin).id
    services.mark_delivered([receipt_id, receipt_of(world, "city", bulletin).id], "mail")
    services.open_receipt(world.actor("county-clerk"), receipt_id)
    published(world)
    db.session.rollback()
    before = _kept_counts()
    assert before == [(2, 1, 0, 6), (0, 0, 0, 6)]
    with db.engine.connect() as connection, migrating.unchecked(connection):
        config = migrating.alembic_config()
        config.attributes["connection"] = connection
        command.downgrade(config, "0006")
        migrating.upgrade(connection)
    assert _kept_counts() == before


def _kept_counts() -> list[tuple[int, ...]]:
    query = text(
        "SELECT delivered_count, opened_count, acknowledged_count, to_acknowledge_count"
        " FROM bulletin_versions"
        " ORDER BY bulletin_id"
    )
    with db.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(query)]
