"""Teams, members, services, participants and what they agreed to."""

from insights.people.models.people import (
    BrowserSession,
    Component,
    ComponentKind,
    Consent,
    ConsentScope,
    Member,
    Participant,
    Phase,
    Service,
    SignInFailure,
    Team,
    service_components,
)

__all__ = [
    "BrowserSession",
    "Component",
    "ComponentKind",
    "Consent",
    "ConsentScope",
    "Member",
    "Participant",
    "Phase",
    "Service",
    "SignInFailure",
    "Team",
    "service_components",
]
