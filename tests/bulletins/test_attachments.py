"""Attachments: added to drafts, kept once, frozen when signed, read by those who got the paper."""

import io
from typing import Any

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import TestResponse, encode_multipart

from bulletins import services
from bulletins.models import Attachment, Bulletin, StoredFile
from bulletins.queries import attachments as queries
from bulletins.queries import papers
from bulletins.services import corrections
from config.database import db
from config.errors import Conflict, Invalid, StorageFull
from config.journal import Entry
from tests.bulletins.attaching import NO_LIMIT, attached, full_disk, kept
from tests.bulletins.browsing import Browsers
from tests.bulletins.files import PDF, SVG, docx, picture
from tests.bulletins.papers import drafted, every_check, receipt_of
from tests.bulletins.queries import counted
from tests.worlds import World, csrf_of

UNREAD = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
"""Of a form it gives up reading, the framework leaves a temporary file to the collector."""


def signed(world: World, bulletin: Bulletin) -> Bulletin:
    """The draft, submitted and signed."""
    services.submit(world.actor("province-clerk"), bulletin.id, every_check())
    return services.sign(world.actor("province-approver"), bulletin.id, looked_at=every_check())


def send(
    client: FlaskClient, bulletin: Bulletin, *files: tuple[bytes, str], room: int = NO_LIMIT
) -> TestResponse:
    """The form with files, as a browser without scripts sends it to a disk with so much room."""
    url = f"/bulletins/{bulletin.id}/attachments"
    fields: dict[str, Any] = {
        "csrf_token": csrf_of(client.get(url).text),
        "files": [FileStorage(io.BytesIO(content), name) for content, name in files],
    }
    boundary, body = encode_multipart(MultiDict(fields))
    with full_disk(room):
        return client.post(
            url,
            data=body,
            content_type=f"multipart/form-data; boundary={boundary}",
            follow_redirects=True,
        )


def recorded(kind: str) -> int:
    """How many entries of a kind the journal has."""
    return db.session.scalar(select(func.count()).where(Entry.kind == kind)) or 0


def test_a_form_attaches_several_files_at_once(world: World, browser_of: Browsers) -> None:
    draft = drafted(world)
    client = browser_of(world.people["province-clerk"])
    page = send(client, draft, (PDF, "检查表.pdf"), (docx(), "方案.docx"), (picture(), "图.png"))
    assert "已添加 3 个附件。" in page.text
    found = queries.working(draft.id)
    assert [(one.name, one.file.kind) for one in found] == [
        ("检查表.pdf", "pdf"),
        ("方案.docx", "docx"),
        ("图.png", "png"),
    ]
    assert recorded("attachment.added") == 3
    assert "方案.docx" in client.get(f"/bulletins/drafts/{draft.id}").text


def test_what_may_not_be_attached_is_named_and_the_rest_stays(
    world: World, browser_of: Browsers
) -> None:
    draft = drafted(world)
    client = browser_of(world.people["province-clerk"])
    page = send(client, draft, (SVG, "图.svg"), (b"", "空.txt"), (PDF, "好.pdf"))
    assert "“图.svg”没有上传：不接受网页、SVG 和 XML 文件" in page.text
    assert "“空.txt”没有上传：文件是空的。" in page.text
    assert [one.name for one in queries.working(draft.id)] == ["好.pdf"]
    assert "请先选择文件。" in send(client, draft).text


def test_the_same_content_is_stored_once(world: World) -> None:
    first, second = drafted(world), drafted(world)
    attached(world, first, "一.pdf")
    attached(world, first, "二.pdf")
    attached(world, second, "三.pdf")
    assert list(kept().values()) == [PDF]
    assert db.session.scalar(select(func.count(StoredFile.id))) == 1
    assert db.session.scalar(select(func.count(Attachment.id))) == 3


