"""Closing and opening: a value opens in its own place with its own key, a file from anywhere, and nothing else does."""

from __future__ import annotations

import io

import pytest
from factories import make_member, make_session, make_study
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.core.activity import ActivityEntry
from insights.core.errors import InvalidInput, RuleBroken
from insights.core.keys import KEY_BYTES, Keys, set_keys
from insights.people.models import Identity, IdentityMark, Member, Participant, VaultKey
from insights.people.vault import (
    Altered,
    KeyDestroyed,
    MasterKeyMissing,
    Who,
    find_people,
    keep_identity,
    open_identities,
    remove_identity,
)
from insights.people.vault.closed_files import PIECE, Closing, ClosingReader, OpenedFile
from insights.people.vault.erasing import destroy_key, holds_identity
from insights.people.vault.known_names import known_people_for_scan
from insights.people.vault.marks import folded_number, folded_words
from insights.people.vault.sealing import DoesNotOpen, Place, key_id_of, open_sealed, seal

KEY, OTHER = bytes(range(KEY_BYTES)), bytes(KEY_BYTES)
HERE = Place("identities", "name", 7)
FILE = Closing("f-1", "recording", "SRC-1")
HEAD = 37
LYING = PIECE + 16
LARK = Who(name="Ann Lark", email="ann@lark.example", telephone="0161 496 0123", note="Rings back")


@pytest.fixture
def maya(session: Session) -> Member:
    return make_member(session)


@pytest.fixture
def person(session: Session, maya: Member) -> Participant:
    study = make_study(session, actor=maya)
    make_session(session, actor=maya, study=study, participants=["P1", "P2"])
    return session.scalars(select(Participant).where(Participant.code == "P1")).one()


@given(st.binary(max_size=300))
def test_what_was_closed_opens_in_its_own_place_alone(plain: bytes) -> None:
    sealed = seal(KEY, "k1", HERE, plain)

    assert open_sealed(KEY, HERE, sealed) == plain
    assert key_id_of(sealed) == "k1"
    for place in (Place("identities", "name", 8), Place("identities", "note", 7), Place("incentives", "name", 7)):
        with pytest.raises(DoesNotOpen):
            open_sealed(KEY, place, sealed)
    with pytest.raises(DoesNotOpen):
        open_sealed(OTHER, HERE, sealed)


@given(st.binary(max_size=60), st.data())
def test_no_byte_of_a_closed_value_can_be_changed_or_left_out(plain: bytes, data: st.DataObject) -> None:
    sealed = seal(KEY, "k1", HERE, plain)
    at = data.draw(st.integers(0, len(sealed) - 1))
    changed = bytearray(sealed)
    changed[at] ^= data.draw(st.integers(1, 255))

    for damaged in (bytes(changed), sealed[:at], sealed + b"\x00", b""):
        with pytest.raises(DoesNotOpen):
            open_sealed(KEY, HERE, damaged)


def test_the_same_value_is_never_closed_the_same_way_twice() -> None:
    assert len({seal(KEY, "k1", HERE, b"Ann Lark") for _ in range(50)}) == 50


def closed(plain: bytes, closing: Closing = FILE) -> bytes:
    return io.BufferedReader(ClosingReader(io.BytesIO(plain), KEY, closing)).read()


