"""How much of what gives people away is found, and how much of what is found gives somebody away.

A corpus of our own is generated from a seed: paragraphs as they stand in transcripts of public services, with planted
identifiers in the formats of the United Kingdom, and hard negatives that look like them: reference numbers, prices,
days of appointments, versions, ten digits whose check digit is wrong, room numbers that look like postcodes. Names are
planted in four ways: behind a title, as people tell them ('my daughter Emily'), as the study or the vault knows them,
and bare. Whoever wrote the rules wrote the corpus: it shows what the formats cover, and not how people spell.

Recall is the share of planted identifiers that one finder marked from end to end; precision is the share of its marks
that touch a planted one. The same is asked of a list of plain patterns, as one copies it together, and of scrubadub
where it is installed; neither is told any name.
"""

from __future__ import annotations

import importlib
import random
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from insights.coding.personal_data import KnownName, scan

SEED = 20261123
PARAGRAPHS = 1_500

Span = tuple[int, int]
Finder = Callable[[str], list[Span]]

_FIRST_NAMES = (
    "Emily Oliver Amelia Noah Isla Mohammed Aisha Kwame Zofia Rhys Siân Priya Callum Orla Tariq Grace Ivy Rose"
)
_LAST_NAMES = "Okafor Lindqvist Hughes Patel MacLeod Nowak Begum O’Neill Carter Osei Grant Young May Shah Adeyemi"
_FIRST, _LAST = _FIRST_NAMES.split(), _LAST_NAMES.split()
_DOMAINS = ("example.org", "nhs.example.uk", "council.example.gov.uk")
_STREETS = ("Mill Lane", "High Street", "Castle Road", "Station Avenue", "St Mary’s Close", "Victoria Terrace")
_AREAS = ("SW1A", "M1", "EH12", "CF10", "BT7", "LS6", "B33", "W1A", "EC1A", "DN55", "G2", "AB10")
_LETTERS = "ABCDEFGHJKLMNPRSTUVWXY"

_TEMPLATES: dict[str, tuple[str, ...]] = {
    "e-mail address": ("You can write to {} and ask.", "I sent it to {}, twice.", "They only had {} on file"),
    "telephone": ("I rang {} and waited.", "My mobile is {}.", "Ring me on {} after six, I said."),
    "postcode": ("It kept saying {} was not found.", "We moved to {} in spring.", "I typed {} three times."),
    "National Insurance": (
        "My number is {} and it was refused.",
        "They wanted {} again.",
        "it says NI {} on the letter",
    ),
    "NHS or CHI number": ("The letter has {} at the top.", "NHS number {}, she read out.", "I gave {} at the desk."),
    "date of birth": ("I was born on {} so I am entitled.", "DOB {} on the form.", "date of birth: {}, it said"),
    "bank account": (
        "It goes into sort code {} every month.",
        "my account number is {} and that was wrong",
        "The bank wanted {} for the refund.",
    ),
    "IBAN": ("The pension comes to {} from abroad.", "I had to copy {} by hand."),
    "vehicle": ("The permit was for {} only.", "They fined {} although I had paid.", "My registration is {} now."),
    "address": ("We live at {} with my mum.", "It was sent to {} by mistake."),
    "name, with a title": ("Then Mrs {} came to the door.", "I asked Dr {} about it.", "Mr {} at the desk helped."),
    "name, as told": ("My daughter {} filled it in.", "My name is {} and I live alone.", "my neighbour {} drove me"),
    "name, known to the study": ("{} read the letter out.", "So I asked {} what it meant.", "It was {} who told me."),
    "name, bare": ("{} read the letter out.", "So I asked {} what it meant.", "It was {} who told me."),
}

_NEGATIVES = (
    "My case number is {digits8} and nobody knew it.",
    "The reference was {ref} on every letter.",
    "It cost £{price} and then £{price} more.",
    "The appointment was on {day} at half past nine.",
    "We tested version {version} on the tablet.",
    "Order {bad_ten} never came.",
    "Room {room} is on the second floor.",
    "Page {small} of {small} says the same as page {small}.",
    "My daughter and I waited for {small} weeks.",
    "The guidance of {day} says form {form} is enough.",
    "This is Universal Credit, not the council.",
    "I pressed {small}, then {small}, then hash.",
    "It took from {small}:15 to {small}:45 on Monday.",
    "Rule {small}.{small}.{small} of the scheme, in 2024-25, allows it.",
    "The tender {ref} closed in May 2024.",
    "Nobody at the Jobcentre asked me what I wanted.",
    "In Rose Cottage they said it was the Grant Office that decides.",
)


@dataclass(frozen=True, slots=True)
class Planted:
    kind: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Sample:
    text: str
    planted: tuple[Planted, ...]
    known: tuple[KnownName, ...] = ()


@dataclass(slots=True)
class Score:
    planted: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    marks: int = 0
    right: int = 0

    @property
    def recall(self) -> float:
        return sum(self.found.values()) / sum(self.planted.values())

    @property
    def precision(self) -> float:
        return self.right / self.marks if self.marks else 0.0


