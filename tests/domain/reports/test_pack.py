"""An evidence pack tells what a service can show, point by point, and nobody's name."""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from datetime import UTC, date, datetime

import pytest
from docx import Document
from factories import (
    make_accepted_decision,
    make_highlight,
    make_insight,
    make_member,
    make_service,
    make_session,
    make_study,
)
from lxml import etree, html
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from insights.capture.consents import ConsentDetails, record_consent
from insights.capture.models import ResearchSession, Study
from insights.coding.models import Highlight
from insights.core.access import Role
from insights.core.clock import FixedClock, set_clock
from insights.core.errors import InvalidInput, NotAllowed, NotFound
from insights.decisions.models import Change, Decision
from insights.people.models import ConsentScope, Member, Participant, Service
from insights.people.queries import Choice
from insights.reports.pack import (
    Pack,
    build_pack,
    get_standard_link,
    link_to_point,
    read_standard,
    readiness,
    set_link_removed,
    standard_of,
    standards,
)
from insights.synthesis.models import Insight
from research_hub.pack_files import as_archive, as_page, as_word

SHARED = (ConsentScope.QUOTE_ANONYMOUSLY, ConsentScope.SHARE_ACROSS_PUBLIC_SECTOR)
WORDS = "I saw positive and I stopped reading."


def test_the_standards_that_come_with_it_are_whole() -> None:
    found = {each.code: each for each in standards()}

    assert {code: len(each.points) for code, each in found.items()} == {"govuk": 14, "dsss": 14, "local": 0}
    for each in (*found["govuk"].points, *found["dsss"].points):
        assert each.prompts_in("beta")
        assert each.words


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("- a\n- b", "code, name and points"),
        ("code: x\nname: X\npoints: 3", "list of points"),
        ("code: x\nname: X\npoints: [{title: T}]", "point 1 of the list has no number"),
        ("code: x\nname: X\npoints: [{number: 1, title: T}, {number: 1, title: U}]", "same number"),
        ("code: x\nname: X\npoints: [{number: 1, title: T, wants: [gold]}]", "gold"),
        ("code: [", "not YAML"),
        ("!!python/object/apply:os.system ['true']", "not YAML"),
    ],
)
def test_a_standard_that_is_not_right_is_refused_with_the_place(text: str, what: str) -> None:
    with pytest.raises(InvalidInput, match=what):
        read_standard(text)


def test_what_is_linked_by_hand_stands_under_its_point_with_its_evidence(session: Session) -> None:
    service, decision, _, writer = _evidence(session)
    link_to_point(session, actor=writer, standard="govuk", point="4", subject=decision, note="Six rounds of letters.")

    section = _section(_pack(session, writer, service), "4")

    assert [(each.ref, each.by_hand, each.note) for each in section.decisions] == [
        (decision.ref, True, "Six rounds of letters.")
    ]
    assert [words for words, _ in section.quotes] == [WORDS]
    assert "Nobody has linked" not in " ".join(section.gaps)
    assert "No outcome" not in " ".join(section.gaps)


def test_a_quote_whose_speaker_did_not_agree_to_share_it_is_held_back_and_counted(session: Session) -> None:
    service, decision, _, writer = _evidence(session, [ConsentScope.QUOTE_ANONYMOUSLY])
    link_to_point(session, actor=writer, standard="govuk", point="1", subject=decision)

    pack = _pack(session, writer, service)

    section = _section(pack, "1")
    assert section.quotes == ()
    assert "1 quote is held back: consent to share is missing." in section.gaps
    assert WORDS.encode() not in as_page(pack)


def test_numbers_of_people_below_three_are_never_given(session: Session) -> None:
    service, decision, _, writer = _evidence(session)
    link_to_point(session, actor=writer, standard="govuk", point="1", subject=decision)

    section = _section(_pack(session, writer, service), "1")

    assert section.heard == "<3 people were heard."
    assert section.insights[0].rests_on == "<3 people in 1 study"
    assert section.people == ()


