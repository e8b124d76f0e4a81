from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SplitText:
    """`front_matter` is the YAML between the fences, or None; `body_line` is the body's first line, from 1."""

    front_matter: str | None
    body: str
    body_line: int


def split_front_matter(text: str) -> SplitText:
    """Split a canonical text at its leading `---` fences. Whether what they hold is YAML is for the caller to see."""
    if not text.startswith("---"):
        return SplitText(None, text, 1)
    opening = text.find("\n")
    if opening < 0 or text[3:opening].strip():
        return SplitText(None, text, 1)
    place = opening + 1
    while place < len(text):
        end = text.find("\n", place)
        end = len(text) if end < 0 else end
        if text[place:end].rstrip() in {"---", "..."}:
            body = text[end + 1 :]
            return SplitText(text[opening + 1 : place], body, text.count("\n", 0, end) + 2)
        place = end + 1
    return SplitText(None, text, 1)