def opened(content: bytes, key: bytes = KEY, closing: Closing = FILE) -> OpenedFile:
    return OpenedFile(io.BytesIO(content), key, closing)


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 3 * PIECE + 17])
def test_a_file_of_any_size_opens_from_anywhere(size: int) -> None:
    plain = bytes(number % 251 for number in range(size))
    content = closed(plain)

    whole = io.BufferedReader(opened(content))

    assert opened(content).size == size
    assert whole.read() == plain
    for start in {0, 1, size // 2, PIECE - 1, PIECE, max(0, size - 3)}:
        whole.seek(start)
        assert whole.read(5_000) == plain[start : start + 5_000]


def test_pieces_of_a_file_cannot_be_swapped_repeated_left_out_or_cut_off() -> None:
    content = closed(bytes(3 * PIECE + 100))
    head, pieces = content[:HEAD], [content[HEAD + n * LYING : HEAD + (n + 1) * LYING] for n in range(4)]
    one, two, three, last = pieces

    for damaged in (
        head + two + one + three + last,
        head + one + one + three + last,
        head + one + two + last,
        head + one + two + three,
        head + one + two + three + last[:-1],
        content + b"\x00",
        head,
        head[:-1],
        b"",
        b"RIFF" + content[4:],
    ):
        with pytest.raises(DoesNotOpen):
            io.BufferedReader(opened(damaged)).read()


def test_a_file_opens_with_its_own_key_and_in_its_own_place_alone() -> None:
    content = closed(b"sound")

    for key, closing in (
        (OTHER, FILE),
        (KEY, Closing("f-2", "recording", "SRC-1")),
        (KEY, Closing("f-1", "consent_paper", "SRC-1")),
        (KEY, Closing("f-1", "recording", "SRC-2")),
    ):
        with pytest.raises(DoesNotOpen):
            opened(content, key, closing)


def test_a_stream_that_hands_out_little_at_a_time_is_closed_whole() -> None:
    class Slow(io.RawIOBase):
        def __init__(self) -> None:
            self.left = io.BytesIO(bytes(PIECE + 5))

        def read(self, size: int = -1) -> bytes:
            return self.left.read(min(size, 1_000))

    content = io.BufferedReader(ClosingReader(Slow(), KEY, FILE)).read()  # type: ignore[arg-type]  # read() is all it needs

    assert io.BufferedReader(opened(content)).read() == bytes(PIECE + 5)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("José  O’Néill-Smith", ("jose", "neill", "smith")),
        ("STRASSE Straße", ("strasse",)),
        ("Nguyễn Thị", ("nguyen", "thi")),
        ("李 小龍", ("小龍",)),
        ("", ()),
        ("%_'\"", ()),
    ],
)
def test_words_are_folded_the_way_people_write_names(text: str, words: tuple[str, ...]) -> None:
    assert folded_words(text) == words


def test_a_number_is_the_same_with_its_country_and_without() -> None:
    written = ("0161 496 0123", "+44 161 496-0123", "0044 (0)161 4960123")

    assert {folded_number(text) for text in written} == {"614960123"}


def test_an_identity_opens_for_its_person_and_the_record_tells_nothing(
    session: Session, maya: Member, person: Participant
) -> None:
    keep_identity(session, actor=maya, participant=person, who=LARK)

    [held] = open_identities(session, person)

    assert held.who == LARK
    assert "Lark" not in repr(held)
    entries = session.scalars(select(ActivityEntry)).all()
    assert not [entry for entry in entries if "Lark" in f"{entry.detail} {entry.touches} {entry.verb}"]
    assert entries[-1].verb == "kept the identity of"
    assert entries[-1].subject_ref == person.ref


def test_each_person_has_a_key_of_their_own(session: Session, maya: Member, person: Participant) -> None:
    other = session.scalars(select(Participant).where(Participant.code == "P2")).one()
    first = keep_identity(session, actor=maya, participant=person, who=LARK)
    second = keep_identity(session, actor=maya, participant=other, who=LARK)

    first.name, second.name = second.name, first.name
    session.flush()

    for each in (person, other):
        with pytest.raises(Altered, match="name was changed outside Research Hub"):
            open_identities(session, each)


