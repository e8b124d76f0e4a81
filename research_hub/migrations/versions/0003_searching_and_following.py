"""searching and following

Revision ID: 0003
Revises: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# SQLite changes a table by copying it; without this the copy would use ids twice.
KEEP_IDS = {"sqlite_autoincrement": True}


def upgrade() -> None:
    op.create_table(
        "asked_questions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=300), nullable=False),
        sa.Column("words", sa.String(length=500), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("searches", sa.Integer(), nullable=False),
        sa.Column("without_hits", sa.Integer(), nullable=False),
        sa.Column("opened", sa.Integer(), nullable=False),
        sa.Column("missed", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asked_questions")),
        sa.UniqueConstraint("key", name=op.f("uq_asked_questions_key")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("asked_questions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_asked_questions_last_on"), ["last_on"], unique=False)

    op.create_table(
        "question_traces",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("searches", sa.Integer(), nullable=False),
        sa.Column("without_hits", sa.Integer(), nullable=False),
        sa.Column("opened", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_question_traces")),
    )
    with op.batch_alter_table("question_traces", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_question_traces_asked_on"), ["asked_on"], unique=False)

    op.create_table(
        "collections",
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("introduction", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("deleted_at", sa.DateTime(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("updated_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["created_by_id"], ["members.id"], name=op.f("fk_collections_created_by_id_members")),
        sa.ForeignKeyConstraint(["owner_id"], ["members.id"], name=op.f("fk_collections_owner_id_members")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["members.id"], name=op.f("fk_collections_updated_by_id_members")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collections")),
        sa.UniqueConstraint("uuid", name=op.f("uq_collections_uuid")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("collections", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_collections_owner_id"), ["owner_id"], unique=False)

    op.create_table(
        "feed_tokens",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_feed_tokens_member_id_members")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed_tokens")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_feed_tokens_token_hash")),
    )
    with op.batch_alter_table("feed_tokens", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_feed_tokens_member_id"), ["member_id"], unique=False)

    op.create_table(
        "follows",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("subject_ref", sa.String(length=40), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("known", sa.JSON(), nullable=True),
        sa.Column("is_too_broad", sa.Boolean(), nullable=False),
        sa.Column("watermark", sa.Integer(), nullable=False),
        sa.Column("checked_at", sa.DateTime(), nullable=True),
        sa.Column("seen_item_id", sa.Integer(), nullable=False),
        sa.Column(
            "mail", sa.Enum("never", "daily", "weekly", name="mailrhythm", native_enum=False, length=40), nullable=False
        ),
        sa.Column("mail_from", sa.DateTime(), nullable=True),
        sa.Column("deleted_at", sa.DateTime(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("updated_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["created_by_id"], ["members.id"], name=op.f("fk_follows_created_by_id_members")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_follows_member_id_members")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["members.id"], name=op.f("fk_follows_updated_by_id_members")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follows")),
        sa.UniqueConstraint("uuid", name=op.f("uq_follows_uuid")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("follows", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_follows_checked_at"), ["checked_at"], unique=False)
        batch_op.create_index("ix_follows_member_subject", ["member_id", "subject_ref"], unique=False)

    op.create_table(
        "mails",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("waiting", "sent", "given_up", "not_needed", name="mailstate", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("message_key", sa.String(length=36), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_try_at", sa.DateTime(), nullable=False),
        sa.Column("sent_at", sa.DateTime(), nullable=True),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_mails_member_id_members")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mails")),
        sa.UniqueConstraint("key", name=op.f("uq_mails_key")),
    )
    with op.batch_alter_table("mails", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mails_member_id"), ["member_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_mails_state"), ["state"], unique=False)

    op.create_table(
        "synonym_groups",
        sa.Column("expressions", sa.JSON(), nullable=False),
        sa.Column("deleted_at", sa.DateTime(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("updated_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["members.id"], name=op.f("fk_synonym_groups_created_by_id_members")
        ),
        sa.ForeignKeyConstraint(
            ["updated_by_id"], ["members.id"], name=op.f("fk_synonym_groups_updated_by_id_members")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_synonym_groups")),
        sa.UniqueConstraint("uuid", name=op.f("uq_synonym_groups_uuid")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "tray_items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("subject_ref", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("put_in_at", sa.DateTime(), nullable=False),
        sa.Column("taken_out_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_tray_items_member_id_members")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tray_items")),
        sa.UniqueConstraint("member_id", "subject_ref", name=op.f("uq_tray_items_member_id_subject_ref")),
    )
    with op.batch_alter_table("tray_items", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_tray_items_member_id"), ["member_id"], unique=False)

    op.create_table(
        "collection_items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("collection_id", sa.Integer(), nullable=False),
        sa.Column("subject_ref", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["collection_id"], ["collections.id"], name=op.f("fk_collection_items_collection_id_collections")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collection_items")),
        sa.UniqueConstraint("collection_id", "subject_ref", name=op.f("uq_collection_items_collection_id_subject_ref")),
    )
    with op.batch_alter_table("collection_items", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_collection_items_collection_id"), ["collection_id"], unique=False)

    op.create_table(
        "found_items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("follow_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("ref", sa.String(length=40), nullable=False),
        sa.Column("what", sa.String(length=200), nullable=False),
        sa.Column("found_at", sa.DateTime(), nullable=False),
        sa.Column("mail_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["follow_id"], ["follows.id"], name=op.f("fk_found_items_follow_id_follows")),
        sa.ForeignKeyConstraint(["mail_id"], ["mails.id"], name=op.f("fk_found_items_mail_id_mails")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_found_items")),
        sa.UniqueConstraint("follow_id", "key", name=op.f("uq_found_items_follow_id_key")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("found_items", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_found_items_mail_id"), ["mail_id"], unique=False)

    op.create_table(
        "research_requests",
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=True),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=True),
        sa.Column("decision_id", sa.Integer(), nullable=True),
        sa.Column(
            "status",
            sa.Enum("open", "planned", "answered", "declined", name="requeststatus", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("study_id", sa.Integer(), nullable=True),
        sa.Column("insight_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("removed_at", sa.DateTime(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("updated_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["members.id"], name=op.f("fk_research_requests_created_by_id_members")
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decisions.id"], name=op.f("fk_research_requests_decision_id_decisions")
        ),
        sa.ForeignKeyConstraint(["insight_id"], ["insights.id"], name=op.f("fk_research_requests_insight_id_insights")),
        sa.ForeignKeyConstraint(
            ["question_id"], ["asked_questions.id"], name=op.f("fk_research_requests_question_id_asked_questions")
        ),
        sa.ForeignKeyConstraint(["service_id"], ["services.id"], name=op.f("fk_research_requests_service_id_services")),
        sa.ForeignKeyConstraint(["study_id"], ["studies.id"], name=op.f("fk_research_requests_study_id_studies")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_research_requests_team_id_teams")),
        sa.ForeignKeyConstraint(
            ["updated_by_id"], ["members.id"], name=op.f("fk_research_requests_updated_by_id_members")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_research_requests")),
        sa.UniqueConstraint("uuid", name=op.f("uq_research_requests_uuid")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("research_requests", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_research_requests_decision_id"), ["decision_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_research_requests_insight_id"), ["insight_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_research_requests_question_id"), ["question_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_research_requests_service_id"), ["service_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_research_requests_status"), ["status"], unique=False)
        batch_op.create_index(batch_op.f("ix_research_requests_study_id"), ["study_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_research_requests_team_id"), ["team_id"], unique=False)

    op.create_table(
        "request_backings",
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("backed_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_request_backings_member_id_members")),
        sa.ForeignKeyConstraint(
            ["request_id"], ["research_requests.id"], name=op.f("fk_request_backings_request_id_research_requests")
        ),
        sa.PrimaryKeyConstraint("request_id", "member_id", name=op.f("pk_request_backings")),
    )
    with op.batch_alter_table("request_backings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_request_backings_member_id"), ["member_id"], unique=False)

    with op.batch_alter_table("comments", schema=None, table_kwargs=KEEP_IDS) as batch_op:
        batch_op.add_column(sa.Column("edited_at", sa.DateTime(), nullable=True))

    with op.batch_alter_table("studies", schema=None, table_kwargs=KEEP_IDS) as batch_op:
        batch_op.add_column(sa.Column("prior_work_verdicts", sa.JSON(), nullable=False, server_default="{}"))


def downgrade() -> None:
    with op.batch_alter_table("studies", schema=None, table_kwargs=KEEP_IDS) as batch_op:
        batch_op.drop_column("prior_work_verdicts")

    with op.batch_alter_table("comments", schema=None, table_kwargs=KEEP_IDS) as batch_op:
        batch_op.drop_column("edited_at")

    with op.batch_alter_table("request_backings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_request_backings_member_id"))

    op.drop_table("request_backings")
    with op.batch_alter_table("research_requests", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_research_requests_team_id"))
        batch_op.drop_index(batch_op.f("ix_research_requests_study_id"))
        batch_op.drop_index(batch_op.f("ix_research_requests_status"))
        batch_op.drop_index(batch_op.f("ix_research_requests_service_id"))
        batch_op.drop_index(batch_op.f("ix_research_requests_question_id"))
        batch_op.drop_index(batch_op.f("ix_research_requests_insight_id"))
        batch_op.drop_index(batch_op.f("ix_research_requests_decision_id"))

    op.drop_table("research_requests")
    with op.batch_alter_table("found_items", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_found_items_mail_id"))

    op.drop_table("found_items")
    with op.batch_alter_table("collection_items", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_collection_items_collection_id"))

    op.drop_table("collection_items")
    with op.batch_alter_table("tray_items", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_tray_items_member_id"))

    op.drop_table("tray_items")
    op.drop_table("synonym_groups")
    with op.batch_alter_table("mails", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_mails_state"))
        batch_op.drop_index(batch_op.f("ix_mails_member_id"))

    op.drop_table("mails")
    with op.batch_alter_table("follows", schema=None) as batch_op:
        batch_op.drop_index("ix_follows_member_subject")
        batch_op.drop_index(batch_op.f("ix_follows_checked_at"))

    op.drop_table("follows")
    with op.batch_alter_table("feed_tokens", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_feed_tokens_member_id"))

    op.drop_table("feed_tokens")
    with op.batch_alter_table("collections", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_collections_owner_id"))

    op.drop_table("collections")
    with op.batch_alter_table("question_traces", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_question_traces_asked_on"))

    op.drop_table("question_traces")
    with op.batch_alter_table("asked_questions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_asked_questions_last_on"))

    op.drop_table("asked_questions")