def test_cells_below_three_stay_words_where_more_people_were_heard(session: Session) -> None:
    service, decision, insight, writer = _evidence(session)
    link_to_point(session, actor=writer, standard="govuk", point="1", subject=decision)
    people = {"P-2": "nurse", "P-3": "nurse", "P-4": "nurse", "P-5": "nurse", "P-6": "parent"}
    for code, group in people.items():
        quote = _quote(session, writer, code, SHARED, group=group)
        make_insight(session, actor=writer, highlight=quote, service=session.get_one(Service, int(service.value)))
    for each in session.scalars(select(Insight).where(Insight.id != insight.id)):
        link_to_point(session, actor=writer, standard="govuk", point="1", subject=each)

    page = as_page(_pack(session, writer, service)).decode()

    assert "6 people were heard." in page
    assert re.search(r"<th scope=\"row\">parent</th><td>&lt;3</td>", page)


def test_a_study_out_of_sight_and_a_restricted_one_in_sight_are_not_in_it(session: Session) -> None:
    service, decision, insight, writer = _evidence(session)
    link_to_point(session, actor=writer, standard="govuk", point="1", subject=decision)
    link_to_point(session, actor=writer, standard="govuk", point="1", subject=insight)
    for study in session.scalars(select(Study)):
        study.restricted = True
    session.flush()

    for maker in (writer, make_member(session, role=Role.READER)):
        pack = _pack(session, maker, service)
        everything = as_page(pack).decode()
        assert insight.claim not in everything
        assert insight.ref not in everything
        assert WORDS not in everything
        found = readiness(session, maker, standard=standard_of("govuk"), service=service, phase="beta")
        assert [each.ref for each in found.points[0].linked] == [decision.ref]


def test_no_identity_is_in_any_file_wherever_it_was_typed(session: Session) -> None:
    canary = "Zebedee Quillfeather"
    contacts = ("zebedee@quillfeather.example", "07700 900123", "AB123456C", "943 476 5919", "SW1A 1AA")
    service, decision, insight, writer = _evidence(session, code="ZQ-77")
    link_to_point(session, actor=writer, standard="govuk", point="1", subject=decision, note=f"ask {canary}")
    for held in session.scalars(select(ResearchSession)):
        held.moderator, held.observers, held.title = canary, f"{canary}, Ulrika Canary", f"with {canary}"
    for study in session.scalars(select(Study)):
        study.title = f"About {canary}"
    for quote in session.scalars(select(Highlight)):
        quote.coder, quote.exact = canary, f"{canary} and ZQ-77 said {WORDS} {' '.join(contacts)}"
    writer.name = canary
    decision.decision_makers, decision.outcome = [canary], f"{canary} decided. {' '.join(contacts)}"
    decision.title = f"What {canary} wants"
    insight.claim = f"{canary} stops reading"
    session.add(Change(decision_id=decision.id, before=contacts[0], after=canary, created_at=_NOON, updated_at=_NOON))
    session.flush()

    pack = _pack(session, writer, service)

    for content in (as_word(pack), as_page(pack), *_files(as_archive(pack, {})).values()):
        text = _text_of(content)
        for word in ("Zebedee", "Quillfeather", "Ulrika", "ZQ-77", *contacts):
            assert word not in text, word


def test_the_same_pack_is_the_same_bytes_and_its_manifest_knows_them(session: Session) -> None:
    service, decision, _, writer = _evidence(session)
    link_to_point(session, actor=writer, standard="dsss", point="5", subject=decision)
    first, second = (_pack(session, writer, service, "dsss") for _ in range(2))

    assert as_word(first) == as_word(second)
    assert as_page(first) == as_page(second)
    archive = as_archive(first, {"pack.html": as_page(first)})
    assert archive == as_archive(second, {"pack.html": as_page(second)})
    files = _files(archive)
    manifest = json.loads(files.pop("manifest.json"))
    assert {each["name"]: each["sha256"] for each in manifest["files"]} == {
        name: hashlib.sha256(content).hexdigest() for name, content in files.items()
    }
    assert manifest["made_on"] == "2026-06-01"


