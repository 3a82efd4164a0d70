"""Questions and remarks on papers, and the issuers' answers.

Revision: 0011, after: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def _refers(name: str, to: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, KEY, sa.ForeignKey(f"{to}.id"), nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "answers",
        sa.Column("id", KEY, primary_key=True),
        _refers("bulletin_id", "bulletins"),
        _refers("issuer_id", "agencies"),
        sa.Column("topic", sa.String(200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("for_all", sa.Boolean(), nullable=False),
        sa.Column("answered_at", MOMENT, nullable=False),
        _refers("answered_by", "people"),
        _refers("entry_id", "journal"),
        sa.Column("official_at", MOMENT, nullable=True),
        _refers("official_by", "people", nullable=True),
        _refers("official_entry_id", "journal", nullable=True),
        sa.UniqueConstraint("entry_id"),
    )
    op.create_index("ix_answers_paper", "answers", ["bulletin_id", "answered_at", "id"])
    op.create_index("ix_answers_issuer", "answers", ["issuer_id", "id"])
    op.create_index("ix_answers_official_entry_id", "answers", ["official_entry_id"])
    op.create_table(
        "questions",
        sa.Column("id", KEY, primary_key=True),
        _refers("bulletin_id", "bulletins"),
        _refers("agency_id", "agencies"),
        _refers("issuer_id", "agencies"),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("for_all", sa.Boolean(), nullable=False),
        sa.Column("text", sa.String(1000), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        _refers("asked_by", "people"),
        sa.Column("ended_at", MOMENT, nullable=True),
        _refers("answer_id", "answers", nullable=True),
    )
    op.create_index("ix_questions_paper", "questions", ["bulletin_id", "asked_at", "id"])
    op.create_index("ix_questions_agency", "questions", ["agency_id", "asked_at", "id"])
    op.create_index("ix_questions_answer_id", "questions", ["answer_id"])
    op.create_index(
        "ix_questions_to_answer",
        "questions",
        ["issuer_id", "asked_at", "id"],
        sqlite_where=sa.text("state = 'asked'"),
        postgresql_where=sa.text("state = 'asked'"),
    )


def downgrade() -> None:
    op.drop_table("questions")
    op.drop_table("answers")
