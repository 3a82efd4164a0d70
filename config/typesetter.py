"""Sets one document as PDF, in a process of its own: JSON on standard input, PDF on the output.

Nothing of the service is loaded here, and nothing is ever fetched but the fonts that were named:
whatever a text refers to, be it on the net or on this machine, stays where it is.
"""

import json
import resource
import sys
from pathlib import Path
from typing import Any

try:
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher, URLFetcherResponse
except (ImportError, OSError) as error:
    sys.stderr.write(str(error).splitlines()[0])
    sys.exit(3)  # typesetting.MISSING


class _FontsAlone(URLFetcher):  # type: ignore[misc]
    """Gives the fonts that were named, and refuses every other address."""

    def __init__(self, fonts: list[str]) -> None:
        super().__init__(allowed_protocols=[])
        self._paths = {Path(path).as_uri(): Path(path) for path in fonts}

    def fetch(self, url: str, headers: object = None) -> Any:
        path = self._paths.get(url)
        if path is None:
            raise ValueError("nothing is fetched for a paper")
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": "font/otf"})


def pdf(html: str, sheets: list[str], fonts: list[str]) -> bytes:
    """The document as PDF; ``fonts`` are the files that style sheets may name."""
    fetcher, configuration = _FontsAlone(fonts), FontConfiguration()
    read = [CSS(string=one, url_fetcher=fetcher, font_config=configuration) for one in sheets]
    document = HTML(string=html, url_fetcher=fetcher)
    made: bytes = document.write_pdf(stylesheets=read, font_config=configuration)
    return made


if __name__ == "__main__":
    work = json.load(sys.stdin)
    resource.setrlimit(resource.RLIMIT_CPU, (work["seconds"], work["seconds"]))
    sys.stdout.buffer.write(pdf(work["html"], work["sheets"], work["fonts"]))
