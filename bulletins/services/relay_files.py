"""Files that go down with a relay's additions, apart from those of the original."""

from typing import IO

from agencies.actors import Actor
from agencies.permissions import require
from bulletins.models import Attachment
from bulletins.permissions import relay_action
from bulletins.queries import attachments as queries
from bulletins.queries import relays
from bulletins.services import keeping
from bulletins.services.attachments import added, check_load, locked_upload
from bulletins.services.relay_steps import take_relay
from bulletins.states import Action, OwnerKind
from config.database import db, writing


def attach_to_relay(
    actor: Actor, relay_id: int, given: str, file: IO[bytes], upload_id: int | None = None
) -> Attachment:
    """Attach a seekable file under the name ``given`` to a relay that is being written.

    The relay's revision grows, so that nobody signs it who has read it with other files; once it
    lies before the approver, and for good once it is signed, its files stand. ``upload_id``: the
    upload that it came by, finished with it. Raises Invalid for a file that may not be attached and
    where there are too many, NotFound, Forbidden, Conflict, StorageFull.
    """
    require(actor, relay_action(Action.EDIT), relays.relay(relay_id))
    examined = keeping.taken_in(given, file)
    with writing():
        relay = take_relay(actor, relay_id, Action.EDIT)
        upload = locked_upload(upload_id)
        if upload is not None and upload.attachment_id is not None:
            return db.session.get_one(Attachment, upload.attachment_id)
        check_load(given, examined.size, *queries.load_of_relay(relay, upload_id))
        relay.revision += 1
        attachment = added(actor, relay.bulletin_id, (OwnerKind.RELAY, relay_id), examined)
        if upload is not None:
            upload.attachment_id = attachment.id
    return attachment
