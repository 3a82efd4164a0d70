"""A paper's Markdown as HTML, once when it is saved."""

from config.text import render


def html_of(body: str) -> str:
    """Safe HTML of a paper's text."""
    return render(body)
