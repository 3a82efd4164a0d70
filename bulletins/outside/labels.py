"""The words in which people read why a page can't be opened."""

from flask_babel import gettext as _

from bulletins.outside.states import Seen


def dead(seen: Seen, status: int | None, url: str) -> str:
    """Why nobody can open ``url``."""
    shown = url[:80]
    if seen == Seen.NO_HOST:
        return _("打不开，没有这个网站，请核对网址：%(url)s", url=shown)
    if seen == Seen.NO_TRUST:
        return _("打不开，网站的证书过期或不是它的，浏览器会拦下：%(url)s", url=shown)
    return _("打不开，网站上没有这一页（%(status)s）：%(url)s", status=status, url=shown)
