"""Document numbers and their register; review, publishing at a time, correction, void and repeal.

Revision: 0005, after: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
OWN_INDEXES = {
    "ix_bulletins_to_publish": ("publish_at", "state = 'signed'"),
    "ix_bulletins_to_close": ("ended_on", "state = 'repealed' AND closed_at IS NULL"),
}
WAITING = {
    "ix_receipts_to_acknowledge": (
        "needs_acknowledgement = 1 AND acknowledged_at IS NULL",
        "needs_acknowledgement AND acknowledged_at IS NULL",
    ),
    "ix_receipts_unopened": ("opened_at IS NULL", "opened_at IS NULL"),
}


def upgrade() -> None:
    op.create_table(
        "organ_codes",
        sa.Column("id", KEY, nullable=False),
        sa.Column("agency_id", KEY, nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.Column("used_year", sa.Integer(), nullable=False),
        sa.Column("used_before", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("created_by", KEY, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agencies.id"], name=op.f("fk_organ_codes_agency_id_agencies")
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["people.id"], name=op.f("fk_organ_codes_created_by_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organ_codes")),
        sa.UniqueConstraint("code", name=op.f("uq_organ_codes_code")),
    )
    op.create_index(op.f("ix_organ_codes_agency_id"), "organ_codes", ["agency_id"])
    _widen_papers()
    op.create_table(
        "document_numbers",
        sa.Column("id", KEY, nullable=False),
        sa.Column("organ_code_id", KEY, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("bulletin_id", KEY, nullable=False),
        sa.Column("taken_at", MOMENT, nullable=False),
        sa.Column("taken_by", KEY, nullable=False),
        sa.Column("voided_at", MOMENT, nullable=True),
        sa.Column("voided_by", KEY, nullable=True),
        sa.Column("void_reason", sa.String(length=500), nullable=True),
        sa.ForeignKeyConstraint(
            ["bulletin_id"],
            ["bulletins.id"],
            name=op.f("fk_document_numbers_bulletin_id_bulletins"),
        ),
        sa.ForeignKeyConstraint(
            ["organ_code_id"],
            ["organ_codes.id"],
            name=op.f("fk_document_numbers_organ_code_id_organ_codes"),
        ),
        sa.ForeignKeyConstraint(
            ["taken_by"], ["people.id"], name=op.f("fk_document_numbers_taken_by_people")
        ),
        sa.ForeignKeyConstraint(
            ["voided_by"], ["people.id"], name=op.f("fk_document_numbers_voided_by_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_numbers")),
        sa.UniqueConstraint(
            "organ_code_id",
            "year",
            "number",
            name=op.f("uq_document_numbers_organ_code_id_year_number"),
        ),
    )
    op.create_index(op.f("ix_document_numbers_bulletin_id"), "document_numbers", ["bulletin_id"])
    _add_reviews()


def _widen_papers() -> None:
    with op.batch_alter_table("bulletins") as table:
        table.add_column(sa.Column("organ_code_id", KEY, nullable=True))
        table.add_column(sa.Column("number", sa.String(length=64), nullable=True))
        table.add_column(sa.Column("publish_at", MOMENT, nullable=True))
        table.add_column(
            sa.Column("note", sa.String(length=500), server_default="", nullable=False)
        )
        table.add_column(
            sa.Column("asks_again", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        table.add_column(sa.Column("ended_on", sa.Date(), nullable=True))
        table.add_column(sa.Column("ended_at", MOMENT, nullable=True))
        table.add_column(sa.Column("ended_by", KEY, nullable=True))
        table.add_column(sa.Column("ended_entry_id", KEY, nullable=True))
        table.add_column(sa.Column("replaced_by_id", KEY, nullable=True))
        table.add_column(sa.Column("closed_at", MOMENT, nullable=True))
        for column, target in (
            ("organ_code_id", "organ_codes"),
            ("ended_by", "people"),
            ("ended_entry_id", "journal"),
            ("replaced_by_id", "bulletins"),
        ):
            table.create_foreign_key(
                op.f(f"fk_bulletins_{column}_{target}"), target, [column], ["id"]
            )
    op.create_index("ix_bulletins_number", "bulletins", ["number"])
    for name, (column, where) in OWN_INDEXES.items():
        op.create_index(
            name,
            "bulletins",
            [column],
            sqlite_where=sa.text(where),
            postgresql_where=sa.text(where),
        )
    with op.batch_alter_table("bulletin_versions") as table:
        table.add_column(sa.Column("number", sa.String(length=64), nullable=True))
        table.add_column(
            sa.Column("note", sa.String(length=500), server_default="", nullable=False)
        )
    op.add_column("receipts", sa.Column("closed_at", MOMENT, nullable=True))
    _index_waiting(" AND closed_at IS NULL")


def _index_waiting(closed: str) -> None:
    for name, (sqlite, postgresql) in WAITING.items():
        op.drop_index(name, table_name="receipts")
        op.create_index(
            name,
            "receipts",
            ["agency_id", "sent_at", "id"],
            sqlite_where=sa.text(sqlite + closed),
            postgresql_where=sa.text(postgresql + closed),
        )


def _add_reviews() -> None:
    op.create_table(
        "review_steps",
        sa.Column("bulletin_id", KEY, nullable=False),
        sa.Column("seat_id", KEY, nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["bulletin_id"], ["bulletins.id"], name=op.f("fk_review_steps_bulletin_id_bulletins")
        ),
        sa.ForeignKeyConstraint(
            ["seat_id"], ["seats.id"], name=op.f("fk_review_steps_seat_id_seats")
        ),
        sa.PrimaryKeyConstraint("bulletin_id", "seat_id", name=op.f("pk_review_steps")),
    )
    op.create_table(
        "reviews",
        sa.Column("id", KEY, nullable=False),
        sa.Column("bulletin_id", KEY, nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("seat_id", KEY, nullable=False),
        sa.Column("asked_at", MOMENT, nullable=True),
        sa.Column("verdict", sa.String(length=16), nullable=True),
        sa.Column("opinion", sa.String(length=500), nullable=False),
        sa.Column("decided_by", KEY, nullable=True),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["bulletin_id"], ["bulletins.id"], name=op.f("fk_reviews_bulletin_id_bulletins")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["people.id"], name=op.f("fk_reviews_decided_by_people")
        ),
        sa.ForeignKeyConstraint(["seat_id"], ["seats.id"], name=op.f("fk_reviews_seat_id_seats")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviews")),
        sa.UniqueConstraint(
            "bulletin_id", "round", "seat_id", name=op.f("uq_reviews_bulletin_id_round_seat_id")
        ),
    )
    waiting = sa.text("closed_at IS NULL AND asked_at IS NOT NULL")
    op.create_index(
        "ix_reviews_waiting",
        "reviews",
        ["seat_id", "asked_at", "id"],
        sqlite_where=waiting,
        postgresql_where=waiting,
    )
    op.create_table(
        "place_remarks",
        sa.Column("id", KEY, nullable=False),
        sa.Column("bulletin_id", KEY, nullable=False),
        sa.Column("paragraph", sa.Integer(), nullable=False),
        sa.Column("quote", sa.String(length=200), nullable=False),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("made_by", KEY, nullable=False),
        sa.Column("settled_at", MOMENT, nullable=True),
        sa.Column("settled_by", KEY, nullable=True),
        sa.ForeignKeyConstraint(
            ["bulletin_id"], ["bulletins.id"], name=op.f("fk_place_remarks_bulletin_id_bulletins")
        ),
        sa.ForeignKeyConstraint(
            ["made_by"], ["people.id"], name=op.f("fk_place_remarks_made_by_people")
        ),
        sa.ForeignKeyConstraint(
            ["settled_by"], ["people.id"], name=op.f("fk_place_remarks_settled_by_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place_remarks")),
    )
    op.create_index(op.f("ix_place_remarks_bulletin_id"), "place_remarks", ["bulletin_id"])


def downgrade() -> None:
    for table in ("place_remarks", "reviews", "review_steps", "document_numbers"):
        op.drop_table(table)
    _index_waiting("")
    with op.batch_alter_table("receipts") as table:
        table.drop_column("closed_at")
    with op.batch_alter_table("bulletin_versions") as table:
        table.drop_column("note")
        table.drop_column("number")
    for index in (*OWN_INDEXES, "ix_bulletins_number"):
        op.drop_index(index, table_name="bulletins")
    with op.batch_alter_table("bulletins") as table:
        for column, target in (
            ("replaced_by_id", "bulletins"),
            ("ended_entry_id", "journal"),
            ("ended_by", "people"),
            ("organ_code_id", "organ_codes"),
        ):
            table.drop_constraint(op.f(f"fk_bulletins_{column}_{target}"), type_="foreignkey")
        for column in (
            *("closed_at", "replaced_by_id", "ended_entry_id", "ended_by", "ended_at"),
            *("ended_on", "asks_again", "note", "publish_at", "number", "organ_code_id"),
        ):
            table.drop_column(column)
    op.drop_table("organ_codes")
