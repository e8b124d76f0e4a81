"""YAML front matter, read without trust: no tags, no bombs, and scalars left as they are written."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import yaml

from insights.exchange.decision_files.documents import FrontMatterValue

_LONGEST = 64 * 1024  # characters
_DEEPEST = 20
_MOST_NODES = 5_000
_CLOSING = re.compile(r"(?:---|\.\.\.)[ \t]*$")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """`values` in the file's order; `comments` are YAML comments, which no mapping can hold.

    Where the block cannot be read, `problem` says why and `raw` holds it. `body_line` is the line the body starts on.
    """

    values: Mapping[str, FrontMatterValue] = field(default_factory=dict)
    comments: tuple[str, ...] = ()
    raw: str = ""
    problem: str = ""
    body: str = ""
    body_line: int = 1


def split_front_matter(text: str) -> FrontMatter:
    """The front matter and the body. A block that is no mapping (a rule, then text) belongs to the body."""
    lines = text.split("\n")
    end = _closing_line(lines)
    if end is None:
        return FrontMatter(body=text)
    raw, body = "\n".join(lines[1:end]), "\n".join(lines[end + 1 :])
    try:
        loaded = _load(raw)
    except (yaml.YAMLError, ValueError) as error:
        problem = " ".join(str(error).split())
        return FrontMatter(raw=raw, problem=problem[:300], body=body, body_line=end + 2)
    if loaded is None and not raw.strip():
        return FrontMatter(body=body, body_line=end + 2)
    if loaded is not None and not isinstance(loaded, dict):
        return FrontMatter(body=text)
    return FrontMatter(loaded or {}, _comments(raw), body=body, body_line=end + 2)


def dump_front_matter(values: Mapping[str, object]) -> str:
    """The values as YAML, in order, one line a value, so that a diff shows what changed."""
    return yaml.safe_dump(dict(values), sort_keys=False, allow_unicode=True, width=100_000)


def flow_text(value: FrontMatterValue) -> str:
    """A value as words: text as it stands, anything else in YAML's short form."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value.strip()
    dumped = yaml.safe_dump(value, default_flow_style=True, allow_unicode=True, width=100_000)
    return dumped.removesuffix("\n").removesuffix("\n...").strip()


class _PlainLoader(yaml.SafeLoader):
    """Safe, and without the guesses that lose what was written: 0012, 1.10, 12:30 and 2023-13-10 stay text."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 - PyYAML's own way


_PlainLoader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(?:~|null|Null|NULL|)$"), [*"~nN", ""])
_PlainLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|True|false|False)$"), [*"tTfF"])
_PlainLoader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^(?:0|-?[1-9][0-9]{0,17})$"), [*"-0123456789"])


def _closing_line(lines: list[str]) -> int | None:
    if not re.match(r"---[ \t]*$", lines[0]):
        return None
    return next((at for at, line in enumerate(lines) if at and _CLOSING.match(line)), None)


def _load(raw: str) -> FrontMatterValue:
    if len(raw) > _LONGEST:
        raise ValueError(f"the front matter is longer than {_LONGEST:,} characters")
    _refuse_bombs(raw)
    loader = _PlainLoader(raw)
    try:
        node = loader.get_single_node()
        if node is None:
            return None
        _refuse_repeated_keys(node)
        return _plain(loader.construct_document(node))
    finally:
        loader.dispose()


def _refuse_bombs(raw: str) -> None:
    """Aliases are refused altogether: front matter has no use for them, and nine lines of them fill a memory."""
    depth = 0
    for count, event in enumerate(yaml.parse(raw, Loader=_PlainLoader)):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if isinstance(event, yaml.AliasEvent):
            raise ValueError("the front matter uses YAML aliases, which are not read")  # noqa: TRY004 - not a type
        if depth > _DEEPEST or count > _MOST_NODES:
            raise ValueError("the front matter is nested too deeply or has too many values")


def _refuse_repeated_keys(node: yaml.Node) -> None:
    """YAML would silently keep the last of two equal keys; what a person wrote must not vanish."""
    if not isinstance(node, yaml.MappingNode):
        for child in node.value if isinstance(node, yaml.SequenceNode) else ():
            _refuse_repeated_keys(child)
        return
    keys = [str(key.value) for key, _ in node.value]
    if len(set(keys)) < len(keys):
        raise ValueError("the front matter has the same key twice")
    for _, value in node.value:
        _refuse_repeated_keys(value)


def _plain(value: object) -> FrontMatterValue:
    if isinstance(value, dict):
        return {_key(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple, set)):
        return [_plain(inner) for inner in value]
    if value is None or isinstance(value, (bool, int, str)):
        return value
    raise ValueError(f"the front matter has a value of an unusual kind ({type(value).__name__})")


def _key(key: object) -> str:
    return "" if key is None else str(key)


def _comments(raw: str) -> tuple[str, ...]:
    """Comments of the block; a # within a value's text is not one."""
    tokens = yaml.scan(raw, Loader=_PlainLoader)
    spans = [(token.start_mark.index, token.end_mark.index) for token in tokens if isinstance(token, yaml.ScalarToken)]
    found = re.finditer(r"(?m)(?:^|(?<=\s))#[ \t]*(?P<words>\S.*)$", raw)
    return tuple(hit["words"].strip() for hit in found if not any(start <= hit.start() < end for start, end in spans))
