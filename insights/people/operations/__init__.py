"""Changes to teams, members, services, components and participants, and signing in and out."""

from __future__ import annotations

from insights.people.accounts.limits import FAILURE_WINDOW, FAILURES_ALLOWED
from insights.people.operations.areas import configure_team, create_team, require_area_administrator, require_same_area
from insights.people.operations.members import (
    add_member,
    change_role,
    give_password,
    set_active,
    set_area_duty,
    sign_member_out,
)
from insights.people.operations.participants import find_or_add_participant
from insights.people.operations.register import (
    CHANGE_NOTED,
    create_component,
    create_service,
    edit_component,
    edit_service,
    report_component_change,
    set_component_services,
    web_address,
)
from insights.people.operations.signing_in import (
    change_own_password,
    check_password,
    end_all_browser_sessions,
    end_browser_session,
    enter,
    renew_browser_session,
    set_password,
    sign_out_everywhere,
    start_browser_session,
    token_hash,
)

__all__ = [
    "CHANGE_NOTED",
    "FAILURES_ALLOWED",
    "FAILURE_WINDOW",
    "add_member",
    "change_own_password",
    "change_role",
    "check_password",
    "configure_team",
    "create_component",
    "create_service",
    "create_team",
    "edit_component",
    "edit_service",
    "end_all_browser_sessions",
    "end_browser_session",
    "enter",
    "find_or_add_participant",
    "give_password",
    "renew_browser_session",
    "report_component_change",
    "require_area_administrator",
    "require_same_area",
    "set_active",
    "set_area_duty",
    "set_component_services",
    "set_password",
    "sign_member_out",
    "sign_out_everywhere",
    "start_browser_session",
    "token_hash",
    "web_address",
]
