"""Teams, members, services, participants and what they agreed to, and mail to members."""

from insights.people.models.accounts import (
    AttemptKind,
    AuthenticatorApp,
    FederatedIdentity,
    Invitation,
    LinkKind,
    OneTimeLink,
    Passkey,
    RecoveryCode,
    SignInAttempt,
)
from insights.people.models.consent_forms import ConsentForm, ConsentFormVersion
from insights.people.models.contacts import Contact, ContactChannel, ContactKind, Incentive
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
    WayIn,
    service_components,
)
from insights.people.models.vault import Identity, IdentityMark, SealedFile, VaultKey

__all__ = [
    "AttemptKind",
    "AuthenticatorApp",
    "BrowserSession",
    "Component",
    "ComponentKind",
    "Consent",
    "ConsentForm",
    "ConsentFormVersion",
    "ConsentScope",
    "Contact",
    "ContactChannel",
    "ContactKind",
    "FederatedIdentity",
    "Identity",
    "IdentityMark",
    "Incentive",
    "Invitation",
    "LinkKind",
    "Mail",
    "MailState",
    "Member",
    "OneTimeLink",
    "Participant",
    "Passkey",
    "Phase",
    "RecoveryCode",
    "SealedFile",
    "Service",
    "SignInAttempt",
    "SignInFailure",
    "Team",
    "VaultKey",
    "WayIn",
    "service_components",
]
