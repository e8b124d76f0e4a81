"""Who may do what, made from the rule itself, so that the page cannot say anything else than holds."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template
from flask.typing import ResponseReturnValue

from insights.core.access import PERMISSIONS, ROLE_LABELS, Permission, Role
from research_hub.security import requires
from research_hub.web.exports import as_file, table_of
from research_hub.web.people.blueprint import bp

PERMISSION_LABELS: dict[Permission, str] = {
    Permission.READ: "Read and search what is open, and keep drafts",
    Permission.COMMENT: "Comment on records they may see, and answer",
    Permission.EDIT_STUDIES: "Create and edit studies, services and components, and say who may see a restricted study",
    Permission.EDIT_SESSIONS: "Log and edit research sessions and their notes",
    Permission.CODE: "Highlight, tag and keep the codebook",
    Permission.EDIT_INSIGHTS: "Write and publish insights, and answer contradictions",
    Permission.REVIEW_INSIGHTS: "Review other people’s insights where a team asks for it",
    Permission.EDIT_DECISIONS: "Write decisions and link them to insights",
    Permission.ACCEPT_DECISIONS: "Accept, reject and supersede decisions",
    Permission.RECORD_OUTCOMES: "Record what came of a decision",
    Permission.RESPOND: "Answer recommendations for the service",
    Permission.SIGN_OFF: "Sign off and renew what everybody may read",
    Permission.ADMINISTER: "Look after members, teams and settings of every area",
    Permission.AUDIT: "Read the record of who did what",
    Permission.KEEP_IDENTITIES: "Know by name who took part in their team’s studies; data protection in all it may see",
    Permission.PROTECT: "Erase participants of studies they may see, answer subject access, say how long what is kept",
}


@dataclass(frozen=True, slots=True)
class PermissionRow:
    """`held` has one answer for each role, in the order of the roles."""

    name: str
    label: str
    held: tuple[bool, ...]


@bp.get("/permissions")
@requires(Permission.READ)
def permissions() -> ResponseReturnValue:
    labels = [ROLE_LABELS[role] for role in Role]
    return render_template("people/permissions.html", roles=labels, rows=permission_rows())


@bp.get("/permissions.<extension>")
@requires(Permission.READ)
def export_permissions(extension: str) -> ResponseReturnValue:
    columns = ("Permission", "What it lets people do", *(ROLE_LABELS[role] for role in Role))
    rows = [(row.name, row.label, *("yes" if held else "no" for held in row.held)) for row in permission_rows()]
    return as_file(extension, table_of("Permissions", columns, rows))


def permission_rows() -> list[PermissionRow]:
    return [
        PermissionRow(
            permission.value,
            PERMISSION_LABELS[permission],
            tuple(permission in PERMISSIONS[role] for role in Role),
        )
        for permission in Permission
    ]
