"""Types of columns that several tables share."""

from sqlalchemy import String

Word = String(16)
TITLE_LENGTH = 200
REMARK_LENGTH = 500
