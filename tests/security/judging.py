"""What a real browser makes of documents, all of them loaded at once and without our policy."""

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Route

OWN = "changtong.example"
"""Where the documents are read; the harness answers for it itself."""

_LOOK = """(own) => [...document.querySelectorAll("iframe")].map((frame) => {
  const found = [];
  const led = ["href", "src", "action", "formaction", "data", "poster", "background", "srcset"];
  const word = (one, name, value) => {
    if (!led.includes(name)) return value;
    const isLink = one.localName === "a";
    let url;
    try { url = new URL(value, one.baseURI); } catch { return isLink ? "" : "nowhere"; }
    if (isLink && /^(https?|mailto|tel):$/.test(url.protocol)) return "";
    if (/^https?:$/.test(url.protocol) && url.hostname === own) return "own";
    return value;
  };
  const active = /^(script|style|link|meta|base|form|input|button|textarea|select|iframe|frame|\
frameset|object|embed|applet|svg|math|img|audio|video|source|template|portal|noscript|dialog)$/;
  for (const one of frame.contentDocument.querySelectorAll("*")) {
    if (active.test(one.localName)) found.push(one.localName);
    for (const { localName: name, value } of one.attributes) {
      const said = word(one, name, value);
      if (/^on|^(style|srcdoc|http-equiv|autofocus|ping|target)$/.test(name)
          || (led.includes(name) && said))
        found.push(`${one.localName} ${name}=${said}`);
    }
  }
  return found;
})"""


@dataclass(frozen=True)
class Judged:
    """What came of the documents, in their order, and of all of them together."""

    active: Sequence[Sequence[str]]
    """Of each: what is or could become active, and where it would lead: ``own`` for this site."""
    scripts: Sequence[str]
    """Every piece of script that the browser began to read."""
    asked: Sequence[str]
    """Every address elsewhere that the browser asked for something."""


def judged(chromium: Browser, documents: Sequence[str]) -> Judged:
    """Load the documents as frames of one page, with scripts allowed to run, and look at them."""
    pages = {f"/{number}": text for number, text in enumerate(documents)}
    frames = "".join(f'<iframe src="{path}"></iframe>' for path in pages)
    pages["/"] = f"<!doctype html><title>{html.escape(OWN)}</title>{frames}"
    scripts: list[str] = []
    asked: list[str] = []
    context = chromium.new_context()
    tab = context.new_page()
    tab.on("dialog", lambda dialog: dialog.dismiss())
    context.route("**/*", lambda route: _answer(route, pages, asked))
    devtools = context.new_cdp_session(tab)
    devtools.on("Debugger.scriptParsed", lambda event: scripts.extend(_of_page(event)))
    devtools.send("Debugger.enable")
    tab.goto(f"http://{OWN}/", wait_until="load")
    devtools.detach()
    active: list[list[str]] = tab.evaluate(_LOOK, OWN)
    context.close()
    return Judged(active, scripts, asked)


def _of_page(event: Mapping[str, Any]) -> list[str]:
    """The script, unless the harness's own runs beside the page, in a world of its own."""
    world = event.get("executionContextAuxData", {}).get("type")
    return [] if world == "isolated" else [f"{world} {event['url'] or 'of no address'}"]


def _answer(route: Route, pages: Mapping[str, Any], asked: list[str]) -> None:
    address = urlsplit(route.request.url)
    if address.hostname != OWN:
        asked.append(route.request.url)
    if address.hostname == OWN and address.path in pages:
        route.fulfill(content_type="text/html; charset=utf-8", body=pages[address.path])
    else:
        route.abort()
