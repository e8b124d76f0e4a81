from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from factories import NOTES, make_member, make_session, make_study, source_of
from flask.testing import FlaskClient
from sqlalchemy import func, select

from insights.capture.models import SourceText, Study
from insights.coding.models import CodingRound, Highlight, LayerCoding, Tag
from insights.coding.operations import edit_source_text, find_or_add_tag
from insights.coding.rounds import add_codings, end_round, start_round
from insights.core.access import Role
from insights.core.errors import NotAllowed, RuleBroken
from insights.people.models import Member
from research_hub.db import reading, transaction

SignIn = Callable[[Role | Member], FlaskClient]


@dataclass(frozen=True, slots=True)
class Told:
    ana: Member
    ben: Member
    study: Study
    source: SourceText
    coding_round: CodingRound

    @property
    def address(self) -> str:
        return f"/rounds/{self.coding_round.ref}"

    @property
    def text_address(self) -> str:
        return f"{self.address}/sources/{self.source.ref}"


@pytest.fixture
def told(client_for: SignIn) -> Told:
    with transaction() as session:
        ana, ben = make_member(session, name="Ana Lee"), make_member(session, name="Ben Okri")
        study = make_study(session, actor=ana)
        source = source_of(session, make_session(session, actor=ana, study=study))
        tags = [find_or_add_tag(session, actor=ana, path=path) for path in ("letters", "feelings")]
        begun = start_round(
            session, actor=ana, study=study, title="First pass", coders=[ana, ben], sources=[source], tags=tags
        )
    return Told(ana, ben, study, source, begun)


def _code(client: FlaskClient, told: Told, words: str, tags: str) -> int:
    start = NOTES.index(words)
    sent = {"start": start, "end": start + len(words), "tags": tags}
    return client.post(told.text_address, data=sent).status_code


def _table(client: FlaskClient, told: Told, query: str = "") -> list[dict[str, str]]:
    file = client.get(f"{told.address}.csv{query}").get_data(as_text=True)
    return list(csv.DictReader(io.StringIO(file.lstrip("\ufeff"))))


def test_two_people_code_blind_and_then_see_how_far_they_agree(client_for: SignIn, told: Told) -> None:
    ana, ben = client_for(told.ana), client_for(told.ben)

    assert _code(ana, told, "opened the letter", "letters") == 303
    assert _code(ana, told, "I rang my sister", "feelings") == 303
    assert _code(ben, told, "the letter at the table", "letters") == 303
    blind = ben.get(told.text_address).get_data(as_text=True)
    closed = ben.get(told.address).get_data(as_text=True)
    ana.post(f"{told.address}/end")
    page = ben.get(told.address).get_data(as_text=True)
    rows = {(row["Tag"], row["Text"]): row for row in _table(ben, told)}

    assert "1 coding</h2>" in blind
    assert "Kappa" not in closed
    assert "Agreement of Ana Lee and Ben Okri" in page
    letters, feelings = rows["letters", told.source.ref], rows["feelings", told.source.ref]
    assert (letters["Both"], letters["Only first"], letters["Only second"], letters["Neither"]) == ("1", "0", "0", "2")
    assert float(letters["Cohen's kappa"]) == 1
    assert (feelings["Both"], feelings["Only first"]) == ("0", "1")
    assert float(feelings["Cohen's kappa"]) == 0


def test_by_character_the_same_judgement_with_other_edges_is_disagreement(client_for: SignIn, told: Told) -> None:
    ana, ben = client_for(told.ana), client_for(told.ben)
    _code(ana, told, "opened the letter", "letters")
    _code(ben, told, "the letter at the table", "letters")
    ana.post(f"{told.address}/end")

    rows = _table(ana, told, "?unit=character")

    letters = next(row for row in rows if row["Tag"] == "letters")
    assert (int(letters["Both"]), int(letters["Only first"])) == (len("the letter"), len("opened "))
    assert int(letters["Neither"]) == len(NOTES) - len("opened the letter at the table")


def test_the_codings_of_others_are_out_of_reach_while_a_blind_round_runs(client_for: SignIn, told: Told) -> None:
    ana, ben = client_for(told.ana), client_for(told.ben)
    _code(ana, told, "I rang my sister", "feelings")
    coding = reading().scalars(select(LayerCoding)).one()

    assert ben.post(f"{told.address}/codings/{coding.id}/remove").status_code == 404
    assert ben.post(f"{told.address}/codings/{coding.id}/adopt").status_code == 404
    assert ben.get(f"{told.address}.csv").status_code == 409
    assert "0 codings</h2>" in client_for(Role.ADMINISTRATOR).get(told.text_address).get_data(as_text=True)


def test_nothing_of_a_layer_is_evidence_until_somebody_keeps_it(client_for: SignIn, told: Told) -> None:
    ana = client_for(told.ana)
    _code(ana, told, "I rang my sister", "feelings")
    coding = reading().scalars(select(LayerCoding)).one()
    early = ana.post(f"{told.address}/codings/{coding.id}/adopt")
    before = reading().scalar(select(func.count(Highlight.id)))
    ana.post(f"{told.address}/end")

    for _twice in range(2):
        ana.post(f"{told.address}/codings/{coding.id}/adopt")

    assert early.status_code == 409
    assert before == 0
    kept = reading().scalars(select(Highlight)).one()
    assert kept.exact == "I rang my sister"
    assert f"kept as {kept.ref}" in ana.get(told.text_address).get_data(as_text=True)


