"""A restricted study, for everybody whom it does not name: every route answers as if it did not exist.

Whatever belongs to the study carries a word that stands nowhere else. It is looked for in every answer, and each answer
about a record of the study is compared with the answer about a record that was never there.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest
from demonstration import app_on_copy, browser_of
from factories import QUOTE, make_highlight, make_insight, make_service, make_session, make_study, source_of
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from walking import Records, Route, addresses, records_of, routes
from werkzeug.test import TestResponse

from insights.capture.operations import save_draft
from insights.coding.models import Tag
from insights.core.access import PERMISSIONS, Role
from insights.decisions.models import Decision, DecisionLink
from insights.decisions.operations import link_insight
from insights.people.models import Member, Service, Team
from insights.synthesis.answers import issue_recommendation
from insights.synthesis.contradictions import declare_contradiction
from insights.synthesis.models import Insight, InsightStatus
from research_hub.db import reading, transaction
from research_hub.worker import make_indexer

CANARY = "Zephyrquillan"
OWNER = "maya.osei@example.org"
OUTSIDERS = {
    Role.READER: "jonas.weber@example.org",
    Role.CONTRIBUTOR: "tomos.price@example.org",
    Role.RESEARCHER: "priya.raman@example.org",
    Role.APPROVER: "ruth.adeyemi@example.org",
    Role.DATA_PROTECTION: "helen.byrne@example.org",
    Role.ADMINISTRATOR: "sam.lindqvist@example.org",
}
UNKNOWN = "987654"
_TOKEN = re.compile(
    r'name="csrf_token"[^>]*value="[^"]*"|content="[^"]*" name="csrf-token"|"csrf-token" content="[^"]*"'
)


@dataclass(frozen=True)
class Hidden:
    """Refs of what the study holds, by the first part of an address, and the link of a decision everyone may see."""

    refs: dict[str, str]
    open_decision: str
    link_id: int
    open_insight: str
    contradiction_id: int


@pytest.fixture(scope="module")
def app(told: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    with app_on_copy(told, tmp_path_factory.mktemp("restricted") / "data") as made:
        yield made


@pytest.fixture(scope="module")
def known(app: Flask) -> Records:
    with app.app_context():
        return records_of(reading())


@pytest.fixture(scope="module")
def hidden(app: Flask, known: Records) -> Hidden:
    with app.app_context():
        with transaction() as session:
            planted = _plant(session)
        make_indexer(app).drain()
    return planted


def test_the_one_it_names_finds_all_of_it(app: Flask, hidden: Hidden) -> None:
    owner = browser_of(app, OWNER)

    for address in (
        *(f"/{kind}/{ref}" for kind, ref in hidden.refs.items() if kind not in {"trace", "passage"}),
        *("/studies.csv", "/sessions.csv", "/highlights.csv", "/insights.csv", "/recommendations.csv"),
        *(f"/studies/{hidden.refs['studies']}/codebook{end}" for end in ("", ".csv")),
        *("/log", "/highlights", "/insights", "/reports/shelf", "/reports/shelf.xlsx", "/reports/matrix.csv"),
        *(f"/evidence?q={CANARY}", "/evidence.csv?q=letter", f"/reports/trace/{hidden.refs['studies']}.csv"),
        f"/decisions/{hidden.open_decision}",
        f"/insights/{hidden.open_insight}/contradictions",
    ):
        answer = owner.get(address, follow_redirects=True)
        assert answer.status_code == 200, address
        assert CANARY.lower() in _words_of(answer).lower(), f"the word was not planted where {address} shows it"


@pytest.mark.parametrize("role", list(OUTSIDERS))
def test_its_records_answer_as_records_that_were_never_there(
    role: Role, app: Flask, hidden: Hidden, known: Records
) -> None:
    client = browser_of(app, OUTSIDERS[role])

    for route in routes(app):
        for mine, nobodys in _pairs(route, hidden, known):
            found, missing = (client.open(address, method=route.method) for address in (mine, nobodys))
            refs = hidden.refs.values()
            assert _without_refs(found, *refs) == _without_refs(missing, *refs), f"{role}: {route.method} {mine}"
            if route.permission in PERMISSIONS[role]:
                # A form that does not parse is refused before its record is looked for.
                assert found.status_code in {404, 422}, f"{role} got {found.status_code} from {route.method} {mine}"


@pytest.mark.parametrize("role", list(OUTSIDERS))
def test_no_page_and_no_file_holds_a_word_of_it(role: Role, app: Flask, hidden: Hidden, known: Records) -> None:
    client = browser_of(app, OUTSIDERS[role])
    everywhere = [address for route in routes(app, "GET") for address in addresses(route, known)]
    service = _service_of(app)
    closer = (
        *(f"/decisions/{hidden.open_decision}{part}" for part in ("", ".md", "/link", "/accept", "/review")),
        *(f"/insights/{hidden.open_insight}{part}" for part in ("", "/contradictions", "/versions", "/evidence")),
        *(f"/reports/trace/{ref}{end}" for ref in (hidden.open_decision, hidden.open_insight) for end in ("", ".csv")),
        *(f"/reports/metric/{code}" for code in ("T1", "T2", "T3", "T4", "T5", "T8", "T9")),
        *(f"/{page}?service={service}" for page in ("insights", "evidence", "reports", "reports/matrix", "decisions")),
        *(
            "/evidence?q=letter",
            "/evidence?q=",
            "/evidence?q=quill*",
            "/evidence/suggest?q=zephyr",
            "/evidence?q=sister",
        ),
    )

    for address in [*everywhere, *closer]:
        words = _words_of(client.get(address))
        assert CANARY.lower() not in words.lower(), f"{role} reads of it at {address}"
        # Those who audit read which records were touched and seen, and whom a study names, and none of their words.
        for ref in () if address.startswith(("/activity", "/access", "/looks")) else hidden.refs.values():
            assert not re.search(rf"\b{ref}\b", words), f"{role} reads {ref} at {address}"


@pytest.mark.parametrize("role", list(OUTSIDERS))
def test_searching_for_its_words_answers_as_for_a_word_that_nobody_said(role: Role, app: Flask, hidden: Hidden) -> None:
    client, nobody_said = browser_of(app, OUTSIDERS[role]), "Vellichorplum"
    forms = ("{}", '"{}"', "{}*", "letter OR {}", "NOT {}", "tag:{}", "study:{}", "-{} letter")

    for form in forms:
        for address in ("/evidence", "/evidence.csv", "/evidence/suggest"):
            answers = [client.get(address, query_string={"q": form.format(word)}) for word in (CANARY, nobody_said)]
            shown = [_without_refs(each, CANARY, nobody_said) for each in answers]
            assert shown[0] == shown[1], f"{role}: {address} tells {form} apart"


@pytest.mark.parametrize("role", [Role.CONTRIBUTOR, Role.RESEARCHER, Role.ADMINISTRATOR])
def test_naming_one_of_its_records_in_a_form_is_naming_nothing(
    role: Role, app: Flask, hidden: Hidden, known: Records
) -> None:
    client = browser_of(app, OUTSIDERS[role])
    mine, insight, decision = hidden.refs, known.refs["insights"], hidden.open_decision
    forms: tuple[tuple[str, str, dict[str, str]], ...] = (
        ("/sessions", mine["studies"], {"study": "{}", "held_on": "2026-10-01", "notes": "Notes."}),
        (
            "/insights",
            mine["highlights"],
            {"claim": "A claim.", "type": "actionable", "kind": "usability", "quotes": "{}"},
        ),
        (f"/insights/{insight}/evidence", mine["highlights"], {"quote": "{}", "relation": "supports"}),
        (f"/insights/{insight}/evidence", mine["insights"], {"other": "{}", "relation": "supports"}),
        (f"/insights/{insight}/contradictions", mine["insights"], {"other": "{}", "cause": "It says otherwise."}),
        (f"/insights/{insight}/supersede", mine["insights"], {"by": "{}"}),
        (f"/decisions/{decision}/link", mine["insights"], {"insight": "{}", "type": "changed", "rationale": "So."}),
    )

    for address, ref, fields in forms:
        answers = []
        for named in (ref, f"{ref.split('-')[0]}-{UNKNOWN}"):
            answer = client.post(address, data={key: value.format(named) for key, value in fields.items()})
            answers.append(_without_refs(answer, ref, f"{ref.split('-')[0]}-{UNKNOWN}"))
            assert answer.status_code != 500, address
            assert CANARY not in _words_of(answer), address
        assert answers[0] == answers[1], f"{role}: POST {address} tells {ref} from nothing"

    for address, ref in (
        ("/sessions/new?study=", mine["studies"]),
        ("/highlights?study=", mine["studies"]),
        ("/highlights?tag=", mine["tags"]),
        ("/insights/new?quote=", mine["highlights"]),
        ("/decisions/new?insight=", mine["insights"]),
        (f"/decisions/{decision}/link?insight=", mine["insights"]),
    ):
        nobodys = f"{ref.split('-')[0]}-{UNKNOWN}"
        found, missing = (_without_refs(client.get(address + named), ref, nobodys) for named in (ref, nobodys))
        assert found == missing, f"{role}: {address}{ref} tells it from nothing"


@pytest.mark.parametrize("role", [Role.CONTRIBUTOR, Role.RESEARCHER, Role.ADMINISTRATOR])
def test_a_link_to_what_is_hidden_cannot_be_touched_from_a_decision_that_is_not(
    role: Role, app: Flask, hidden: Hidden
) -> None:
    client = browser_of(app, OUTSIDERS[role])

    for act in ("unlink", "re-affirm"):
        answer = client.post(f"/decisions/{hidden.open_decision}/links/{hidden.link_id}/{act}")
        assert answer.status_code == 404
    settle = f"/insights/{hidden.open_insight}/contradictions/{hidden.contradiction_id}/settle"
    assert client.post(settle, data={"status": "resolved", "reason": "context"}).status_code == 404

    with app.app_context():
        assert reading().get(DecisionLink, hidden.link_id) is not None


def _plant(session: Session) -> Hidden:
    session.execute(update(Team).values(review_required=False))
    owner = session.scalars(select(Member).where(Member.email == OWNER)).one()
    service = make_service(session, name="An ordinary service")
    study = make_study(session, actor=owner, title=f"Study {CANARY}", question=CANARY, restricted=True, service=service)
    notes = f"{QUOTE}\n\n{CANARY} rang her sister about the letter. {CANARY}s letter."
    held = make_session(
        session, actor=owner, study=study, notes=notes, title=CANARY, participants=["P-ZEPHYR"], observers=CANARY
    )
    quote = make_highlight(
        session, actor=owner, research_session=held, words=f"{CANARY} rang her sister", tags=[CANARY, f"a/{CANARY}"]
    )
    insight = make_insight(session, actor=owner, highlight=quote, claim=f"{CANARY} rings.", body=CANARY, owner=owner)
    recommendation = issue_recommendation(
        session, actor=owner, text=f"Call {CANARY}.", insights=[insight], due_on=date(2026, 12, 1) + timedelta(days=5)
    )
    open_insight = session.scalars(select(Insight).where(Insight.status == InsightStatus.PUBLISHED)).first()
    decision = session.scalars(select(Decision).where(Decision.status == "proposed")).first()
    assert open_insight is not None
    assert decision is not None
    against = declare_contradiction(session, actor=owner, insight=open_insight, other=insight, cause=CANARY)
    link = link_insight(session, actor=owner, decision=decision, insight=insight, type_="changed", rationale=CANARY)
    save_draft(session, member=owner, form_key="new-session", fields={"notes": CANARY})
    refs = {
        "studies": study.ref,
        "sessions": held.ref,
        "sources": source_of(session, held).ref,
        "highlights": quote.ref,
        "tags": f"TAG-{_tag_of(session)}",
        "insights": insight.ref,
        "recommendations": recommendation.ref,
        "trace": insight.ref,
        "passage": held.ref,
    }
    return Hidden(refs, decision.ref, link.id, open_insight.ref, against.id)


def _tag_of(session: Session) -> int:
    return session.scalars(select(Tag.id).where(Tag.name == CANARY)).first() or 0


def _pairs(route: Route, hidden: Hidden, known: Records) -> Iterator[tuple[str, str]]:
    """The addresses of the route for a record of the study, and the same for one that never was."""
    if "ref" not in route.rule.arguments:
        return
    parts = [part for part in route.rule.rule.split("/") if part]
    before = parts[next(place for place, part in enumerate(parts) if part.startswith("<")) - 1]
    kinds = ("studies", "sessions", "sources", "highlights", "insights") if before == "trace" else (before,)
    for kind in kinds:
        if kind in hidden.refs:
            yield from zip(
                addresses(route, Records({before: hidden.refs[kind]})),
                addresses(route, Records({before: f"{hidden.refs[kind].split('-')[0]}-{UNKNOWN}"})),
                strict=True,
            )


def _service_of(app: Flask) -> int:
    with app.app_context():
        return reading().scalars(select(Service.id).where(Service.name == "An ordinary service")).one()


def _words_of(answer: TestResponse) -> str:
    """What somebody reads in a page or a file, workbooks unpacked."""
    content = answer.get_data()
    answer.close()
    if not content.startswith(b"PK"):
        return content.decode(errors="replace")
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return "\n".join(book.read(name).decode(errors="replace") for name in book.namelist())


def _without_refs(answer: TestResponse, *names: str) -> tuple[int, str, str]:
    """Status, place and words, with what was asked for and tokens taken out."""
    words, place = _TOKEN.sub("", _words_of(answer)), answer.location or ""
    for name in sorted({*names, *re.findall(rf"\b[A-Z]+-{UNKNOWN}\b", words)}, key=len, reverse=True):
        words, place = (re.sub(re.escape(name), "REF", text, flags=re.IGNORECASE) for text in (words, place))
    return answer.status_code, place, words
