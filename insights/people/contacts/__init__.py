"""Inviting, reminding and thanking: recorded by code, held to a cap, and asked for again only by consent (B5)."""

from insights.people.contacts.cap import ContactCap, cap_of, invitations_within, set_cap
from insights.people.contacts.incentives import IncentiveDetails, record_incentive
from insights.people.contacts.lists import ContactRow, IncentiveRow, contacts_of_study, incentives_of_study
from insights.people.contacts.log import CHANNEL_LABELS, ContactDetails, record_contact, take_contact_back

__all__ = [
    "CHANNEL_LABELS",
    "ContactCap",
    "ContactDetails",
    "ContactRow",
    "IncentiveDetails",
    "IncentiveRow",
    "cap_of",
    "contacts_of_study",
    "incentives_of_study",
    "invitations_within",
    "record_contact",
    "record_incentive",
    "set_cap",
    "take_contact_back",
]
