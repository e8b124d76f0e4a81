"""Roles and what each may do. Which rows a member may see is said by each stage's `visible_*` clause."""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol


class Role(StrEnum):
    READER = "reader"
    CONTRIBUTOR = "contributor"
    RESEARCHER = "researcher"
    APPROVER = "approver"
    DATA_PROTECTION = "data_protection"
    ADMINISTRATOR = "administrator"


class Permission(StrEnum):
    READ = "read"
    COMMENT = "comment"
    EDIT_STUDIES = "edit_studies"
    EDIT_SESSIONS = "edit_sessions"
    CODE = "code"
    EDIT_INSIGHTS = "edit_insights"
    REVIEW_INSIGHTS = "review_insights"
    EDIT_DECISIONS = "edit_decisions"
    ACCEPT_DECISIONS = "accept_decisions"
    RECORD_OUTCOMES = "record_outcomes"
    RESPOND = "respond"
    SIGN_OFF = "sign_off"
    ADMINISTER = "administer"
    AUDIT = "audit"
    KEEP_IDENTITIES = "keep_identities"
    PROTECT = "protect"


_READER = frozenset({Permission.READ, Permission.COMMENT})
_CONTRIBUTOR = _READER | frozenset(
    {
        Permission.EDIT_INSIGHTS,
        Permission.EDIT_DECISIONS,
        Permission.ACCEPT_DECISIONS,
        Permission.RECORD_OUTCOMES,
    }
)
_RESEARCHER = _CONTRIBUTOR | {
    Permission.EDIT_STUDIES,
    Permission.EDIT_SESSIONS,
    Permission.CODE,
    Permission.REVIEW_INSIGHTS,
}

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.READER: _READER,
    Role.CONTRIBUTOR: _CONTRIBUTOR,
    # Not of those below that build on it: administrators look after accounts, and never see a name.
    Role.RESEARCHER: _RESEARCHER | {Permission.KEEP_IDENTITIES},
    Role.APPROVER: _CONTRIBUTOR | {Permission.REVIEW_INSIGHTS, Permission.RESPOND, Permission.SIGN_OFF},
    Role.DATA_PROTECTION: _READER | {Permission.AUDIT, Permission.KEEP_IDENTITIES, Permission.PROTECT},
    Role.ADMINISTRATOR: _RESEARCHER
    | {Permission.RESPOND, Permission.SIGN_OFF, Permission.ADMINISTER, Permission.AUDIT, Permission.PROTECT},
}

ROLE_LABELS: dict[Role, str] = {
    Role.READER: "Reader",
    Role.CONTRIBUTOR: "Contributor",
    Role.RESEARCHER: "Researcher",
    Role.APPROVER: "Approver",
    Role.DATA_PROTECTION: "Data protection",
    Role.ADMINISTRATOR: "Administrator",
}


class Holder(Protocol):
    """Whoever holds a role."""

    @property
    def role(self) -> Role: ...


def may(holder: Holder, permission: Permission) -> bool:
    return permission in PERMISSIONS[holder.role]