def test_a_document_has_real_headings_and_tables_that_say_what_their_header_is(session: Session) -> None:
    service, decision, _, writer = _evidence(session)
    link_to_point(session, actor=writer, standard="govuk", point="1", subject=decision)

    document = Document(io.BytesIO(as_word(_pack(session, writer, service))))

    styles = [each.style.name for each in document.paragraphs if each.style is not None]
    assert styles.count("Heading 1") == 1
    assert styles.count("Heading 2") == 15
    headers = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}tblHeader"
    for table in document.tables:
        assert table.rows[0]._tr.findall(f".//{headers}"), "a table without a header row"
    gaps = [each for each in document.paragraphs if each.text.startswith("Gap: ")]
    assert gaps
    assert all(each.runs[0].font.color.rgb is not None for each in gaps)


def test_a_page_opens_offline_and_asks_nobody_for_anything(session: Session) -> None:
    service, _, _, writer = _evidence(session)

    page = html.fromstring(as_page(_pack(session, writer, service)))

    assert not page.xpath("//script|//link|//img|//iframe|//@src|//@href|//@onclick")
    assert page.xpath("//thead//th")
    assert not page.xpath("//thead//th[not(@scope='col')]")
    assert page.get("lang") == "en"


@pytest.mark.parametrize(
    "hostile", ["=cmd|'/c calc'!A1", "<script>alert(1)</script>", "]]><x>\x00\x0b\ufffe", "@SUM(1)", "\t=1"]
)
def test_hostile_words_are_words_in_every_file(hostile: str, session: Session) -> None:
    service, decision, insight, writer = _evidence(session)
    insight.claim = f"{hostile} letter"
    session.flush()
    decision.outcome = f"{hostile} again"
    link_to_point(session, actor=writer, standard="govuk", point="1", subject=decision)

    pack = _pack(session, writer, service)

    page = html.fromstring(as_page(pack))
    assert not page.xpath("//script|//x")
    etree.fromstring(_files(as_word(pack))["word/document.xml"])
    for content in _files(as_archive(pack, {})).values():
        assert b',"=' not in content
        assert b',"@' not in content


def test_what_a_rule_suggests_is_marked_and_can_be_left_out(session: Session) -> None:
    service, decision, _, writer = _evidence(session)

    with_rules = _section(_pack(session, writer, service), "4")
    alone = _section(_pack(session, writer, service, suggested=False), "4")

    assert [(each.ref, each.by_hand) for each in with_rules.decisions] == [(decision.ref, False)]
    assert with_rules.gaps[0] == "Nobody has linked a decision or an insight to this point."
    assert (alone.decisions, alone.insights) == ((), ())
    assert b"nobody has confirmed it" in as_page(_pack(session, writer, service))


def test_readiness_says_which_points_have_nothing(session: Session) -> None:
    service, decision, _, writer = _evidence(session)
    link_to_point(session, actor=writer, standard="govuk", point="1", subject=decision)

    found = readiness(session, writer, standard=standard_of("govuk"), service=service, phase="beta")

    states = {each.point.number: each.state for each in found.points}
    assert (states["1"], states["4"], states["12"]) == ("linked", "only suggested", "nothing linked")
    assert found.ready == 1


def test_a_link_is_taken_away_and_back_and_made_twice_is_one(session: Session) -> None:
    service, decision, _, writer = _evidence(session)
    link = link_to_point(session, actor=writer, standard="govuk", point="1", subject=decision)

    set_link_removed(session, actor=writer, link=link, removed=True)
    gone = readiness(session, writer, standard=standard_of("govuk"), service=service, phase="beta").ready
    again = link_to_point(session, actor=writer, standard="govuk", point="1", subject=decision, note="New.")

    assert (gone, again.id, again.removed_at) == (0, link.id, None)
    with pytest.raises(InvalidInput, match="has no point 99"):
        link_to_point(session, actor=writer, standard="govuk", point="99", subject=decision)
    with pytest.raises(InvalidInput, match="Name a decision or an insight"):
        link_to_point(session, actor=writer, standard="govuk", point="1", subject=None)
    with pytest.raises(NotAllowed):
        link_to_point(
            session, actor=make_member(session, role=Role.READER), standard="govuk", point="2", subject=decision
        )


