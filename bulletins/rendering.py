"""A paper's Markdown as HTML, once when it is saved."""

from config.errors import Invalid
from config.text import render


def html_of(body: str) -> str:
    """Safe HTML of a paper's text; raises Invalid, at its field, where it is too complex."""
    try:
        return render(body)
    except Invalid as error:
        raise Invalid(errors={"body": error.message}) from error
