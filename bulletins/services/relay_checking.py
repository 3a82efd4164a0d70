"""The checks before publishing, of what a relay adds to the paper that it hands down."""

from flask_babel import gettext as _

from bulletins import places
from bulletins.models import Relay
from bulletins.ports import CHECKS, Examined
from bulletins.queries import relays as queries
from bulletins.queries.inspections import inspections
from bulletins.queries.relay_rules import stored_rules
from bulletins.services.checking import Outcome, Report
from bulletins.services.checks import today


def examine_relay(relay: Relay) -> Report:
    """Run the checks of words and files on a relay as it stands. Call outside of ``writing()``."""
    files = queries.files([relay.id]).get(relay.id, ())
    words = [
        (_("%(part)s第 %(number)s 段", part=part, number=number), text)
        for part, body in ((_("转发语"), relay.note), (_("补充要求"), relay.additions))
        for number, text in enumerate(places.paragraphs(body), start=1)
    ]
    rules = stored_rules(relay.id)
    seen = Examined(relay.bulletin, rules, files, inspections(files), today(), relay, words)
    outcomes = [Outcome(one, one.find(seen)) for one in CHECKS if one.is_of_words]
    return Report(relay.revision, outcomes)
