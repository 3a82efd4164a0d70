"""Types of columns that several tables share."""

from sqlalchemy import String

Word = String(16)
TITLE_LENGTH = 200
REMARK_LENGTH = 500
NUMBER_LENGTH = 64
ORGAN_CODE_LENGTH = 20
REASON_LENGTH = 500
QUOTE_LENGTH = 200
FORM_KEY_LENGTH = 36
