"""Whether the stored files are those that the rows name: for `research-hub doctor`, which reads every one of them."""

from __future__ import annotations

from research_hub.config import Settings
from research_hub.db import reading
from research_hub.health import Check
from research_hub.stored_files import StoredFiles, look_through_files


def files_check(settings: Settings) -> Check:
    found = look_through_files(reading(), settings)
    return Check("stored files", found.is_well, files_in_words(found))


def files_in_words(found: StoredFiles) -> str:
    """What is wrong first, each with what to do; digests tell nothing of anybody."""
    told = []
    if found.missing:
        told.append(f"{_some(found.missing, 'is', 'are')} missing: put {_it(found.missing)} back from a backup.")
    if found.altered:
        told.append(
            f"{_some(found.altered, 'has', 'have')} other content than {_it(found.altered)} had: put "
            f"{_it(found.altered)} back from a backup, and find out who can write to the folder."
        )
    if found.unreferenced:
        told.append(f"{_some(found.unreferenced, 'is', 'are')} named by no record. Run: research-hub files sweep")
    if told:
        return " ".join(told)
    young = f"; {found.young} more are too young to say" if found.young else ""
    return f"{found.files:,} stored files, each as it was kept and named by a record{young}."


def _some(digests: tuple[str, ...], one: str, many: str) -> str:
    count = f"1 stored file ({digests[0][:12]}…) {one}"
    return count if len(digests) == 1 else f"{len(digests):,} stored files (first {digests[0][:12]}…) {many}"


def _it(digests: tuple[str, ...]) -> str:
    return "it" if len(digests) == 1 else "them"
