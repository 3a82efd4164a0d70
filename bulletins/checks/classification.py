"""Markings of state secrets, which stop a paper: in its words, and in what is attached to it.

The same rule refuses them already as they are typed (``inputs``) and uploaded (``keeping``); here
it is held against what came in before, or by another way.
"""

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from bulletins import classified
from bulletins.ports import Check, Examined, Finding, Level


def find(paper: Examined) -> Sequence[Finding]:
    """Each marking, by its place or the name of the file."""
    found = [
        Finding(classified.refusal(marking), place)
        for place, text in paper.passages
        if (marking := classified.marking(text))
    ]
    known = paper.inspections
    for attachment in paper.attachments:
        inspection = known.get(attachment.file_id)
        inside = inspection.marking if inspection else None
        marking = classified.marking(attachment.name) or inside
        if marking:
            place = _("附件“%(name)s”", name=attachment.name)
            found.append(Finding(classified.refusal(marking), place))
    return found


CHECK = Check("classification", _l("密级标志"), Level.REFUSE, find, is_of_words=True)
