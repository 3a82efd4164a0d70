"""What is said: papers, whom they address, and each agency's copy with its facts."""

from bulletins.models.attachments import Attachment as Attachment
from bulletins.models.attachments import StoredFile as StoredFile
from bulletins.models.attachments import Upload as Upload
from bulletins.models.attachments import UploadPart as UploadPart
from bulletins.models.attachments import VersionAttachment as VersionAttachment
from bulletins.models.audience import AudienceRule as AudienceRule
from bulletins.models.columns import FORM_KEY_LENGTH as FORM_KEY_LENGTH
from bulletins.models.columns import ORGAN_CODE_LENGTH as ORGAN_CODE_LENGTH
from bulletins.models.columns import QUOTE_LENGTH as QUOTE_LENGTH
from bulletins.models.columns import REASON_LENGTH as REASON_LENGTH
from bulletins.models.columns import TITLE_LENGTH as TITLE_LENGTH
from bulletins.models.numbers import DocumentNumber as DocumentNumber
from bulletins.models.numbers import OrganCode as OrganCode
from bulletins.models.papers import Bulletin as Bulletin
from bulletins.models.papers import BulletinVersion as BulletinVersion
from bulletins.models.papers import Remark as Remark
from bulletins.models.receipts import Receipt as Receipt
from bulletins.models.relays import Relay as Relay
from bulletins.models.relays import RelayRule as RelayRule
from bulletins.models.reviews import PlaceRemark as PlaceRemark
from bulletins.models.reviews import Review as Review
from bulletins.models.reviews import ReviewStep as ReviewStep
from bulletins.models.search import IndexedPaper as IndexedPaper
from bulletins.models.searches import SavedSearch as SavedSearch
from bulletins.models.searches import SearchFeed as SearchFeed
from bulletins.models.searches import SearchMatch as SearchMatch
