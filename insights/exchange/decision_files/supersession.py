"""Which decision took the place of which, across the files of one import."""

import posixpath
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias
from urllib.parse import unquote

from insights.exchange.decision_files.documents import DecisionDocument
from insights.exchange.decision_files.labels import plain_label

ProblemKind: TypeAlias = Literal["missing", "ambiguous", "itself", "ring"]


@dataclass(frozen=True, slots=True)
class Supersession:
    """`newer` took the place of `older` (names of files); `stated_in` is the first file that says so, in `words`."""

    newer: str
    older: str
    stated_in: str
    words: str


@dataclass(frozen=True, slots=True)
class SupersessionProblem:
    """A reference that leads nowhere sensible; `what` is a sentence that names the file and what to do."""

    name: str
    words: str
    kind: ProblemKind
    what: str


@dataclass(frozen=True, slots=True)
class SupersessionReading:
    """Supersessions that can be recorded as they stand: none leads to itself and no chain of them closes to a ring."""

    supersessions: tuple[Supersession, ...]
    problems: tuple[SupersessionProblem, ...]


def resolve_supersession(documents: Iterable[DecisionDocument]) -> SupersessionReading:
    """Follows references by file, number and title. Reports what it cannot follow; raises nothing."""
    known = _Catalogue(list(documents))
    found: dict[tuple[str, str], Supersession] = {}
    problems: list[SupersessionProblem] = []
    for document in known.documents:
        for words, is_newer in _references(document):
            target = known.find(document, words)
            if isinstance(target, SupersessionProblem):
                problems.append(target)
                continue
            pair = (document.name, target) if is_newer else (target, document.name)
            found.setdefault(pair, Supersession(*pair, document.name, words))
    straight, rings = _without_rings(list(found.values()))
    return SupersessionReading(straight, (*problems, *rings))


def _references(document: DecisionDocument) -> Iterable[tuple[str, bool]]:
    """References with whether this document is the newer one."""
    yield from ((words, False) for words in document.superseded_by)
    yield from ((words, True) for words in document.supersedes)


class _Catalogue:
    """Decisions by every way one may be referred to."""

    def __init__(self, documents: Sequence[DecisionDocument]) -> None:
        self.documents = documents
        self._by_path = {document.name: [document.name] for document in documents}
        self._by_file: defaultdict[str, list[str]] = defaultdict(list)
        self._by_number: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        self._by_title: defaultdict[str, list[str]] = defaultdict(list)
        for document in documents:
            folder, file = posixpath.split(document.name)
            self._by_file[posixpath.splitext(file)[0]].append(document.name)
            self._by_title[plain_label(document.title)].append(document.name)
            if document.number:
                self._by_number[folder, document.number].append(document.name)

    def find(self, document: DecisionDocument, words: str) -> str | SupersessionProblem:
        """The name of the decision the words mean, seen from the document that says them."""
        hits = self._hits(document, words)
        if not hits:
            what = f"{document.name} refers to “{words}”, which is not among the files: import it, or link it by hand."
            return SupersessionProblem(document.name, words, "missing", what)
        if len(hits) > 1:
            what = f"{document.name} refers to “{words}”, which can be any of {', '.join(sorted(hits))}: name the file."
            return SupersessionProblem(document.name, words, "ambiguous", what)
        if hits[0] == document.name:
            what = f"{document.name} means itself by “{words}”: a decision cannot take its own place, correct it."
            return SupersessionProblem(document.name, words, "itself", what)
        return hits[0]

    def _hits(self, document: DecisionDocument, words: str) -> list[str]:
        folder = posixpath.dirname(document.name)
        link = re.search(r"\[(?P<text>[^\[\]]*)\]\((?P<target>[^()\s]*)[^()]*\)", words)
        target = unquote((link["target"] if link else words).split("#")[0]).strip("<>` ")
        text = link["text"] if link else words
        stem = posixpath.splitext(posixpath.basename(target))[0]
        return (
            self._by_path.get(posixpath.normpath(posixpath.join(folder, target)), [])
            or (self._by_file.get(stem, []) if stem else [])
            or self._by_title.get(plain_label(re.sub(r"^[0-9]+\.\s+", "", text)), [])
            or self._numbered(folder, text)
        )

    def _numbered(self, folder: str, text: str) -> list[str]:
        match = re.match(r"(?:ADR|DEC|decision)?[-_ #]*0*([0-9]{1,5})(?![0-9])", text, re.IGNORECASE)
        return self._by_number.get((folder, match[1]), []) if match else []


def _without_rings(found: Sequence[Supersession]) -> tuple[tuple[Supersession, ...], tuple[SupersessionProblem, ...]]:
    """Takes away, again and again, decisions that nothing leads to or that lead nowhere; what stays is in rings."""
    circling = list(found)
    while True:
        newer = {one.newer for one in circling}
        older = {one.older for one in circling}
        kept = [one for one in circling if one.newer in older and one.older in newer]
        if len(kept) == len(circling):
            break
        circling = kept
    rings = set(circling)
    straight = tuple(one for one in found if one not in rings)
    return straight, tuple(_ring_problem(one) for one in circling)


def _ring_problem(one: Supersession) -> SupersessionProblem:
    pair = f"{one.newer} and {one.older}"
    what = f"{pair} are in a ring of decisions that take each other's place: break it in {one.stated_in}."
    return SupersessionProblem(one.stated_in, one.words, "ring", what)
