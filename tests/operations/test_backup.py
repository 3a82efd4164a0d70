"""Backups taken while somebody writes come back whole on either engine; bad ones do nothing."""

import io
import json
import re
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from zipfile import ZipFile

import pytest
from apiflask import APIFlask
from sqlalchemy import func, select

from agencies import tree
from agencies.models import Agency, Lineage
from app import KEPT_FILES
from bulletins.models import StoredFile
from config import backup, clock, migrating, restoring, settling
from config.backup import Manifest
from config.console import Refused
from config.database import db, writing
from config.files import store
from config.journal import Entry
from config.leading import leadership
from config.settings import Settings
from tests.bulletins import papers
from tests.conftest import ENGINES
from tests.operations.backups import Attacher, Writer, restored, service, sums, taken
from tests.operations.conftest import Installation
from tests.worlds import World


def _filled(app: APIFlask) -> None:
    migrating.bring_up_to_date()
    World.built()
    settling.settle_all()
    settling.checkpoint()
    outbox = Path(app.config["DATA_DIR"]) / "outbox" / "2026"
    outbox.mkdir(parents=True)
    (outbox / "一封信.eml").write_bytes(b"Subject: \xff\r\n")


@pytest.mark.parametrize("onto", ENGINES)
@pytest.mark.parametrize("engine", ENGINES)
def test_the_drill(installation: Installation, tmp_path: Path, engine: str, onto: str) -> None:
    first, second, path = installation(engine), installation(onto), tmp_path / "all.zip"
    with service(first) as app:
        _filled(app)
        with Writer(app) as writer:
            manifest = taken(app, path)
            writer.wrote.clear()
            assert writer.wrote.wait(10)  # it was held up neither during the backup nor after
    with service(second) as app:
        assert restored(app, path) == ["deliveries wait"]
        again = taken(app, tmp_path / "again.zip")
        assert sums(again) == sums(manifest)
        assert again.files == manifest.files
        added = select(func.count()).where(Entry.kind == "agency.added")
        planted = select(func.count()).where(Agency.code.startswith("W"))
        assert db.session.scalar(added) == db.session.scalar(planted) != 0
        settling.settle_all()
        verdict = settling.verify()
        assert (verdict.fault, verdict.checked) == (None, manifest.tables["journal"].rows + 1)


def test_after_a_restore_new_rows_get_new_keys(migrated: APIFlask, tmp_path: Path) -> None:
    with service(migrated.extensions["settings"]) as app:
        World.built()
        taken(app, tmp_path / "all.zip")
        restored(app, tmp_path / "all.zip", force=True)
        agency = Agency(code="N1", name="新", level="county", kind="bureau", created_at=clock.now())
        with writing():
            tree.plant(agency)
        assert db.session.scalar(select(func.max(Lineage.descendant_id))) == agency.id == 9


def test_a_database_with_rows_is_replaced_only_by_force(migrated: APIFlask, tmp_path: Path) -> None:
    with service(migrated.extensions["settings"]) as app:
        World.built()
        before = taken(app, tmp_path / "all.zip")
        with writing():
            db.session.add(
                Agency(code="X", name="后来", level="city", kind="bureau", created_at=clock.now())
            )
        with pytest.raises(Refused, match="not empty"):
            restored(app, tmp_path / "all.zip")
        assert db.session.scalar(select(func.count()).select_from(Agency)) == 9
        restored(app, tmp_path / "all.zip", force=True)
        assert sums(taken(app, tmp_path / "again.zip")) == sums(before)


def test_files_in_the_way_are_kept_beside(migrated: APIFlask, tmp_path: Path) -> None:
    with service(migrated.extensions["settings"]) as app:
        _filled(app)
        data = Path(app.config["DATA_DIR"])
        taken(app, tmp_path / "all.zip")
        (data / "outbox" / "newer.eml").write_text("newer")
        restored(app, tmp_path / "all.zip", force=True)
        assert [path.name for path in (data / "outbox").rglob("*.eml")] == ["一封信.eml"]
        assert [path.name for path in data.glob("replaced-*/outbox/*.eml")] == ["newer.eml"]
        assert not list(data.glob("restoring-*"))


def test_the_worker_must_be_stopped_first(migrated: APIFlask, tmp_path: Path) -> None:
    with service(migrated.extensions["settings"]) as app:
        taken(app, tmp_path / "all.zip")
        worker = leadership(app.extensions["settings"])
        assert worker.take()
        with pytest.raises(Refused, match="worker is running"):
            restored(app, tmp_path / "all.zip")
        worker.release()


def test_what_a_killed_restore_left_undone_is_done_by_the_next_worker(
    migrated: APIFlask, tmp_path: Path
) -> None:
    with service(migrated.extensions["settings"]) as app:
        _filled(app)
        taken(app, tmp_path / "all.zip")

        def killed() -> str:
            raise KeyboardInterrupt

        app.extensions["restored"] = [killed]
        with pytest.raises(KeyboardInterrupt):
            restored(app, tmp_path / "all.zip", force=True)
        app.extensions["restored"] = [lambda: "held"]
        assert restoring.finish() == ["held"]
        assert restoring.finish() == []
        assert (Path(app.config["DATA_DIR"]) / "outbox" / "2026" / "一封信.eml").exists()


def _places_within(whole: bytes) -> Iterator[int]:
    """The middle of each of the largest parts: what stands between parts may say nothing."""
    with ZipFile(io.BytesIO(whole)) as parts:
        for part in sorted(parts.infolist(), key=lambda part: part.compress_size)[-3:]:
            yield part.header_offset + 30 + len(part.filename.encode()) + part.compress_size // 2


