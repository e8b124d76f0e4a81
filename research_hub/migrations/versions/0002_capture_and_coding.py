"""capture and coding

Revision ID: 0002
Revises: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# SQLite changes a table by copying it; without this the copy would use ids twice.
KEEP_IDS = {"sqlite_autoincrement": True}


def upgrade() -> None:  # noqa: PLR0915 - one table after another
    op.create_table(
        "coding_acts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("label", sa.String(length=500), nullable=False),
        sa.Column("subject_ref", sa.String(length=40), nullable=False),
        sa.Column("inverse", sa.JSON(), nullable=False),
        sa.Column("undone_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_coding_acts_member_id_members")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coding_acts")),
    )
    with op.batch_alter_table("coding_acts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_coding_acts_member_id"), ["member_id"], unique=False)

    op.create_table(
        "curation_set_aside",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["members.id"], name=op.f("fk_curation_set_aside_by_id_members")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_curation_set_aside")),
        sa.UniqueConstraint("kind", "key", name=op.f("uq_curation_set_aside_kind_key")),
    )
    op.create_table(
        "mapping_profiles",
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("mapping", sa.JSON(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("updated_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["members.id"], name=op.f("fk_mapping_profiles_created_by_id_members")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_mapping_profiles_team_id_teams")),
        sa.ForeignKeyConstraint(
            ["updated_by_id"], ["members.id"], name=op.f("fk_mapping_profiles_updated_by_id_members")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mapping_profiles")),
        sa.UniqueConstraint("team_id", "name", name=op.f("uq_mapping_profiles_team_id_name")),
        sa.UniqueConstraint("uuid", name=op.f("uq_mapping_profiles_uuid")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("mapping_profiles", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mapping_profiles_team_id"), ["team_id"], unique=False)

    op.create_table(
        "text_templates",
        sa.Column(
            "kind",
            sa.Enum("study_plan", "session_note", name="templatekind", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("copied_from_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("retired_at", sa.DateTime(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("updated_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["copied_from_id"], ["text_templates.id"], name=op.f("fk_text_templates_copied_from_id_text_templates")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["members.id"], name=op.f("fk_text_templates_created_by_id_members")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_text_templates_team_id_teams")),
        sa.ForeignKeyConstraint(
            ["updated_by_id"], ["members.id"], name=op.f("fk_text_templates_updated_by_id_members")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_text_templates")),
        sa.UniqueConstraint("uuid", name=op.f("uq_text_templates_uuid")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("text_templates", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_text_templates_team_id"), ["team_id"], unique=False)

    op.create_table(
        "text_template_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("template_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["members.id"], name=op.f("fk_text_template_versions_by_id_members")),
        sa.ForeignKeyConstraint(
            ["template_id"], ["text_templates.id"], name=op.f("fk_text_template_versions_template_id_text_templates")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_text_template_versions")),
        sa.UniqueConstraint("template_id", "number", name=op.f("uq_text_template_versions_template_id_number")),
    )
    with op.batch_alter_table("text_template_versions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_text_template_versions_template_id"), ["template_id"], unique=False)

    op.create_table(
        "boards",
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=True),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("deleted_at", sa.DateTime(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("updated_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["created_by_id"], ["members.id"], name=op.f("fk_boards_created_by_id_members")),
        sa.ForeignKeyConstraint(["study_id"], ["studies.id"], name=op.f("fk_boards_study_id_studies")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_boards_team_id_teams")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["members.id"], name=op.f("fk_boards_updated_by_id_members")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_boards")),
        sa.UniqueConstraint("uuid", name=op.f("uq_boards_uuid")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("boards", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_boards_study_id"), ["study_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_boards_team_id"), ["team_id"], unique=False)

    op.create_table(
        "coding_projects",
        sa.Column("study_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=500), nullable=False),
        sa.Column("file_name", sa.String(length=1000), nullable=False),
        sa.Column("origin", sa.String(length=200), nullable=False),
        sa.Column("format", sa.String(length=20), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.Column("kept", sa.JSON(), nullable=False),
        sa.Column("stored_at", sa.DateTime(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("updated_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["members.id"], name=op.f("fk_coding_projects_created_by_id_members")
        ),
        sa.ForeignKeyConstraint(["sha256"], ["attachments.sha256"], name=op.f("fk_coding_projects_sha256_attachments")),
        sa.ForeignKeyConstraint(["study_id"], ["studies.id"], name=op.f("fk_coding_projects_study_id_studies")),
        sa.ForeignKeyConstraint(
            ["updated_by_id"], ["members.id"], name=op.f("fk_coding_projects_updated_by_id_members")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coding_projects")),
        sa.UniqueConstraint("uuid", name=op.f("uq_coding_projects_uuid")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("coding_projects", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_coding_projects_study_id"), ["study_id"], unique=False)

    op.create_table(
        "coding_rounds",
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("blind", sa.Boolean(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("updated_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["created_by_id"], ["members.id"], name=op.f("fk_coding_rounds_created_by_id_members")),
        sa.ForeignKeyConstraint(["study_id"], ["studies.id"], name=op.f("fk_coding_rounds_study_id_studies")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["members.id"], name=op.f("fk_coding_rounds_updated_by_id_members")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coding_rounds")),
        sa.UniqueConstraint("uuid", name=op.f("uq_coding_rounds_uuid")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("coding_rounds", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_coding_rounds_study_id"), ["study_id"], unique=False)

    op.create_table(
        "comments",
        sa.Column("subject_ref", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=True),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("resolved_at", sa.DateTime(), nullable=True),
        sa.Column("resolved_by_id", sa.Integer(), nullable=True),
        sa.Column("deleted_at", sa.DateTime(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("updated_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["created_by_id"], ["members.id"], name=op.f("fk_comments_created_by_id_members")),
        sa.ForeignKeyConstraint(["parent_id"], ["comments.id"], name=op.f("fk_comments_parent_id_comments")),
        sa.ForeignKeyConstraint(["resolved_by_id"], ["members.id"], name=op.f("fk_comments_resolved_by_id_members")),
        sa.ForeignKeyConstraint(["study_id"], ["studies.id"], name=op.f("fk_comments_study_id_studies")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["members.id"], name=op.f("fk_comments_updated_by_id_members")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comments")),
        sa.UniqueConstraint("uuid", name=op.f("uq_comments_uuid")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("comments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_comments_subject_ref"), ["subject_ref"], unique=False)

    op.create_table(
        "hypotheses",
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("statement", sa.String(length=500), nullable=False),
        sa.Column(
            "verdict",
            sa.Enum(
                "definitely_true",
                "likely_true",
                "maybe_true",
                "likely_false",
                "definitely_false",
                "not_enough_information",
                name="hypothesisverdict",
                native_enum=False,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("rationale", sa.Text(), nullable=False),
        sa.Column("removed_at", sa.DateTime(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("updated_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["created_by_id"], ["members.id"], name=op.f("fk_hypotheses_created_by_id_members")),
        sa.ForeignKeyConstraint(["study_id"], ["studies.id"], name=op.f("fk_hypotheses_study_id_studies")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["members.id"], name=op.f("fk_hypotheses_updated_by_id_members")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hypotheses")),
        sa.UniqueConstraint("uuid", name=op.f("uq_hypotheses_uuid")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("hypotheses", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hypotheses_study_id"), ["study_id"], unique=False)

    op.create_table(
        "import_batches",
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("updated_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["members.id"], name=op.f("fk_import_batches_created_by_id_members")
        ),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_import_batches_member_id_members")),
        sa.ForeignKeyConstraint(["study_id"], ["studies.id"], name=op.f("fk_import_batches_study_id_studies")),
        sa.ForeignKeyConstraint(
            ["updated_by_id"], ["members.id"], name=op.f("fk_import_batches_updated_by_id_members")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_batches")),
        sa.UniqueConstraint("uuid", name=op.f("uq_import_batches_uuid")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("import_batches", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_import_batches_member_id"), ["member_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_import_batches_study_id"), ["study_id"], unique=False)

    op.create_table(
        "inclusion_targets",
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("attribute", sa.String(length=60), nullable=False),
        sa.Column("value", sa.String(length=200), nullable=False),
        sa.Column("target", sa.Integer(), nullable=False),
        sa.Column("removed_at", sa.DateTime(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("updated_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["members.id"], name=op.f("fk_inclusion_targets_created_by_id_members")
        ),
        sa.ForeignKeyConstraint(["study_id"], ["studies.id"], name=op.f("fk_inclusion_targets_study_id_studies")),
        sa.ForeignKeyConstraint(
            ["updated_by_id"], ["members.id"], name=op.f("fk_inclusion_targets_updated_by_id_members")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inclusion_targets")),
        sa.UniqueConstraint(
            "study_id", "attribute", "value", name=op.f("uq_inclusion_targets_study_id_attribute_value")
        ),
        sa.UniqueConstraint("uuid", name=op.f("uq_inclusion_targets_uuid")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("inclusion_targets", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_inclusion_targets_study_id"), ["study_id"], unique=False)

    op.create_table(
        "memos",
        sa.Column("subject_ref", sa.String(length=40), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("deleted_at", sa.DateTime(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("updated_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["created_by_id"], ["members.id"], name=op.f("fk_memos_created_by_id_members")),
        sa.ForeignKeyConstraint(["study_id"], ["studies.id"], name=op.f("fk_memos_study_id_studies")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["members.id"], name=op.f("fk_memos_updated_by_id_members")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_memos")),
        sa.UniqueConstraint("uuid", name=op.f("uq_memos_uuid")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("memos", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_memos_study_id"), ["study_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_memos_subject_ref"), ["subject_ref"], unique=False)

    op.create_table(
        "themes",
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("memo", sa.Text(), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=True),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("deleted_at", sa.DateTime(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("updated_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["created_by_id"], ["members.id"], name=op.f("fk_themes_created_by_id_members")),
        sa.ForeignKeyConstraint(["study_id"], ["studies.id"], name=op.f("fk_themes_study_id_studies")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_themes_team_id_teams")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["members.id"], name=op.f("fk_themes_updated_by_id_members")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_themes")),
        sa.UniqueConstraint("uuid", name=op.f("uq_themes_uuid")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("themes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_themes_study_id"), ["study_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_themes_team_id"), ["team_id"], unique=False)

    op.create_table(
        "attendances",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("research_session_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum("moderator", "note_taker", "observer", name="attendancerole", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_attendances_member_id_members")),
        sa.ForeignKeyConstraint(
            ["research_session_id"],
            ["research_sessions.id"],
            name=op.f("fk_attendances_research_session_id_research_sessions"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendances")),
        sa.UniqueConstraint(
            "research_session_id", "member_id", name=op.f("uq_attendances_research_session_id_member_id")
        ),
    )
    with op.batch_alter_table("attendances", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attendances_member_id"), ["member_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_attendances_research_session_id"), ["research_session_id"], unique=False)

    op.create_table(
        "board_clusters",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("board_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("theme_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["board_id"], ["boards.id"], name=op.f("fk_board_clusters_board_id_boards")),
        sa.ForeignKeyConstraint(["theme_id"], ["themes.id"], name=op.f("fk_board_clusters_theme_id_themes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_board_clusters")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("board_clusters", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_board_clusters_board_id"), ["board_id"], unique=False)

    op.create_table(
        "consents",
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("form_version", sa.String(length=100), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("channel", sa.String(length=60), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("withdrawn_scopes", sa.JSON(), nullable=False),
        sa.Column("evidence_sha256", sa.String(length=64), nullable=True),
        sa.Column("evidence_name", sa.String(length=1000), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("updated_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["created_by_id"], ["members.id"], name=op.f("fk_consents_created_by_id_members")),
        sa.ForeignKeyConstraint(
            ["evidence_sha256"], ["attachments.sha256"], name=op.f("fk_consents_evidence_sha256_attachments")
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participants.id"], name=op.f("fk_consents_participant_id_participants")
        ),
        sa.ForeignKeyConstraint(["study_id"], ["studies.id"], name=op.f("fk_consents_study_id_studies")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["members.id"], name=op.f("fk_consents_updated_by_id_members")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
        sa.UniqueConstraint("uuid", name=op.f("uq_consents_uuid")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("consents", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_consents_participant_id"), ["participant_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_consents_study_id"), ["study_id"], unique=False)

    op.create_table(
        "mentions",
        sa.Column("comment_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("seen_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["comment_id"], ["comments.id"], name=op.f("fk_mentions_comment_id_comments")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_mentions_member_id_members")),
        sa.PrimaryKeyConstraint("comment_id", "member_id", name=op.f("pk_mentions")),
    )
    with op.batch_alter_table("mentions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mentions_member_id"), ["member_id"], unique=False)

    op.create_table(
        "round_coders",
        sa.Column("coding_round_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["coding_round_id"], ["coding_rounds.id"], name=op.f("fk_round_coders_coding_round_id_coding_rounds")
        ),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_round_coders_member_id_members")),
        sa.PrimaryKeyConstraint("coding_round_id", "member_id", name=op.f("pk_round_coders")),
    )
    with op.batch_alter_table("round_coders", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_round_coders_member_id"), ["member_id"], unique=False)

    op.create_table(
        "round_tags",
        sa.Column("coding_round_id", sa.Integer(), nullable=False),
        sa.Column("tag_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["coding_round_id"], ["coding_rounds.id"], name=op.f("fk_round_tags_coding_round_id_coding_rounds")
        ),
        sa.ForeignKeyConstraint(["tag_id"], ["tags.id"], name=op.f("fk_round_tags_tag_id_tags")),
        sa.PrimaryKeyConstraint("coding_round_id", "tag_id", name=op.f("pk_round_tags")),
    )
    op.create_table(
        "theme_tags",
        sa.Column("theme_id", sa.Integer(), nullable=False),
        sa.Column("tag_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["tag_id"], ["tags.id"], name=op.f("fk_theme_tags_tag_id_tags")),
        sa.ForeignKeyConstraint(["theme_id"], ["themes.id"], name=op.f("fk_theme_tags_theme_id_themes")),
        sa.PrimaryKeyConstraint("theme_id", "tag_id", name=op.f("pk_theme_tags")),
    )
    with op.batch_alter_table("theme_tags", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_theme_tags_tag_id"), ["tag_id"], unique=False)

    op.create_table(
        "import_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("import_batch_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=1000), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum("understood", "refused", "stored", "left_out", name="filestatus", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("reading", sa.JSON(), nullable=False),
        sa.Column("summary", sa.JSON(), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("source_text_id", sa.Integer(), nullable=True),
        sa.Column("made", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_batch_id"], ["import_batches.id"], name=op.f("fk_import_files_import_batch_id_import_batches")
        ),
        sa.ForeignKeyConstraint(
            ["source_text_id"], ["source_texts.id"], name=op.f("fk_import_files_source_text_id_source_texts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_files")),
        sa.UniqueConstraint("import_batch_id", "position", name=op.f("uq_import_files_import_batch_id_position")),
    )
    with op.batch_alter_table("import_files", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_import_files_import_batch_id"), ["import_batch_id"], unique=False)

    op.create_table(
        "recordings",
        sa.Column("source_text_id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("original_name", sa.String(length=1000), nullable=False),
        sa.Column("deleted_at", sa.DateTime(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("updated_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["created_by_id"], ["members.id"], name=op.f("fk_recordings_created_by_id_members")),
        sa.ForeignKeyConstraint(["sha256"], ["attachments.sha256"], name=op.f("fk_recordings_sha256_attachments")),
        sa.ForeignKeyConstraint(
            ["source_text_id"], ["source_texts.id"], name=op.f("fk_recordings_source_text_id_source_texts")
        ),
        sa.ForeignKeyConstraint(["updated_by_id"], ["members.id"], name=op.f("fk_recordings_updated_by_id_members")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recordings")),
        sa.UniqueConstraint("uuid", name=op.f("uq_recordings_uuid")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("recordings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recordings_source_text_id"), ["source_text_id"], unique=False)

    op.create_table(
        "live_logs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("research_session_id", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(), nullable=False),
        sa.Column("started_by_id", sa.Integer(), nullable=True),
        sa.Column("pauses", sa.JSON(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.Column("source_text_id", sa.Integer(), nullable=True),
        sa.Column("text_version_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["ended_by_id"], ["members.id"], name=op.f("fk_live_logs_ended_by_id_members")),
        sa.ForeignKeyConstraint(
            ["research_session_id"],
            ["research_sessions.id"],
            name=op.f("fk_live_logs_research_session_id_research_sessions"),
        ),
        sa.ForeignKeyConstraint(
            ["source_text_id"], ["source_texts.id"], name=op.f("fk_live_logs_source_text_id_source_texts")
        ),
        sa.ForeignKeyConstraint(["started_by_id"], ["members.id"], name=op.f("fk_live_logs_started_by_id_members")),
        sa.ForeignKeyConstraint(
            ["text_version_id"], ["text_versions.id"], name=op.f("fk_live_logs_text_version_id_text_versions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_live_logs")),
        sa.UniqueConstraint("research_session_id", name=op.f("uq_live_logs_research_session_id")),
    )
    op.create_table(
        "offers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("source_text_id", sa.Integer(), nullable=False),
        sa.Column("text_version_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("highlight", "insight", "recommendation", name="offerkind", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("exact", sa.Text(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column(
            "status",
            sa.Enum("open", "accepted", "dismissed", name="offerstatus", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("result_ref", sa.String(length=40), nullable=False),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["decided_by_id"], ["members.id"], name=op.f("fk_offers_decided_by_id_members")),
        sa.ForeignKeyConstraint(
            ["source_text_id"], ["source_texts.id"], name=op.f("fk_offers_source_text_id_source_texts")
        ),
        sa.ForeignKeyConstraint(["study_id"], ["studies.id"], name=op.f("fk_offers_study_id_studies")),
        sa.ForeignKeyConstraint(
            ["text_version_id"], ["text_versions.id"], name=op.f("fk_offers_text_version_id_text_versions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offers")),
        sa.UniqueConstraint(
            "text_version_id", "kind", "start", "end", name=op.f("uq_offers_text_version_id_kind_start_end")
        ),
    )
    with op.batch_alter_table("offers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_offers_source_text_id"), ["source_text_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_offers_status"), ["status"], unique=False)
        batch_op.create_index(batch_op.f("ix_offers_study_id"), ["study_id"], unique=False)

    op.create_table(
        "round_sources",
        sa.Column("coding_round_id", sa.Integer(), nullable=False),
        sa.Column("source_text_id", sa.Integer(), nullable=False),
        sa.Column("text_version_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["coding_round_id"], ["coding_rounds.id"], name=op.f("fk_round_sources_coding_round_id_coding_rounds")
        ),
        sa.ForeignKeyConstraint(
            ["source_text_id"], ["source_texts.id"], name=op.f("fk_round_sources_source_text_id_source_texts")
        ),
        sa.ForeignKeyConstraint(
            ["text_version_id"], ["text_versions.id"], name=op.f("fk_round_sources_text_version_id_text_versions")
        ),
        sa.PrimaryKeyConstraint("coding_round_id", "source_text_id", name=op.f("pk_round_sources")),
    )
    op.create_table(
        "text_pages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("text_version_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=40), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["text_version_id"], ["text_versions.id"], name=op.f("fk_text_pages_text_version_id_text_versions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_text_pages")),
        sa.UniqueConstraint("text_version_id", "number", name=op.f("uq_text_pages_text_version_id_number")),
    )
    with op.batch_alter_table("text_pages", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_text_pages_text_version_id"), ["text_version_id"], unique=False)

    op.create_table(
        "utterances",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("text_version_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("start_ms", sa.Integer(), nullable=True),
        sa.Column("end_ms", sa.Integer(), nullable=True),
        sa.Column("speaker", sa.String(length=200), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participants.id"], name=op.f("fk_utterances_participant_id_participants")
        ),
        sa.ForeignKeyConstraint(
            ["text_version_id"], ["text_versions.id"], name=op.f("fk_utterances_text_version_id_text_versions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_utterances")),
        sa.UniqueConstraint("text_version_id", "number", name=op.f("uq_utterances_text_version_id_number")),
    )
    with op.batch_alter_table("utterances", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_utterances_text_version_id"), ["text_version_id"], unique=False)

    op.create_table(
        "board_cards",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("board_id", sa.Integer(), nullable=False),
        sa.Column("cluster_id", sa.Integer(), nullable=True),
        sa.Column("highlight_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["board_id"], ["boards.id"], name=op.f("fk_board_cards_board_id_boards")),
        sa.ForeignKeyConstraint(
            ["cluster_id"], ["board_clusters.id"], name=op.f("fk_board_cards_cluster_id_board_clusters")
        ),
        sa.ForeignKeyConstraint(
            ["highlight_id"], ["highlights.id"], name=op.f("fk_board_cards_highlight_id_highlights")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_board_cards")),
        sa.UniqueConstraint("board_id", "highlight_id", name=op.f("uq_board_cards_board_id_highlight_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("board_cards", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_board_cards_board_id"), ["board_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_board_cards_cluster_id"), ["cluster_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_board_cards_highlight_id"), ["highlight_id"], unique=False)

    op.create_table(
        "layer_codings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("coding_round_id", sa.Integer(), nullable=False),
        sa.Column("coder_id", sa.Integer(), nullable=False),
        sa.Column("source_text_id", sa.Integer(), nullable=False),
        sa.Column("text_version_id", sa.Integer(), nullable=False),
        sa.Column("tag_id", sa.Integer(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("exact", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("highlight_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["coder_id"], ["members.id"], name=op.f("fk_layer_codings_coder_id_members")),
        sa.ForeignKeyConstraint(
            ["coding_round_id"], ["coding_rounds.id"], name=op.f("fk_layer_codings_coding_round_id_coding_rounds")
        ),
        sa.ForeignKeyConstraint(
            ["highlight_id"], ["highlights.id"], name=op.f("fk_layer_codings_highlight_id_highlights")
        ),
        sa.ForeignKeyConstraint(
            ["source_text_id"], ["source_texts.id"], name=op.f("fk_layer_codings_source_text_id_source_texts")
        ),
        sa.ForeignKeyConstraint(["tag_id"], ["tags.id"], name=op.f("fk_layer_codings_tag_id_tags")),
        sa.ForeignKeyConstraint(
            ["text_version_id"], ["text_versions.id"], name=op.f("fk_layer_codings_text_version_id_text_versions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_layer_codings")),
    )
    with op.batch_alter_table("layer_codings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_layer_codings_coding_round_id"), ["coding_round_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_layer_codings_tag_id"), ["tag_id"], unique=False)

    op.create_table(
        "log_lines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("live_log_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("observer_id", sa.Integer(), nullable=False),
        sa.Column("typed_ms", sa.Integer(), nullable=False),
        sa.Column("at_ms", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("deleted_at", sa.DateTime(), nullable=True),
        sa.Column("noted_revision", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["live_log_id"], ["live_logs.id"], name=op.f("fk_log_lines_live_log_id_live_logs")),
        sa.ForeignKeyConstraint(["observer_id"], ["members.id"], name=op.f("fk_log_lines_observer_id_members")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_lines")),
        sa.UniqueConstraint("live_log_id", "key", name=op.f("uq_log_lines_live_log_id_key")),
    )
    with op.batch_alter_table("log_lines", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_log_lines_live_log_id"), ["live_log_id"], unique=False)

    op.create_table(
        "theme_highlights",
        sa.Column("theme_id", sa.Integer(), nullable=False),
        sa.Column("highlight_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["highlight_id"], ["highlights.id"], name=op.f("fk_theme_highlights_highlight_id_highlights")
        ),
        sa.ForeignKeyConstraint(["theme_id"], ["themes.id"], name=op.f("fk_theme_highlights_theme_id_themes")),
        sa.PrimaryKeyConstraint("theme_id", "highlight_id", name=op.f("pk_theme_highlights")),
    )
    with op.batch_alter_table("theme_highlights", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_theme_highlights_highlight_id"), ["highlight_id"], unique=False)

    with op.batch_alter_table("highlights", schema=None, table_kwargs=KEEP_IDS) as batch_op:
        batch_op.add_column(sa.Column("coder", sa.String(length=200), nullable=False, server_default=""))

    with op.batch_alter_table("insights", schema=None, table_kwargs=KEEP_IDS) as batch_op:
        batch_op.add_column(sa.Column("merged_into_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_insights_merged_into_id_insights"), "insights", ["merged_into_id"], ["id"]
        )

    with op.batch_alter_table("participants", schema=None, table_kwargs=KEEP_IDS) as batch_op:
        batch_op.add_column(sa.Column("removed_at", sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column("merged_into_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_participants_merged_into_id_participants"), "participants", ["merged_into_id"], ["id"]
        )

    with op.batch_alter_table("recommendations", schema=None, table_kwargs=KEEP_IDS) as batch_op:
        batch_op.add_column(
            sa.Column(
                "priority",
                sa.Enum("high", "medium", "low", name="recommendationpriority", native_enum=False, length=40),
                nullable=True,
            )
        )

    with op.batch_alter_table("research_sessions", schema=None, table_kwargs=KEEP_IDS) as batch_op:
        batch_op.add_column(sa.Column("channel", sa.String(length=60), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("minutes", sa.Integer(), nullable=True))

    with op.batch_alter_table("studies", schema=None, table_kwargs=KEEP_IDS) as batch_op:
        batch_op.add_column(sa.Column("no_dpia_reason", sa.String(length=500), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("no_insight_reason", sa.String(length=500), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("goals", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("plan", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("plan_template_version_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("prior_work_checked_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("prior_work_checked_by_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("prior_work_note", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("prior_work_refs", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.create_foreign_key(
            batch_op.f("fk_studies_prior_work_checked_by_id_members"), "members", ["prior_work_checked_by_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_studies_plan_template_version_id_text_template_versions"),
            "text_template_versions",
            ["plan_template_version_id"],
            ["id"],
        )

    with op.batch_alter_table("tags", schema=None, table_kwargs=KEEP_IDS) as batch_op:
        batch_op.add_column(sa.Column("synonyms", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("colour", sa.String(length=20), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("position", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("heard_in", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.drop_index(batch_op.f("ix_tags_study_id"))
        batch_op.drop_constraint(batch_op.f("uq_tags_folded_path"), type_="unique")
        batch_op.create_index(batch_op.f("ix_tags_folded_path"), ["folded_path"], unique=False)
        batch_op.create_index(
            "ix_tags_organisation_path",
            ["folded_path"],
            unique=True,
            sqlite_where=sa.text("study_id IS NULL"),
            postgresql_where=sa.text("study_id IS NULL"),
        )
        batch_op.create_index("ix_tags_study_path", ["study_id", "folded_path"], unique=True)


def downgrade() -> None:  # noqa: PLR0915 - one table after another
    with op.batch_alter_table("tags", schema=None, table_kwargs=KEEP_IDS) as batch_op:
        batch_op.drop_index("ix_tags_study_path")
        batch_op.drop_index(
            "ix_tags_organisation_path",
            sqlite_where=sa.text("study_id IS NULL"),
            postgresql_where=sa.text("study_id IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_tags_folded_path"))
        batch_op.create_unique_constraint(batch_op.f("uq_tags_folded_path"), ["folded_path"])
        batch_op.create_index(batch_op.f("ix_tags_study_id"), ["study_id"], unique=False)
        batch_op.drop_column("heard_in")
        batch_op.drop_column("position")
        batch_op.drop_column("colour")
        batch_op.drop_column("synonyms")

    with op.batch_alter_table("studies", schema=None, table_kwargs=KEEP_IDS) as batch_op:
        batch_op.drop_constraint(
            batch_op.f("fk_studies_plan_template_version_id_text_template_versions"), type_="foreignkey"
        )
        batch_op.drop_constraint(batch_op.f("fk_studies_prior_work_checked_by_id_members"), type_="foreignkey")
        batch_op.drop_column("prior_work_refs")
        batch_op.drop_column("prior_work_note")
        batch_op.drop_column("prior_work_checked_by_id")
        batch_op.drop_column("prior_work_checked_on")
        batch_op.drop_column("plan_template_version_id")
        batch_op.drop_column("plan")
        batch_op.drop_column("goals")
        batch_op.drop_column("no_insight_reason")
        batch_op.drop_column("no_dpia_reason")

    with op.batch_alter_table("research_sessions", schema=None, table_kwargs=KEEP_IDS) as batch_op:
        batch_op.drop_column("minutes")
        batch_op.drop_column("channel")

    with op.batch_alter_table("recommendations", schema=None, table_kwargs=KEEP_IDS) as batch_op:
        batch_op.drop_column("priority")

    with op.batch_alter_table("participants", schema=None, table_kwargs=KEEP_IDS) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_participants_merged_into_id_participants"), type_="foreignkey")
        batch_op.drop_column("merged_into_id")
        batch_op.drop_column("removed_at")

    with op.batch_alter_table("insights", schema=None, table_kwargs=KEEP_IDS) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_insights_merged_into_id_insights"), type_="foreignkey")
        batch_op.drop_column("merged_into_id")

    with op.batch_alter_table("highlights", schema=None, table_kwargs=KEEP_IDS) as batch_op:
        batch_op.drop_column("coder")

    with op.batch_alter_table("theme_highlights", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_theme_highlights_highlight_id"))

    op.drop_table("theme_highlights")
    with op.batch_alter_table("log_lines", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_log_lines_live_log_id"))

    op.drop_table("log_lines")
    with op.batch_alter_table("layer_codings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_layer_codings_tag_id"))
        batch_op.drop_index(batch_op.f("ix_layer_codings_coding_round_id"))

    op.drop_table("layer_codings")
    with op.batch_alter_table("board_cards", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_board_cards_highlight_id"))
        batch_op.drop_index(batch_op.f("ix_board_cards_cluster_id"))
        batch_op.drop_index(batch_op.f("ix_board_cards_board_id"))

    op.drop_table("board_cards")
    with op.batch_alter_table("utterances", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_utterances_text_version_id"))

    op.drop_table("utterances")
    with op.batch_alter_table("text_pages", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_text_pages_text_version_id"))

    op.drop_table("text_pages")
    op.drop_table("round_sources")
    with op.batch_alter_table("offers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_offers_study_id"))
        batch_op.drop_index(batch_op.f("ix_offers_status"))
        batch_op.drop_index(batch_op.f("ix_offers_source_text_id"))

    op.drop_table("offers")
    op.drop_table("live_logs")
    with op.batch_alter_table("recordings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recordings_source_text_id"))

    op.drop_table("recordings")
    with op.batch_alter_table("import_files", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_import_files_import_batch_id"))

    op.drop_table("import_files")
    with op.batch_alter_table("theme_tags", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_theme_tags_tag_id"))

    op.drop_table("theme_tags")
    op.drop_table("round_tags")
    with op.batch_alter_table("round_coders", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_round_coders_member_id"))

    op.drop_table("round_coders")
    with op.batch_alter_table("mentions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_mentions_member_id"))

    op.drop_table("mentions")
    with op.batch_alter_table("consents", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_consents_study_id"))
        batch_op.drop_index(batch_op.f("ix_consents_participant_id"))

    op.drop_table("consents")
    with op.batch_alter_table("board_clusters", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_board_clusters_board_id"))

    op.drop_table("board_clusters")
    with op.batch_alter_table("attendances", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attendances_research_session_id"))
        batch_op.drop_index(batch_op.f("ix_attendances_member_id"))

    op.drop_table("attendances")
    with op.batch_alter_table("themes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_themes_team_id"))
        batch_op.drop_index(batch_op.f("ix_themes_study_id"))

    op.drop_table("themes")
    with op.batch_alter_table("memos", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_memos_subject_ref"))
        batch_op.drop_index(batch_op.f("ix_memos_study_id"))

    op.drop_table("memos")
    with op.batch_alter_table("inclusion_targets", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_inclusion_targets_study_id"))

    op.drop_table("inclusion_targets")
    with op.batch_alter_table("import_batches", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_import_batches_study_id"))
        batch_op.drop_index(batch_op.f("ix_import_batches_member_id"))

    op.drop_table("import_batches")
    with op.batch_alter_table("hypotheses", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_hypotheses_study_id"))

    op.drop_table("hypotheses")
    with op.batch_alter_table("comments", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_comments_subject_ref"))

    op.drop_table("comments")
    with op.batch_alter_table("coding_rounds", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_coding_rounds_study_id"))

    op.drop_table("coding_rounds")
    with op.batch_alter_table("coding_projects", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_coding_projects_study_id"))

    op.drop_table("coding_projects")
    with op.batch_alter_table("boards", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_boards_team_id"))
        batch_op.drop_index(batch_op.f("ix_boards_study_id"))

    op.drop_table("boards")
    with op.batch_alter_table("text_template_versions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_text_template_versions_template_id"))

    op.drop_table("text_template_versions")
    with op.batch_alter_table("text_templates", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_text_templates_team_id"))

    op.drop_table("text_templates")
    with op.batch_alter_table("mapping_profiles", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_mapping_profiles_team_id"))

    op.drop_table("mapping_profiles")
    op.drop_table("curation_set_aside")
    with op.batch_alter_table("coding_acts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_coding_acts_member_id"))

    op.drop_table("coding_acts")