def test_who_received_the_paper_downloads_its_files(world: World, browser_of: Browsers) -> None:
    draft = drafted(world)
    one = attached(world, draft, "检查“表”.pdf")
    paper = signed(world, draft)
    reader = browser_of(world.people["county-reader"])
    page = reader.get(f"/inbox/{receipt_of(world, 'county', paper).id}").text
    url = f"/attachments/{one.id}/file"
    assert url in page
    answer = reader.get(url)
    assert answer.data == PDF
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("attachment; ")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert recorded("attachment.downloaded") == 1
    entry = db.session.scalars(select(Entry).where(Entry.kind == "attachment.downloaded")).one()
    assert (entry.subject_id, entry.agency_id) == (one.id, world.agencies["county"])
    assert receipt_of(world, "county", paper).acknowledged_at is None


def test_going_on_with_a_download_is_no_new_one(world: World, browser_of: Browsers) -> None:
    draft = drafted(world)
    one = attached(world, draft)
    signed(world, draft)
    reader = browser_of(world.people["county-reader"])
    url = f"/attachments/{one.id}/file"
    rest = reader.get(url, headers={"Range": "bytes=100-"})
    assert (rest.status_code, rest.data) == (206, PDF[100:])
    assert reader.head(url).content_length == len(PDF)
    assert recorded("attachment.downloaded") == 0
    assert reader.get(url, headers={"Range": "bytes=0-9"}).data == PDF[:10]
    assert recorded("attachment.downloaded") == 1
    assert reader.get(url, headers={"Range": "bytes=999999-"}).status_code == 416


def test_a_range_of_a_text_is_that_of_the_file(world: World, browser_of: Browsers) -> None:
    text = b"name,count\n" * 1000
    one = attached(world, drafted(world), "a.csv", text)
    client = browser_of(world.people["province-clerk"])
    url, packed = f"/attachments/{one.id}/file", {"Accept-Encoding": "gzip, br"}
    assert client.get(url, headers=packed).data == text
    part = client.get(url, headers={**packed, "Range": "bytes=100-8000"})
    assert (part.status_code, part.data) == (206, text[100:8001])


def test_a_draft_and_its_files_are_for_those_who_write_it(
    world: World, browser_of: Browsers
) -> None:
    one = attached(world, drafted(world))
    url = f"/attachments/{one.id}/file"
    for name, status in (
        ("province-clerk", 200),
        ("province-approver", 200),
        ("province-reader", 403),
        ("city-clerk", 404),
        ("unrelated-clerk", 404),
    ):
        assert browser_of(world.people[name]).get(url).status_code == status, name


def test_only_those_addressed_get_the_files(world: World, browser_of: Browsers) -> None:
    draft = drafted(world, to_all=False, to_agencies=[world.agencies["city"]])
    one = attached(world, draft)
    signed(world, draft)
    url = f"/attachments/{one.id}/file"
    for name, status in (("city-reader", 200), ("county-clerk", 404), ("province-reader", 200)):
        assert browser_of(world.people[name]).get(url).status_code == status, name


def test_what_was_taken_off_is_gone_and_what_was_signed_stays(
    world: World, browser_of: Browsers
) -> None:
    draft = drafted(world)
    clerk = world.actor("province-clerk")
    gone, stays = attached(world, draft, "旧.pdf"), attached(world, draft, "新.docx", docx())
    client = browser_of(world.people["province-clerk"])
    page = f"/bulletins/{draft.id}/attachments"
    token = csrf_of(client.get(page).text)
    client.post(f"/attachments/{gone.id}/remove", data={"csrf_token": token})
    services.remove(clerk, stays.id)
    again = attached(world, draft, "新.docx", docx())
    signed(world, draft)
    assert [one.id for one in queries.of_version(draft.id, 1)] == [again.id]
    assert client.get(f"/attachments/{gone.id}/file").status_code == 404
    assert client.get(f"/attachments/{again.id}/file").data == docx()
    with pytest.raises(Conflict):
        services.remove(clerk, again.id)
    with pytest.raises(Conflict):
        attached(world, draft, "太晚.pdf")
    assert recorded("attachment.removed") == 2


