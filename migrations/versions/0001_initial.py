"""All tables of the first version.

Revision: 0001, after: nothing
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
TABLES = (
    "agencies",
    "attempts",
    "channel_pauses",
    "journal",
    "messages",
    "people",
    "restores",
    "special_days",
    "absences",
    "agency_lineage",
    "bulletins",
    "contacts",
    "handlings",
    "recipients",
    "seats",
    "audience_rules",
    "bulletin_remarks",
    "bulletin_versions",
    "digests",
    "invitations",
    "notices",
    "receipts",
    "sign_ins",
    "subscriptions",
    "tasks",
    "tenures",
    "tokens",
    "assignments",
    "deliveries",
    "task_reports",
)


def upgrade() -> None:
    op.create_table(
        "agencies",
        sa.Column("id", KEY, nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("level", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("parent_id", KEY, nullable=True),
        sa.Column("timezone", sa.String(length=64), nullable=True),
        sa.Column("contact_name", sa.String(length=50), nullable=False),
        sa.Column("contact_phone", sa.String(length=50), nullable=False),
        sa.Column("contact_mail", sa.String(length=254), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["agencies.id"], name=op.f("fk_agencies_parent_id_agencies")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agencies")),
        sa.UniqueConstraint("code", name=op.f("uq_agencies_code")),
    )
    op.create_index("ix_agencies_parent_id_code", "agencies", ["parent_id", "code"])
    op.create_table(
        "attempts",
        sa.Column("id", KEY, nullable=False),
        sa.Column("what", sa.String(length=16), nullable=False),
        sa.Column("who", sa.String(length=64), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempts")),
    )
    op.create_index("ix_attempts_what_who_at", "attempts", ["what", "who", "at"])
    op.create_table(
        "channel_pauses",
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("channel", name=op.f("pk_channel_pauses")),
    )
    op.create_table(
        "journal",
        sa.Column("id", KEY, nullable=False),
        sa.Column("position", KEY, nullable=True),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("subject_kind", sa.String(length=32), nullable=False),
        sa.Column("subject_id", KEY, nullable=False),
        sa.Column("agency_id", KEY, nullable=True),
        sa.Column("person_id", KEY, nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal")),
        sa.UniqueConstraint("position", name=op.f("uq_journal_position")),
    )
    op.create_index("ix_journal_agency", "journal", ["agency_id", "id"])
    op.create_index("ix_journal_at", "journal", ["at", "id"])
    op.create_index("ix_journal_kind_position", "journal", ["kind", "position"])
    op.create_index("ix_journal_person", "journal", ["person_id", "id"])
    op.create_index("ix_journal_subject", "journal", ["subject_kind", "subject_id", "id"])
    op.create_index(
        "ix_journal_unsettled",
        "journal",
        ["id"],
        sqlite_where=sa.text("position IS NULL"),
        postgresql_where=sa.text("position IS NULL"),
    )
    op.create_table(
        "messages",
        sa.Column("id", KEY, nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("subject", sa.String(length=250), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("receipts", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
        sa.UniqueConstraint("key", name=op.f("uq_messages_key")),
    )
    op.create_table(
        "people",
        sa.Column("id", KEY, nullable=False),
        sa.Column("username", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=50), nullable=False),
        sa.Column("password", sa.String(length=255), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("fs_uniquifier", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=True),
        sa.Column("is_admin", sa.Boolean(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("failed_sign_ins", sa.Integer(), nullable=False),
        sa.Column("locked_until", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint("is_admin = (role IS NOT NULL)", name=op.f("ck_people_is_admin")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint("fs_uniquifier", name=op.f("uq_people_fs_uniquifier")),
        sa.UniqueConstraint("id", "is_admin", name=op.f("uq_people_id_is_admin")),
        sa.UniqueConstraint("username", name=op.f("uq_people_username")),
    )
    op.create_table(
        "restores",
        sa.Column("id", KEY, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("backup_made_at", MOMENT, nullable=False),
        sa.Column("files", sa.String(length=64), nullable=False),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_restores")),
    )
    op.create_table(
        "special_days",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("is_working", sa.Boolean(), nullable=False),
        sa.Column("remark", sa.String(length=50), nullable=False),
        sa.Column("changed_by", KEY, nullable=True),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_special_days")),
    )
    op.create_table(
        "absences",
        sa.Column("id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint("until_day >= from_day", name=op.f("ck_absences_order")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_absences_person_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absences")),
    )
    op.create_index(op.f("ix_absences_person_id"), "absences", ["person_id"])
    op.create_table(
        "agency_lineage",
        sa.Column("ancestor_id", KEY, nullable=False),
        sa.Column("descendant_id", KEY, nullable=False),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["ancestor_id"], ["agencies.id"], name=op.f("fk_agency_lineage_ancestor_id_agencies")
        ),
        sa.ForeignKeyConstraint(
            ["descendant_id"],
            ["agencies.id"],
            name=op.f("fk_agency_lineage_descendant_id_agencies"),
        ),
        sa.PrimaryKeyConstraint("ancestor_id", "descendant_id", name=op.f("pk_agency_lineage")),
    )
    op.create_index("ix_agency_lineage_below", "agency_lineage", ["descendant_id", "ancestor_id"])
    op.create_table(
        "bulletins",
        sa.Column("id", KEY, nullable=False),
        sa.Column("issuer_id", KEY, nullable=False),
        sa.Column("type", sa.String(length=16), nullable=False),
        sa.Column("urgency", sa.String(length=16), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("needs_acknowledgement", sa.Boolean(), nullable=False),
        sa.Column("acknowledge_by", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("created_by", KEY, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("updated_by", KEY, nullable=False),
        sa.Column("submitted_at", MOMENT, nullable=True),
        sa.Column("submitted_by", KEY, nullable=True),
        sa.Column("signed_at", MOMENT, nullable=True),
        sa.Column("signed_by", KEY, nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by"], ["people.id"], name=op.f("fk_bulletins_created_by_people")
        ),
        sa.ForeignKeyConstraint(
            ["issuer_id"], ["agencies.id"], name=op.f("fk_bulletins_issuer_id_agencies")
        ),
        sa.ForeignKeyConstraint(
            ["signed_by"], ["people.id"], name=op.f("fk_bulletins_signed_by_people")
        ),
        sa.ForeignKeyConstraint(
            ["submitted_by"], ["people.id"], name=op.f("fk_bulletins_submitted_by_people")
        ),
        sa.ForeignKeyConstraint(
            ["updated_by"], ["people.id"], name=op.f("fk_bulletins_updated_by_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulletins")),
    )
    op.create_index(
        "ix_bulletins_issuer_id_signed_at", "bulletins", ["issuer_id", "signed_at", "id"]
    )
    op.create_index(
        "ix_bulletins_issuer_id_state_updated_at",
        "bulletins",
        ["issuer_id", "state", "updated_at", "id"],
    )
    op.create_table(
        "contacts",
        sa.Column("id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("verified_at", MOMENT, nullable=True),
        sa.Column("code_sent_at", MOMENT, nullable=True),
        sa.Column("code_tries", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_contacts_person_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contacts")),
        sa.UniqueConstraint("person_id", "channel", name=op.f("uq_contacts_person_id_channel")),
    )
    op.create_index(op.f("ix_contacts_address"), "contacts", ["address"])
    op.create_table(
        "handlings",
        sa.Column("entry_id", KEY, nullable=False),
        sa.Column("handler", sa.String(length=128), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_try_at", MOMENT, nullable=False),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.Column("set_aside_at", MOMENT, nullable=True),
        sa.Column("error", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["journal.id"], name=op.f("fk_handlings_entry_id_journal")
        ),
        sa.PrimaryKeyConstraint("entry_id", "handler", name=op.f("pk_handlings")),
    )
    op.create_index(
        "ix_handlings_waiting", "handlings", ["done_at", "set_aside_at", "next_try_at", "entry_id"]
    )
    op.create_table(
        "recipients",
        sa.Column("id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=True),
        sa.Column("agency_id", KEY, nullable=True),
        sa.Column("name", sa.String(length=50), nullable=False),
        sa.Column("mail", sa.String(length=254), nullable=True),
        sa.Column("phone", sa.String(length=32), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("created_by", KEY, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "person_id IS NOT NULL OR agency_id IS NOT NULL", name=op.f("ck_recipients_whose")
        ),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agencies.id"], name=op.f("fk_recipients_agency_id_agencies")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_recipients_person_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recipients")),
        sa.UniqueConstraint("person_id", name=op.f("uq_recipients_person_id")),
    )
    op.create_index("ix_recipients_agency_id", "recipients", ["agency_id", "id"])
    op.create_table(
        "seats",
        sa.Column("id", KEY, nullable=False),
        sa.Column("agency_id", KEY, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("label", sa.String(length=50), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agencies.id"], name=op.f("fk_seats_agency_id_agencies")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seats")),
        sa.UniqueConstraint(
            "agency_id", "kind", "label", name=op.f("uq_seats_agency_id_kind_label")
        ),
    )
    op.create_table(
        "audience_rules",
        sa.Column("id", KEY, nullable=False),
        sa.Column("bulletin_id", KEY, nullable=False),
        sa.Column("part", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("agency_id", KEY, nullable=False),
        sa.Column("level", sa.String(length=16), nullable=True),
        sa.Column("agency_kind", sa.String(length=16), nullable=True),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agencies.id"], name=op.f("fk_audience_rules_agency_id_agencies")
        ),
        sa.ForeignKeyConstraint(
            ["bulletin_id"], ["bulletins.id"], name=op.f("fk_audience_rules_bulletin_id_bulletins")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audience_rules")),
    )
    op.create_index(op.f("ix_audience_rules_bulletin_id"), "audience_rules", ["bulletin_id"])
    op.create_table(
        "bulletin_remarks",
        sa.Column("entry_id", KEY, nullable=False),
        sa.Column("bulletin_id", KEY, nullable=False),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["bulletin_id"],
            ["bulletins.id"],
            name=op.f("fk_bulletin_remarks_bulletin_id_bulletins"),
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["journal.id"], name=op.f("fk_bulletin_remarks_entry_id_journal")
        ),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_bulletin_remarks")),
    )
    op.create_index(op.f("ix_bulletin_remarks_bulletin_id"), "bulletin_remarks", ["bulletin_id"])
    op.create_table(
        "bulletin_versions",
        sa.Column("bulletin_id", KEY, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("entry_id", KEY, nullable=False),
        sa.Column("type", sa.String(length=16), nullable=False),
        sa.Column("urgency", sa.String(length=16), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("needs_acknowledgement", sa.Boolean(), nullable=False),
        sa.Column("acknowledge_by", sa.Date(), nullable=True),
        sa.Column("receipt_count", sa.Integer(), nullable=False),
        sa.Column("signed_at", MOMENT, nullable=False),
        sa.Column("signed_by", KEY, nullable=False),
        sa.ForeignKeyConstraint(
            ["bulletin_id"],
            ["bulletins.id"],
            name=op.f("fk_bulletin_versions_bulletin_id_bulletins"),
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["journal.id"], name=op.f("fk_bulletin_versions_entry_id_journal")
        ),
        sa.ForeignKeyConstraint(
            ["signed_by"], ["people.id"], name=op.f("fk_bulletin_versions_signed_by_people")
        ),
        sa.PrimaryKeyConstraint("bulletin_id", "version", name=op.f("pk_bulletin_versions")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_bulletin_versions_entry_id")),
    )
    op.create_table(
        "digests",
        sa.Column("id", KEY, nullable=False),
        sa.Column("recipient_id", KEY, nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("scheduled_at", MOMENT, nullable=False),
        sa.Column("after", KEY, nullable=False),
        sa.Column("upto", KEY, nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("processed_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["recipient_id"], ["recipients.id"], name=op.f("fk_digests_recipient_id_recipients")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digests")),
        sa.UniqueConstraint(
            "recipient_id",
            "channel",
            "scheduled_at",
            name=op.f("uq_digests_recipient_id_channel_scheduled_at"),
        ),
    )
    op.create_index(
        "ix_digests_waiting",
        "digests",
        ["id"],
        sqlite_where=sa.text("state = 'due'"),
        postgresql_where=sa.text("state = 'due'"),
    )
    op.create_table(
        "invitations",
        sa.Column("id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("way", sa.String(length=16), nullable=False),
        sa.Column("contact_id", KEY, nullable=True),
        sa.Column("nonce", sa.String(length=43), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name=op.f("fk_invitations_contact_id_contacts")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_invitations_person_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
    )
    op.create_index(op.f("ix_invitations_person_id"), "invitations", ["person_id"])
    op.create_table(
        "notices",
        sa.Column("id", KEY, nullable=False),
        sa.Column("entry_id", KEY, nullable=False),
        sa.Column("recipient_id", KEY, nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("subject_id", KEY, nullable=False),
        sa.Column("receipt_id", KEY, nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("processed_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["journal.id"], name=op.f("fk_notices_entry_id_journal")
        ),
        sa.ForeignKeyConstraint(
            ["recipient_id"], ["recipients.id"], name=op.f("fk_notices_recipient_id_recipients")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint(
            "entry_id",
            "recipient_id",
            "channel",
            name=op.f("uq_notices_entry_id_recipient_id_channel"),
        ),
    )
    op.create_index("ix_notices_subject", "notices", ["kind", "subject_id"])
    op.create_index(
        "ix_notices_waiting",
        "notices",
        ["id"],
        sqlite_where=sa.text("state = 'due'"),
        postgresql_where=sa.text("state = 'due'"),
    )
    op.create_table(
        "receipts",
        sa.Column("id", KEY, nullable=False),
        sa.Column("bulletin_id", KEY, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("agency_id", KEY, nullable=False),
        sa.Column("part", sa.String(length=16), nullable=False),
        sa.Column("through_receipt_id", KEY, nullable=True),
        sa.Column("needs_acknowledgement", sa.Boolean(), nullable=False),
        sa.Column("sent_at", MOMENT, nullable=False),
        sa.Column("delivered_at", MOMENT, nullable=True),
        sa.Column("delivered_by", KEY, nullable=True),
        sa.Column("delivered_how", sa.String(length=16), nullable=True),
        sa.Column("opened_at", MOMENT, nullable=True),
        sa.Column("opened_by", KEY, nullable=True),
        sa.Column("acknowledged_at", MOMENT, nullable=True),
        sa.Column("acknowledged_by", KEY, nullable=True),
        sa.Column("reminded_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["acknowledged_by"], ["people.id"], name=op.f("fk_receipts_acknowledged_by_people")
        ),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agencies.id"], name=op.f("fk_receipts_agency_id_agencies")
        ),
        sa.ForeignKeyConstraint(
            ["bulletin_id"], ["bulletins.id"], name=op.f("fk_receipts_bulletin_id_bulletins")
        ),
        sa.ForeignKeyConstraint(
            ["delivered_by"], ["people.id"], name=op.f("fk_receipts_delivered_by_people")
        ),
        sa.ForeignKeyConstraint(
            ["opened_by"], ["people.id"], name=op.f("fk_receipts_opened_by_people")
        ),
        sa.ForeignKeyConstraint(
            ["through_receipt_id"],
            ["receipts.id"],
            name=op.f("fk_receipts_through_receipt_id_receipts"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipts")),
        sa.UniqueConstraint(
            "bulletin_id",
            "version",
            "agency_id",
            name=op.f("uq_receipts_bulletin_id_version_agency_id"),
        ),
    )
    op.create_index("ix_receipts_inbox", "receipts", ["agency_id", "sent_at", "id"])
    op.create_index(
        "ix_receipts_through",
        "receipts",
        ["through_receipt_id"],
        sqlite_where=sa.text("through_receipt_id IS NOT NULL"),
        postgresql_where=sa.text("through_receipt_id IS NOT NULL"),
    )
    op.create_index(
        "ix_receipts_to_acknowledge",
        "receipts",
        ["agency_id", "sent_at", "id"],
        sqlite_where=sa.text("needs_acknowledgement = 1 AND acknowledged_at IS NULL"),
        postgresql_where=sa.text("needs_acknowledgement AND acknowledged_at IS NULL"),
    )
    op.create_index(
        "ix_receipts_unopened",
        "receipts",
        ["agency_id", "sent_at", "id"],
        sqlite_where=sa.text("opened_at IS NULL"),
        postgresql_where=sa.text("opened_at IS NULL"),
    )
    op.create_table(
        "sign_ins",
        sa.Column("id", KEY, nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("seat_id", KEY, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_sign_ins_person_id_people")
        ),
        sa.ForeignKeyConstraint(["seat_id"], ["seats.id"], name=op.f("fk_sign_ins_seat_id_seats")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_ins")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_ins_token_hash")),
    )
    op.create_index(op.f("ix_sign_ins_person_id"), "sign_ins", ["person_id"])
    op.create_table(
        "subscriptions",
        sa.Column("id", KEY, nullable=False),
        sa.Column("recipient_id", KEY, nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("rhythm", sa.String(length=16), nullable=False),
        sa.Column("urgent_at_once", sa.Boolean(), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("weekdays", sa.Integer(), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("next_due_at", MOMENT, nullable=True),
        sa.Column("cursor", KEY, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["recipient_id"],
            ["recipients.id"],
            name=op.f("fk_subscriptions_recipient_id_recipients"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscriptions")),
        sa.UniqueConstraint(
            "recipient_id", "channel", name=op.f("uq_subscriptions_recipient_id_channel")
        ),
    )
    op.create_index(op.f("ix_subscriptions_next_due_at"), "subscriptions", ["next_due_at"])
    op.create_table(
        "tasks",
        sa.Column("id", KEY, nullable=False),
        sa.Column("issuer_id", KEY, nullable=False),
        sa.Column("bulletin_id", KEY, nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("body_html", sa.Text(), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("created_by", KEY, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("ended_by", KEY, nullable=True),
        sa.Column("cancel_reason", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["bulletin_id"], ["bulletins.id"], name=op.f("fk_tasks_bulletin_id_bulletins")
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["people.id"], name=op.f("fk_tasks_created_by_people")
        ),
        sa.ForeignKeyConstraint(["ended_by"], ["people.id"], name=op.f("fk_tasks_ended_by_people")),
        sa.ForeignKeyConstraint(
            ["issuer_id"], ["agencies.id"], name=op.f("fk_tasks_issuer_id_agencies")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tasks")),
    )
    op.create_index(
        "ix_tasks_bulletin_id",
        "tasks",
        ["bulletin_id", "id"],
        sqlite_where=sa.text("bulletin_id IS NOT NULL"),
        postgresql_where=sa.text("bulletin_id IS NOT NULL"),
    )
    op.create_index("ix_tasks_issuer_id_state_id", "tasks", ["issuer_id", "state", "id"])
    op.create_table(
        "tenures",
        sa.Column("id", KEY, nullable=False),
        sa.Column("seat_id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("holder_is_admin", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("is_deputy", sa.Boolean(), nullable=False),
        sa.Column("began_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("began_entry_id", KEY, nullable=True),
        sa.Column("ended_entry_id", KEY, nullable=True),
        sa.CheckConstraint("NOT holder_is_admin", name=op.f("ck_tenures_no_admin")),
        sa.ForeignKeyConstraint(
            ["began_entry_id"], ["journal.id"], name=op.f("fk_tenures_began_entry_id_journal")
        ),
        sa.ForeignKeyConstraint(
            ["ended_entry_id"], ["journal.id"], name=op.f("fk_tenures_ended_entry_id_journal")
        ),
        sa.ForeignKeyConstraint(
            ["person_id", "holder_is_admin"],
            ["people.id", "people.is_admin"],
            name=op.f("fk_tenures_person_id_holder_is_admin_people"),
        ),
        sa.ForeignKeyConstraint(["seat_id"], ["seats.id"], name=op.f("fk_tenures_seat_id_seats")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tenures")),
    )
    op.create_index("ix_tenures_person_id_ended_at", "tenures", ["person_id", "ended_at"])
    op.create_index(
        "uq_tenures_open",
        "tenures",
        ["seat_id", "is_deputy"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "tokens",
        sa.Column("id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("seat_id", KEY, nullable=True),
        sa.Column("label", sa.String(length=50), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=True),
        sa.Column("revoked_at", MOMENT, nullable=True),
        sa.Column("used_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_tokens_person_id_people")
        ),
        sa.ForeignKeyConstraint(["seat_id"], ["seats.id"], name=op.f("fk_tokens_seat_id_seats")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tokens")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_tokens_token_hash")),
    )
    op.create_index(op.f("ix_tokens_person_id"), "tokens", ["person_id"])
    op.create_index(op.f("ix_tokens_seat_id"), "tokens", ["seat_id"])
    op.create_table(
        "assignments",
        sa.Column("id", KEY, nullable=False),
        sa.Column("task_id", KEY, nullable=False),
        sa.Column("agency_id", KEY, nullable=False),
        sa.Column("part", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("percent", sa.Integer(), nullable=True),
        sa.Column("assigned_at", MOMENT, nullable=False),
        sa.Column("accepted_at", MOMENT, nullable=True),
        sa.Column("accepted_by", KEY, nullable=True),
        sa.Column("submitted_at", MOMENT, nullable=True),
        sa.Column("submitted_by", KEY, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("ended_by", KEY, nullable=True),
        sa.CheckConstraint("percent BETWEEN 0 AND 100", name=op.f("ck_assignments_percent")),
        sa.ForeignKeyConstraint(
            ["accepted_by"], ["people.id"], name=op.f("fk_assignments_accepted_by_people")
        ),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agencies.id"], name=op.f("fk_assignments_agency_id_agencies")
        ),
        sa.ForeignKeyConstraint(
            ["ended_by"], ["people.id"], name=op.f("fk_assignments_ended_by_people")
        ),
        sa.ForeignKeyConstraint(
            ["submitted_by"], ["people.id"], name=op.f("fk_assignments_submitted_by_people")
        ),
        sa.ForeignKeyConstraint(
            ["task_id"], ["tasks.id"], name=op.f("fk_assignments_task_id_tasks")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignments")),
        sa.UniqueConstraint("task_id", "agency_id", name=op.f("uq_assignments_task_id_agency_id")),
    )
    op.create_index(
        "ix_assignments_over",
        "assignments",
        ["agency_id", "ended_at", "id"],
        sqlite_where=sa.text("state IN ('cancelled', 'closed')"),
        postgresql_where=sa.text("state IN ('cancelled', 'closed')"),
    )
    op.create_index(
        "ix_assignments_submitted",
        "assignments",
        ["agency_id", "submitted_at", "id"],
        sqlite_where=sa.text("state IN ('submitted')"),
        postgresql_where=sa.text("state IN ('submitted')"),
    )
    op.create_index("ix_assignments_task_id_state_id", "assignments", ["task_id", "state", "id"])
    op.create_index(
        "ix_assignments_todo",
        "assignments",
        ["agency_id", "due_at", "id"],
        sqlite_where=sa.text("state IN ('accepted', 'assigned', 'sent_back')"),
        postgresql_where=sa.text("state IN ('accepted', 'assigned', 'sent_back')"),
    )
    op.create_table(
        "deliveries",
        sa.Column("id", KEY, nullable=False),
        sa.Column("message_id", KEY, nullable=False),
        sa.Column("recipient_id", KEY, nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("digest_id", KEY, nullable=True),
        sa.Column("notice_id", KEY, nullable=True),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("ref", sa.String(length=32), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("possibly_doubled", sa.Boolean(), nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=False),
        sa.Column("detail", sa.String(length=200), nullable=False),
        sa.Column("claim", sa.String(length=32), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("next_try_at", MOMENT, nullable=False),
        sa.Column("handed_out_at", MOMENT, nullable=True),
        sa.Column("claimed_at", MOMENT, nullable=True),
        sa.Column("calling_at", MOMENT, nullable=True),
        sa.Column("sent_at", MOMENT, nullable=True),
        sa.Column("delivered_at", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["digest_id"], ["digests.id"], name=op.f("fk_deliveries_digest_id_digests")
        ),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name=op.f("fk_deliveries_message_id_messages")
        ),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["notices.id"], name=op.f("fk_deliveries_notice_id_notices")
        ),
        sa.ForeignKeyConstraint(
            ["recipient_id"], ["recipients.id"], name=op.f("fk_deliveries_recipient_id_recipients")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint("digest_id", name=op.f("uq_deliveries_digest_id")),
        sa.UniqueConstraint(
            "message_id",
            "recipient_id",
            "channel",
            name=op.f("uq_deliveries_message_id_recipient_id_channel"),
        ),
        sa.UniqueConstraint("notice_id", name=op.f("uq_deliveries_notice_id")),
        sa.UniqueConstraint("ref", name=op.f("uq_deliveries_ref")),
    )
    op.create_index(
        "ix_deliveries_queued",
        "deliveries",
        ["channel", "urgent", "next_try_at"],
        sqlite_where=sa.text("state = 'queued'"),
        postgresql_where=sa.text("state = 'queued'"),
    )
    op.create_index("ix_deliveries_recipient_id", "deliveries", ["recipient_id", "id"])
    op.create_index("ix_deliveries_state", "deliveries", ["state", "id"])
    op.create_table(
        "task_reports",
        sa.Column("id", KEY, nullable=False),
        sa.Column("assignment_id", KEY, nullable=False),
        sa.Column("action", sa.String(length=16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=True),
        sa.Column("due_at", MOMENT, nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.CheckConstraint("percent BETWEEN 0 AND 100", name=op.f("ck_task_reports_percent")),
        sa.ForeignKeyConstraint(
            ["assignment_id"],
            ["assignments.id"],
            name=op.f("fk_task_reports_assignment_id_assignments"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_task_reports_person_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_reports")),
    )
    op.create_index("ix_task_reports_assignment_id_id", "task_reports", ["assignment_id", "id"])


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