def _damaged(whole: bytes, folder: Path) -> Iterator[tuple[str, bytes]]:
    yield "nothing", b""
    yield "rubbish", b"PK\x03\x04" + bytes(range(256)) * 40
    yield "cut", whole[: len(whole) * 2 // 3]
    for place in _places_within(whole):
        yield f"a byte at {place}", whole[:place] + bytes([whole[place] ^ 255]) + whole[place + 1 :]
    for kind, change in (
        ("an empty zip", dict[str, str]()),
        ("another manifest", {"manifest.json": "[]"}),
        ("no such table", {"manifest.json": json.dumps({"tables": {"x": {}}})}),
        ("a path that leads out", {"files/../../evil": "x"}),
    ):
        with ZipFile(folder / "made.zip", "w") as made:
            for name, content in change.items():
                made.writestr(name, content)
        yield kind, (folder / "made.zip").read_bytes()


def test_a_damaged_backup_changes_nothing(migrated: APIFlask, tmp_path: Path) -> None:
    with service(migrated.extensions["settings"]) as app:
        _filled(app)
        before = taken(app, tmp_path / "all.zip")
        for kind, content in _damaged((tmp_path / "all.zip").read_bytes(), tmp_path):
            (tmp_path / "bad.zip").write_bytes(content)
            with pytest.raises(Refused, match="is damaged or not a backup"):
                restored(app, tmp_path / "bad.zip", force=True)
            (tmp_path / "again.zip").unlink(missing_ok=True)
            assert sums(taken(app, tmp_path / "again.zip")) == sums(before), kind


def test_rows_that_fit_no_table_change_nothing(migrated: APIFlask, tmp_path: Path) -> None:
    """A backup whose sums are right, of somebody who wrote references to nothing into it."""
    with service(migrated.extensions["settings"]) as app:
        World.built()
        before = taken(app, tmp_path / "all.zip")
        with ZipFile(tmp_path / "all.zip") as whole, ZipFile(tmp_path / "bad.zip", "w") as bad:
            parts = {name: whole.read(name) for name in whole.namelist()}
            manifest = Manifest.model_validate_json(parts["manifest.json"])
            empty = manifest.tables["people"].model_copy(
                update={"rows": 0, "sha256": sha256().hexdigest()}
            )
            manifest.tables["people"] = empty
            parts |= {
                "tables/people.jsonl": b"",
                "manifest.json": manifest.model_dump_json().encode(),
            }
            for name, content in parts.items():
                bad.writestr(name, content)
        path = str(tmp_path / "bad.zip")
        result = app.test_cli_runner().invoke(args=["restore", path, "--force"])
        assert (result.exit_code, result.stderr.count("\n")) == (1, 1)
        assert re.search("refer to nothing|violates foreign key", result.stderr)
        assert sums(taken(app, tmp_path / "again.zip")) == sums(before)


def test_the_commands(bare: Settings, tmp_path: Path) -> None:
    path = str(tmp_path / "all.zip")
    (tmp_path / "bad.zip").write_bytes(b"rubbish")
    with service(bare) as app:
        run = app.test_cli_runner().invoke

        def refused(*arguments: str) -> str:
            result = run(args=arguments)
            assert (result.exit_code, result.stderr.count("\n")) == (1, 1)
            return result.stderr

        assert "not up to date" in refused("backup", path)
        assert list(tmp_path.glob("all.zip*")) == []
        assert run(args=["prepare"]).exit_code == 0
        assert run(args=["backup", path]).exit_code == 0
        assert (tmp_path / "all.zip").stat().st_mode & 0o777 == 0o600
        assert "never overwrites" in refused("backup", path)
        # 18 topics and 17 sectors are there from the beginning.
        assert run(args=["restore", path, "--check"]).output.startswith(f"{path}: 35 rows of ")
        assert "damaged" in refused("restore", str(tmp_path / "bad.zip"))
        assert "No such file" in refused("restore", str(tmp_path / "missing.zip"))
        assert run(args=["restore", path]).output.endswith("deliveries wait\n")


def test_the_secret_key_goes_along_only_when_asked(migrated: APIFlask, tmp_path: Path) -> None:
    with service(migrated.extensions["settings"]) as app:
        key = app.config["SECRET_KEY"].encode()
        assert "secret_key" not in taken(app, tmp_path / "without.zip").files
        assert "secret_key" in taken(app, tmp_path / "with.zip", with_secret_key=True).files
        with ZipFile(tmp_path / "with.zip") as archive:
            assert archive.read("files/secret_key") == key


@pytest.mark.parametrize("engine", ENGINES)
def test_a_backup_while_files_come_and_go_holds_all_that_its_rows_name(
    installation: Installation, tmp_path: Path, engine: str
) -> None:
    first, second, path = installation(engine), installation("sqlite"), tmp_path / "all.zip"
    with service(first) as app:
        app.extensions["kept_files"] = KEPT_FILES
        migrating.bring_up_to_date()
        world = World.built()
        draft = papers.drafted(world)
        with Attacher(app, world, draft.id) as attacher:
            attacher.wrote.clear()
            backup.write(path, first, KEPT_FILES)
            assert attacher.wrote.wait(30)
    with service(second) as app:
        restored(app, path)
        rows = db.session.execute(select(StoredFile.key, StoredFile.sha256)).all()
        assert rows
        for key, digest in rows:
            with store().open(key) as file:
                assert sha256(file.read()).hexdigest() == digest
