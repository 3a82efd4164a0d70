"""Previews are pictures that this service drew: of pages and pictures, for who may read them."""

import io

import pytest
from PIL import Image
from sqlalchemy import select

from bulletins import services
from bulletins.services import previews
from config.database import db
from config.errors import NotFound
from config.journal import Entry
from tests.bulletins.attaching import attached, kept
from tests.bulletins.browsing import Browsers
from tests.bulletins.files import docx, huge_png, pdf, picture
from tests.bulletins.papers import drafted, every_check
from tests.worlds import World


def opened(content: bytes) -> Image.Image:
    """A picture, read whole."""
    found = Image.open(io.BytesIO(content))
    found.load()
    return found


def test_a_reader_turns_the_pages_of_a_pdf(world: World, browser_of: Browsers) -> None:
    draft = drafted(world)
    one = attached(world, draft, "检查表.pdf", pdf(3))
    services.submit(world.actor("province-clerk"), draft.id, every_check())
    services.sign(world.actor("province-approver"), draft.id, looked_at=every_check())
    reader = browser_of(world.people["county-reader"])
    page = reader.get(f"/attachments/{one.id}?page=2").text
    assert "第 2 页，共 3 页" in page
    assert f'src="/attachments/{one.id}/pages/2"' in page
    answer = reader.get(f"/attachments/{one.id}/pages/2")
    assert answer.mimetype == "image/png"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert opened(answer.data).width > 1000
    entry = db.session.scalars(select(Entry).where(Entry.kind == "attachment.viewed")).one()
    assert (entry.subject_id, entry.agency_id) == (one.id, world.agencies["county"])
    for number in (0, 4, 10**9):
        assert reader.get(f"/attachments/{one.id}/pages/{number}").status_code == 404
        assert reader.get(f"/attachments/{one.id}?page={number}").status_code == 404
    stranger = browser_of(world.people["unrelated-clerk"])
    assert stranger.get(f"/attachments/{one.id}/pages/1").status_code == 404
    assert stranger.get(f"/attachments/{one.id}").status_code == 404


def test_a_picture_is_drawn_anew_without_what_the_camera_noted(world: World) -> None:
    made = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    Image.new("RGB", (3000, 1000), "blue").save(made, "JPEG", exif=exif)
    one = attached(world, drafted(world), "照片.jpg", made.getvalue())
    shown = previews.page(world.actor("province-clerk"), one.id, 1)
    drawn = opened(shown.picture)
    assert (drawn.format, drawn.size) == ("JPEG", (1240, 413))
    assert b"taken at home" not in shown.picture


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(docx(), id="a kind that is not drawn"),
        pytest.param(pdf(1).replace(b"/Pages", b"/Pagez"), id="a broken PDF"),
        pytest.param(picture("PNG", (500, 500))[:600], id="a picture cut short"),
        pytest.param(huge_png(9000, 9000), id="a picture with less than it says"),
    ],
)
def test_what_can_t_be_drawn_says_so(world: World, browser_of: Browsers, content: bytes) -> None:
    one = attached(world, drafted(world), "x.pdf", content)
    client = browser_of(world.people["province-clerk"])
    assert "此文件不能在这里预览" in client.get(f"/attachments/{one.id}").text
    with pytest.raises(NotFound):
        previews.page(world.actor("province-clerk"), one.id, 1)


def test_what_is_drawn_once_is_kept(world: World) -> None:
    clerk, draft = world.actor("province-clerk"), drafted(world)
    one, two = attached(world, draft, "一.pdf", pdf(1)), attached(world, draft, "二.pdf", pdf(1))
    first = previews.page(clerk, one.id, 1)
    assert previews.page(clerk, two.id, 1) == first
    assert sum(name.startswith("previews/") for name in kept()) == 1
