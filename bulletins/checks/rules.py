"""What the rules of its type hold against a paper: whom it addresses, what it must state."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l

from bulletins.ports import Check, Examined, Finding, Level
from bulletins.services.paper_rules import check_type
from config.errors import Invalid


def find(paper: Examined) -> Sequence[Finding]:
    """Each of them, as the fields of the draft's form say it too."""
    try:
        check_type(paper.bulletin, paper.rules)
    except Invalid as error:
        return [Finding(str(words)) for words in error.errors.values()]
    return []


CHECK = Check("rules", _l("文种和行文方向"), Level.REFUSE, find)
