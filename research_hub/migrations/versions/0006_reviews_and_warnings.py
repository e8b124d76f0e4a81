"""Reviews of access, warnings before deletion, follow-ups of participants

Revision ID: 0006
Revises: 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

# SQLite changes a table by copying it; without this the copy would use ids twice.
KEEP_IDS = {"sqlite_autoincrement": True}


def upgrade() -> None:
    op.create_table(
        "access_reviews",
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("area", sa.String(length=200), nullable=False),
        sa.Column("open_for", sa.String(length=40), nullable=True),
        sa.Column("since", sa.DateTime(), nullable=True),
        sa.Column("dormant_days", sa.Integer(), nullable=False),
        sa.Column("closed_at", sa.DateTime(), nullable=True),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.Column("next_due_on", sa.Date(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("updated_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["closed_by_id"], ["members.id"], name=op.f("fk_access_reviews_closed_by_id_members")),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["members.id"], name=op.f("fk_access_reviews_created_by_id_members")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_access_reviews_team_id_teams")),
        sa.ForeignKeyConstraint(
            ["updated_by_id"], ["members.id"], name=op.f("fk_access_reviews_updated_by_id_members")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_reviews")),
        sa.UniqueConstraint("open_for", name=op.f("uq_access_reviews_open_for")),
        sa.UniqueConstraint("uuid", name=op.f("uq_access_reviews_uuid")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("access_reviews", schema=None, table_kwargs=KEEP_IDS) as batch_op:
        batch_op.create_index(batch_op.f("ix_access_reviews_team_id"), ["team_id"], unique=False)

    op.create_table(
        "text_justifications",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject_ref", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["members.id"], name=op.f("fk_text_justifications_by_id_members")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_text_justifications")),
        sa.UniqueConstraint("subject_ref", "key", name=op.f("uq_text_justifications_subject_ref_key")),
    )
    with op.batch_alter_table("text_justifications", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_text_justifications_subject_ref"), ["subject_ref"], unique=False)

    op.create_table(
        "access_review_rows",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("team", sa.String(length=200), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "reader",
                "contributor",
                "researcher",
                "approver",
                "data_protection",
                "administrator",
                name="role",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("is_central", sa.Boolean(), nullable=False),
        sa.Column("administers_area", sa.Boolean(), nullable=False),
        sa.Column("studies", sa.JSON(), nullable=False),
        sa.Column("openings", sa.JSON(), nullable=False),
        sa.Column("ways", sa.JSON(), nullable=False),
        sa.Column("last_sign_in_at", sa.DateTime(), nullable=True),
        sa.Column("is_dormant", sa.Boolean(), nullable=False),
        sa.Column(
            "answer",
            sa.Enum("keep", "take_away", "ask", name="reviewanswer", native_enum=False, length=40),
            nullable=True,
        ),
        sa.Column("take", sa.JSON(), nullable=False),
        sa.Column("done", sa.JSON(), nullable=False),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("answered_at", sa.DateTime(), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["members.id"], name=op.f("fk_access_review_rows_answered_by_id_members")
        ),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_access_review_rows_member_id_members")),
        sa.ForeignKeyConstraint(
            ["review_id"], ["access_reviews.id"], name=op.f("fk_access_review_rows_review_id_access_reviews")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_access_review_rows_team_id_teams")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_review_rows")),
        sa.UniqueConstraint("review_id", "member_id", name=op.f("uq_access_review_rows_review_id_member_id")),
    )
    with op.batch_alter_table("access_review_rows", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_access_review_rows_member_id"), ["member_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_access_review_rows_team_id"), ["team_id"], unique=False)

    op.create_table(
        "follow_up_templates",
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("updated_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["members.id"], name=op.f("fk_follow_up_templates_created_by_id_members")
        ),
        sa.ForeignKeyConstraint(["study_id"], ["studies.id"], name=op.f("fk_follow_up_templates_study_id_studies")),
        sa.ForeignKeyConstraint(
            ["updated_by_id"], ["members.id"], name=op.f("fk_follow_up_templates_updated_by_id_members")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up_templates")),
        sa.UniqueConstraint("study_id", name=op.f("uq_follow_up_templates_study_id")),
        sa.UniqueConstraint("uuid", name=op.f("uq_follow_up_templates_uuid")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "retention_warnings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column(
            "data_class",
            sa.Enum(
                "recording",
                "transcript",
                "notes",
                "identity",
                "consent_proof",
                "quote",
                name="dataclass",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("items", sa.JSON(), nullable=False),
        sa.Column("mail_id", sa.Integer(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["mail_id"], ["mails.id"], name=op.f("fk_retention_warnings_mail_id_mails")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_retention_warnings_member_id_members")),
        sa.ForeignKeyConstraint(["study_id"], ["studies.id"], name=op.f("fk_retention_warnings_study_id_studies")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_warnings")),
        sa.UniqueConstraint(
            "study_id",
            "data_class",
            "made_on",
            "member_id",
            name=op.f("uq_retention_warnings_study_id_data_class_made_on_member_id"),
        ),
    )
    with op.batch_alter_table("retention_warnings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_retention_warnings_done_on"), ["done_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_retention_warnings_mail_id"), ["mail_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_retention_warnings_member_id"), ["member_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_retention_warnings_study_id"), ["study_id"], unique=False)

    op.create_table(
        "follow_ups",
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column(
            "channel",
            sa.Enum(
                "email",
                "telephone",
                "letter",
                "text_message",
                "in_person",
                "through_others",
                name="contactchannel",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum("waiting", "sent", "told", "stopped", name="followupstate", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=True),
        sa.Column("sent_at", sa.DateTime(), nullable=True),
        sa.Column("mail_id", sa.Integer(), nullable=True),
        sa.Column("why_stopped", sa.String(length=300), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("updated_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["created_by_id"], ["members.id"], name=op.f("fk_follow_ups_created_by_id_members")),
        sa.ForeignKeyConstraint(["decision_id"], ["decisions.id"], name=op.f("fk_follow_ups_decision_id_decisions")),
        sa.ForeignKeyConstraint(["mail_id"], ["mails.id"], name=op.f("fk_follow_ups_mail_id_mails")),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participants.id"], name=op.f("fk_follow_ups_participant_id_participants")
        ),
        sa.ForeignKeyConstraint(["study_id"], ["studies.id"], name=op.f("fk_follow_ups_study_id_studies")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["members.id"], name=op.f("fk_follow_ups_updated_by_id_members")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_ups")),
        sa.UniqueConstraint("mail_id", name=op.f("uq_follow_ups_mail_id")),
        sa.UniqueConstraint("participant_id", "decision_id", name=op.f("uq_follow_ups_participant_id_decision_id")),
        sa.UniqueConstraint("uuid", name=op.f("uq_follow_ups_uuid")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("follow_ups", schema=None, table_kwargs=KEEP_IDS) as batch_op:
        batch_op.create_index(batch_op.f("ix_follow_ups_decision_id"), ["decision_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_follow_ups_participant_id"), ["participant_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_follow_ups_study_id"), ["study_id"], unique=False)

    with op.batch_alter_table("members", schema=None, table_kwargs=KEEP_IDS) as batch_op:
        batch_op.add_column(sa.Column("let_in_until", sa.DateTime(), nullable=True))

    # Whoever was let in before the upgrade stays so, and is told of it on every page.
    op.execute(
        "UPDATE members SET let_in_until = (SELECT max(ends_at) FROM break_glass"
        " WHERE break_glass.holder_id = members.id AND break_glass.state = 'approved')"
    )

    with op.batch_alter_table("participants", schema=None, table_kwargs=KEEP_IDS) as batch_op:
        batch_op.add_column(sa.Column("withdrawn_code", sa.String(length=64), server_default="", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("participants", schema=None, table_kwargs=KEEP_IDS) as batch_op:
        batch_op.drop_column("withdrawn_code")

    with op.batch_alter_table("members", schema=None, table_kwargs=KEEP_IDS) as batch_op:
        batch_op.drop_column("let_in_until")

    with op.batch_alter_table("follow_ups", schema=None, table_kwargs=KEEP_IDS) as batch_op:
        batch_op.drop_index(batch_op.f("ix_follow_ups_study_id"))
        batch_op.drop_index(batch_op.f("ix_follow_ups_participant_id"))
        batch_op.drop_index(batch_op.f("ix_follow_ups_decision_id"))

    op.drop_table("follow_ups")
    with op.batch_alter_table("retention_warnings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_retention_warnings_study_id"))
        batch_op.drop_index(batch_op.f("ix_retention_warnings_member_id"))
        batch_op.drop_index(batch_op.f("ix_retention_warnings_mail_id"))
        batch_op.drop_index(batch_op.f("ix_retention_warnings_done_on"))

    op.drop_table("retention_warnings")
    op.drop_table("follow_up_templates")
    with op.batch_alter_table("access_review_rows", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_access_review_rows_team_id"))
        batch_op.drop_index(batch_op.f("ix_access_review_rows_member_id"))

    op.drop_table("access_review_rows")
    with op.batch_alter_table("text_justifications", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_text_justifications_subject_ref"))

    op.drop_table("text_justifications")
    with op.batch_alter_table("access_reviews", schema=None, table_kwargs=KEEP_IDS) as batch_op:
        batch_op.drop_index(batch_op.f("ix_access_reviews_team_id"))

    op.drop_table("access_reviews")
