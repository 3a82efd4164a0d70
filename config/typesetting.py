"""HTML set as PDF by WeasyPrint in a process of its own: bounded in time, fetching nothing."""

import hashlib
import json
import os
import subprocess
import sys
import threading
from importlib.metadata import version
from pathlib import Path

import structlog
from flask_babel import gettext as _

from config.errors import Unavailable

ROOT = Path(__file__).resolve().parents[1]
FONTS = ROOT / "build" / "fonts"
"""Where ``scripts/fonts`` puts the fonts; without them the system's Noto Serif CJK SC serves."""

PACKAGES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-cjk"
SECONDS = 60
"""How long one document may take, on the clock and of a processor."""

MISSING = 3
"""What ``config.typesetter`` ends with where a library is missing."""

_AT_ONCE = 2
_WAIT = 5
_FACES = (
    ("Changtong Fang", "normal", "FandolFang-Regular.otf"),
    ("Changtong Hei", "normal", "FandolHei-Regular.otf"),
    ("Changtong Kai", "normal", "FandolKai-Regular.otf"),
    ("Changtong Song", "normal", "FandolSong-Regular.otf"),
    ("Changtong Biaosong", "bold", "FandolSong-Bold.otf"),
)
_PASSED_ON = ("PATH", "HOME", "LANG", "TMPDIR", "XDG_CACHE_HOME", "FONTCONFIG_PATH")
_slots = threading.BoundedSemaphore(_AT_ONCE)

log = structlog.get_logger(__name__)


def digest(html: str, css: str) -> str:
    """What a document's PDF depends on, in 64 characters: its HTML and style, fonts, the setter."""
    sizes = [(path.name, path.stat().st_size) for path in _fonts()]
    parts = [html, css, version("weasyprint"), repr(sizes)]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def pdf_of(html: str, css: str, seconds: float = SECONDS) -> bytes:
    """The document as PDF. Call outside of transactions: it takes a second or more.

    Raises Unavailable where a library is missing, where it takes too long, and where this process
    has too many in hand already.
    """
    if not _slots.acquire(timeout=_WAIT):
        raise Unavailable(_("正在排版的公文较多。"), hint=_("请过一分钟再下载；内容没有受到影响。"))
    try:
        return _typeset(html, css, seconds)
    finally:
        _slots.release()


def _typeset(html: str, css: str, seconds: float) -> bytes:
    work = {
        "html": html,
        "sheets": [faces(), css],
        "fonts": [str(path) for path in _fonts()],
        "seconds": max(1, round(seconds)),
    }
    environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    try:
        done = subprocess.run(
            [sys.executable, "-m", "config.typesetter"],
            input=json.dumps(work).encode(),
            capture_output=True,
            cwd=ROOT,
            env=environment,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise _too_long() from error
    if done.returncode == MISSING:
        log.warning("typesetting_missing", error=done.stderr.decode(errors="replace")[:200])
        raise Unavailable(
            _("本机没有安装生成 PDF 所需的系统库。"),
            hint=_(
                "请系统管理员安装：%(packages)s。在此之前，可打开“公文版式”页，用浏览器打印。",
                packages=PACKAGES,
            ),
        )
    if done.returncode < 0:  # the system ended it: too much time or memory
        raise _too_long()
    if done.returncode:
        raise RuntimeError(f"typesetting failed: {done.stderr.decode(errors='replace')[-2000:]}")
    return done.stdout


def _too_long() -> Unavailable:
    return Unavailable(
        _("此件版式过于复杂，没有能在限定时间内生成 PDF。"),
        hint=_("可打开“公文版式”页，用浏览器打印；起草时请减少大表格。"),
    )


def _fonts() -> list[Path]:
    return [path for _family, _weight, name in _FACES if (path := FONTS / name).is_file()]


def has_fonts() -> bool:
    """Whether all fonts of official papers are there."""
    return len(_fonts()) == len(_FACES)


def faces() -> str:
    """The style that gives each font which is there its name."""
    return "".join(
        f"@font-face {{ font-family: '{family}'; font-weight: {weight};"
        f" src: url('{(FONTS / name).as_uri()}') }}\n"
        for family, weight, name in _FACES
        if (FONTS / name).is_file()
    )
