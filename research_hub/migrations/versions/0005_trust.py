"""trust

Revision ID: 0005
Revises: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# SQLite changes a table by copying it; without this the copy would use ids twice.
KEEP_IDS = {"sqlite_autoincrement": True}


def upgrade() -> None:  # noqa: PLR0915 - one table after another
    op.create_table(
        "vault_keys",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("master_key_id", sa.String(length=40), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=True),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("destroyed_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vault_keys")),
        sa.UniqueConstraint("name", name=op.f("uq_vault_keys_name")),
    )
    with op.batch_alter_table("vault_keys", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_vault_keys_master_key_id"), ["master_key_id"], unique=False)

    op.create_table(
        "authenticator_apps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("sealed_secret", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(), nullable=True),
        sa.Column("last_step", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_authenticator_apps_member_id_members")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_authenticator_apps")),
        sa.UniqueConstraint("member_id", name=op.f("uq_authenticator_apps_member_id")),
    )
    op.create_table(
        "federated_identities",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("issuer", sa.String(length=500), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("linked_at", sa.DateTime(), nullable=False),
        sa.Column("last_used_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_federated_identities_member_id_members")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_federated_identities")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_federated_identities_issuer_subject")),
    )
    with op.batch_alter_table("federated_identities", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_federated_identities_member_id"), ["member_id"], unique=False)

    op.create_table(
        "invitations",
        sa.Column("email", sa.String(length=254), nullable=False),
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
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("sent_at", sa.DateTime(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.Column("accepted_at", sa.DateTime(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("updated_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["created_by_id"], ["members.id"], name=op.f("fk_invitations_created_by_id_members")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_invitations_member_id_members")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_invitations_team_id_teams")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["members.id"], name=op.f("fk_invitations_updated_by_id_members")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitations_token_hash")),
        sa.UniqueConstraint("uuid", name=op.f("uq_invitations_uuid")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("invitations", schema=None, table_kwargs=KEEP_IDS) as batch_op:
        batch_op.create_index(batch_op.f("ix_invitations_email"), ["email"], unique=False)
        batch_op.create_index(batch_op.f("ix_invitations_team_id"), ["team_id"], unique=False)

    op.create_table(
        "looks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("hour", sa.DateTime(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("page", "text", "recording", "file", "pack", name="lookkind", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("ref", sa.String(length=40), nullable=False),
        sa.Column("study_ref", sa.String(length=40), nullable=False),
        sa.Column("restricted", sa.Boolean(), nullable=False),
        sa.Column("what", sa.String(length=200), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("chain", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_looks_member_id_members")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_looks")),
        sa.UniqueConstraint(
            "member_id", "kind", "ref", "what", "hour", name=op.f("uq_looks_member_id_kind_ref_what_hour")
        ),
        sa.UniqueConstraint("position", name=op.f("uq_looks_position")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("looks", schema=None, table_kwargs=KEEP_IDS) as batch_op:
        batch_op.create_index(batch_op.f("ix_looks_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_looks_member_id"), ["member_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_looks_ref"), ["ref"], unique=False)
        batch_op.create_index(batch_op.f("ix_looks_study_ref"), ["study_ref"], unique=False)

    op.create_table(
        "one_time_links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind", sa.Enum("new_password", "way_in", name="linkkind", native_enum=False, length=40), nullable=False
        ),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.Column("used_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_one_time_links_member_id_members")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_links")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_one_time_links_token_hash")),
    )
    with op.batch_alter_table("one_time_links", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_one_time_links_member_id"), ["member_id"], unique=False)

    op.create_table(
        "passkeys",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("credential_id", sa.String(length=1400), nullable=False),
        sa.Column("public_key", sa.Text(), nullable=False),
        sa.Column("sign_count", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("last_used_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_passkeys_member_id_members")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkeys")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkeys_credential_id")),
    )
    with op.batch_alter_table("passkeys", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_passkeys_member_id"), ["member_id"], unique=False)

    op.create_table(
        "recovery_codes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("hint", sa.String(length=4), nullable=False),
        sa.Column("code_hash", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("used_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_recovery_codes_member_id_members")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_codes")),
    )
    with op.batch_alter_table("recovery_codes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recovery_codes_member_id"), ["member_id"], unique=False)

    op.create_table(
        "sealed_files",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("bound_to", sa.String(length=40), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("vault_key_id", sa.Integer(), nullable=False),
        sa.Column("plain_size", sa.Integer(), nullable=False),
        sa.Column("plain_mark", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["vault_key_id"], ["vault_keys.id"], name=op.f("fk_sealed_files_vault_key_id_vault_keys")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sealed_files")),
        sa.UniqueConstraint("sha256", name=op.f("uq_sealed_files_sha256")),
    )
    with op.batch_alter_table("sealed_files", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sealed_files_bound_to"), ["bound_to"], unique=False)
        batch_op.create_index(batch_op.f("ix_sealed_files_plain_mark"), ["plain_mark"], unique=False)
        batch_op.create_index(batch_op.f("ix_sealed_files_vault_key_id"), ["vault_key_id"], unique=False)

    op.create_table(
        "sign_in_attempts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "second_factor",
                "passkey",
                "new_passkey",
                "single_sign_on",
                "link",
                name="attemptkind",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("kept", sa.JSON(), nullable=False),
        sa.Column("started_at", sa.DateTime(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_sign_in_attempts_member_id_members")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_attempts")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_in_attempts_token_hash")),
    )
    with op.batch_alter_table("sign_in_attempts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_attempts_member_id"), ["member_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_sign_in_attempts_started_at"), ["started_at"], unique=False)

    op.create_table(
        "decision_corrections",
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column(
            "result",
            sa.Enum("confirmed", "declined", "withdrawn", name="correctionresult", native_enum=False, length=40),
            nullable=True,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
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
            ["closed_by_id"], ["members.id"], name=op.f("fk_decision_corrections_closed_by_id_members")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["members.id"], name=op.f("fk_decision_corrections_created_by_id_members")
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decisions.id"], name=op.f("fk_decision_corrections_decision_id_decisions")
        ),
        sa.ForeignKeyConstraint(
            ["updated_by_id"], ["members.id"], name=op.f("fk_decision_corrections_updated_by_id_members")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision_corrections")),
        sa.UniqueConstraint("uuid", name=op.f("uq_decision_corrections_uuid")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("decision_corrections", schema=None, table_kwargs=KEEP_IDS) as batch_op:
        batch_op.create_index(batch_op.f("ix_decision_corrections_decision_id"), ["decision_id"], unique=False)

    op.create_table(
        "break_glass",
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("holder_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("hours", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "asked", "approved", "declined", "taken_back", "ended", name="glassstate", native_enum=False, length=40
            ),
            nullable=False,
        ),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("answer", sa.String(length=1000), nullable=False),
        sa.Column("ends_at", sa.DateTime(), nullable=True),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("updated_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["created_by_id"], ["members.id"], name=op.f("fk_break_glass_created_by_id_members")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["members.id"], name=op.f("fk_break_glass_decided_by_id_members")),
        sa.ForeignKeyConstraint(["ended_by_id"], ["members.id"], name=op.f("fk_break_glass_ended_by_id_members")),
        sa.ForeignKeyConstraint(["holder_id"], ["members.id"], name=op.f("fk_break_glass_holder_id_members")),
        sa.ForeignKeyConstraint(["study_id"], ["studies.id"], name=op.f("fk_break_glass_study_id_studies")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["members.id"], name=op.f("fk_break_glass_updated_by_id_members")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_break_glass")),
        sa.UniqueConstraint("uuid", name=op.f("uq_break_glass_uuid")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("break_glass", schema=None, table_kwargs=KEEP_IDS) as batch_op:
        batch_op.create_index(batch_op.f("ix_break_glass_holder_id"), ["holder_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_break_glass_study_id"), ["study_id"], unique=False)

    op.create_table(
        "consent_forms",
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("retired_at", sa.DateTime(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("updated_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["created_by_id"], ["members.id"], name=op.f("fk_consent_forms_created_by_id_members")),
        sa.ForeignKeyConstraint(["study_id"], ["studies.id"], name=op.f("fk_consent_forms_study_id_studies")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_consent_forms_team_id_teams")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["members.id"], name=op.f("fk_consent_forms_updated_by_id_members")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_forms")),
        sa.UniqueConstraint("uuid", name=op.f("uq_consent_forms_uuid")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("consent_forms", schema=None, table_kwargs=KEEP_IDS) as batch_op:
        batch_op.create_index(batch_op.f("ix_consent_forms_study_id"), ["study_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_consent_forms_team_id"), ["team_id"], unique=False)

    op.create_table(
        "pseudonyms",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["study_id"], ["studies.id"], name=op.f("fk_pseudonyms_study_id_studies")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pseudonyms")),
        sa.UniqueConstraint("study_id", "key", name=op.f("uq_pseudonyms_study_id_key")),
        sa.UniqueConstraint("study_id", "kind", "number", name=op.f("uq_pseudonyms_study_id_kind_number")),
    )
    with op.batch_alter_table("pseudonyms", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pseudonyms_study_id"), ["study_id"], unique=False)

    op.create_table(
        "retention_holds",
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
            nullable=True,
        ),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("updated_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["members.id"], name=op.f("fk_retention_holds_created_by_id_members")
        ),
        sa.ForeignKeyConstraint(["study_id"], ["studies.id"], name=op.f("fk_retention_holds_study_id_studies")),
        sa.ForeignKeyConstraint(
            ["updated_by_id"], ["members.id"], name=op.f("fk_retention_holds_updated_by_id_members")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_holds")),
        sa.UniqueConstraint("uuid", name=op.f("uq_retention_holds_uuid")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("retention_holds", schema=None, table_kwargs=KEEP_IDS) as batch_op:
        batch_op.create_index(batch_op.f("ix_retention_holds_study_id"), ["study_id"], unique=False)

    op.create_table(
        "retention_rules",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=True),
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
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["study_id"], ["studies.id"], name=op.f("fk_retention_rules_study_id_studies")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_retention_rules_team_id_teams")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_rules")),
        sa.UniqueConstraint(
            "team_id", "study_id", "data_class", name=op.f("uq_retention_rules_team_id_study_id_data_class")
        ),
    )
    with op.batch_alter_table("retention_rules", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_retention_rules_study_id"), ["study_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_retention_rules_team_id"), ["team_id"], unique=False)

    op.create_table(
        "consent_form_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consent_form_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("months", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["consent_form_id"],
            ["consent_forms.id"],
            name=op.f("fk_consent_form_versions_consent_form_id_consent_forms"),
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["members.id"], name=op.f("fk_consent_form_versions_created_by_id_members")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_form_versions")),
        sa.UniqueConstraint("consent_form_id", "number", name=op.f("uq_consent_form_versions_consent_form_id_number")),
    )
    with op.batch_alter_table("consent_form_versions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_consent_form_versions_consent_form_id"), ["consent_form_id"], unique=False)

    op.create_table(
        "contacts",
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("invited", "reminded", "thanked", name="contactkind", native_enum=False, length=40),
            nullable=False,
        ),
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
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("updated_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["created_by_id"], ["members.id"], name=op.f("fk_contacts_created_by_id_members")),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participants.id"], name=op.f("fk_contacts_participant_id_participants")
        ),
        sa.ForeignKeyConstraint(["study_id"], ["studies.id"], name=op.f("fk_contacts_study_id_studies")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["members.id"], name=op.f("fk_contacts_updated_by_id_members")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contacts")),
        sa.UniqueConstraint("uuid", name=op.f("uq_contacts_uuid")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("contacts", schema=None, table_kwargs=KEEP_IDS) as batch_op:
        batch_op.create_index(batch_op.f("ix_contacts_on"), ["on"], unique=False)
        batch_op.create_index(batch_op.f("ix_contacts_participant_id"), ["participant_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_contacts_study_id"), ["study_id"], unique=False)

    op.create_table(
        "identities",
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=True),
        sa.Column("email", sa.LargeBinary(), nullable=True),
        sa.Column("telephone", sa.LargeBinary(), nullable=True),
        sa.Column("address", sa.LargeBinary(), nullable=True),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("source", sa.LargeBinary(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("updated_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["created_by_id"], ["members.id"], name=op.f("fk_identities_created_by_id_members")),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participants.id"], name=op.f("fk_identities_participant_id_participants")
        ),
        sa.ForeignKeyConstraint(["updated_by_id"], ["members.id"], name=op.f("fk_identities_updated_by_id_members")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identities")),
        sa.UniqueConstraint("participant_id", name=op.f("uq_identities_participant_id")),
        sa.UniqueConstraint("uuid", name=op.f("uq_identities_uuid")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "incentives",
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=10, scale=2), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("method", sa.String(length=60), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("updated_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["created_by_id"], ["members.id"], name=op.f("fk_incentives_created_by_id_members")),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participants.id"], name=op.f("fk_incentives_participant_id_participants")
        ),
        sa.ForeignKeyConstraint(["study_id"], ["studies.id"], name=op.f("fk_incentives_study_id_studies")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["members.id"], name=op.f("fk_incentives_updated_by_id_members")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incentives")),
        sa.UniqueConstraint("uuid", name=op.f("uq_incentives_uuid")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("incentives", schema=None, table_kwargs=KEEP_IDS) as batch_op:
        batch_op.create_index(batch_op.f("ix_incentives_participant_id"), ["participant_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_incentives_study_id"), ["study_id"], unique=False)

    op.create_table(
        "subject_access_requests",
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("stopped_on", sa.Date(), nullable=True),
        sa.Column(
            "stop_reason",
            sa.Enum("identity", "clarification", name="stopreason", native_enum=False, length=40),
            nullable=True,
        ),
        sa.Column("stopped_days", sa.Integer(), nullable=False),
        sa.Column("extended_on", sa.Date(), nullable=True),
        sa.Column("extension_reason", sa.String(length=500), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("updated_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["members.id"], name=op.f("fk_subject_access_requests_created_by_id_members")
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participants.id"], name=op.f("fk_subject_access_requests_participant_id_participants")
        ),
        sa.ForeignKeyConstraint(["study_id"], ["studies.id"], name=op.f("fk_subject_access_requests_study_id_studies")),
        sa.ForeignKeyConstraint(
            ["updated_by_id"], ["members.id"], name=op.f("fk_subject_access_requests_updated_by_id_members")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subject_access_requests")),
        sa.UniqueConstraint("uuid", name=op.f("uq_subject_access_requests_uuid")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("subject_access_requests", schema=None, table_kwargs=KEEP_IDS) as batch_op:
        batch_op.create_index(batch_op.f("ix_subject_access_requests_participant_id"), ["participant_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_subject_access_requests_study_id"), ["study_id"], unique=False)

    op.create_table(
        "withdrawals",
        sa.Column("participant_id", sa.Integer(), nullable=True),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind", sa.Enum("stop_use", "erase", name="withdrawalkind", native_enum=False, length=40), nullable=False
        ),
        sa.Column(
            "cause",
            sa.Enum("request", "retention", name="withdrawalcause", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "in_force",
                "taken_back",
                "outstanding",
                "remains",
                "done",
                name="withdrawalstatus",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("removed", sa.JSON(), nullable=False),
        sa.Column("gone", sa.JSON(), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("digests", sa.JSON(), nullable=False),
        sa.Column("remains", sa.JSON(), nullable=False),
        sa.Column("looked", sa.JSON(), nullable=False),
        sa.Column("step", sa.String(length=60), nullable=False),
        sa.Column("finished_at", sa.DateTime(), nullable=True),
        sa.Column("certificate", sa.Text(), nullable=False),
        sa.Column("certificate_sha256", sa.String(length=64), nullable=False),
        sa.Column("log_until", sa.Date(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("updated_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["created_by_id"], ["members.id"], name=op.f("fk_withdrawals_created_by_id_members")),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participants.id"], name=op.f("fk_withdrawals_participant_id_participants")
        ),
        sa.ForeignKeyConstraint(["study_id"], ["studies.id"], name=op.f("fk_withdrawals_study_id_studies")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["members.id"], name=op.f("fk_withdrawals_updated_by_id_members")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_withdrawals")),
        sa.UniqueConstraint("uuid", name=op.f("uq_withdrawals_uuid")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("withdrawals", schema=None, table_kwargs=KEEP_IDS) as batch_op:
        batch_op.create_index(batch_op.f("ix_withdrawals_participant_id"), ["participant_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_withdrawals_status"), ["status"], unique=False)
        batch_op.create_index(batch_op.f("ix_withdrawals_study_id"), ["study_id"], unique=False)

    op.create_table(
        "identity_marks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("identity_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["identity_id"], ["identities.id"], name=op.f("fk_identity_marks_identity_id_identities")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_marks")),
    )
    with op.batch_alter_table("identity_marks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_identity_marks_identity_id"), ["identity_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_identity_marks_mark"), ["mark"], unique=False)

    op.create_table(
        "retention_deletions",
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
        sa.Column("items", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("withdrawal_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["study_id"], ["studies.id"], name=op.f("fk_retention_deletions_study_id_studies")),
        sa.ForeignKeyConstraint(
            ["withdrawal_id"], ["withdrawals.id"], name=op.f("fk_retention_deletions_withdrawal_id_withdrawals")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_deletions")),
    )
    with op.batch_alter_table("retention_deletions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_retention_deletions_study_id"), ["study_id"], unique=False)

    op.create_table(
        "withdrawn_evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("withdrawal_id", sa.Integer(), nullable=False),
        sa.Column("insight_id", sa.Integer(), nullable=False),
        sa.Column("relation", sa.String(length=40), nullable=False),
        sa.Column("quotes", sa.Integer(), nullable=False),
        sa.Column("sources", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["insight_id"], ["insights.id"], name=op.f("fk_withdrawn_evidence_insight_id_insights")
        ),
        sa.ForeignKeyConstraint(
            ["withdrawal_id"], ["withdrawals.id"], name=op.f("fk_withdrawn_evidence_withdrawal_id_withdrawals")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_withdrawn_evidence")),
        sa.UniqueConstraint(
            "withdrawal_id",
            "insight_id",
            "relation",
            name=op.f("uq_withdrawn_evidence_withdrawal_id_insight_id_relation"),
        ),
    )
    with op.batch_alter_table("withdrawn_evidence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_withdrawn_evidence_insight_id"), ["insight_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_withdrawn_evidence_withdrawal_id"), ["withdrawal_id"], unique=False)

    op.create_table(
        "personal_data_choices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_text_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column(
            "choice",
            sa.Enum("masked", "pseudonymised", "justified", name="choice", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("replacement", sa.String(length=200), nullable=False),
        sa.Column("places", sa.JSON(), nullable=False),
        sa.Column("from_version_id", sa.Integer(), nullable=False),
        sa.Column("to_version_id", sa.Integer(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("undone_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["members.id"], name=op.f("fk_personal_data_choices_by_id_members")),
        sa.ForeignKeyConstraint(
            ["from_version_id"],
            ["text_versions.id"],
            name=op.f("fk_personal_data_choices_from_version_id_text_versions"),
        ),
        sa.ForeignKeyConstraint(
            ["source_text_id"], ["source_texts.id"], name=op.f("fk_personal_data_choices_source_text_id_source_texts")
        ),
        sa.ForeignKeyConstraint(
            ["to_version_id"], ["text_versions.id"], name=op.f("fk_personal_data_choices_to_version_id_text_versions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_personal_data_choices")),
    )
    with op.batch_alter_table("personal_data_choices", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_personal_data_choices_source_text_id"), ["source_text_id"], unique=False)

    with op.batch_alter_table("activity", schema=None, table_kwargs=KEEP_IDS) as batch_op:
        batch_op.add_column(sa.Column("position", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("chain", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("detail_digest", sa.String(length=64), nullable=True))
        batch_op.create_unique_constraint(batch_op.f("uq_activity_position"), ["position"])

    with op.batch_alter_table("browser_sessions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("confirmed_at", sa.DateTime(), nullable=True))
        batch_op.add_column(
            sa.Column(
                "way",
                sa.Enum(
                    "password",
                    "second_factor",
                    "passkey",
                    "single_sign_on",
                    "one_time_link",
                    name="wayin",
                    native_enum=False,
                    length=40,
                ),
                server_default="password",
                nullable=False,
            )
        )

    with op.batch_alter_table("consents", schema=None, table_kwargs=KEEP_IDS) as batch_op:
        batch_op.add_column(sa.Column("form_version_id", sa.Integer(), nullable=True))
        batch_op.alter_column(
            "form_version", existing_type=sa.VARCHAR(length=100), type_=sa.String(length=220), existing_nullable=False
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_consents_form_version_id_consent_form_versions"),
            "consent_form_versions",
            ["form_version_id"],
            ["id"],
        )

    with op.batch_alter_table("sign_in_failures", schema=None) as batch_op:
        batch_op.add_column(sa.Column("what", sa.String(length=20), server_default="password", nullable=False))
        batch_op.add_column(sa.Column("network", sa.String(length=64), server_default="", nullable=False))
        batch_op.create_index(batch_op.f("ix_sign_in_failures_network"), ["network"], unique=False)

    with op.batch_alter_table("source_texts", schema=None, table_kwargs=KEEP_IDS) as batch_op:
        batch_op.add_column(
            sa.Column(
                "personal_data_review",
                sa.Enum(
                    "not_reviewed", "reviewed", "not_asked", name="personaldatareview", native_enum=False, length=40
                ),
                nullable=False,
                server_default="not_asked",
            )
        )
        batch_op.add_column(sa.Column("personal_data_reviewed_at", sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column("personal_data_reviewed_by_id", sa.Integer(), nullable=True))
        batch_op.create_index(
            batch_op.f("ix_source_texts_personal_data_review"), ["personal_data_review"], unique=False
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_source_texts_personal_data_reviewed_by_id_members"),
            "members",
            ["personal_data_reviewed_by_id"],
            ["id"],
        )

    # What was looked through stays so; of the others nobody had been asked, and they go on being found.
    op.execute("UPDATE source_texts SET personal_data_review = 'reviewed' WHERE personal_data_reviewed")
    with op.batch_alter_table("source_texts", schema=None, table_kwargs=KEEP_IDS) as batch_op:
        batch_op.drop_column("personal_data_reviewed")

    with op.batch_alter_table("studies", schema=None, table_kwargs=KEEP_IDS) as batch_op:
        batch_op.add_column(
            sa.Column(
                "sensitivity",
                sa.Enum(
                    "ordinary",
                    "special_category",
                    "criminal_offences",
                    "people_at_risk",
                    name="sensitivity",
                    native_enum=False,
                    length=40,
                ),
                nullable=True,
            )
        )
        batch_op.add_column(sa.Column("sharing_agreement", sa.String(length=200), nullable=False, server_default=""))


def downgrade() -> None:  # noqa: PLR0915 - one table after another
    with op.batch_alter_table("studies", schema=None, table_kwargs=KEEP_IDS) as batch_op:
        batch_op.drop_column("sharing_agreement")
        batch_op.drop_column("sensitivity")

    with op.batch_alter_table("source_texts", schema=None, table_kwargs=KEEP_IDS) as batch_op:
        batch_op.add_column(
            sa.Column("personal_data_reviewed", sa.Boolean(), nullable=False, server_default=sa.false())
        )

    op.execute("UPDATE source_texts SET personal_data_reviewed = (personal_data_review = 'reviewed')")
    with op.batch_alter_table("source_texts", schema=None, table_kwargs=KEEP_IDS) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_source_texts_personal_data_reviewed_by_id_members"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_source_texts_personal_data_review"))
        batch_op.drop_column("personal_data_reviewed_by_id")
        batch_op.drop_column("personal_data_reviewed_at")
        batch_op.drop_column("personal_data_review")

    with op.batch_alter_table("sign_in_failures", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_failures_network"))
        batch_op.drop_column("network")
        batch_op.drop_column("what")

    with op.batch_alter_table("consents", schema=None, table_kwargs=KEEP_IDS) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_consents_form_version_id_consent_form_versions"), type_="foreignkey")
        batch_op.alter_column(
            "form_version", existing_type=sa.String(length=220), type_=sa.VARCHAR(length=100), existing_nullable=False
        )
        batch_op.drop_column("form_version_id")

    with op.batch_alter_table("browser_sessions", schema=None) as batch_op:
        batch_op.drop_column("way")
        batch_op.drop_column("confirmed_at")

    with op.batch_alter_table("activity", schema=None, table_kwargs=KEEP_IDS) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_activity_position"), type_="unique")
        batch_op.drop_column("detail_digest")
        batch_op.drop_column("chain")
        batch_op.drop_column("position")

    with op.batch_alter_table("personal_data_choices", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_personal_data_choices_source_text_id"))

    op.drop_table("personal_data_choices")
    with op.batch_alter_table("withdrawn_evidence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_withdrawn_evidence_withdrawal_id"))
        batch_op.drop_index(batch_op.f("ix_withdrawn_evidence_insight_id"))

    op.drop_table("withdrawn_evidence")
    with op.batch_alter_table("retention_deletions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_retention_deletions_study_id"))

    op.drop_table("retention_deletions")
    with op.batch_alter_table("identity_marks", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_identity_marks_mark"))
        batch_op.drop_index(batch_op.f("ix_identity_marks_identity_id"))

    op.drop_table("identity_marks")
    with op.batch_alter_table("withdrawals", schema=None, table_kwargs=KEEP_IDS) as batch_op:
        batch_op.drop_index(batch_op.f("ix_withdrawals_study_id"))
        batch_op.drop_index(batch_op.f("ix_withdrawals_status"))
        batch_op.drop_index(batch_op.f("ix_withdrawals_participant_id"))

    op.drop_table("withdrawals")
    with op.batch_alter_table("subject_access_requests", schema=None, table_kwargs=KEEP_IDS) as batch_op:
        batch_op.drop_index(batch_op.f("ix_subject_access_requests_study_id"))
        batch_op.drop_index(batch_op.f("ix_subject_access_requests_participant_id"))

    op.drop_table("subject_access_requests")
    with op.batch_alter_table("incentives", schema=None, table_kwargs=KEEP_IDS) as batch_op:
        batch_op.drop_index(batch_op.f("ix_incentives_study_id"))
        batch_op.drop_index(batch_op.f("ix_incentives_participant_id"))

    op.drop_table("incentives")
    op.drop_table("identities")
    with op.batch_alter_table("contacts", schema=None, table_kwargs=KEEP_IDS) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contacts_study_id"))
        batch_op.drop_index(batch_op.f("ix_contacts_participant_id"))
        batch_op.drop_index(batch_op.f("ix_contacts_on"))

    op.drop_table("contacts")
    with op.batch_alter_table("consent_form_versions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_consent_form_versions_consent_form_id"))

    op.drop_table("consent_form_versions")
    with op.batch_alter_table("retention_rules", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_retention_rules_team_id"))
        batch_op.drop_index(batch_op.f("ix_retention_rules_study_id"))

    op.drop_table("retention_rules")
    with op.batch_alter_table("retention_holds", schema=None, table_kwargs=KEEP_IDS) as batch_op:
        batch_op.drop_index(batch_op.f("ix_retention_holds_study_id"))

    op.drop_table("retention_holds")
    with op.batch_alter_table("pseudonyms", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_pseudonyms_study_id"))

    op.drop_table("pseudonyms")
    with op.batch_alter_table("consent_forms", schema=None, table_kwargs=KEEP_IDS) as batch_op:
        batch_op.drop_index(batch_op.f("ix_consent_forms_team_id"))
        batch_op.drop_index(batch_op.f("ix_consent_forms_study_id"))

    op.drop_table("consent_forms")
    with op.batch_alter_table("break_glass", schema=None, table_kwargs=KEEP_IDS) as batch_op:
        batch_op.drop_index(batch_op.f("ix_break_glass_study_id"))
        batch_op.drop_index(batch_op.f("ix_break_glass_holder_id"))

    op.drop_table("break_glass")
    with op.batch_alter_table("decision_corrections", schema=None, table_kwargs=KEEP_IDS) as batch_op:
        batch_op.drop_index(batch_op.f("ix_decision_corrections_decision_id"))

    op.drop_table("decision_corrections")
    with op.batch_alter_table("sign_in_attempts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_attempts_started_at"))
        batch_op.drop_index(batch_op.f("ix_sign_in_attempts_member_id"))

    op.drop_table("sign_in_attempts")
    with op.batch_alter_table("sealed_files", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sealed_files_vault_key_id"))
        batch_op.drop_index(batch_op.f("ix_sealed_files_plain_mark"))
        batch_op.drop_index(batch_op.f("ix_sealed_files_bound_to"))

    op.drop_table("sealed_files")
    with op.batch_alter_table("recovery_codes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recovery_codes_member_id"))

    op.drop_table("recovery_codes")
    with op.batch_alter_table("passkeys", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_passkeys_member_id"))

    op.drop_table("passkeys")
    with op.batch_alter_table("one_time_links", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_one_time_links_member_id"))

    op.drop_table("one_time_links")
    with op.batch_alter_table("looks", schema=None, table_kwargs=KEEP_IDS) as batch_op:
        batch_op.drop_index(batch_op.f("ix_looks_study_ref"))
        batch_op.drop_index(batch_op.f("ix_looks_ref"))
        batch_op.drop_index(batch_op.f("ix_looks_member_id"))
        batch_op.drop_index(batch_op.f("ix_looks_at"))

    op.drop_table("looks")
    with op.batch_alter_table("invitations", schema=None, table_kwargs=KEEP_IDS) as batch_op:
        batch_op.drop_index(batch_op.f("ix_invitations_team_id"))
        batch_op.drop_index(batch_op.f("ix_invitations_email"))

    op.drop_table("invitations")
    with op.batch_alter_table("federated_identities", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_federated_identities_member_id"))

    op.drop_table("federated_identities")
    op.drop_table("authenticator_apps")
    with op.batch_alter_table("vault_keys", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_vault_keys_master_key_id"))

    op.drop_table("vault_keys")