def corpus(seed: int = SEED, paragraphs: int = PARAGRAPHS) -> list[Sample]:
    """The same for the same seed: half of the sentences hold something, half look as if."""
    chance = random.Random(seed)
    return [_paragraph(chance) for _ in range(paragraphs)]


def run(paragraphs: int = PARAGRAPHS) -> dict[str, Score]:
    samples = corpus(paragraphs=paragraphs)
    scores = {"Research Hub": _score(samples, None), "plain patterns": _score(samples, plain_patterns)}
    beside = scrubadub()
    if beside is not None:
        scores["scrubadub, en_GB"] = _score(samples, beside)
    return scores


def markdown(scores: dict[str, Score]) -> str:
    names = list(scores)
    ours = scores["Research Hub"]
    recalls = " | ".join(f"**{each.recall:.3f}**" for each in scores.values())
    rows = [f"| {kind} | {ours.planted[kind]:,} | {_cells(scores, kind)} |" for kind in _TEMPLATES]
    return "\n".join(
        [
            "## Personal data in texts",
            "",
            f"{PARAGRAPHS:,} generated paragraphs, seed {SEED}; share of planted identifiers marked from end to end.",
            "",
            f"| Planted | Number | {' | '.join(names)} |",
            f"| --- | ---: | {' | '.join('---:' for _ in names)} |",
            *rows,
            f"| **Recall** | {sum(ours.planted.values()):,} | {recalls} |",
            f"| **Precision** | | {' | '.join(f'**{s.precision:.3f}**' for s in scores.values())} |",
            f"| Marks | | {' | '.join(f'{s.marks:,}' for s in scores.values())} |",
            "",
            "No rule finds a bare name that nobody has told it; that is why a person reads every text.",
        ]
    )


_PLAIN = re.compile(
    r"[\w.+-]+@[\w-]+\.[\w.-]+"
    r"|(?:\+44\s?|0)\d[\d\s]{8,11}\d"
    r"|\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b"
    r"|\b[A-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b"
    r"|\b\d{3}[ -]?\d{3}[ -]?\d{4}\b"
    r"|\b\d{1,2}/\d{1,2}/\d{2,4}\b"
    r"|\b\d{2}-\d{2}-\d{2}\b|\b\d{8}\b"
    r"|\b[A-Z]{2}\d{2} ?[A-Z]{3}\b"
    r"|\b(?:Mr|Mrs|Ms|Miss|Dr)\.? [A-Z]\w+"
)


def plain_patterns(text: str) -> list[Span]:
    """The list of patterns that a team copies together from the web in an hour."""
    return [found.span() for found in _PLAIN.finditer(text)]


def scrubadub() -> Finder | None:
    """None where it is not installed; it is no dependency of ours."""
    try:
        module = importlib.import_module("scrubadub")
    except ImportError:
        return None
    scrubber = module.Scrubber(locale="en_GB")
    return lambda text: [(filth.beg, filth.end) for filth in scrubber.iter_filth(text)]


def _score(samples: Sequence[Sample], finder: Finder | None) -> Score:
    """Without a finder ours, told the names that a study knows."""
    score = Score()
    for sample in samples:
        if finder is None:
            spans = [(hit.start, hit.end) for hit in scan({"": sample.text}, sample.known)]
        else:
            spans = finder(sample.text)
        for each in sample.planted:
            score.planted[each.kind] += 1
            score.found[each.kind] += _is_covered(each, spans)
        score.marks += len(spans)
        score.right += sum(
            any(start < each.end and each.start < end for each in sample.planted) for start, end in spans
        )
    return score


def _is_covered(planted: Planted, spans: Sequence[Span]) -> bool:
    """By one mark or by several side by side; blanks between them give nobody away."""
    return any(start <= planted.start and planted.end <= end for start, end in spans)


def _cells(scores: dict[str, Score], kind: str) -> str:
    return " | ".join(f"{score.found[kind] / score.planted[kind]:.3f}" for score in scores.values())


def _paragraph(chance: random.Random) -> Sample:
    pieces: list[str] = []
    planted: list[Planted] = []
    known: list[KnownName] = []
    length = 0
    for _ in range(chance.randint(4, 8)):
        if chance.random() < 0.5:
            sentence = _negative(chance)
        else:
            kind = chance.choice(list(_TEMPLATES))
            value = _value(kind, chance)
            template = chance.choice(_TEMPLATES[kind])
            start = length + template.index("{}")
            planted.append(Planted(kind, start, start + len(value)))
            sentence = template.replace("{}", value)
            if kind == "name, known to the study":
                known.append(KnownName(value))
        pieces.append(sentence)
        length += len(sentence) + 1
    return Sample(" ".join(pieces), tuple(planted), tuple(known))


def _negative(chance: random.Random) -> str:
    template = chance.choice(_NEGATIVES)
    return re.sub(r"\{(\w+)\}", lambda found: _looks_like(found.group(1), chance), template)


