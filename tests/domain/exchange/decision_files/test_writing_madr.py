import dataclasses

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from insights.exchange.decision_files import (
    DecisionDocument,
    EvidenceReference,
    read_decision_file,
    write_madr,
)

# Lines of every kind the reader looks at, so that they meet in every order.
LINES = """\
# Use Postgres
# 7. Use Postgres
# ADR
# Status
## Status
Accepted
Superseded by [4](0004-x.md)
Date: 2022-08-01
Date: 01/10/24
Date: soon
* **Status:** Active
* **Last Modified:** May 4, 2024
* **Deciders:** Ann, Bo and [Cy](@cy)
* **Tags:** a, b
  * nested
Technical Story: #19
| | |
|---|---|
| Date | 2024-01-02 |
| Status | Draft |
| Scope | All |
| Supersedes | N/A |
## Context
## Context and Problem Statement
### Decision Drivers
## Goals
## What
### Why
## Considered Options
* one
* two
1. three
* **Option 1:** x
**Option 1:** x
**Option 2:** y
## Pros and Cons of the Options
### one
#### two
###### deep
## Pros and cons of one
## Decision
## Decision Outcome
### Consequences
### Positive Consequences
#### Negative Consequences ##
### Confirmation
## Links
* Supersedes [3](0003-y.md)
## More Information
## Reviews
## Overview
## Title
2025-06-30 ADR 1: Revision
# Use Postgres
## Use Postgres
# Another
---
===
text
    indented
```
```python
~~~
# in code?
<!--
-->
<!-- one -->
> quote
In the context of A, facing B,
we decided to C, and neglected D,
to achieve E, accepting that F.
\\
status: accepted
date: 2023-13-10
deciders: [A, B]
x-format: rst
x-title: 3
id: 0012
* # x
superseded-by: 4
informed: everyone
# comment
&#x20;
Label: text
- Label: text
* ```
##

"""
PIECES = st.sampled_from(LINES.split("\n"))
MARKDOWN = st.lists(st.one_of(PIECES, PIECES, PIECES, st.text(max_size=12)), max_size=25).map("\n".join)
WITH_FRONT_MATTER = st.tuples(st.lists(PIECES, max_size=4).map("\n".join), MARKDOWN).map(
    lambda parts: f"---\n{parts[0]}\n---\n{parts[1]}"
)


def fields_that_must_survive(document: object) -> dict[str, object]:
    assert isinstance(document, DecisionDocument)
    fields = dataclasses.asdict(document)
    return {key: value for key, value in fields.items() if key not in {"name", "sha256", "notes"}}


def read(text: str, name: str = "adr/0001-choice.md") -> DecisionDocument:
    document = read_decision_file(name, text.encode())
    assert isinstance(document, DecisionDocument)
    return document


@settings(deadline=None, max_examples=300)
@given(st.one_of(MARKDOWN, WITH_FRONT_MATTER))
def test_a_decision_written_and_read_again_is_the_same_decision(text: str) -> None:
    document = read_decision_file("adr/0001-choice.md", text.encode(errors="ignore"))

    if isinstance(document, DecisionDocument):
        again = read(write_madr(document))
        assert fields_that_must_survive(again) == fields_that_must_survive(document)


def test_the_file_opens_with_madr_4_front_matter_evidence_and_then_unknown_keys() -> None:
    document = read(
        "---\nstatus: accepted\ndate: 2024-05-01\nnav_order: 3\n---\n# Use plain words\n\n## Decision Outcome\n\nYes.\n"
    )
    evidence = [EvidenceReference(id="INS-42", version=3, relation="changed", fingerprint="ab12")]

    written = write_madr(document, evidence)

    front, body = written.removeprefix("---\n").split("---\n", 1)
    assert list(yaml.safe_load(front)) == ["status", "date", "x-evidence", "x-number", "nav_order"]
    assert yaml.safe_load(front)["x-evidence"] == [
        {"id": "INS-42", "version": 3, "relation": "changed", "fingerprint": "ab12"}
    ]
    assert body == "\n# Use plain words\n\n## Context and Problem Statement\n\n## Decision Outcome\n\nYes.\n"


def test_words_of_status_and_date_that_are_not_madrs_are_kept_beside_them() -> None:
    document = read("# Choice\n\n* Status: Active\n* Date: May 24, 2026\n* Tags: one, two\n\n## Decision\n\nYes.\n")

    front = yaml.safe_load(write_madr(document).split("---\n")[1])

    assert (front["status"], front["x-status-text"]) == ("accepted", "Active")
    assert (str(front["date"]), front["x-date-text"]) == ("2026-05-24", "May 24, 2026")
    assert front["Tags"] == "one, two"


def test_unknown_headings_come_out_in_their_order_with_their_text() -> None:
    document = read("# Choice\n\n## Cost\n\nNone.\n\n## Decision\n\nYes.\n\n## Reviews\n\n### Ann\n\nFine.\n")

    written = write_madr(document)

    assert written.endswith("## Cost\n\nNone.\n\n## Reviews\n\n### Ann\n\nFine.\n")


def test_evidence_from_the_file_is_kept_unless_newer_evidence_is_given() -> None:
    document = read("---\nx-evidence:\n- id: INS-1\n---\n# Choice\n\n## Decision\n\nYes.\n")
    newer = EvidenceReference(id="INS-2", version=1, relation="informed", fingerprint="cd")

    assert "id: INS-1" in write_madr(document)
    assert "INS-1" not in write_madr(document, [newer])


def test_a_decision_from_the_database_names_what_took_its_place() -> None:
    document = dataclasses.replace(
        read("# Choice\n\n## Decision\n\nYes.\n"), status="superseded", superseded_by=("0009-newer.md",)
    )

    again = read(write_madr(document))

    assert (again.status, again.superseded_by) == ("superseded", ("0009-newer.md",))
