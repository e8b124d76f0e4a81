"""the chain from study to outcome

Revision ID: 0001
Revises:
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# Tables that point at each other in a ring: PostgreSQL adds these keys once all tables are there, SQLite takes them
# at once.
RING = (
    ("members", "created_by_id", "members"),
    ("members", "team_id", "teams"),
    ("members", "updated_by_id", "members"),
    ("source_texts", "current_version_id", "text_versions"),
    ("teams", "created_by_id", "members"),
    ("teams", "updated_by_id", "members"),
)


def upgrade() -> None:  # noqa: PLR0915 - one table after another
    op.create_table(
        "attachments",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.String(length=200), nullable=False),
        sa.Column("added_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_attachments")),
    )
    op.create_table(
        "installation",
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_installation")),
    )
    op.create_table(
        "members",
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
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
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("administers_area", sa.Boolean(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("updated_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["members.id"], name=op.f("fk_members_created_by_id_members"), use_alter=True
        ),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_members_team_id_teams"), use_alter=True),
        sa.ForeignKeyConstraint(
            ["updated_by_id"], ["members.id"], name=op.f("fk_members_updated_by_id_members"), use_alter=True
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_members")),
        sa.UniqueConstraint("email", name=op.f("uq_members_email")),
        sa.UniqueConstraint("uuid", name=op.f("uq_members_uuid")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("members", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_members_team_id"), ["team_id"], unique=False)

    op.create_table(
        "sign_in_failures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_failures")),
    )
    with op.batch_alter_table("sign_in_failures", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_failures_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_sign_in_failures_email"), ["email"], unique=False)

    op.create_table(
        "teams",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("is_central", sa.Boolean(), nullable=False),
        sa.Column("review_required", sa.Boolean(), nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("updated_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["members.id"], name=op.f("fk_teams_created_by_id_members"), use_alter=True
        ),
        sa.ForeignKeyConstraint(
            ["updated_by_id"], ["members.id"], name=op.f("fk_teams_updated_by_id_members"), use_alter=True
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_teams")),
        sa.UniqueConstraint("name", name=op.f("uq_teams_name")),
        sa.UniqueConstraint("uuid", name=op.f("uq_teams_uuid")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "activity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("verb", sa.String(length=60), nullable=False),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject_ref", sa.String(length=40), nullable=False),
        sa.Column("touches", sa.JSON(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["members.id"], name=op.f("fk_activity_actor_id_members")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("activity", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_activity_actor_id"), ["actor_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_activity_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_activity_subject_ref"), ["subject_ref"], unique=False)

    op.create_table(
        "browser_sessions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("browser", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_browser_sessions_member_id_members")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_browser_sessions")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_browser_sessions_token_hash")),
    )
    with op.batch_alter_table("browser_sessions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_browser_sessions_member_id"), ["member_id"], unique=False)

    op.create_table(
        "components",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "pattern",
                "shared_platform",
                "page",
                "form",
                "letter",
                "channel",
                name="componentkind",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.String(length=60), nullable=False),
        sa.Column("url", sa.String(length=2000), nullable=False),
        sa.Column("changed_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("updated_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["created_by_id"], ["members.id"], name=op.f("fk_components_created_by_id_members")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["members.id"], name=op.f("fk_components_updated_by_id_members")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_components")),
        sa.UniqueConstraint("name", name=op.f("uq_components_name")),
        sa.UniqueConstraint("uuid", name=op.f("uq_components_uuid")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "drafts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("form_key", sa.String(length=120), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("saved_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_drafts_member_id_members")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drafts")),
        sa.UniqueConstraint("member_id", "form_key", name=op.f("uq_drafts_member_id_form_key")),
    )
    with op.batch_alter_table("drafts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_drafts_member_id"), ["member_id"], unique=False)

    op.create_table(
        "services",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column(
            "phase",
            sa.Enum("discovery", "alpha", "beta", "live", "retired", name="phase", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("senior_responsible_owner", sa.String(length=200), nullable=False),
        sa.Column("assessed_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("updated_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["created_by_id"], ["members.id"], name=op.f("fk_services_created_by_id_members")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_services_team_id_teams")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["members.id"], name=op.f("fk_services_updated_by_id_members")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_services")),
        sa.UniqueConstraint("name", name=op.f("uq_services_name")),
        sa.UniqueConstraint("uuid", name=op.f("uq_services_uuid")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("services", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_services_team_id"), ["team_id"], unique=False)

    op.create_table(
        "decisions",
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("context", sa.Text(), nullable=False),
        sa.Column("drivers", sa.Text(), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("consequences", sa.Text(), nullable=False),
        sa.Column("confirmation", sa.Text(), nullable=False),
        sa.Column("more_information", sa.Text(), nullable=False),
        sa.Column("decision_makers", sa.JSON(), nullable=False),
        sa.Column("consulted", sa.JSON(), nullable=False),
        sa.Column("informed", sa.JSON(), nullable=False),
        sa.Column("other_sections", sa.JSON(), nullable=False),
        sa.Column("front_matter", sa.JSON(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "proposed",
                "accepted",
                "rejected",
                "deprecated",
                "superseded",
                name="decisionstatus",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("superseded_by_id", sa.Integer(), nullable=True),
        sa.Column(
            "basis",
            sa.Enum(
                "law_or_policy",
                "security",
                "technical_constraint",
                "cost",
                "expert_judgement",
                "urgent",
                name="basis",
                native_enum=False,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("basis_reason", sa.Text(), nullable=False),
        sa.Column("beyond_evidence_reason", sa.Text(), nullable=False),
        sa.Column(
            "delivery_state",
            sa.Enum(
                "not_started", "in_progress", "live", "rolled_back", name="deliverystate", native_enum=False, length=40
            ),
            nullable=False,
        ),
        sa.Column("live_on", sa.Date(), nullable=True),
        sa.Column("delivery_url", sa.String(length=2000), nullable=False),
        sa.Column(
            "phase",
            sa.Enum("discovery", "alpha", "beta", "live", "retired", name="phase", native_enum=False, length=40),
            nullable=True,
        ),
        sa.Column("review_by", sa.Date(), nullable=True),
        sa.Column("not_measurable_reason", sa.Text(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=True),
        sa.Column("component_id", sa.Integer(), nullable=True),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("legacy", sa.Boolean(), nullable=False),
        sa.Column("source_name", sa.String(length=1000), nullable=False),
        sa.Column("source_sha256", sa.String(length=64), nullable=False),
        sa.Column("custom", sa.JSON(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("updated_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["component_id"], ["components.id"], name=op.f("fk_decisions_component_id_components")),
        sa.ForeignKeyConstraint(["created_by_id"], ["members.id"], name=op.f("fk_decisions_created_by_id_members")),
        sa.ForeignKeyConstraint(["owner_id"], ["members.id"], name=op.f("fk_decisions_owner_id_members")),
        sa.ForeignKeyConstraint(["service_id"], ["services.id"], name=op.f("fk_decisions_service_id_services")),
        sa.ForeignKeyConstraint(
            ["superseded_by_id"], ["decisions.id"], name=op.f("fk_decisions_superseded_by_id_decisions")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_decisions_team_id_teams")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["members.id"], name=op.f("fk_decisions_updated_by_id_members")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
        sa.UniqueConstraint("uuid", name=op.f("uq_decisions_uuid")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("decisions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_decisions_component_id"), ["component_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_decisions_decided_on"), ["decided_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_decisions_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_decisions_service_id"), ["service_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_decisions_source_sha256"), ["source_sha256"], unique=False)
        batch_op.create_index(batch_op.f("ix_decisions_status"), ["status"], unique=False)
        batch_op.create_index(batch_op.f("ix_decisions_superseded_by_id"), ["superseded_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_decisions_team_id"), ["team_id"], unique=False)

    op.create_table(
        "insights",
        sa.Column("claim", sa.String(length=500), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column(
            "type",
            sa.Enum("actionable", "informative", name="insighttype", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column(
            "kind",
            sa.Enum(
                "usability",
                "behaviour",
                "attitude_need",
                "legal_demographic",
                name="insightkind",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "in_review",
                "published",
                "challenged",
                "superseded",
                "retired",
                name="insightstatus",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column(
            "confidence",
            sa.Enum("high", "moderate", "low", "very_low", name="confidencelevel", native_enum=False, length=40),
            nullable=True,
        ),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("reviewer_id", sa.Integer(), nullable=True),
        sa.Column("review_by", sa.Date(), nullable=True),
        sa.Column("published_at", sa.DateTime(), nullable=True),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("superseded_by_id", sa.Integer(), nullable=True),
        sa.Column("status_note", sa.Text(), nullable=False),
        sa.Column("legacy", sa.Boolean(), nullable=False),
        sa.Column("custom", sa.JSON(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("updated_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["members.id"], name=op.f("fk_insights_author_id_members")),
        sa.ForeignKeyConstraint(["created_by_id"], ["members.id"], name=op.f("fk_insights_created_by_id_members")),
        sa.ForeignKeyConstraint(["owner_id"], ["members.id"], name=op.f("fk_insights_owner_id_members")),
        sa.ForeignKeyConstraint(["reviewer_id"], ["members.id"], name=op.f("fk_insights_reviewer_id_members")),
        sa.ForeignKeyConstraint(["service_id"], ["services.id"], name=op.f("fk_insights_service_id_services")),
        sa.ForeignKeyConstraint(
            ["superseded_by_id"], ["insights.id"], name=op.f("fk_insights_superseded_by_id_insights")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_insights_team_id_teams")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["members.id"], name=op.f("fk_insights_updated_by_id_members")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_insights")),
        sa.UniqueConstraint("uuid", name=op.f("uq_insights_uuid")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("insights", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_insights_author_id"), ["author_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_insights_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_insights_published_at"), ["published_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_insights_service_id"), ["service_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_insights_status"), ["status"], unique=False)
        batch_op.create_index(batch_op.f("ix_insights_team_id"), ["team_id"], unique=False)

    op.create_table(
        "recommendations",
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("addressee_id", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "issued",
                "accepted",
                "declined",
                "deferred",
                "in_progress",
                "done",
                "abandoned",
                name="recommendationstatus",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("responded_on", sa.Date(), nullable=True),
        sa.Column("response_reason", sa.Text(), nullable=False),
        sa.Column("deferred_to", sa.Date(), nullable=True),
        sa.Column("service_id", sa.Integer(), nullable=True),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("updated_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["addressee_id"], ["members.id"], name=op.f("fk_recommendations_addressee_id_members")),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["members.id"], name=op.f("fk_recommendations_created_by_id_members")
        ),
        sa.ForeignKeyConstraint(["service_id"], ["services.id"], name=op.f("fk_recommendations_service_id_services")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_recommendations_team_id_teams")),
        sa.ForeignKeyConstraint(
            ["updated_by_id"], ["members.id"], name=op.f("fk_recommendations_updated_by_id_members")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recommendations")),
        sa.UniqueConstraint("uuid", name=op.f("uq_recommendations_uuid")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("recommendations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recommendations_addressee_id"), ["addressee_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_recommendations_service_id"), ["service_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_recommendations_team_id"), ["team_id"], unique=False)

    op.create_table(
        "service_components",
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("component_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["component_id"], ["components.id"], name=op.f("fk_service_components_component_id_components")
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["services.id"], name=op.f("fk_service_components_service_id_services")
        ),
        sa.PrimaryKeyConstraint("service_id", "component_id", name=op.f("pk_service_components")),
    )
    op.create_table(
        "studies",
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("methods", sa.JSON(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "proposed",
                "planned",
                "in_field",
                "synthesis",
                "completed",
                "archived",
                "cancelled",
                name="studystatus",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("restricted", sa.Boolean(), nullable=False),
        sa.Column("legacy", sa.Boolean(), nullable=False),
        sa.Column("lead_id", sa.Integer(), nullable=True),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=True),
        sa.Column("dpia_reference", sa.String(length=200), nullable=False),
        sa.Column("lawful_basis", sa.String(length=200), nullable=False),
        sa.Column("custom", sa.JSON(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("updated_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["created_by_id"], ["members.id"], name=op.f("fk_studies_created_by_id_members")),
        sa.ForeignKeyConstraint(["lead_id"], ["members.id"], name=op.f("fk_studies_lead_id_members")),
        sa.ForeignKeyConstraint(["service_id"], ["services.id"], name=op.f("fk_studies_service_id_services")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_studies_team_id_teams")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["members.id"], name=op.f("fk_studies_updated_by_id_members")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_studies")),
        sa.UniqueConstraint("uuid", name=op.f("uq_studies_uuid")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("studies", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_studies_restricted"), ["restricted"], unique=False)
        batch_op.create_index(batch_op.f("ix_studies_service_id"), ["service_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_studies_team_id"), ["team_id"], unique=False)

    op.create_table(
        "changes",
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("url", sa.String(length=2000), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("updated_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["created_by_id"], ["members.id"], name=op.f("fk_changes_created_by_id_members")),
        sa.ForeignKeyConstraint(["decision_id"], ["decisions.id"], name=op.f("fk_changes_decision_id_decisions")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["members.id"], name=op.f("fk_changes_updated_by_id_members")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_changes")),
        sa.UniqueConstraint("uuid", name=op.f("uq_changes_uuid")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("changes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_changes_decision_id"), ["decision_id"], unique=False)

    op.create_table(
        "confidence_assessments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("insight_id", sa.Integer(), nullable=False),
        sa.Column("insight_version", sa.Integer(), nullable=False),
        sa.Column(
            "methodological_limitations",
            sa.Enum("no_or_very_minor", "minor", "moderate", "serious", name="concern", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column(
            "coherence",
            sa.Enum("no_or_very_minor", "minor", "moderate", "serious", name="concern", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column(
            "adequacy",
            sa.Enum("no_or_very_minor", "minor", "moderate", "serious", name="concern", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column(
            "relevance",
            sa.Enum("no_or_very_minor", "minor", "moderate", "serious", name="concern", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column(
            "level",
            sa.Enum("high", "moderate", "low", "very_low", name="confidencelevel", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("justification", sa.Text(), nullable=False),
        sa.Column("assessor_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessor_id"], ["members.id"], name=op.f("fk_confidence_assessments_assessor_id_members")
        ),
        sa.ForeignKeyConstraint(
            ["insight_id"], ["insights.id"], name=op.f("fk_confidence_assessments_insight_id_insights")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_confidence_assessments")),
    )
    with op.batch_alter_table("confidence_assessments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_confidence_assessments_insight_id"), ["insight_id"], unique=False)

    op.create_table(
        "decision_links",
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("insight_id", sa.Integer(), nullable=False),
        sa.Column(
            "type",
            sa.Enum(
                "changed",
                "informed",
                "confirmed",
                "considered_not_followed",
                "contradicts",
                name="linktype",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("rationale", sa.Text(), nullable=False),
        sa.Column("insight_version", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("affirmed_at", sa.DateTime(), nullable=False),
        sa.Column("affirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("affirmation", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("updated_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["affirmed_by_id"], ["members.id"], name=op.f("fk_decision_links_affirmed_by_id_members")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["members.id"], name=op.f("fk_decision_links_created_by_id_members")
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decisions.id"], name=op.f("fk_decision_links_decision_id_decisions")
        ),
        sa.ForeignKeyConstraint(["insight_id"], ["insights.id"], name=op.f("fk_decision_links_insight_id_insights")),
        sa.ForeignKeyConstraint(
            ["updated_by_id"], ["members.id"], name=op.f("fk_decision_links_updated_by_id_members")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision_links")),
        sa.UniqueConstraint(
            "decision_id", "insight_id", "type", name=op.f("uq_decision_links_decision_id_insight_id_type")
        ),
        sa.UniqueConstraint("uuid", name=op.f("uq_decision_links_uuid")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("decision_links", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_decision_links_decision_id"), ["decision_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_decision_links_insight_id"), ["insight_id"], unique=False)

    op.create_table(
        "disposition_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("insight_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("parked", "no_action", "reopened", name="dispositionkind", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column(
            "reason",
            sa.Enum(
                "exploratory",
                "validates_current_design",
                "acceptance_test",
                "further_research_needed",
                "out_of_remit",
                "duplicate",
                name="noactionreason",
                native_enum=False,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["members.id"], name=op.f("fk_disposition_events_by_id_members")),
        sa.ForeignKeyConstraint(
            ["insight_id"], ["insights.id"], name=op.f("fk_disposition_events_insight_id_insights")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disposition_events")),
    )
    with op.batch_alter_table("disposition_events", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_disposition_events_insight_id"), ["insight_id"], unique=False)

    op.create_table(
        "insight_components",
        sa.Column("insight_id", sa.Integer(), nullable=False),
        sa.Column("component_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["component_id"], ["components.id"], name=op.f("fk_insight_components_component_id_components")
        ),
        sa.ForeignKeyConstraint(
            ["insight_id"], ["insights.id"], name=op.f("fk_insight_components_insight_id_insights")
        ),
        sa.PrimaryKeyConstraint("insight_id", "component_id", name=op.f("pk_insight_components")),
    )
    with op.batch_alter_table("insight_components", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_insight_components_component_id"), ["component_id"], unique=False)

    op.create_table(
        "insight_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("insight_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("claim", sa.String(length=500), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column(
            "type",
            sa.Enum("actionable", "informative", name="insighttype", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column(
            "kind",
            sa.Enum(
                "usability",
                "behaviour",
                "attitude_need",
                "legal_demographic",
                name="insightkind",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "confidence",
            sa.Enum("high", "moderate", "low", "very_low", name="confidencelevel", native_enum=False, length=40),
            nullable=True,
        ),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["members.id"], name=op.f("fk_insight_versions_by_id_members")),
        sa.ForeignKeyConstraint(["insight_id"], ["insights.id"], name=op.f("fk_insight_versions_insight_id_insights")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_insight_versions")),
        sa.UniqueConstraint("insight_id", "number", name=op.f("uq_insight_versions_insight_id_number")),
    )
    with op.batch_alter_table("insight_versions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_insight_versions_insight_id"), ["insight_id"], unique=False)

    op.create_table(
        "measures",
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("unit", sa.String(length=60), nullable=False),
        sa.Column(
            "direction",
            sa.Enum("up_is_better", "down_is_better", name="direction", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("baseline", sa.Double(), nullable=True),
        sa.Column("baseline_on", sa.Date(), nullable=True),
        sa.Column("target", sa.Double(), nullable=True),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("updated_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["created_by_id"], ["members.id"], name=op.f("fk_measures_created_by_id_members")),
        sa.ForeignKeyConstraint(["decision_id"], ["decisions.id"], name=op.f("fk_measures_decision_id_decisions")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["members.id"], name=op.f("fk_measures_updated_by_id_members")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measures")),
        sa.UniqueConstraint("uuid", name=op.f("uq_measures_uuid")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("measures", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_measures_decision_id"), ["decision_id"], unique=False)

    op.create_table(
        "participants",
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("group", sa.String(length=200), nullable=False),
        sa.Column("attributes", sa.JSON(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("updated_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["created_by_id"], ["members.id"], name=op.f("fk_participants_created_by_id_members")),
        sa.ForeignKeyConstraint(["study_id"], ["studies.id"], name=op.f("fk_participants_study_id_studies")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["members.id"], name=op.f("fk_participants_updated_by_id_members")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participants")),
        sa.UniqueConstraint("study_id", "code", name=op.f("uq_participants_study_id_code")),
        sa.UniqueConstraint("uuid", name=op.f("uq_participants_uuid")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("participants", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_participants_study_id"), ["study_id"], unique=False)

    op.create_table(
        "recommendation_insights",
        sa.Column("recommendation_id", sa.Integer(), nullable=False),
        sa.Column("insight_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["insight_id"], ["insights.id"], name=op.f("fk_recommendation_insights_insight_id_insights")
        ),
        sa.ForeignKeyConstraint(
            ["recommendation_id"],
            ["recommendations.id"],
            name=op.f("fk_recommendation_insights_recommendation_id_recommendations"),
        ),
        sa.PrimaryKeyConstraint("recommendation_id", "insight_id", name=op.f("pk_recommendation_insights")),
    )
    with op.batch_alter_table("recommendation_insights", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recommendation_insights_insight_id"), ["insight_id"], unique=False)

    op.create_table(
        "research_sessions",
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column(
            "method",
            sa.Enum(
                "interview",
                "moderated_usability_test",
                "unmoderated_usability_test",
                "contextual_visit",
                "workshop",
                "survey",
                "card_sort",
                "diary_study",
                "focus_group",
                "accessibility_test",
                "analytics",
                "desk_research",
                "other",
                name="method",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("moderator", sa.String(length=200), nullable=False),
        sa.Column("observers", sa.String(length=500), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "scheduled",
                "held",
                "written_up",
                "coded",
                "no_show",
                "withdrawn",
                "purged",
                name="sessionstatus",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("deleted_at", sa.DateTime(), nullable=True),
        sa.Column("custom", sa.JSON(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("updated_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["members.id"], name=op.f("fk_research_sessions_created_by_id_members")
        ),
        sa.ForeignKeyConstraint(["study_id"], ["studies.id"], name=op.f("fk_research_sessions_study_id_studies")),
        sa.ForeignKeyConstraint(
            ["updated_by_id"], ["members.id"], name=op.f("fk_research_sessions_updated_by_id_members")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_research_sessions")),
        sa.UniqueConstraint("uuid", name=op.f("uq_research_sessions_uuid")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("research_sessions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_research_sessions_held_on"), ["held_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_research_sessions_study_id"), ["study_id"], unique=False)

    op.create_table(
        "revalidations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("insight_id", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column(
            "result",
            sa.Enum("reconfirmed", "changed", "retired", name="revalidationresult", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["members.id"], name=op.f("fk_revalidations_by_id_members")),
        sa.ForeignKeyConstraint(["insight_id"], ["insights.id"], name=op.f("fk_revalidations_insight_id_insights")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revalidations")),
    )
    with op.batch_alter_table("revalidations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_revalidations_insight_id"), ["insight_id"], unique=False)

    op.create_table(
        "study_members",
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_study_members_member_id_members")),
        sa.ForeignKeyConstraint(["study_id"], ["studies.id"], name=op.f("fk_study_members_study_id_studies")),
        sa.PrimaryKeyConstraint("study_id", "member_id", name=op.f("pk_study_members")),
    )
    with op.batch_alter_table("study_members", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_study_members_member_id"), ["member_id"], unique=False)

    op.create_table(
        "tags",
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("study_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("path", sa.String(length=400), nullable=False),
        sa.Column("folded_path", sa.String(length=400), nullable=False),
        sa.Column("definition", sa.Text(), nullable=False),
        sa.Column("use_when", sa.Text(), nullable=False),
        sa.Column("do_not_use_when", sa.Text(), nullable=False),
        sa.Column("example", sa.Text(), nullable=False),
        sa.Column(
            "status", sa.Enum("active", "retired", name="tagstatus", native_enum=False, length=40), nullable=False
        ),
        sa.Column("redirect_to_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("updated_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["created_by_id"], ["members.id"], name=op.f("fk_tags_created_by_id_members")),
        sa.ForeignKeyConstraint(["parent_id"], ["tags.id"], name=op.f("fk_tags_parent_id_tags")),
        sa.ForeignKeyConstraint(["redirect_to_id"], ["tags.id"], name=op.f("fk_tags_redirect_to_id_tags")),
        sa.ForeignKeyConstraint(["study_id"], ["studies.id"], name=op.f("fk_tags_study_id_studies")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["members.id"], name=op.f("fk_tags_updated_by_id_members")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tags")),
        sa.UniqueConstraint("folded_path", name=op.f("uq_tags_folded_path")),
        sa.UniqueConstraint("uuid", name=op.f("uq_tags_uuid")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("tags", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_tags_study_id"), ["study_id"], unique=False)

    op.create_table(
        "impact_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("measure_id", sa.Integer(), nullable=True),
        sa.Column(
            "contribution",
            sa.Enum(
                "sole_reason",
                "main_reason",
                "one_of_several",
                "confirmed",
                "unknown",
                name="contribution",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("attested_by_id", sa.Integer(), nullable=True),
        sa.Column("corrects_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["attested_by_id"], ["members.id"], name=op.f("fk_impact_entries_attested_by_id_members")
        ),
        sa.ForeignKeyConstraint(
            ["corrects_id"], ["impact_entries.id"], name=op.f("fk_impact_entries_corrects_id_impact_entries")
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decisions.id"], name=op.f("fk_impact_entries_decision_id_decisions")
        ),
        sa.ForeignKeyConstraint(["measure_id"], ["measures.id"], name=op.f("fk_impact_entries_measure_id_measures")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_impact_entries")),
    )
    with op.batch_alter_table("impact_entries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_impact_entries_decision_id"), ["decision_id"], unique=False)

    op.create_table(
        "outcome_checks",
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("measure_id", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column(
            "verdict",
            sa.Enum(
                "improved",
                "no_change",
                "worsened",
                "inconclusive",
                "not_measured",
                name="verdict",
                native_enum=False,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("value", sa.Double(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("recorded_on", sa.Date(), nullable=True),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("updated_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["members.id"], name=op.f("fk_outcome_checks_created_by_id_members")
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decisions.id"], name=op.f("fk_outcome_checks_decision_id_decisions")
        ),
        sa.ForeignKeyConstraint(["measure_id"], ["measures.id"], name=op.f("fk_outcome_checks_measure_id_measures")),
        sa.ForeignKeyConstraint(["owner_id"], ["members.id"], name=op.f("fk_outcome_checks_owner_id_members")),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["members.id"], name=op.f("fk_outcome_checks_recorded_by_id_members")
        ),
        sa.ForeignKeyConstraint(
            ["updated_by_id"], ["members.id"], name=op.f("fk_outcome_checks_updated_by_id_members")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcome_checks")),
        sa.UniqueConstraint("uuid", name=op.f("uq_outcome_checks_uuid")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("outcome_checks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outcome_checks_decision_id"), ["decision_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_outcome_checks_due_on"), ["due_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_outcome_checks_measure_id"), ["measure_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_outcome_checks_owner_id"), ["owner_id"], unique=False)

    op.create_table(
        "readings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("measure_id", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["members.id"], name=op.f("fk_readings_by_id_members")),
        sa.ForeignKeyConstraint(["measure_id"], ["measures.id"], name=op.f("fk_readings_measure_id_measures")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_readings")),
    )
    with op.batch_alter_table("readings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_readings_measure_id"), ["measure_id"], unique=False)

    op.create_table(
        "session_participants",
        sa.Column("research_session_id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participants.id"], name=op.f("fk_session_participants_participant_id_participants")
        ),
        sa.ForeignKeyConstraint(
            ["research_session_id"],
            ["research_sessions.id"],
            name=op.f("fk_session_participants_research_session_id_research_sessions"),
        ),
        sa.PrimaryKeyConstraint("research_session_id", "participant_id", name=op.f("pk_session_participants")),
    )
    with op.batch_alter_table("session_participants", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_session_participants_participant_id"), ["participant_id"], unique=False)

    op.create_table(
        "source_texts",
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("research_session_id", sa.Integer(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum("note", "transcript", "survey_row", "document", name="sourcekind", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("current_version_id", sa.Integer(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("original_name", sa.String(length=1000), nullable=False),
        sa.Column("encoding", sa.String(length=60), nullable=False),
        sa.Column("url", sa.String(length=2000), nullable=False),
        sa.Column("dated_on", sa.Date(), nullable=True),
        sa.Column("date_precision", sa.String(length=20), nullable=False),
        sa.Column(
            "method",
            sa.Enum(
                "interview",
                "moderated_usability_test",
                "unmoderated_usability_test",
                "contextual_visit",
                "workshop",
                "survey",
                "card_sort",
                "diary_study",
                "focus_group",
                "accessibility_test",
                "analytics",
                "desk_research",
                "other",
                name="method",
                native_enum=False,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("participant_count", sa.Integer(), nullable=True),
        sa.Column("front_matter", sa.JSON(), nullable=False),
        sa.Column("personal_data_reviewed", sa.Boolean(), nullable=False),
        sa.Column("deleted_at", sa.DateTime(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("updated_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["created_by_id"], ["members.id"], name=op.f("fk_source_texts_created_by_id_members")),
        sa.ForeignKeyConstraint(
            ["current_version_id"],
            ["text_versions.id"],
            name="fk_source_texts_current_version_id_text_versions",
            use_alter=True,
        ),
        sa.ForeignKeyConstraint(
            ["research_session_id"],
            ["research_sessions.id"],
            name=op.f("fk_source_texts_research_session_id_research_sessions"),
        ),
        sa.ForeignKeyConstraint(["sha256"], ["attachments.sha256"], name=op.f("fk_source_texts_sha256_attachments")),
        sa.ForeignKeyConstraint(["study_id"], ["studies.id"], name=op.f("fk_source_texts_study_id_studies")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["members.id"], name=op.f("fk_source_texts_updated_by_id_members")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source_texts")),
        sa.UniqueConstraint("uuid", name=op.f("uq_source_texts_uuid")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("source_texts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_source_texts_research_session_id"), ["research_session_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_source_texts_study_id"), ["study_id"], unique=False)
        batch_op.create_index("ix_source_texts_study_id_sha256", ["study_id", "sha256"], unique=False)

    op.create_table(
        "text_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_text_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["created_by_id"], ["members.id"], name=op.f("fk_text_versions_created_by_id_members")),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["text_versions.id"], name=op.f("fk_text_versions_parent_id_text_versions")
        ),
        sa.ForeignKeyConstraint(
            ["source_text_id"], ["source_texts.id"], name=op.f("fk_text_versions_source_text_id_source_texts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_text_versions")),
        sa.UniqueConstraint("source_text_id", "number", name=op.f("uq_text_versions_source_text_id_number")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("text_versions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_text_versions_source_text_id"), ["source_text_id"], unique=False)

    op.create_table(
        "highlights",
        sa.Column("text_version_id", sa.Integer(), nullable=False),
        sa.Column("source_text_id", sa.Integer(), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("research_session_id", sa.Integer(), nullable=True),
        sa.Column("participant_id", sa.Integer(), nullable=True),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("exact", sa.Text(), nullable=False),
        sa.Column("prefix", sa.String(length=64), nullable=False),
        sa.Column("suffix", sa.String(length=64), nullable=False),
        sa.Column("observation", sa.Text(), nullable=False),
        sa.Column("polarity", sa.Integer(), nullable=True),
        sa.Column("severity", sa.Integer(), nullable=True),
        sa.Column(
            "status",
            sa.Enum("active", "orphaned", "dropped", "withdrawn", name="highlightstatus", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("dropped_at", sa.DateTime(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("updated_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["created_by_id"], ["members.id"], name=op.f("fk_highlights_created_by_id_members")),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participants.id"], name=op.f("fk_highlights_participant_id_participants")
        ),
        sa.ForeignKeyConstraint(
            ["research_session_id"],
            ["research_sessions.id"],
            name=op.f("fk_highlights_research_session_id_research_sessions"),
        ),
        sa.ForeignKeyConstraint(
            ["source_text_id"], ["source_texts.id"], name=op.f("fk_highlights_source_text_id_source_texts")
        ),
        sa.ForeignKeyConstraint(["study_id"], ["studies.id"], name=op.f("fk_highlights_study_id_studies")),
        sa.ForeignKeyConstraint(
            ["text_version_id"], ["text_versions.id"], name=op.f("fk_highlights_text_version_id_text_versions")
        ),
        sa.ForeignKeyConstraint(["updated_by_id"], ["members.id"], name=op.f("fk_highlights_updated_by_id_members")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_highlights")),
        sa.UniqueConstraint("uuid", name=op.f("uq_highlights_uuid")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("highlights", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_highlights_participant_id"), ["participant_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_highlights_research_session_id"), ["research_session_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_highlights_source_text_id"), ["source_text_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_highlights_status"), ["status"], unique=False)
        batch_op.create_index(batch_op.f("ix_highlights_study_id"), ["study_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_highlights_text_version_id"), ["text_version_id"], unique=False)

    op.create_table(
        "evidence_links",
        sa.Column("insight_id", sa.Integer(), nullable=False),
        sa.Column("highlight_id", sa.Integer(), nullable=True),
        sa.Column("other_insight_id", sa.Integer(), nullable=True),
        sa.Column("external_title", sa.String(length=500), nullable=False),
        sa.Column("external_url", sa.String(length=2000), nullable=False),
        sa.Column(
            "relation",
            sa.Enum("supports", "contradicts", "qualifies", name="relation", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("evidence_date", sa.Date(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("updated_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["members.id"], name=op.f("fk_evidence_links_created_by_id_members")
        ),
        sa.ForeignKeyConstraint(
            ["highlight_id"], ["highlights.id"], name=op.f("fk_evidence_links_highlight_id_highlights")
        ),
        sa.ForeignKeyConstraint(["insight_id"], ["insights.id"], name=op.f("fk_evidence_links_insight_id_insights")),
        sa.ForeignKeyConstraint(
            ["other_insight_id"], ["insights.id"], name=op.f("fk_evidence_links_other_insight_id_insights")
        ),
        sa.ForeignKeyConstraint(
            ["updated_by_id"], ["members.id"], name=op.f("fk_evidence_links_updated_by_id_members")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_links")),
        sa.UniqueConstraint("uuid", name=op.f("uq_evidence_links_uuid")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("evidence_links", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_evidence_links_highlight_id"), ["highlight_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_evidence_links_insight_id"), ["insight_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_evidence_links_other_insight_id"), ["other_insight_id"], unique=False)

    op.create_table(
        "highlight_tags",
        sa.Column("highlight_id", sa.Integer(), nullable=False),
        sa.Column("tag_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["highlight_id"], ["highlights.id"], name=op.f("fk_highlight_tags_highlight_id_highlights")
        ),
        sa.ForeignKeyConstraint(["tag_id"], ["tags.id"], name=op.f("fk_highlight_tags_tag_id_tags")),
        sa.PrimaryKeyConstraint("highlight_id", "tag_id", name=op.f("pk_highlight_tags")),
    )
    with op.batch_alter_table("highlight_tags", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_highlight_tags_tag_id"), ["tag_id"], unique=False)

    op.create_table(
        "contradictions",
        sa.Column("insight_id", sa.Integer(), nullable=False),
        sa.Column("other_insight_id", sa.Integer(), nullable=True),
        sa.Column("evidence_link_id", sa.Integer(), nullable=True),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column(
            "status",
            sa.Enum("open", "explained", "resolved", name="contradictionstatus", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column(
            "reason",
            sa.Enum(
                "segment_differs",
                "time_changed",
                "method_artefact",
                "one_is_wrong",
                name="contradictionreason",
                native_enum=False,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("explanation", sa.Text(), nullable=False),
        sa.Column("settled_at", sa.DateTime(), nullable=True),
        sa.Column("settled_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("updated_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["members.id"], name=op.f("fk_contradictions_created_by_id_members")
        ),
        sa.ForeignKeyConstraint(
            ["evidence_link_id"],
            ["evidence_links.id"],
            name=op.f("fk_contradictions_evidence_link_id_evidence_links"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(["insight_id"], ["insights.id"], name=op.f("fk_contradictions_insight_id_insights")),
        sa.ForeignKeyConstraint(
            ["other_insight_id"], ["insights.id"], name=op.f("fk_contradictions_other_insight_id_insights")
        ),
        sa.ForeignKeyConstraint(
            ["settled_by_id"], ["members.id"], name=op.f("fk_contradictions_settled_by_id_members")
        ),
        sa.ForeignKeyConstraint(
            ["updated_by_id"], ["members.id"], name=op.f("fk_contradictions_updated_by_id_members")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contradictions")),
        sa.UniqueConstraint("uuid", name=op.f("uq_contradictions_uuid")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("contradictions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contradictions_insight_id"), ["insight_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_contradictions_other_insight_id"), ["other_insight_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_contradictions_status"), ["status"], unique=False)

    if op.get_context().dialect.supports_alter:
        for table, column, target in RING:
            op.create_foreign_key(f"fk_{table}_{column}_{target}", table, target, [column], ["id"])


def downgrade() -> None:  # noqa: PLR0915 - one table after another
    if op.get_context().dialect.supports_alter:
        for table, column, target in RING:
            op.drop_constraint(f"fk_{table}_{column}_{target}", table, type_="foreignkey")
    with op.batch_alter_table("contradictions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contradictions_status"))
        batch_op.drop_index(batch_op.f("ix_contradictions_other_insight_id"))
        batch_op.drop_index(batch_op.f("ix_contradictions_insight_id"))

    op.drop_table("contradictions")
    with op.batch_alter_table("highlight_tags", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_highlight_tags_tag_id"))

    op.drop_table("highlight_tags")
    with op.batch_alter_table("evidence_links", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_evidence_links_other_insight_id"))
        batch_op.drop_index(batch_op.f("ix_evidence_links_insight_id"))
        batch_op.drop_index(batch_op.f("ix_evidence_links_highlight_id"))

    op.drop_table("evidence_links")
    with op.batch_alter_table("highlights", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_highlights_text_version_id"))
        batch_op.drop_index(batch_op.f("ix_highlights_study_id"))
        batch_op.drop_index(batch_op.f("ix_highlights_status"))
        batch_op.drop_index(batch_op.f("ix_highlights_source_text_id"))
        batch_op.drop_index(batch_op.f("ix_highlights_research_session_id"))
        batch_op.drop_index(batch_op.f("ix_highlights_participant_id"))

    op.drop_table("highlights")
    with op.batch_alter_table("text_versions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_text_versions_source_text_id"))

    op.drop_table("text_versions")
    with op.batch_alter_table("source_texts", schema=None) as batch_op:
        batch_op.drop_index("ix_source_texts_study_id_sha256")
        batch_op.drop_index(batch_op.f("ix_source_texts_study_id"))
        batch_op.drop_index(batch_op.f("ix_source_texts_research_session_id"))

    op.drop_table("source_texts")
    with op.batch_alter_table("session_participants", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_session_participants_participant_id"))

    op.drop_table("session_participants")
    with op.batch_alter_table("readings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_readings_measure_id"))

    op.drop_table("readings")
    with op.batch_alter_table("outcome_checks", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outcome_checks_owner_id"))
        batch_op.drop_index(batch_op.f("ix_outcome_checks_measure_id"))
        batch_op.drop_index(batch_op.f("ix_outcome_checks_due_on"))
        batch_op.drop_index(batch_op.f("ix_outcome_checks_decision_id"))

    op.drop_table("outcome_checks")
    with op.batch_alter_table("impact_entries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_impact_entries_decision_id"))

    op.drop_table("impact_entries")
    with op.batch_alter_table("tags", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_tags_study_id"))

    op.drop_table("tags")
    with op.batch_alter_table("study_members", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_study_members_member_id"))

    op.drop_table("study_members")
    with op.batch_alter_table("revalidations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_revalidations_insight_id"))

    op.drop_table("revalidations")
    with op.batch_alter_table("research_sessions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_research_sessions_study_id"))
        batch_op.drop_index(batch_op.f("ix_research_sessions_held_on"))

    op.drop_table("research_sessions")
    with op.batch_alter_table("recommendation_insights", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recommendation_insights_insight_id"))

    op.drop_table("recommendation_insights")
    with op.batch_alter_table("participants", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_participants_study_id"))

    op.drop_table("participants")
    with op.batch_alter_table("measures", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_measures_decision_id"))

    op.drop_table("measures")
    with op.batch_alter_table("insight_versions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_insight_versions_insight_id"))

    op.drop_table("insight_versions")
    with op.batch_alter_table("insight_components", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_insight_components_component_id"))

    op.drop_table("insight_components")
    with op.batch_alter_table("disposition_events", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_disposition_events_insight_id"))

    op.drop_table("disposition_events")
    with op.batch_alter_table("decision_links", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_decision_links_insight_id"))
        batch_op.drop_index(batch_op.f("ix_decision_links_decision_id"))

    op.drop_table("decision_links")
    with op.batch_alter_table("confidence_assessments", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_confidence_assessments_insight_id"))

    op.drop_table("confidence_assessments")
    with op.batch_alter_table("changes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_changes_decision_id"))

    op.drop_table("changes")
    with op.batch_alter_table("studies", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_studies_team_id"))
        batch_op.drop_index(batch_op.f("ix_studies_service_id"))
        batch_op.drop_index(batch_op.f("ix_studies_restricted"))

    op.drop_table("studies")
    op.drop_table("service_components")
    with op.batch_alter_table("recommendations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recommendations_team_id"))
        batch_op.drop_index(batch_op.f("ix_recommendations_service_id"))
        batch_op.drop_index(batch_op.f("ix_recommendations_addressee_id"))

    op.drop_table("recommendations")
    with op.batch_alter_table("insights", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_insights_team_id"))
        batch_op.drop_index(batch_op.f("ix_insights_status"))
        batch_op.drop_index(batch_op.f("ix_insights_service_id"))
        batch_op.drop_index(batch_op.f("ix_insights_published_at"))
        batch_op.drop_index(batch_op.f("ix_insights_owner_id"))
        batch_op.drop_index(batch_op.f("ix_insights_author_id"))

    op.drop_table("insights")
    with op.batch_alter_table("decisions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_decisions_team_id"))
        batch_op.drop_index(batch_op.f("ix_decisions_superseded_by_id"))
        batch_op.drop_index(batch_op.f("ix_decisions_status"))
        batch_op.drop_index(batch_op.f("ix_decisions_source_sha256"))
        batch_op.drop_index(batch_op.f("ix_decisions_service_id"))
        batch_op.drop_index(batch_op.f("ix_decisions_owner_id"))
        batch_op.drop_index(batch_op.f("ix_decisions_decided_on"))
        batch_op.drop_index(batch_op.f("ix_decisions_component_id"))

    op.drop_table("decisions")
    with op.batch_alter_table("services", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_services_team_id"))

    op.drop_table("services")
    with op.batch_alter_table("drafts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_drafts_member_id"))

    op.drop_table("drafts")
    op.drop_table("components")
    with op.batch_alter_table("browser_sessions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_browser_sessions_member_id"))

    op.drop_table("browser_sessions")
    with op.batch_alter_table("activity", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_activity_subject_ref"))
        batch_op.drop_index(batch_op.f("ix_activity_at"))
        batch_op.drop_index(batch_op.f("ix_activity_actor_id"))

    op.drop_table("activity")
    op.drop_table("teams")
    with op.batch_alter_table("sign_in_failures", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_failures_email"))
        batch_op.drop_index(batch_op.f("ix_sign_in_failures_at"))

    op.drop_table("sign_in_failures")
    with op.batch_alter_table("members", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_members_team_id"))

    op.drop_table("members")
    op.drop_table("installation")
    op.drop_table("attachments")