def _looks_like(name: str, chance: random.Random) -> str:
    number = chance.randint(1, 12)
    return {
        "digits8": lambda: str(chance.randint(10**7, 10**8 - 1)),
        "ref": lambda: chance.choice((f"REF/{_digits(chance, 3)}/{_letters(chance, 3)}", f"HB{_digits(chance, 6)}")),
        "price": lambda: f"{number},{_digits(chance, 3)}.{_digits(chance, 2)}",
        "day": lambda: chance.choice((f"{number} March 2024", f"{number}/0{chance.randint(1, 9)}/2024")),
        "version": lambda: f"{number}.{chance.randint(0, 20)}.{chance.randint(0, 20)}",
        "bad_ten": lambda: _spaced(_wrong_health(chance), (3, 3, 4), chance),
        "room": lambda: f"{_letters(chance, 1)}{chance.randint(1, 9)}.{_digits(chance, 2)}",
        "form": lambda: f"{_letters(chance, 2)}{number}",
        "small": lambda: str(number),
    }[name]()


def _value(kind: str, chance: random.Random) -> str:
    first, last = chance.choice(_FIRST), chance.choice(_LAST)
    if kind.startswith("name"):
        return last if kind == "name, with a title" else chance.choice((first, f"{first} {last}"))
    return {
        "e-mail address": lambda: f"{first}.{last}{chance.randint(1, 99)}@{chance.choice(_DOMAINS)}".lower().replace(
            "’", ""
        ),
        "telephone": lambda: _telephone(chance),
        "postcode": lambda: _postcode(chance),
        "National Insurance": lambda: (
            _spaced(
                f"{chance.choice('ABCEGHJKLMPRSTWXY')}{chance.choice('ABCEGHJKLMPRSTWX')}{_digits(chance, 6)}A",
                (2, 2, 2, 2, 1),
                chance,
            )
            .replace("BG", "AB")
            .replace("GB", "AB")
            .replace("KN", "AB")
            .replace("NK", "AB")
            .replace("TN", "AB")
        ),
        "NHS or CHI number": lambda: _spaced(_health(chance), (3, 3, 4), chance),
        "date of birth": lambda: chance.choice(
            (
                f"{chance.randint(1, 28)} May {chance.randint(1930, 2005)}",
                f"{chance.randint(1, 28):02}/0{chance.randint(1, 9)}/{chance.randint(1930, 2005)}",
                f"{chance.randint(1, 28)}.{chance.randint(1, 12)}.{chance.randint(30, 99)}",
            )
        ),
        "bank account": lambda: f"{chance.randint(10, 99)}-{chance.randint(10, 99)}-{chance.randint(10, 99)}",
        "IBAN": lambda: _iban(chance),
        "vehicle": lambda: (
            f"{_letters(chance, 2).replace('Z', 'A')}{chance.choice((12, 19, 51, 63, 70))} {_letters(chance, 3)}"
        ),
        "address": lambda: f"{chance.randint(1, 199)} {chance.choice(_STREETS)}",
    }[kind]()


def _telephone(chance: random.Random) -> str:
    tail = _digits(chance, 6)
    return chance.choice(
        (
            f"020 7946 {tail[:4]}",
            f"07700 900{tail[:3]}",
            f"07700900{tail[:3]}",
            f"+44 7700 900{tail[:3]}",
            f"+44 (0)20 7946 {tail[:4]}",
            f"01632 960{tail[:3]}",
            f"(0131) 496 0{tail[:3]}",
        )
    )


def _postcode(chance: random.Random) -> str:
    code = f"{chance.choice(_AREAS)} {chance.randint(1, 9)}{chance.choice('ABDEFGHJLNPQ')}{chance.choice('ABDEFGHJLN')}"
    return chance.choice((code, code, code.replace(" ", ""), code.lower()))


def _health(chance: random.Random) -> str:
    while True:
        nine = _digits(chance, 9)
        check = 11 - sum(int(digit) * weight for digit, weight in zip(nine, range(10, 1, -1), strict=True)) % 11
        if check != 10:
            return f"{nine}{0 if check == 11 else check}"


def _wrong_health(chance: random.Random) -> str:
    """Ten digits whose last is not the check digit, and that do not begin as a telephone number does."""
    good = _health(chance)
    return f"{chance.randint(1, 9)}{good[1:-1]}{(int(good[-1]) + 1) % 10}"


def _iban(chance: random.Random) -> str:
    digits = _digits(chance, 14)
    account = "".join(str(int(char, 36)) for char in f"WEST{digits}GB00")
    plain = f"GB{98 - int(account) % 97:02}WEST{digits}"
    return " ".join(plain[at : at + 4] for at in range(0, len(plain), 4)) if chance.random() < 0.5 else plain


def _spaced(value: str, groups: Sequence[int], chance: random.Random) -> str:
    if chance.random() < 0.5:
        return value
    pieces, at = [], 0
    for size in groups:
        pieces.append(value[at : at + size])
        at += size
    return chance.choice((" ", "-")).join(pieces)


def _digits(chance: random.Random, number: int) -> str:
    return "".join(chance.choice("0123456789") for _ in range(number))


def _letters(chance: random.Random, number: int) -> str:
    return "".join(chance.choice(_LETTERS) for _ in range(number))


if __name__ == "__main__":
    print(markdown(run()))
