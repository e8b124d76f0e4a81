"""Whether the names in a story point somewhere."""

from collections.abc import Iterable, Iterator


def unknown(where: str, names: Iterable[str | None], known: Iterable[str], what: str) -> Iterator[str]:
    """A problem for each name that is not known; None stands for one that was left out and points nowhere by right."""
    held = set(known)
    for name in names:
        if name is not None and name not in held:
            yield f"{where}: “{name}” is not a {what} of the story; correct the name or add it"
