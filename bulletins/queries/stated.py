"""What a version of a paper states besides its text."""

from bulletins.inputs import ParticularsInput
from bulletins.models import Particulars
from config.database import db


def stated(bulletin_id: int, version: int) -> Particulars:
    """What that version states, blank where nothing; version 0 is the draft."""
    found = db.session.get(Particulars, (bulletin_id, version))
    return found or Particulars(
        bulletin_id=bulletin_id, version=version, **ParticularsInput().model_dump()
    )
