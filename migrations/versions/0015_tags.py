"""Topics and sectors, what is filed under them, who follows which, and what came to them.

Revision: 0015, after: 0014
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)

TOPICS = (
    ("product-quality", "产品质量", "Product quality"),
    ("services", "服务质量", "Services"),
    ("construction", "工程质量", "Construction"),
    ("environment", "环境质量", "Environment"),
    ("brand", "品牌建设", "Brands"),
    ("awards", "质量奖励", "Quality awards"),
    ("standards", "标准化", "Standards"),
    ("metrology", "计量", "Metrology"),
    ("certification", "认证认可", "Certification"),
    ("testing", "检验检测", "Inspection and testing"),
    ("food", "食品安全", "Food safety"),
    ("drugs", "药品器械", "Drugs and devices"),
    ("equipment", "特种设备", "Special equipment"),
    ("consumers", "消费维权", "Consumers' rights"),
    ("competition", "价格与竞争", "Prices and competition"),
    ("credit", "信用监管", "Credit supervision"),
    ("property", "知识产权", "Intellectual property"),
    ("training", "培训与宣传", "Training and publicity"),
)
SECTORS = (
    ("agriculture", "农副产品", "Farm products"),
    ("food-industry", "食品制造", "Food industry"),
    ("textiles", "纺织服装", "Textiles and clothing"),
    ("building", "建筑建材", "Building and materials"),
    ("steel", "钢铁冶金", "Iron and steel"),
    ("machinery", "装备制造", "Machinery"),
    ("chemicals", "石油化工", "Chemicals"),
    ("electronics", "电子信息", "Electronics"),
    ("medicine", "医药健康", "Medicine and health"),
    ("vehicles", "汽车及零部件", "Vehicles"),
    ("children", "儿童用品", "Children's goods"),
    ("energy", "能源电力", "Energy"),
    ("tourism", "旅游餐饮", "Tourism and catering"),
    ("logistics", "交通物流", "Transport and logistics"),
    ("commerce", "电子商务", "Electronic commerce"),
    ("finance", "金融服务", "Finance"),
    ("care", "养老家政", "Care and household services"),
)


def _refers(name: str, to: str, *, primary_key: bool = False) -> sa.Column[int]:
    return sa.Column(name, KEY, sa.ForeignKey(f"{to}.id"), primary_key=primary_key, nullable=False)


def upgrade() -> None:
    tags = op.create_table(
        "tags",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("code", sa.String(20), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("name", sa.String(30), nullable=False),
        sa.Column("name_en", sa.String(30), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.UniqueConstraint("code"),
    )
    rows = [("topic", *one) for one in TOPICS] + [("sector", *one) for one in SECTORS]
    names = ("kind", "code", "name", "name_en")
    op.bulk_insert(
        tags,
        [dict(zip(names, row, strict=True)) | {"place": at} for at, row in enumerate(rows, 1)],
    )
    op.create_table(
        "paper_tags",
        _refers("bulletin_id", "bulletins", primary_key=True),
        sa.Column("version", sa.Integer(), primary_key=True, nullable=False),
        _refers("tag_id", "tags", primary_key=True),
    )
    op.create_index("ix_paper_tags_tag_id", "paper_tags", ["tag_id", "bulletin_id", "version"])
    op.create_table(
        "follows",
        sa.Column("id", KEY, primary_key=True),
        _refers("agency_id", "agencies"),
        _refers("tag_id", "tags"),
        sa.Column("created_at", MOMENT, nullable=False),
        _refers("created_by", "people"),
        sa.Column("ended_at", MOMENT, nullable=True),
    )
    op.create_index("ix_follows_agency_id", "follows", ["agency_id"])
    op.create_index("ix_follows_tag_id", "follows", ["tag_id", "agency_id"])
    op.create_table(
        "followed_papers",
        _refers("bulletin_id", "bulletins", primary_key=True),
        _refers("agency_id", "agencies", primary_key=True),
        _refers("entry_id", "journal"),
    )
    op.create_index("ix_followed_papers_agency_id", "followed_papers", ["agency_id", "entry_id"])
    op.create_index("ix_followed_papers_entry_id", "followed_papers", ["entry_id"])
    op.add_column(
        "bulletins",
        sa.Column("for_followers", sa.Boolean(), server_default=sa.false(), nullable=False),
    )


def downgrade() -> None:
    op.drop_column("bulletins", "for_followers")
    for table in ("followed_papers", "follows", "paper_tags", "tags"):
        op.drop_table(table)
