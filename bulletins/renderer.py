"""Draws one page of a PDF, or a picture, as a picture: a program of its own, for it reads what
strangers made.

Run as ``python -I renderer.py pdf|picture PAGE`` with the file as standard input. It writes how
many pages there are as eight digits, then the picture: PNG for a page, JPEG for a picture. It may
use so much memory and time and no more, writes no file, and runs nothing of what it reads.
"""

import io
import resource
import sys

import pypdfium2
from PIL import Image, ImageOps

MEMORY = 1024 * 1024 * 1024
SECONDS = 20
WIDTH = 1240
HEIGHT = 3508


def _confine() -> None:
    """No file can be written, no process started; memory and time end."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _page(content: bytes, number: int) -> tuple[int, bytes]:
    """How many pages a PDF has, and one of them (from 1) as PNG."""
    document = pypdfium2.PdfDocument(content)
    count = len(document)
    page = document[min(max(number, 1), count) - 1]
    width, height = page.get_size()
    scale = min(WIDTH / max(width, 1), HEIGHT / max(height, 1))
    drawn = page.render(scale=scale, may_draw_forms=False).to_pil()
    return count, _encoded(drawn.convert("P", palette=Image.Palette.ADAPTIVE, colors=64), "PNG")


def _picture(content: bytes) -> tuple[int, bytes]:
    """A picture no larger than a screen, the right way up, without what a camera noted in it."""
    with Image.open(io.BytesIO(content)) as found:
        found.draft("RGB", (WIDTH, HEIGHT))
        upright = ImageOps.exif_transpose(found)
        upright.thumbnail((WIDTH, HEIGHT))
        clear = upright.convert("RGBA")
        sheet = Image.new("RGB", clear.size, "white")
        sheet.paste(clear, mask=clear)
    return 1, _encoded(sheet, "JPEG")


def _encoded(picture: Image.Image, kind: str) -> bytes:
    made = io.BytesIO()
    picture.save(made, kind, optimize=True)
    return made.getvalue()


def main() -> None:
    """Draw what standard input holds."""
    kind, number = sys.argv[1], int(sys.argv[2])
    _confine()
    content = sys.stdin.buffer.read()
    pages, drawn = _page(content, number) if kind == "pdf" else _picture(content)
    sys.stdout.buffer.write(b"%08d" % pages + drawn)


if __name__ == "__main__":
    main()
