"""Relays, and what receipts know of them.

Revision: 0002, after: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
MOMENTS = ("relayed_at", "passed_over_at", "acted_at")
REFERENCES = {"relay_id": "relays", "relayed_by": "people", "acted_by": "people"}
OPEN = sa.text("state IN ('draft', 'returned', 'submitted')")
TO_RELAY = sa.text("relay_by IS NOT NULL AND relayed_at IS NULL AND passed_over_at IS NULL")


def upgrade() -> None:
    _relays()
    _rules()
    op.add_column("bulletins", sa.Column("relay_within", sa.Integer(), nullable=True))
    op.add_column("bulletin_versions", sa.Column("relay_within", sa.Integer(), nullable=True))
    with op.batch_alter_table("receipts") as receipts:
        receipts.add_column(sa.Column("relay_by", sa.Date(), nullable=True))
        for name in MOMENTS:
            receipts.add_column(sa.Column(name, MOMENT, nullable=True))
        for name, table in REFERENCES.items():
            receipts.add_column(sa.Column(name, KEY, nullable=True))
            receipts.create_foreign_key(_reference(name, table), table, [name], ["id"])
    op.create_index(
        "ix_receipts_to_relay",
        "receipts",
        ["agency_id", "relay_by", "id"],
        sqlite_where=TO_RELAY,
        postgresql_where=TO_RELAY,
    )


def _reference(name: str, table: str) -> str:
    return op.f(f"fk_receipts_{name}_{table}")


def _person(name: str) -> tuple[sa.Column[int], sa.ForeignKeyConstraint]:
    return sa.Column(name, KEY, nullable=True), sa.ForeignKeyConstraint(
        [name], ["people.id"], name=op.f(f"fk_relays_{name}_people")
    )


def _relays() -> None:
    people = [_person(name) for name in ("created_by", "updated_by", "submitted_by", "signed_by")]
    created_by, updated_by, submitted_by, signed_by = (column for column, _reference in people)
    op.create_table(
        "relays",
        sa.Column("id", KEY, nullable=False),
        sa.Column("bulletin_id", KEY, nullable=False),
        sa.Column("agency_id", KEY, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("by_rule", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("note_html", sa.Text(), nullable=False),
        sa.Column("additions", sa.Text(), nullable=False),
        sa.Column("additions_html", sa.Text(), nullable=False),
        sa.Column("needs_acknowledgement", sa.Boolean(), nullable=False),
        sa.Column("acknowledge_by", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("remark", sa.String(length=500), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("receipt_count", sa.Integer(), nullable=False),
        sa.Column("entry_id", KEY, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        created_by,
        sa.Column("updated_at", MOMENT, nullable=False),
        updated_by,
        sa.Column("submitted_at", MOMENT, nullable=True),
        submitted_by,
        sa.Column("signed_at", MOMENT, nullable=True),
        signed_by,
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agencies.id"], name=op.f("fk_relays_agency_id_agencies")
        ),
        sa.ForeignKeyConstraint(
            ["bulletin_id"], ["bulletins.id"], name=op.f("fk_relays_bulletin_id_bulletins")
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["journal.id"], name=op.f("fk_relays_entry_id_journal")
        ),
        *(reference for _column, reference in people),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_relays")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_relays_entry_id")),
    )
    op.create_index(
        "uq_relays_open",
        "relays",
        ["bulletin_id", "agency_id"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    op.create_index(
        "ix_relays_agency_id_state_updated_at",
        "relays",
        ["agency_id", "state", "updated_at", "id"],
    )
    op.create_index("ix_relays_bulletin_id_agency_id", "relays", ["bulletin_id", "agency_id"])


def _rules() -> None:
    op.create_table(
        "relay_rules",
        sa.Column("id", KEY, nullable=False),
        sa.Column("relay_id", KEY, nullable=False),
        sa.Column("part", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("agency_id", KEY, nullable=False),
        sa.Column("level", sa.String(length=16), nullable=True),
        sa.Column("agency_kind", sa.String(length=16), nullable=True),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agencies.id"], name=op.f("fk_relay_rules_agency_id_agencies")
        ),
        sa.ForeignKeyConstraint(
            ["relay_id"], ["relays.id"], name=op.f("fk_relay_rules_relay_id_relays")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_relay_rules")),
    )
    op.create_index("ix_relay_rules_relay_id", "relay_rules", ["relay_id"])


def downgrade() -> None:
    op.drop_index("ix_receipts_to_relay", "receipts")
    with op.batch_alter_table("receipts") as receipts:
        for name, table in REFERENCES.items():
            receipts.drop_constraint(_reference(name, table), type_="foreignkey")
        for name in (*REFERENCES, *MOMENTS, "relay_by"):
            receipts.drop_column(name)
    op.drop_column("bulletin_versions", "relay_within")
    op.drop_column("bulletins", "relay_within")
    op.drop_table("relay_rules")
    op.drop_table("relays")
