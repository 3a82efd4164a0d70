"""Forms of people without an account, sent from a page that was open for long.

Nobody of them can sign in, so the form comes back with what was typed and a fresh token. Their
views are exempt from the check before each request and ask here, once their link has proved good.
"""

from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError

from config.http import csrf

WORDS = _l("这一页打开得太久，刚才的提交没有保存。请核对后再提交一次。")


def came_late() -> bool:
    """Whether the request in hand brings no token that is good now."""
    try:
        csrf.protect()
    except CSRFError:
        return True
    return False
