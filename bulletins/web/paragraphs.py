"""The paragraphs of a text as choices of a form."""

from flask_babel import gettext as _

from bulletins import places


def choices(body: str) -> list[tuple[int, str]]:
    """Each paragraph with its number (from 1) and how it begins."""
    return [
        (number, _("第 %(number)s 段：%(head)s", number=number, head=head))
        for number, head in enumerate(places.heads(body), start=1)
    ]
