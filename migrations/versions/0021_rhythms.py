"""Digests come at once, at several times or monthly, outside quiet hours, and wait for the absent.

Revision: 0021, after: 0020
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
_LISTENING = sa.text("rhythm = 'at_once' AND next_due_at IS NULL")
_NEW_RHYTHMS = sa.text(
    "UPDATE subscriptions SET rhythm = 'workdays' WHERE rhythm IN ('at_once', 'monthly')"
)


def upgrade() -> None:
    _upgrade_subscriptions()
    op.add_column("digests", sa.Column("covers_from", MOMENT, nullable=True))
    op.add_column("digests", sa.Column("covers_until", MOMENT, nullable=True))
    op.add_column(
        "digests",
        sa.Column("is_news_only", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.add_column(
        "deliveries",
        sa.Column("at_any_hour", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    with op.batch_alter_table("absences") as table:
        for name in ("began_entry_id", "ended_entry_id"):
            table.add_column(sa.Column(name, KEY, nullable=True))
            table.create_foreign_key(f"fk_absences_{name}_journal", "journal", [name], ["id"])


def _upgrade_subscriptions() -> None:
    with op.batch_alter_table("subscriptions") as table:
        table.add_column(sa.Column("times", sa.String(64), nullable=True))
        table.add_column(sa.Column("month_day", sa.Integer(), nullable=False, server_default="1"))
        for name in ("quiet_from", "quiet_until"):
            table.add_column(sa.Column(name, sa.String(5), nullable=False, server_default=""))
        table.add_column(
            sa.Column("even_when_away", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        table.add_column(sa.Column("planned_at", MOMENT, nullable=True))
        table.add_column(sa.Column("covered_at", MOMENT, nullable=True))
    _rewrite("times", "hour", {f"'{hour:02d}:00'": str(hour) for hour in range(24)})
    with op.batch_alter_table("subscriptions") as table:
        table.alter_column("times", existing_type=sa.String(64), nullable=False)
        table.drop_column("hour")
    op.create_index("ix_subscriptions_planned_at", "subscriptions", ["planned_at"])
    op.create_index(
        "ix_subscriptions_listening",
        "subscriptions",
        ["cursor"],
        sqlite_where=_LISTENING,
        postgresql_where=_LISTENING,
    )


def _rewrite(column: str, other: str, values: dict[str, str]) -> None:
    for new, old in values.items():
        op.execute(sa.text(f"UPDATE subscriptions SET {column} = {new} WHERE {other} = {old}"))


def downgrade() -> None:
    with op.batch_alter_table("absences") as table:
        for name in ("began_entry_id", "ended_entry_id"):
            table.drop_constraint(f"fk_absences_{name}_journal", type_="foreignkey")
            table.drop_column(name)
    op.drop_column("deliveries", "at_any_hour")
    for name in ("is_news_only", "covers_until", "covers_from"):
        op.drop_column("digests", name)
    op.drop_index("ix_subscriptions_listening", "subscriptions")
    op.drop_index("ix_subscriptions_planned_at", "subscriptions")
    op.execute(_NEW_RHYTHMS)
    op.add_column("subscriptions", sa.Column("hour", sa.Integer(), nullable=True))
    _rewrite("hour", "substr(times, 1, 2)", {str(hour): f"'{hour:02d}'" for hour in range(24)})
    with op.batch_alter_table("subscriptions") as table:
        table.alter_column("hour", existing_type=sa.Integer(), nullable=False)
        for name in ("covered_at", "planned_at", "even_when_away", "quiet_until", "quiet_from"):
            table.drop_column(name)
        table.drop_column("month_day")
        table.drop_column("times")
