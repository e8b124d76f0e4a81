"""A list to start from: what research on public services says in several ways. Every pair was met in real reports."""

from __future__ import annotations

from typing import Final

STARTING_GROUPS: Final = (
    ("sign in", "log in", "login"),
    ("GP", "general practitioner", "family doctor"),
    ("GP surgery", "GP practice", "doctor's surgery"),
    ("text message", "SMS"),
    ("vaccination", "immunisation", "vaccine", "jab"),
    ("mammogram", "mammography", "breast screening"),
    ("missed appointment", "did not attend", "DNA", "no-show"),
    ("home page", "homepage", "landing page"),
    ("error report", "feedback report", "error message"),
    ("spreadsheet", "Excel"),
    ("download", "export"),
    ("plain English", "plain language"),
    ("parent", "guardian", "carer"),
    ("consent form", "parental consent"),
    ("disbursement", "distribution"),
    ("STT", "state or tribe", "grantee"),
    ("NOFO", "notice of funding opportunity", "funding opportunity"),
    ("screen reader", "assistive technology"),
    ("smartphone", "mobile phone"),
    ("drop out", "abandon", "give up"),
    ("email", "e-mail"),
    ("caseworker", "case worker"),
)
