"""Teams, members, services, participants and what they agreed to, and mail to members."""

from insights.people.models.mail import Mail, MailState
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
    "Mail",
    "MailState",
    "Member",
    "Participant",
    "Phase",
    "Service",
    "SignInFailure",
    "Team",
    "service_components",
]
