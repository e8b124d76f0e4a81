import os
import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path, PurePosixPath

from insights.exchange.research_files.documents import (
    NotResearch,
    ResearchDocument,
    SkippedFile,
    TreeEntry,
    UnreadableFile,
)
from insights.exchange.research_files.names import study_folder
from insights.exchange.research_files.reader import MOST_BYTES, read_research_file

TEXT_SUFFIXES = frozenset((".md", ".markdown", ".mdown", ".txt", ".text"))


def read_research_tree(root: Path) -> Iterator[TreeEntry]:
    """Read a folder of research, or one file, in the order of the paths; every file and left-out folder is reported.

    Symbolic links are followed to files inside `root` only. Files are read one at a time, as they are asked for.

    Raises:
        FileNotFoundError: where there is no such file or folder.
    """
    if not root.exists():
        raise FileNotFoundError(f"There is no file or folder {root}.")
    if root.is_file():
        yield _read(root, root.name, top_folder=False)
        return
    pages: dict[str, str | None] = {}
    for path, name in _files(root):
        entry = (
            path if isinstance(path, SkippedFile) else _read(path, name, top_folder=_is_top_folder(path.parent, root))
        )
        yield _introduced(entry, root, pages) if isinstance(entry, ResearchDocument) else entry


_LICENCES = ("LICENSE", "LICENCE", "LICENSE.md", "LICENCE.md", "LICENSE.txt", "LICENCE.txt")


def _files(root: Path) -> Iterator[tuple[Path | SkippedFile, str]]:
    inside = root.resolve()
    for folder, folders, files in os.walk(root):
        below = Path(folder).relative_to(root)
        left_out = [(name, reason) for name in sorted(folders) if (reason := _why_not_entered(Path(folder) / name))]
        folders[:] = sorted(set(folders) - {name for name, _ in left_out})
        for name, reason in left_out:
            yield SkippedFile((below / name).as_posix(), reason), name
        for name in sorted(files):
            path, relative = Path(folder) / name, (below / name).as_posix()
            reason = _why_not_opened(path, inside)
            yield (SkippedFile(relative, reason) if reason else path), relative


def _why_not_entered(folder: Path) -> str | None:
    if folder.is_symlink():
        return "a link to a folder is not followed"
    return "a hidden folder" if folder.name.startswith(".") else None


def _why_not_opened(path: Path, inside: Path) -> str | None:
    if path.is_symlink() and not path.resolve().is_relative_to(inside):
        return "a link that leads out of the folder"
    try:
        state = path.stat()
    except OSError:
        return "a link that leads nowhere" if path.is_symlink() else "it cannot be opened"
    if not stat.S_ISREG(state.st_mode):
        return "not a regular file"
    if path.suffix.lower() not in TEXT_SUFFIXES and path.name not in _LICENCES:
        return f"not Markdown or plain text ({path.suffix or 'no suffix'})"
    return f"larger than {MOST_BYTES // 1_000_000} MB" if state.st_size > MOST_BYTES else None


def _is_top_folder(folder: Path, root: Path) -> bool:
    """The imported folder itself, or one below it that carries its own licence, as a data set does."""
    return folder == root or any((folder / name).is_file() for name in _LICENCES)


def _read(path: Path, name: str, *, top_folder: bool) -> TreeEntry:
    try:
        data = path.read_bytes()
    except OSError as error:
        return UnreadableFile(name, f"it cannot be opened: {error.strerror}")
    return read_research_file(name, data, top_folder=top_folder)


def _introduced(document: ResearchDocument, root: Path, pages: dict[str, str | None]) -> ResearchDocument:
    """With the title of the page that introduces its folder: app/hpv-self-testing.md for app/hpv-self-testing/."""
    folder = study_folder(document.name)
    if folder.as_posix() not in pages:
        pages[folder.as_posix()] = _title_of_page(root, folder)
    return replace(document, folder_title=pages[folder.as_posix()])


def _title_of_page(root: Path, folder: PurePosixPath) -> str | None:
    if not folder.name:
        return None
    page = root / folder.with_name(f"{folder.name}.md")
    if not page.is_file() or _why_not_opened(page, root.resolve()):
        return None
    entry = _read(page, folder.with_name(f"{folder.name}.md").as_posix(), top_folder=False)
    return entry.title or None if isinstance(entry, ResearchDocument | NotResearch) else None
