"""The use cases of papers and receipts: one function each, for pages, API, jobs and command line.

Each checks permission, changes state, records what happened and commits once, at its end.
"""

from bulletins.services.arranging import arrange as arrange
from bulletins.services.attachments import attach as attach
from bulletins.services.attachments import remove as remove
from bulletins.services.budgets import set_budget as set_budget
from bulletins.services.budgets import this_year as this_year
from bulletins.services.checking import Unchecked as Unchecked
from bulletins.services.corrections import abandon as abandon
from bulletins.services.corrections import correct as correct
from bulletins.services.cosigning import cosign as cosign
from bulletins.services.drafts import Stale as Stale
from bulletins.services.drafts import create_draft as create_draft
from bulletins.services.drafts import discard as discard
from bulletins.services.drafts import save_draft as save_draft
from bulletins.services.ending import repeal as repeal
from bulletins.services.ending import void as void
from bulletins.services.following import follow as follow
from bulletins.services.joint import return_joint as return_joint
from bulletins.services.numbers import add_code as add_code
from bulletins.services.numbers import choose_default as choose_default
from bulletins.services.numbers import end_code as end_code
from bulletins.services.progress import progress as progress
from bulletins.services.publishing import cancel as cancel
from bulletins.services.publishing import publish_now as publish_now
from bulletins.services.publishing import sign as sign
from bulletins.services.receipts import acknowledge as acknowledge
from bulletins.services.receipts import mark_delivered as mark_delivered
from bulletins.services.receipts import mark_shown as mark_shown
from bulletins.services.receipts import open_receipt as open_receipt
from bulletins.services.relay_files import attach_to_relay as attach_to_relay
from bulletins.services.relay_steps import NotInForce as NotInForce
from bulletins.services.relay_steps import StaleRelay as StaleRelay
from bulletins.services.relaying import act as act
from bulletins.services.relaying import serve_overdue as serve_overdue
from bulletins.services.relaying import sign_relay as sign_relay
from bulletins.services.relays import discard_relay as discard_relay
from bulletins.services.relays import return_relay as return_relay
from bulletins.services.relays import save_relay as save_relay
from bulletins.services.relays import submit_relay as submit_relay
from bulletins.services.relays import withdraw_relay as withdraw_relay
from bulletins.services.remarks import remark_on as remark_on
from bulletins.services.remarks import settle_remark as settle_remark
from bulletins.services.reminders import Reminded as Reminded
from bulletins.services.reminders import remind as remind
from bulletins.services.reviews import agree as agree
from bulletins.services.reviews import drafters as drafters
from bulletins.services.reviews import object_to as object_to
from bulletins.services.submitting import return_draft as return_draft
from bulletins.services.submitting import submit as submit
from bulletins.services.submitting import withdraw as withdraw