def test_erasing_destroys_the_key_first_and_for_good(session: Session, maya: Member, person: Participant) -> None:
    identity = keep_identity(session, actor=maya, participant=person, who=LARK)
    kept = {name: getattr(identity, name) for name in ("name", "email", "telephone", "note")}
    assert holds_identity(session, person)

    assert destroy_key(session, person) == destroy_key(session, person) == ()

    assert not holds_identity(session, person)
    assert session.scalars(select(IdentityMark)).all() == []
    assert find_people(session, "lark", [person.id]) == []
    with pytest.raises(KeyDestroyed):
        keep_identity(session, actor=maya, participant=person, who=LARK)
    # A row that a restored backup brings back stays closed.
    session.add(Identity(participant_id=person.id, created_at=person.created_at, updated_at=person.updated_at, **kept))
    session.flush()
    with pytest.raises(KeyDestroyed):
        open_identities(session, person)


def test_erasing_somebody_of_whom_nothing_is_held_closes_the_code_too(
    session: Session, maya: Member, person: Participant
) -> None:
    destroy_key(session, person)

    with pytest.raises(KeyDestroyed):
        keep_identity(session, actor=maya, participant=person, who=LARK)


def test_without_the_master_key_nothing_opens_and_the_key_is_named(
    session: Session, maya: Member, person: Participant
) -> None:
    keep_identity(session, actor=maya, participant=person, who=LARK)
    lost = session.info["keys"].newest.id
    set_keys(session, Keys.made())

    with pytest.raises(MasterKeyMissing, match=lost):
        open_identities(session, person)
    with pytest.raises(MasterKeyMissing):
        find_people(session, "lark", [person.id])
    assert known_people_for_scan(session, [person.study_id]) == []


def test_a_key_under_the_right_name_with_other_bytes_opens_nothing(
    session: Session, maya: Member, person: Participant
) -> None:
    keep_identity(session, actor=maya, participant=person, who=LARK)
    row = session.scalars(select(VaultKey).where(VaultKey.name == f"person/{person.id}")).one()
    row.name = "person/99"
    session.flush()

    with pytest.raises(Altered):
        open_identities(session, person)


def test_what_is_held_is_changed_by_who_read_it_last_and_removed_with_its_marks(
    session: Session, maya: Member, person: Participant
) -> None:
    keep_identity(session, actor=maya, participant=person, who=LARK)
    keep_identity(session, actor=maya, participant=person, who=Who(name="Ann Finch"), row_version=1)

    with pytest.raises(RuleBroken, match="Somebody else kept or changed this"):
        keep_identity(session, actor=maya, participant=person, who=LARK, row_version=1)
    assert find_people(session, "lark", [person.id]) == []
    assert find_people(session, "finch", [person.id]) == [person.id]
    remove_identity(session, actor=maya, participant=person)
    assert find_people(session, "finch", [person.id]) == []
    with pytest.raises(RuleBroken, match="Nobody is known by name"):
        remove_identity(session, actor=maya, participant=person)


@pytest.mark.parametrize(
    ("who", "field"),
    [
        (Who(), "name"),
        (Who(name="\u200b"), "name"),
        (Who(name="x" * 301), "name"),
        (Who(email="ann"), "email"),
        (Who(email="ann lark@example.org"), "email"),
        (Who(name="Ann", note="x" * 5_001), "note"),
    ],
)
def test_what_is_nothing_or_too_long_is_refused_at_its_field(
    who: Who, field: str, session: Session, maya: Member, person: Participant
) -> None:
    with pytest.raises(InvalidInput) as refused:
        keep_identity(session, actor=maya, participant=person, who=who)

    assert set(refused.value.fields) == {field}
    assert session.scalars(select(Identity)).all() == []


def test_the_scan_is_told_names_by_code_and_prints_none(session: Session, maya: Member, person: Participant) -> None:
    keep_identity(session, actor=maya, participant=person, who=LARK)

    [known] = known_people_for_scan(session, [person.study_id])

    assert (known.code, known.names, known.emails) == ("P1", ("Ann Lark",), ("ann@lark.example",))
    assert "Lark" not in repr(known)
    assert known_people_for_scan(session, []) == []
