"""decisions and openness

Revision ID: 0004
Revises: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# SQLite changes a table by copying it; without this the copy would use ids twice.
KEEP_IDS = {"sqlite_autoincrement": True}


def upgrade() -> None:  # noqa: PLR0915 - one table after another
    op.create_table(
        "use_days",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("kind", sa.Enum("role", "team", name="usekind", native_enum=False, length=40), nullable=False),
        sa.Column("group", sa.String(length=40), nullable=False),
        sa.Column("searches", sa.Integer(), nullable=False),
        sa.Column("without_hits", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_use_days")),
        sa.UniqueConstraint("on", "kind", "group", name=op.f("uq_use_days_on_kind_group")),
    )
    with op.batch_alter_table("use_days", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_use_days_on"), ["on"], unique=False)

    op.create_table(
        "note_choices",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("no_note_since", sa.DateTime(), nullable=True),
        sa.Column("no_nudges_since", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_note_choices_member_id_members")),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_note_choices")),
    )
    op.create_table(
        "frozen_reports",
        sa.Column(
            "rhythm",
            sa.Enum("manual", "monthly", "quarterly", name="freezerhythm", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("key", sa.String(length=60), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("frozen_on", sa.Date(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("definitions_version", sa.String(length=16), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("refs", sa.JSON(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("updated_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["members.id"], name=op.f("fk_frozen_reports_created_by_id_members")
        ),
        sa.ForeignKeyConstraint(["service_id"], ["services.id"], name=op.f("fk_frozen_reports_service_id_services")),
        sa.ForeignKeyConstraint(
            ["updated_by_id"], ["members.id"], name=op.f("fk_frozen_reports_updated_by_id_members")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_frozen_reports")),
        sa.UniqueConstraint("key", name=op.f("uq_frozen_reports_key")),
        sa.UniqueConstraint("uuid", name=op.f("uq_frozen_reports_uuid")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("frozen_reports", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_frozen_reports_service_id"), ["service_id"], unique=False)

    op.create_table(
        "decision_reviews",
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("origin_ref", sa.String(length=40), nullable=False),
        sa.Column(
            "result",
            sa.Enum(
                "stands", "replaced", "out_of_force", "withdrawn", name="reviewresult", native_enum=False, length=40
            ),
            nullable=True,
        ),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("closed_at", sa.DateTime(), nullable=True),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("updated_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["closed_by_id"], ["members.id"], name=op.f("fk_decision_reviews_closed_by_id_members")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["members.id"], name=op.f("fk_decision_reviews_created_by_id_members")
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decisions.id"], name=op.f("fk_decision_reviews_decision_id_decisions")
        ),
        sa.ForeignKeyConstraint(
            ["updated_by_id"], ["members.id"], name=op.f("fk_decision_reviews_updated_by_id_members")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision_reviews")),
        sa.UniqueConstraint("uuid", name=op.f("uq_decision_reviews_uuid")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("decision_reviews", schema=None, table_kwargs=KEEP_IDS) as batch_op:
        batch_op.create_index(batch_op.f("ix_decision_reviews_decision_id"), ["decision_id"], unique=False)

    op.create_table(
        "delivery_links",
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("url", sa.String(length=2000), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column(
            "tracker",
            sa.Enum("jira", "github", "gitlab", "azure", "other", name="tracker", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "unknown", "to_do", "in_progress", "done", "dropped", name="workstate", native_enum=False, length=40
            ),
            nullable=False,
        ),
        sa.Column("state_on", sa.Date(), nullable=True),
        sa.Column("deleted_at", sa.DateTime(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("updated_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["members.id"], name=op.f("fk_delivery_links_created_by_id_members")
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decisions.id"], name=op.f("fk_delivery_links_decision_id_decisions")
        ),
        sa.ForeignKeyConstraint(
            ["updated_by_id"], ["members.id"], name=op.f("fk_delivery_links_updated_by_id_members")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_links")),
        sa.UniqueConstraint("uuid", name=op.f("uq_delivery_links_uuid")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("delivery_links", schema=None, table_kwargs=KEEP_IDS) as batch_op:
        batch_op.create_index(batch_op.f("ix_delivery_links_decision_id"), ["decision_id"], unique=False)

    op.create_table(
        "nudges",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("insight_id", sa.Integer(), nullable=False),
        sa.Column(
            "rule",
            sa.Enum(
                "no_recommendation",
                "owner",
                "leadership",
                "must_answer",
                name="nudgerule",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("mail_id", sa.Integer(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["insight_id"], ["insights.id"], name=op.f("fk_nudges_insight_id_insights")),
        sa.ForeignKeyConstraint(["mail_id"], ["mails.id"], name=op.f("fk_nudges_mail_id_mails")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_nudges_member_id_members")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nudges")),
        sa.UniqueConstraint("insight_id", "rule", "since", name=op.f("uq_nudges_insight_id_rule_since")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("nudges", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_nudges_done_on"), ["done_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_nudges_insight_id"), ["insight_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_nudges_mail_id"), ["mail_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_nudges_member_id"), ["member_id"], unique=False)

    op.create_table(
        "public_entries",
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("we_asked", sa.Text(), nullable=False),
        sa.Column("you_said", sa.Text(), nullable=False),
        sa.Column("we_did", sa.Text(), nullable=False),
        sa.Column("we_did_not", sa.Text(), nullable=False),
        sa.Column("what_next", sa.Text(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "pii_checked",
                "signed_off",
                "published",
                "withdrawn",
                name="entrystatus",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("written_by_id", sa.Integer(), nullable=True),
        sa.Column("approver_id", sa.Integer(), nullable=True),
        sa.Column("checked_at", sa.DateTime(), nullable=True),
        sa.Column("checked_by_id", sa.Integer(), nullable=True),
        sa.Column("signed_off_at", sa.DateTime(), nullable=True),
        sa.Column("signed_off_by_id", sa.Integer(), nullable=True),
        sa.Column("first_published_at", sa.DateTime(), nullable=True),
        sa.Column("published_at", sa.DateTime(), nullable=True),
        sa.Column("published", sa.JSON(), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("renewed_at", sa.DateTime(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True),
        sa.Column("withdrawn_reason", sa.String(length=500), nullable=False),
        sa.Column("removed_at", sa.DateTime(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("updated_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["approver_id"], ["members.id"], name=op.f("fk_public_entries_approver_id_members")),
        sa.ForeignKeyConstraint(
            ["checked_by_id"], ["members.id"], name=op.f("fk_public_entries_checked_by_id_members")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["members.id"], name=op.f("fk_public_entries_created_by_id_members")
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decisions.id"], name=op.f("fk_public_entries_decision_id_decisions")
        ),
        sa.ForeignKeyConstraint(
            ["signed_off_by_id"], ["members.id"], name=op.f("fk_public_entries_signed_off_by_id_members")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_public_entries_team_id_teams")),
        sa.ForeignKeyConstraint(
            ["updated_by_id"], ["members.id"], name=op.f("fk_public_entries_updated_by_id_members")
        ),
        sa.ForeignKeyConstraint(
            ["written_by_id"], ["members.id"], name=op.f("fk_public_entries_written_by_id_members")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_public_entries")),
        sa.UniqueConstraint("decision_id", "language", name=op.f("uq_public_entries_decision_id_language")),
        sa.UniqueConstraint("uuid", name=op.f("uq_public_entries_uuid")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("public_entries", schema=None, table_kwargs=KEEP_IDS) as batch_op:
        batch_op.create_index(batch_op.f("ix_public_entries_approver_id"), ["approver_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_public_entries_decision_id"), ["decision_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_public_entries_published_at"), ["published_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_public_entries_review_on"), ["review_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_public_entries_status"), ["status"], unique=False)
        batch_op.create_index(batch_op.f("ix_public_entries_team_id"), ["team_id"], unique=False)

    op.create_table(
        "revalidation_tasks",
        sa.Column("insight_id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("origin_ref", sa.String(length=40), nullable=False),
        sa.Column(
            "result",
            sa.Enum("reconfirmed", "changed", "retired", name="revalidationresult", native_enum=False, length=40),
            nullable=True,
        ),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("updated_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["closed_by_id"], ["members.id"], name=op.f("fk_revalidation_tasks_closed_by_id_members")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["members.id"], name=op.f("fk_revalidation_tasks_created_by_id_members")
        ),
        sa.ForeignKeyConstraint(
            ["insight_id"], ["insights.id"], name=op.f("fk_revalidation_tasks_insight_id_insights")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["members.id"], name=op.f("fk_revalidation_tasks_owner_id_members")),
        sa.ForeignKeyConstraint(
            ["updated_by_id"], ["members.id"], name=op.f("fk_revalidation_tasks_updated_by_id_members")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revalidation_tasks")),
        sa.UniqueConstraint("uuid", name=op.f("uq_revalidation_tasks_uuid")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("revalidation_tasks", schema=None, table_kwargs=KEEP_IDS) as batch_op:
        batch_op.create_index(batch_op.f("ix_revalidation_tasks_due_on"), ["due_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_revalidation_tasks_insight_id"), ["insight_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_revalidation_tasks_owner_id"), ["owner_id"], unique=False)

    op.create_table(
        "standard_links",
        sa.Column("standard", sa.String(length=60), nullable=False),
        sa.Column("point", sa.String(length=20), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=True),
        sa.Column("insight_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("removed_at", sa.DateTime(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("updated_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["members.id"], name=op.f("fk_standard_links_created_by_id_members")
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decisions.id"], name=op.f("fk_standard_links_decision_id_decisions")
        ),
        sa.ForeignKeyConstraint(["insight_id"], ["insights.id"], name=op.f("fk_standard_links_insight_id_insights")),
        sa.ForeignKeyConstraint(
            ["updated_by_id"], ["members.id"], name=op.f("fk_standard_links_updated_by_id_members")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standard_links")),
        sa.UniqueConstraint(
            "standard", "point", "decision_id", name=op.f("uq_standard_links_standard_point_decision_id")
        ),
        sa.UniqueConstraint(
            "standard", "point", "insight_id", name=op.f("uq_standard_links_standard_point_insight_id")
        ),
        sa.UniqueConstraint("uuid", name=op.f("uq_standard_links_uuid")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("standard_links", schema=None, table_kwargs=KEEP_IDS) as batch_op:
        batch_op.create_index(batch_op.f("ix_standard_links_decision_id"), ["decision_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_standard_links_insight_id"), ["insight_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_standard_links_standard"), ["standard"], unique=False)

    op.create_table(
        "change_images",
        sa.Column("change_id", sa.Integer(), nullable=False),
        sa.Column("side", sa.Enum("before", "after", name="imageside", native_enum=False, length=40), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("alt", sa.String(length=500), nullable=False),
        sa.Column("deleted_at", sa.DateTime(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("updated_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["change_id"], ["changes.id"], name=op.f("fk_change_images_change_id_changes")),
        sa.ForeignKeyConstraint(["created_by_id"], ["members.id"], name=op.f("fk_change_images_created_by_id_members")),
        sa.ForeignKeyConstraint(["sha256"], ["attachments.sha256"], name=op.f("fk_change_images_sha256_attachments")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["members.id"], name=op.f("fk_change_images_updated_by_id_members")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_images")),
        sa.UniqueConstraint("uuid", name=op.f("uq_change_images_uuid")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("change_images", schema=None, table_kwargs=KEEP_IDS) as batch_op:
        batch_op.create_index(batch_op.f("ix_change_images_change_id"), ["change_id"], unique=False)

    op.create_table(
        "public_entry_insights",
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("insight_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["public_entries.id"], name=op.f("fk_public_entry_insights_entry_id_public_entries")
        ),
        sa.ForeignKeyConstraint(
            ["insight_id"], ["insights.id"], name=op.f("fk_public_entry_insights_insight_id_insights")
        ),
        sa.PrimaryKeyConstraint("entry_id", "insight_id", name=op.f("pk_public_entry_insights")),
    )
    with op.batch_alter_table("public_entry_insights", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_public_entry_insights_insight_id"), ["insight_id"], unique=False)

    op.create_table(
        "public_justifications",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["members.id"], name=op.f("fk_public_justifications_by_id_members")),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["public_entries.id"], name=op.f("fk_public_justifications_entry_id_public_entries")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_public_justifications")),
        sa.UniqueConstraint("entry_id", "key", name=op.f("uq_public_justifications_entry_id_key")),
    )
    with op.batch_alter_table("public_justifications", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_public_justifications_entry_id"), ["entry_id"], unique=False)

    op.create_table(
        "public_entry_quotes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("highlight_id", sa.Integer(), nullable=False),
        sa.Column("insight_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["public_entries.id"], name=op.f("fk_public_entry_quotes_entry_id_public_entries")
        ),
        sa.ForeignKeyConstraint(
            ["highlight_id"], ["highlights.id"], name=op.f("fk_public_entry_quotes_highlight_id_highlights")
        ),
        sa.ForeignKeyConstraint(
            ["insight_id"], ["insights.id"], name=op.f("fk_public_entry_quotes_insight_id_insights")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_public_entry_quotes")),
        sa.UniqueConstraint("entry_id", "highlight_id", name=op.f("uq_public_entry_quotes_entry_id_highlight_id")),
    )
    with op.batch_alter_table("public_entry_quotes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_public_entry_quotes_entry_id"), ["entry_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_public_entry_quotes_highlight_id"), ["highlight_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_public_entry_quotes_insight_id"), ["insight_id"], unique=False)

    with op.batch_alter_table("contradictions", schema=None, table_kwargs=KEEP_IDS) as batch_op:
        batch_op.add_column(sa.Column("origin_ref", sa.String(length=40), nullable=False, server_default=""))
        batch_op.create_index(batch_op.f("ix_contradictions_origin_ref"), ["origin_ref"], unique=False)

    with op.batch_alter_table("decision_links", schema=None, table_kwargs=KEEP_IDS) as batch_op:
        batch_op.add_column(sa.Column("revisit_on", sa.Date(), nullable=True))

    with op.batch_alter_table("decisions", schema=None, table_kwargs=KEEP_IDS) as batch_op:
        batch_op.add_column(sa.Column("revisit_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("closing_reason", sa.Text(), nullable=False, server_default=""))
        batch_op.create_index(batch_op.f("ix_decisions_revisit_on"), ["revisit_on"], unique=False)

    with op.batch_alter_table("impact_entries", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "kind",
                sa.Enum(
                    "better_for_users",
                    "time_or_cost",
                    "avoided_work",
                    "less_risk",
                    "policy",
                    "other",
                    name="impactkind",
                    native_enum=False,
                    length=40,
                ),
                nullable=False,
                server_default="other",
            )
        )

    with op.batch_alter_table("insight_versions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("minor_at", sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column("minor_by_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_insight_versions_minor_by_id_members"), "members", ["minor_by_id"], ["id"]
        )

    with op.batch_alter_table("insights", schema=None, table_kwargs=KEEP_IDS) as batch_op:
        batch_op.add_column(sa.Column("fingerprint_claim", sa.String(length=500), nullable=False, server_default=""))

    with op.batch_alter_table("outcome_checks", schema=None, table_kwargs=KEEP_IDS) as batch_op:
        batch_op.add_column(sa.Column("times_moved", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("reading_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_outcome_checks_reading_id_readings"), "readings", ["reading_id"], ["id"]
        )


def downgrade() -> None:  # noqa: PLR0915 - one table after another
    with op.batch_alter_table("outcome_checks", schema=None, table_kwargs=KEEP_IDS) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_outcome_checks_reading_id_readings"), type_="foreignkey")
        batch_op.drop_column("reading_id")
        batch_op.drop_column("times_moved")

    with op.batch_alter_table("insights", schema=None, table_kwargs=KEEP_IDS) as batch_op:
        batch_op.drop_column("fingerprint_claim")

    with op.batch_alter_table("insight_versions", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_insight_versions_minor_by_id_members"), type_="foreignkey")
        batch_op.drop_column("minor_by_id")
        batch_op.drop_column("minor_at")

    with op.batch_alter_table("impact_entries", schema=None) as batch_op:
        batch_op.drop_column("kind")

    with op.batch_alter_table("decisions", schema=None, table_kwargs=KEEP_IDS) as batch_op:
        batch_op.drop_index(batch_op.f("ix_decisions_revisit_on"))
        batch_op.drop_column("closing_reason")
        batch_op.drop_column("revisit_on")

    with op.batch_alter_table("decision_links", schema=None, table_kwargs=KEEP_IDS) as batch_op:
        batch_op.drop_column("revisit_on")

    with op.batch_alter_table("contradictions", schema=None, table_kwargs=KEEP_IDS) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contradictions_origin_ref"))
        batch_op.drop_column("origin_ref")

    with op.batch_alter_table("public_entry_quotes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_public_entry_quotes_insight_id"))
        batch_op.drop_index(batch_op.f("ix_public_entry_quotes_highlight_id"))
        batch_op.drop_index(batch_op.f("ix_public_entry_quotes_entry_id"))

    op.drop_table("public_entry_quotes")
    with op.batch_alter_table("public_justifications", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_public_justifications_entry_id"))

    op.drop_table("public_justifications")
    with op.batch_alter_table("public_entry_insights", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_public_entry_insights_insight_id"))

    op.drop_table("public_entry_insights")
    with op.batch_alter_table("change_images", schema=None, table_kwargs=KEEP_IDS) as batch_op:
        batch_op.drop_index(batch_op.f("ix_change_images_change_id"))

    op.drop_table("change_images")
    with op.batch_alter_table("standard_links", schema=None, table_kwargs=KEEP_IDS) as batch_op:
        batch_op.drop_index(batch_op.f("ix_standard_links_standard"))
        batch_op.drop_index(batch_op.f("ix_standard_links_insight_id"))
        batch_op.drop_index(batch_op.f("ix_standard_links_decision_id"))

    op.drop_table("standard_links")
    with op.batch_alter_table("revalidation_tasks", schema=None, table_kwargs=KEEP_IDS) as batch_op:
        batch_op.drop_index(batch_op.f("ix_revalidation_tasks_owner_id"))
        batch_op.drop_index(batch_op.f("ix_revalidation_tasks_insight_id"))
        batch_op.drop_index(batch_op.f("ix_revalidation_tasks_due_on"))

    op.drop_table("revalidation_tasks")
    with op.batch_alter_table("public_entries", schema=None, table_kwargs=KEEP_IDS) as batch_op:
        batch_op.drop_index(batch_op.f("ix_public_entries_team_id"))
        batch_op.drop_index(batch_op.f("ix_public_entries_status"))
        batch_op.drop_index(batch_op.f("ix_public_entries_review_on"))
        batch_op.drop_index(batch_op.f("ix_public_entries_published_at"))
        batch_op.drop_index(batch_op.f("ix_public_entries_decision_id"))
        batch_op.drop_index(batch_op.f("ix_public_entries_approver_id"))

    op.drop_table("public_entries")
    with op.batch_alter_table("nudges", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_nudges_member_id"))
        batch_op.drop_index(batch_op.f("ix_nudges_mail_id"))
        batch_op.drop_index(batch_op.f("ix_nudges_insight_id"))
        batch_op.drop_index(batch_op.f("ix_nudges_done_on"))

    op.drop_table("nudges")
    with op.batch_alter_table("delivery_links", schema=None, table_kwargs=KEEP_IDS) as batch_op:
        batch_op.drop_index(batch_op.f("ix_delivery_links_decision_id"))

    op.drop_table("delivery_links")
    with op.batch_alter_table("decision_reviews", schema=None, table_kwargs=KEEP_IDS) as batch_op:
        batch_op.drop_index(batch_op.f("ix_decision_reviews_decision_id"))

    op.drop_table("decision_reviews")
    with op.batch_alter_table("frozen_reports", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_frozen_reports_service_id"))

    op.drop_table("frozen_reports")
    op.drop_table("note_choices")
    with op.batch_alter_table("use_days", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_use_days_on"))

    op.drop_table("use_days")
