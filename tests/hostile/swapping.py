"""Addresses, forms and queries that name a record of a study that is closed, beside the same that name nothing."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from urllib.parse import unquote

from factories import make_highlight, make_session, make_study, source_of
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session
from walking import Records, Route, addresses, records_of, routes
from werkzeug.test import TestResponse

from insights.capture.models import Study, study_members
from insights.core.access import Role
from insights.people.models import Member, Team

UNKNOWN = "987654"
# By the first part of an address: what belongs to studies, all of which are closed here but one.
OF_STUDIES = (
    *("studies", "sessions", "sources", "highlights", "recordings", "participants", "rounds", "boards", "themes"),
    *("insights", "recommendations", "trace", "passage", "comments", "tray", "cite", "follow", "related"),
)
# One's own account names no study, makes secrets and ends sessions; these show the moment, a secret, or the log that
# each request adds to.
OTHER_EACH_TIME = {
    *("stewardship.record_state", "stewardship.feed_address", "health.metrics", "health.readyz"),
    *("stewardship.looks", "stewardship.export_looks", "stewardship.activity", "stewardship.export_activity"),
}
# Here 'quotes' is for how many months quotes are kept.
NAME_NOTHING = {("stewardship.set_study_retention", "highlights"), ("stewardship.set_team_retention", "highlights")}
# What forms and queries call the records that they name.
FIELDS = {
    "studies": ("study", "study_ref", "study_id", "ref", "on"),
    "sessions": ("session", "research_session", "session_id"),
    "sources": ("source", "source_ref", "source_id", "sources"),
    "highlights": ("quote", "quotes", "highlight", "highlights", "cards"),
    "insights": ("insight", "insights", "other", "by", "into", "duplicate"),
    "participants": ("participant", "participants_chosen", "participant_id"),
}
_TOKEN = re.compile(
    r'name="csrf_token"[^>]*value="[^"]*"|content="[^"]*" name="csrf-token"|"csrf-token" content="[^"]*"'
    r'|value="[^"]*"[^>]*name="csrf_token"|id="csrf_token"[^>]*>'
)
_FEED = re.compile(r"/feeds/[\w-]{20,}")
_REF = re.compile(r"\b[A-Z]{2,4}-\d+\b", re.IGNORECASE)


@dataclass(frozen=True)
class Swap:
    """The same request twice: naming what is closed, and naming what never was."""

    method: str
    closed: str
    unknown: str
    fields: tuple[tuple[str, str], ...] = ()

    def answers(self, client: FlaskClient) -> tuple[tuple[int, str, str], tuple[int, str, str]]:
        """What is closed, and what never was.

        An act that changed something answers otherwise the second time. What never was is therefore asked for before,
        and again after where the answers differ; what is closed may answer as either of the two.
        """
        before = self._answer(client, self.unknown, closed=False)
        mine = self._answer(client, self.closed, closed=True)
        if mine == before:
            return mine, before
        return mine, self._answer(client, self.unknown, closed=False)

    def _answer(self, client: FlaskClient, address: str, *, closed: bool) -> tuple[int, str, str]:
        data = {name: value if closed else _unknown(value) for name, value in self.fields}
        if self.method == "GET":
            answer = client.get(address, query_string=data or None)
        else:
            answer = client.open(address, method=self.method, data=data)
        # What an earlier request left to be said is not part of this answer.
        with client.session_transaction() as cookies:
            cookies.pop("_flashes", None)
        return shown(answer, self.closed, self.unknown, *(value for _name, value in self.fields))


@dataclass(frozen=True)
class Closed:
    """`records` are all of closed studies; `open_records` are those of the one study that is open."""

    records: Records
    open_records: Records


class _Refs(dict[str, str]):
    """A kind that the walk does not know yet is asked for by a ref of nothing."""

    def __missing__(self, _kind: str) -> str:
        return "NONE-0"


def close_everything(session: Session) -> Closed:
    """Closes every study to everybody, and adds an open one, so that what is opened may name what is closed."""
    records = records_of(session)
    session.execute(update(Team).values(review_required=False))
    session.execute(delete(study_members))
    session.execute(update(Study).values(restricted=True))
    actor = session.scalars(select(Member).where(Member.role == Role.RESEARCHER).order_by(Member.id)).first()
    assert actor is not None
    study = make_study(session, actor=actor, title="The one that is open")
    held = make_session(session, actor=actor, study=study)
    quote = make_highlight(session, actor=actor, research_session=held)
    opened = {
        "studies": study.ref,
        "sessions": held.ref,
        "sources": source_of(session, held).ref,
        "highlights": quote.ref,
    }
    children = {name: (opened.get(name.split()[0], ref), number) for name, (ref, number) in records.children.items()}
    return Closed(
        replace(records, refs=_Refs(records.refs)),
        replace(records, refs=_Refs({**records.refs, **opened}), children=children),
    )


def by_address(app: Flask, closed: Closed) -> Iterator[Swap]:
    """Every route that names a record of a study in its address."""
    for route in routes(app):
        parts = [part for part in route.rule.rule.split("/") if part]
        # A collection shows each reader what they may see of it; it belongs to no study.
        if parts[:1] == ["collections"] or not (set(OF_STUDIES) & set(parts)) or not _names_a_record(route):
            continue
        unknown = Records(
            _Refs({name: _unknown(ref) for name, ref in closed.records.refs.items()}),
            {name: (_unknown(str(ref)), number) for name, (ref, number) in closed.records.children.items()},
        )
        pairs = zip(addresses(route, closed.records), addresses(route, unknown), strict=True)
        yield from (Swap(route.method, mine, nobodys) for mine, nobodys in pairs if mine != nobodys)


def by_child(app: Flask, closed: Closed) -> Iterator[Swap]:
    """What belongs to a closed record, asked for under one that is open."""
    nothing = {
        name: (ref, int(UNKNOWN) if isinstance(number, int) else UNKNOWN)
        for name, (ref, number) in closed.open_records.children.items()
    }
    for route in routes(app):
        first = route.rule.rule.split("/")[1]
        # Who was at a session is a member, who belongs to no study.
        if first not in {"studies", "sessions", "sources", "highlights"} or "member_id" in route.rule.arguments:
            continue
        if len(route.rule.arguments) < 2:
            continue
        found = addresses(route, closed.open_records)
        missing = addresses(route, replace(closed.open_records, children=nothing))
        yield from (Swap(route.method, *pair) for pair in zip(found, missing, strict=True) if pair[0] != pair[1])


def by_field(app: Flask, closed: Closed) -> Iterator[Swap]:
    """Every route, with forms and queries that name closed records by every name that a form has for them."""
    for route in routes(app):
        if route.rule.endpoint.startswith("account.") or route.rule.endpoint in OTHER_EACH_TIME:
            continue
        for kind, names in FIELDS.items():
            if (route.rule.endpoint, kind) in NAME_NOTHING:
                continue
            ref = closed.records.refs[kind]
            for written in (ref, ref.partition("-")[2]):
                fields = tuple((name, written) for name in names)
                for address in addresses(route, closed.open_records):
                    yield Swap(route.method, address, address, fields)
                    break


def shown(answer: TestResponse, *asked: str) -> tuple[int, str, str]:
    """Status, place and words, without tokens and without the addresses that were asked for."""
    content, place = answer.get_data(), answer.location or ""
    answer.close()
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            content = b"\n".join(book.read(name) for name in sorted(book.namelist()) if "docProps" not in name)
    words = unquote(_FEED.sub("/feeds/SECRET", _TOKEN.sub("", content.decode(errors="replace"))))
    for address in (each for each in asked if each.startswith("/")):
        words, place = words.replace(address, "ADDRESS"), place.replace(address, "ADDRESS")
    words, place = (_REF.sub("REF", text) for text in (words, place))
    # Those that were asked for are called alike, also where a page repeats them in its own addresses.
    numbers = {UNKNOWN, *(number for address in asked for number in re.findall(r"\d+", address))}
    words, place = (re.sub(rf"(?<![\w.])(?:{'|'.join(numbers)})(?![\w.])", "NUMBER", text) for text in (words, place))
    return answer.status_code, place, words


def _names_a_record(route: Route) -> bool:
    return bool({each for each in route.rule.arguments if "ref" in each})


def _unknown(ref: str) -> str:
    prefix, dash, _number = ref.rpartition("-")
    return f"{prefix}{dash}{UNKNOWN}"