def test_a_correction_has_its_own_files_and_readers_keep_the_old_ones(
    world: World, browser_of: Browsers
) -> None:
    draft = drafted(world)
    clerk = world.actor("province-clerk")
    old = attached(world, draft, "旧.pdf")
    signed(world, draft)
    corrections.correct(clerk, draft.id)
    services.remove(clerk, old.id)
    new = attached(world, draft, "新.docx", docx())
    for name, of_old, of_new in (
        ("province-clerk", 200, 200),
        ("province-reader", 200, 403),
        ("county-clerk", 200, 404),
    ):
        browser = browser_of(world.people[name])
        assert browser.get(f"/attachments/{old.id}/file").status_code == of_old, name
        assert browser.get(f"/attachments/{new.id}/file").status_code == of_new, name
    paper = papers.bulletin(draft.id)
    assert [one.id for one in queries.of_issuer(paper, is_at_desk=True)] == [new.id]
    assert [one.id for one in queries.of_issuer(paper, is_at_desk=False)] == [old.id]
    corrections.abandon(clerk, draft.id)
    assert [one.name for one in queries.working(draft.id)] == ["旧.pdf"]
    assert [one.id for one in queries.of_version(draft.id, 1)] == [old.id]


def test_an_approver_never_signs_with_other_files_than_were_read(world: World) -> None:
    draft = drafted(world)
    clerk, approver = world.actor("province-clerk"), world.actor("province-approver")
    services.submit(clerk, draft.id)
    read = services.withdraw(clerk, draft.id).revision
    services.submit(clerk, draft.id)
    services.withdraw(clerk, draft.id)
    attached(world, draft)
    services.submit(clerk, draft.id)
    with pytest.raises(Conflict):
        services.sign(approver, draft.id, read)
    services.withdraw(clerk, draft.id)
    read = services.submit(clerk, draft.id).revision
    services.sign(approver, draft.id, read)


def test_there_is_a_most_of_files_and_of_bytes(app: APIFlask, world: World) -> None:
    draft = drafted(world)
    app.extensions["settings"] = app.extensions["settings"].model_copy(
        update={"attachments": 2, "attachments_mb": 1, "attachment_mb": 1}
    )
    with pytest.raises(Invalid) as refused:
        attached(world, draft, "大.txt", b"1" * (1024 * 1024 + 1))
    assert "文件超过 1 MB" in str(refused.value.errors["files"])
    attached(world, draft, "大.txt", b"1" * 900_000)
    with pytest.raises(Invalid) as refused:
        attached(world, draft, "二.txt", b"2" * 900_000)
    assert "合计不能超过 1 MB" in str(refused.value.errors["files"])
    attached(world, draft)
    with pytest.raises(Invalid) as refused:
        attached(world, draft)
    assert "最多 2 个附件" in str(refused.value.errors["files"])
    assert len(queries.working(draft.id)) == 2


@UNREAD
def test_ten_thousand_files_are_refused_with_a_word(world: World, browser_of: Browsers) -> None:
    client = browser_of(world.people["province-clerk"])
    draft = drafted(world)
    answer = send(client, draft, *[(b"x", f"{number}.txt") for number in range(10_000)])
    assert answer.status_code == 413
    assert "提交的内容太大" in answer.text
    assert queries.working(draft.id) == []
    assert kept() == {}


@UNREAD
def test_a_full_disk_is_told_and_nothing_is_half_written(
    world: World, browser_of: Browsers
) -> None:
    draft = drafted(world)
    before = attached(world, draft)
    client = browser_of(world.people["province-clerk"])
    large = b"a,b\n" * 2_000_000
    with pytest.raises(StorageFull), full_disk(6_000_000):
        attached(world, draft, "大.csv", large)
    assert list(kept().values()) == [PDF]
    # and where the framework keeps what is still arriving
    page = send(client, draft, (large, "大.csv"), room=6_000_000)
    assert page.status_code == 507
    assert "存储空间已满" in page.text
    assert [one.id for one in queries.working(draft.id)] == [before.id]
    assert list(kept().values()) == [PDF]
    attached(world, draft, "大.csv", large)


def test_a_page_asks_the_database_as_often_for_many_files(
    world: World, browser_of: Browsers
) -> None:
    few, many = drafted(world), drafted(world)
    attached(world, few)
    for number in range(20):
        attached(world, many, f"{number}.pdf")
    client = browser_of(world.people["province-clerk"])
    counts = []
    for draft in (few, many):
        with counted() as queries_made:
            client.get(f"/bulletins/{draft.id}/attachments")
        counts.append(len(queries_made))
    assert counts[0] == counts[1] < 10
