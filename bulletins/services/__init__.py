"""The use cases of papers and receipts: one function each, for pages, API, jobs and command line.

Each checks permission, changes state, records what happened and commits once, at its end.
"""

from bulletins.services.drafts import Stale as Stale
from bulletins.services.drafts import create_draft as create_draft
from bulletins.services.drafts import discard as discard
from bulletins.services.drafts import save_draft as save_draft
from bulletins.services.progress import progress as progress
from bulletins.services.publishing import return_draft as return_draft
from bulletins.services.publishing import sign as sign
from bulletins.services.publishing import submit as submit
from bulletins.services.publishing import withdraw as withdraw
from bulletins.services.receipts import acknowledge as acknowledge
from bulletins.services.receipts import mark_delivered as mark_delivered
from bulletins.services.receipts import mark_shown as mark_shown
from bulletins.services.receipts import open_receipt as open_receipt
from bulletins.services.reminders import Reminded as Reminded
from bulletins.services.reminders import remind as remind
