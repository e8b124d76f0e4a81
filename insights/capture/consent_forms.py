"""Information sheets and consent forms of a study or of its team: written, read, and followed by new versions (B2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from insights.capture.access import visible_studies
from insights.capture.models import Study
from insights.core.activity import add, record, touch
from insights.core.base import number_of
from insights.core.checks import required_line, required_text, term_of
from insights.core.clock import now
from insights.core.errors import InvalidInput, NotFound, StaleRecord
from insights.people.models import ConsentForm, ConsentFormVersion, ConsentScope, Member
from insights.people.operations import require_same_area

LONGEST_MONTHS = 240

STARTING_TEXT = """## What this is about

We want to find out [what]. We are [team] of [organisation].

## What will happen

We talk for about [an hour]. We ask you to [try something]. There are no right or wrong answers.

## It is up to you

You do not have to take part. You can stop at any time, and you do not have to say why. It changes nothing about the
service you get.

## What we keep, and for how long

We write down what you say, without your name. We keep it for [two years]. Your name and how to reach you are kept
apart, and locked.

## What happens to what you tell us

You choose below. You can change your mind later: write to [address] or ring [number], and say the code on your copy.

## Questions

Ask us now, or write to [address]. Our data protection officer is [name, address].
"""


@dataclass(frozen=True, slots=True)
class FormText:
    """What a version says. `months` is how long an agreement holds, None where the form names no end."""

    text: str
    scopes: Sequence[str]
    months: int | None = None


@dataclass(frozen=True, slots=True)
class FormRow:
    """A form with its latest version; `of_team` where every study of the team may use it."""

    ref: str
    name: str
    number: int
    version_id: int
    scopes: tuple[ConsentScope, ...]
    months: int | None
    of_team: bool
    row_version: int

    @property
    def label(self) -> str:
        return f"{self.name}, version {self.number}"


def create_consent_form(
    session: Session, *, actor: Member, study: Study, name: str, said: FormText, for_team: bool = False
) -> ConsentForm:
    """`for_team` makes it a form of the study's team, which all of its studies may use."""
    require_same_area(session, actor, study.team_id)
    checked = _checked(said)
    form = ConsentForm(
        team_id=study.team_id,
        study_id=None if for_team else study.id,
        name=required_line("name", name, label="a name for the form", longest=200),
    )
    add(session, actor, form)
    _add_version(session, actor, form, checked, 1)
    record(session, actor, "created", form, touches=[study.ref])
    return form


def write_new_version(
    session: Session, *, actor: Member, form: ConsentForm, said: FormText, number: int
) -> ConsentFormVersion:
    """The next version, for whoever agrees from now on; `number` is the version it was begun from.

    Who agreed before agreed to what stood there then: no earlier version changes.
    """
    require_same_area(session, actor, form.team_id)
    latest = latest_version(session, form)
    checked = _checked(said)
    if latest.number != number:
        raise StaleRecord(form.ref, {"text": latest.text}, {"text": checked.text}, form.row_version)
    if (latest.text, latest.scopes, latest.months) == (checked.text, list(checked.scopes), checked.months):
        return latest
    version = _add_version(session, actor, form, checked, latest.number + 1)
    touch(session, actor, form)
    record(session, actor, "wrote a new version of", form, detail={"version": version.number})
    return version


def forms_for_study(session: Session, study: Study) -> list[FormRow]:
    """The study's own first, then those of its team, each in its latest version; one statement."""
    newest = (
        select(ConsentFormVersion.consent_form_id, func.max(ConsentFormVersion.number).label("number"))
        .group_by(ConsentFormVersion.consent_form_id)
        .subquery()
    )
    rows = session.execute(
        select(ConsentForm, ConsentFormVersion)
        .join(newest, newest.c.consent_form_id == ConsentForm.id)
        .join(
            ConsentFormVersion,
            (ConsentFormVersion.consent_form_id == ConsentForm.id) & (ConsentFormVersion.number == newest.c.number),
        )
        .where(
            or_(
                ConsentForm.study_id == study.id,
                ConsentForm.study_id.is_(None) & (ConsentForm.team_id == study.team_id),
            ),
            ConsentForm.retired_at.is_(None),
        )
        .order_by(ConsentForm.study_id.is_(None), ConsentForm.name, ConsentForm.id)
    )
    return [_row(form, version) for form, version in rows]


def get_consent_form(session: Session, member: Member, ref: str) -> ConsentForm:
    """Forms of a study for whoever may see it, forms of a team for everybody with an account."""
    form = session.scalar(
        select(ConsentForm)
        .outerjoin(Study, Study.id == ConsentForm.study_id)
        .where(
            ConsentForm.id == (number_of(ref, ConsentForm.PREFIX) or 0),
            or_(ConsentForm.study_id.is_(None), visible_studies(member)),
        )
    )
    if form is None:
        raise NotFound(ref)
    return form


def versions_of(session: Session, form: ConsentForm) -> list[tuple[ConsentFormVersion, str]]:
    """Newest first, each with who wrote it."""
    rows = session.execute(
        select(ConsentFormVersion, Member.name)
        .outerjoin(Member, Member.id == ConsentFormVersion.created_by_id)
        .where(ConsentFormVersion.consent_form_id == form.id)
        .order_by(ConsentFormVersion.number.desc())
    )
    return [(version, name or "") for version, name in rows]


def latest_version(session: Session, form: ConsentForm) -> ConsentFormVersion:
    return versions_of(session, form)[0][0]


def given_version(session: Session, study: Study, version_id: int) -> tuple[ConsentForm, ConsentFormVersion]:
    """A version that may be given in this study. Raises InvalidInput for one of another study or team."""
    row = session.execute(
        select(ConsentForm, ConsentFormVersion)
        .join(ConsentFormVersion, ConsentFormVersion.consent_form_id == ConsentForm.id)
        .where(
            ConsentFormVersion.id == version_id,
            or_(
                ConsentForm.study_id == study.id,
                ConsentForm.study_id.is_(None) & (ConsentForm.team_id == study.team_id),
            ),
        )
    ).first()
    if row is None:
        raise InvalidInput.of("form", "Choose a form of this study or of its team.")
    return row[0], row[1]


def _checked(said: FormText) -> FormText:
    scopes = {term_of("scopes", ConsentScope, scope, label="what it asks for") for scope in said.scopes}
    if not scopes:
        raise InvalidInput.of("scopes", "Choose what the form asks people to agree to.")
    if said.months is not None and not 0 < said.months <= LONGEST_MONTHS:
        raise InvalidInput.of(
            "months", f"Enter how many months it holds, from 1 to {LONGEST_MONTHS}, or leave it empty."
        )
    text = required_text("text", said.text, label="what people are told", longest=50_000)
    return FormText(text, [scope.value for scope in ConsentScope if scope in scopes], said.months)


def _add_version(session: Session, actor: Member, form: ConsentForm, said: FormText, number: int) -> ConsentFormVersion:
    version = ConsentFormVersion(
        consent_form_id=form.id,
        number=number,
        text=said.text,
        scopes=list(said.scopes),
        months=said.months,
        created_at=now(session),
        created_by_id=actor.id,
    )
    session.add(version)
    session.flush()
    return version


def _row(form: ConsentForm, version: ConsentFormVersion) -> FormRow:
    scopes = tuple(ConsentScope(scope) for scope in version.scopes)
    return FormRow(
        form.ref, form.name, version.number, version.id, scopes, version.months, form.study_id is None, form.row_version
    )
