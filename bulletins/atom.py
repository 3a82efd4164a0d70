"""A list of papers as an Atom feed (RFC 4287): titles and links, never so much that one need not
open the paper.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from xml.etree.ElementTree import Element, SubElement, tostring

from flask import current_app, url_for

NAMESPACE = "http://www.w3.org/2005/Atom"
MEDIA_TYPE = "application/atom+xml"


@dataclass(frozen=True)
class Post:
    """One entry: ``address`` is where the paper is read, ``name`` its lasting identifier (IRI)."""

    name: str
    title: str
    author: str
    category: str
    address: str
    at: datetime


def private_address(secret: str) -> str:
    """The whole address of a feed, with the secret that opens it."""
    base: str = current_app.extensions["settings"].base_url
    return base.rstrip("/") + url_for("bulletins.feed", secret=secret)


def feed(name: str, title: str, address: str, began: datetime, posts: Iterable[Post]) -> bytes:
    """The document; ``name`` is the feed's identifier, ``address`` where it was read itself.

    It was updated with its latest entry, or when it ``began``.
    """
    some = list(posts)
    root = Element("feed", xmlns=NAMESPACE)
    SubElement(root, "id").text = name
    SubElement(root, "title").text = title
    SubElement(root, "updated").text = _moment(max([began, *(post.at for post in some)]))
    SubElement(root, "link", rel="self", type=MEDIA_TYPE, href=address)
    SubElement(SubElement(root, "author"), "name").text = "畅通"
    for post in some:
        _add(root, post)
    document: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return document


def _add(root: Element, post: Post) -> None:
    entry = SubElement(root, "entry")
    SubElement(entry, "id").text = post.name
    SubElement(entry, "title").text = post.title
    SubElement(entry, "updated").text = _moment(post.at)
    SubElement(SubElement(entry, "author"), "name").text = post.author
    SubElement(entry, "category", term=post.category)
    SubElement(entry, "link", rel="alternate", type="text/html", href=post.address)


def _moment(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
