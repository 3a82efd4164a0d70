"""A paper of ten pages as PDF, against WeasyPrint on the same finished HTML and nothing else."""

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta

import pypdfium2
from flask import render_template

from agencies.actors import Actor
from agencies.states import Level, SeatKind
from benchmarks.figures import Figure, in_turn, seconds
from benchmarks.installation import ROOT, installed
from benchmarks.people import Somebody, actor, know_the_tables, plant, settle_in
from bulletins.inputs import DraftInput
from bulletins.ports import CHECKS
from bulletins.services import create_draft, official, printing, sign, submit
from config import clock, typesetting
from config.database import writing
from config.files import store

REPEATS = 7
BOUND = 1.2
PARAGRAPH = "各地要高度重视农村集体聚餐食品安全工作，切实加强组织领导，细化措施，压实责任。" * 6
BODY = "各市、县（市、区）市场监督管理局：\n\n" + f"{PARAGRAPH}\n\n" * 22

# Both sides start a process of their own, as the service does, so that starting cancels out.
BARE = """
import json, sys
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
work, fonts = json.load(sys.stdin), FontConfiguration()
sheets = [CSS(string=one, font_config=fonts) for one in work["sheets"]]
sys.stdout.buffer.write(HTML(string=work["html"]).write_pdf(stylesheets=sheets, font_config=fonts))
"""


def figures() -> Iterator[Figure]:
    """One figure: from the database to the PDF in the store."""
    with installed() as installation, installation.app.test_request_context():
        reader, bulletin_id = _published()
        work = _finished(reader, bulletin_id)
        pages = _pages(_bare(work))
        ours, bare = in_turn(
            lambda: seconds(lambda: _ours(reader, bulletin_id)),
            lambda: seconds(lambda: _bare(work)),
            REPEATS,
        )
    yield Figure(
        f"PDF of a paper of {pages} pages, not made before",
        "WeasyPrint on the finished HTML alone",
        ours / bare,
        BOUND,
        " ×",
        details=f"{ours * 1000:.0f} and {bare * 1000:.0f} ms, each in a new process",
    )


def _published() -> tuple[Actor, int]:
    """Who asks for the paper, and its id."""
    with writing():
        top, *_below = plant(Level.PROVINCE, {Level.CITY: 3})
        kinds = {"clerk": SeatKind.CLERK, "approver": SeatKind.APPROVER}
        people = settle_in([Somebody(name, top, kind) for name, kind in kinds.items()])
    know_the_tables()
    clerk, approver = (actor(person_id) for person_id in people)
    draft = DraftInput(title="关于开展专项整治的通知", body=BODY, to_all=True)
    bulletin_id = create_draft(clerk, draft).id
    seen = [check.name for check in CHECKS]
    submit(clerk, bulletin_id, seen)
    sign(approver, bulletin_id, looked_at=seen)
    return clerk, bulletin_id


def _ours(reader: Actor, bulletin_id: int) -> None:
    """All that a download does, and nothing from the last time."""
    for key in list(store().keys(printing.FOLDER, clock.now() + timedelta(days=1))):
        store().delete(key)
    printing.printed(official.issued(reader, bulletin_id))


def _finished(reader: Actor, bulletin_id: int) -> str:
    paper = official.issued(reader, bulletin_id)
    html = render_template("bulletins/official_pdf.html", paper=paper)
    style = (ROOT / "static" / "official.css").read_text(encoding="utf-8")
    return json.dumps({"html": html, "sheets": [typesetting.faces(), style]})


def _bare(work: str) -> bytes:
    command = [sys.executable, "-c", BARE]
    return subprocess.run(command, input=work.encode(), capture_output=True, check=True).stdout


def _pages(content: bytes) -> int:
    document = pypdfium2.PdfDocument(content)
    try:
        return len(document)
    finally:
        document.close()
