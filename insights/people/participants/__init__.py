"""What is kept about a participant without knowing who it is: attributes, warnings of personal data, and consent."""

from insights.people.participants.attributes import (
    ATTRIBUTES,
    GROUP,
    Attribute,
    attribute_label,
    attribute_of,
    tidy_attributes,
)
from insights.people.participants.consents import (
    SCOPES,
    ConsentFact,
    ConsentStanding,
    ConsentState,
    agreed_scopes,
    consent_in_words,
    people_in_words,
    standing_of,
)
from insights.people.participants.personal import personal_hint

__all__ = [
    "ATTRIBUTES",
    "GROUP",
    "SCOPES",
    "Attribute",
    "ConsentFact",
    "ConsentStanding",
    "ConsentState",
    "agreed_scopes",
    "attribute_label",
    "attribute_of",
    "consent_in_words",
    "people_in_words",
    "personal_hint",
    "standing_of",
    "tidy_attributes",
]