def test_all_judge_the_same_words_also_where_the_text_is_edited_meanwhile(client_for: SignIn, told: Told) -> None:
    with transaction() as session:
        edit_source_text(
            session,
            actor=told.ana,
            source=session.get_one(SourceText, told.source.id),
            study=session.get_one(Study, told.study.id),
            text="A line in front.\n\n" + NOTES,
            version_number=1,
        )
    ana = client_for(told.ana)
    _code(ana, told, "I rang my sister", "feelings")
    ana.post(f"{told.address}/end")
    coding = reading().scalars(select(LayerCoding)).one()

    ana.post(f"{told.address}/codings/{coding.id}/adopt")

    kept = reading().scalars(select(Highlight)).one()
    assert (coding.exact, kept.exact) == ("I rang my sister", "I rang my sister")
    assert kept.start == coding.start + len("A line in front.\n\n")


def test_a_reopened_round_is_no_longer_blind_and_says_so(client_for: SignIn, told: Told) -> None:
    ana = client_for(told.ana)
    ana.post(f"{told.address}/end")
    after_the_end = _code(ana, told, "I rang my sister", "feelings")

    page = ana.post(f"{told.address}/reopen", follow_redirects=True).get_data(as_text=True)

    assert after_the_end == 409
    assert "no longer blind" in page
    assert _code(client_for(told.ben), told, "I rang my sister", "feelings") == 303


def test_a_page_that_stays_open_is_told_the_lines_and_the_way_back(client_for: SignIn, told: Told) -> None:
    ana = client_for(told.ana)
    start = NOTES.index("I rang my sister")

    answer = ana.post(
        told.text_address,
        data={"start": start, "end": start + 16, "tags": "feelings, letters"},
        headers={"Accept": "application/json"},
    )

    assert answer.json is not None
    assert answer.json["lines"].count('class="line ') == 1
    assert "I rang my sister" in answer.json["lines"]
    ana.post(answer.json["undo"]["href"])
    assert reading().scalar(select(func.count(LayerCoding.id))) == 1


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({"start": "4", "end": "8", "tags": "unheard of"}, "“unheard of” is not a tag of this round."),
        ({"start": "4", "end": "8", "tags": " , "}, "Choose at least one of the round’s tags."),
        ({"start": "4", "end": "999999", "tags": "letters"}, "lies outside the text"),
        ({"paragraph": "one", "words": "x", "tags": "letters"}, "Enter the paragraph’s number"),
    ],
)
def test_what_cannot_be_coded_is_refused_in_words(
    client_for: SignIn, told: Told, sent: dict[str, str], says: str
) -> None:
    answer = client_for(told.ana).post(told.text_address, data=sent)

    assert answer.status_code == 422
    assert says in answer.get_data(as_text=True)
    assert reading().scalar(select(func.count(LayerCoding.id))) == 0


def test_only_the_coders_of_a_round_code_in_it(client_for: SignIn, told: Told) -> None:
    assert _code(client_for(Role.RESEARCHER), told, "I rang my sister", "feelings") == 403


def test_a_round_is_begun_from_a_study_with_all_it_needs(client_for: SignIn, told: Told) -> None:
    client = client_for(told.ana)
    tag = reading().scalars(select(Tag)).first()
    assert tag is not None
    wanted = {
        "title": "Second pass",
        "coders": [told.ana.id, told.ben.id],
        "sources": [told.source.ref],
        "tags": [tag.ref],
    }

    alone = client.post(f"/studies/{told.study.ref}/rounds", data=wanted | {"coders": [told.ana.id]})
    untagged = client.post(f"/studies/{told.study.ref}/rounds", data=wanted | {"tags": []})
    begun = client.post(f"/studies/{told.study.ref}/rounds", data=wanted, follow_redirects=True)

    assert alone.status_code == untagged.status_code == 422
    assert "Choose at least two coders" in alone.get_data(as_text=True)
    assert 'value="Second pass"' in alone.get_data(as_text=True)
    assert "Choose at least one tag" in untagged.get_data(as_text=True)
    assert "Second pass" in begun.get_data(as_text=True)
    assert "Second pass" in client.get(f"/studies/{told.study.ref}/rounds").get_data(as_text=True)


def test_a_round_of_a_restricted_study_is_out_of_sight(client_for: SignIn) -> None:
    with transaction() as session:
        ana = make_member(session)
        study = make_study(session, actor=ana, restricted=True)
        source = source_of(session, make_session(session, actor=ana, study=study))
        tag = find_or_add_tag(session, actor=ana, path="letters", study_id=study.id)
        coders = [ana, make_member(session)]
        begun = start_round(
            session, actor=ana, study=study, title="Hidden", coders=coders, sources=[source], tags=[tag]
        )
    client = client_for(Role.ADMINISTRATOR)

    for address in (
        f"/studies/{study.ref}/rounds",
        f"/rounds/{begun.ref}",
        f"/rounds/{begun.ref}/sources/{source.ref}",
    ):
        assert client.get(address).status_code == 404


def test_the_domain_refuses_what_the_pages_do_not_offer(told: Told) -> None:
    with transaction() as session:
        reader = make_member(session, role=Role.READER)
        begun = session.get_one(CodingRound, told.coding_round.id)
        source = session.get_one(SourceText, told.source.id)
        with pytest.raises(NotAllowed):
            add_codings(session, actor=reader, coding_round=begun, source=source, start=0, end=5, tags=["letters"])
        end_round(session, actor=told.ana, study=session.get_one(Study, told.study.id), coding_round=begun)
        with pytest.raises(RuleBroken):
            add_codings(session, actor=told.ana, coding_round=begun, source=source, start=0, end=5, tags=["letters"])