def test_a_link_to_what_is_out_of_sight_does_not_exist(session: Session) -> None:
    _, _, insight, writer = _evidence(session)
    link = link_to_point(session, actor=writer, standard="govuk", point="1", subject=insight)
    for study in session.scalars(select(Study)):
        study.restricted = True
    session.flush()

    with pytest.raises(NotFound):
        get_standard_link(session, make_member(session), link.id)


def test_an_empty_service_and_an_empty_standard_make_a_pack_of_gaps(session: Session) -> None:
    service = make_service(session)
    writer = make_member(session)
    chosen = Choice(str(service.id), service.name)

    pack = _pack(session, writer, chosen)

    assert all("Nobody has linked" in each.gaps[0] for each in pack.sections)
    assert b"This standard has no points yet." in as_page(_pack(session, writer, chosen, "local"))


def test_a_pack_asks_as_many_questions_for_one_decision_as_for_many(session: Session) -> None:
    service, decision, _, writer = _evidence(session)
    link_to_point(session, actor=writer, standard="govuk", point="1", subject=decision)
    first = _statements(session, writer, service)
    for number in range(4):
        quote = _quote(session, writer, f"P-{number + 20}", SHARED)
        insight = make_insight(session, actor=writer, highlight=quote)
        row = session.get_one(Service, int(service.value))
        more = make_accepted_decision(session, insight=insight, actor=writer, service=row)
        link_to_point(session, actor=writer, standard="govuk", point="1", subject=more)

    assert _statements(session, writer, service) == first


_NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


def _evidence(
    session: Session, scopes: tuple[ConsentScope, ...] | list[ConsentScope] = SHARED, code: str = "P-1"
) -> tuple[Choice, Decision, Insight, Member]:
    set_clock(session, FixedClock(_NOON))
    writer = make_member(session)
    service = make_service(session, name="Results by letter")
    quote = _quote(session, writer, code, scopes)
    insight = make_insight(session, actor=writer, highlight=quote, claim="People stop reading at the result.")
    decision = make_accepted_decision(session, insight=insight, actor=writer, title="Simple letters", service=service)
    return Choice(str(service.id), service.name), decision, insight, writer


def _quote(
    session: Session, actor: Member, code: str, scopes: tuple[ConsentScope, ...] | list[ConsentScope], group: str = ""
) -> Highlight:
    study = make_study(session, actor=actor)
    held = make_session(session, actor=actor, study=study, held_on=date(2026, 3, 2), participants=[code])
    person = session.scalars(select(Participant).where(Participant.study_id == study.id)).one()
    person.group = group
    details = ConsentDetails(date(2026, 3, 1), [each.value for each in scopes])
    record_consent(session, actor=actor, participant=person, study=study, details=details)
    return make_highlight(session, actor=actor, research_session=held, participant=person)


def _pack(session: Session, member: Member, service: Choice, code: str = "govuk", *, suggested: bool = True) -> Pack:
    return build_pack(session, member, standard=standard_of(code), service=service, phase="beta", suggested=suggested)


def _section(pack: Pack, number: str):  # type: ignore[no-untyped-def]  # noqa: ANN202 - a row of the pack
    return next(each for each in pack.sections if each.point.number == number)


def _files(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {each: archive.read(each) for each in archive.namelist()}


def _text_of(content: bytes) -> str:
    if content.startswith(b"PK"):
        return " ".join(each.decode("utf-8", errors="replace") for each in _files(content).values())
    return content.decode("utf-8", errors="replace")


def _statements(session: Session, member: Member, service: Choice) -> int:
    seen: list[str] = []

    def note(*given: object) -> None:
        seen.append(str(given[2]))

    assert session.bind is not None
    event.listen(session.bind, "before_cursor_execute", note)
    _pack(session, member, service)
    event.remove(session.bind, "before_cursor_execute", note)
    return len(seen)
