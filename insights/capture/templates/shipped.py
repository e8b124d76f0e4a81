"""The templates that come with the product. They belong to everyone; a team copies one and changes the copy.

The plan's headings follow what the GOV.UK Service Manual asks of a research plan (who, what for, how, ethics and data
protection, what comes of it); the words are ours.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.capture.models import TemplateKind, TextTemplate, TextTemplateVersion
from insights.core.activity import add, record
from insights.core.clock import now


@dataclass(frozen=True, slots=True)
class ShippedTemplate:
    key: str
    kind: TemplateKind
    title: str
    body: str

    @property
    def uuid(self) -> str:
        """Always the same, so that a template is put in once, whatever it is called by now."""
        return str(uuid.uuid5(uuid.NAMESPACE_URL, f"https://research-hub.example/templates/{self.key}"))


SHIPPED: tuple[ShippedTemplate, ...] = (
    ShippedTemplate(
        "study-plan",
        TemplateKind.STUDY_PLAN,
        "Study plan",
        """## Why now

What was decided, changed or doubted, and which decision waits for this.

## Questions

1. What do we need to find out?

## Hypotheses

What we believe now, as sentences that can turn out false. Verdicts are kept beside the plan.

## Methods

How we will find out, with how many people, and why this way.

## Participants

Who we need to hear, who is usually left out, and how we will find them. Targets are kept under “Who is heard”.

## Ethics and data protection

- What people are told, and how they agree.
- What is recorded, where it is kept, and when it is deleted.
- Risks to the people who take part and to researchers, and what we do about them.
- Reference of the data protection impact assessment, or why none is needed.

## Schedule

| When | What | Who |
|---|---|---|
| | | |

## Outputs

What comes of it, for whom, and by when.
""",
    ),
    ShippedTemplate(
        "short-plan",
        TemplateKind.STUDY_PLAN,
        "Short plan on one page",
        """## What we need to know

## What we believe now

## How, with whom, and when

## What people are told and what is kept

## Which decision waits for this
""",
    ),
    ShippedTemplate(
        "interview-note",
        TemplateKind.SESSION_NOTE,
        "Interview note",
        """## Before we began

What they were told, and what they agreed to.

## Their situation

## What they did last time

## What was hard

> Their own words, as they said them.

## What they would change

## What surprised us

What was seen, kept apart from what we make of it.
""",
    ),
    ShippedTemplate(
        "usability-note",
        TemplateKind.SESSION_NOTE,
        "Usability test note",
        """## Set-up

Device, assistive technology, version tested.

## Task 1

**What they were asked**

**What they did**

> What they said while doing it.

**Done without help, with help, or not done**

## Task 2

## After the tasks

## What surprised us
""",
    ),
)


def ensure_shipped_templates(session: Session) -> int:
    """Puts in what is missing, and answers how many that were. What a person changed or retired stays as it is."""
    known = set(
        session.scalars(select(TextTemplate.uuid).where(TextTemplate.uuid.in_([each.uuid for each in SHIPPED])))
    )
    missing = [each for each in SHIPPED if each.uuid not in known]
    for each in missing:
        template = TextTemplate(uuid=each.uuid, kind=each.kind, title=each.title)
        add(session, None, template)
        session.add(TextTemplateVersion(template_id=template.id, number=1, body=each.body, at=now(session)))
        record(session, None, "shipped", template)
    return len(missing)
