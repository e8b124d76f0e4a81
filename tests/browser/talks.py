"""What the tests of the reader read: a talk with times and its recording, notes that were edited, and a long text."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from browser.conftest import served
from demonstration import close, sound, token_of
from factories import NOTES, make_highlight, make_member, make_session, make_study, make_team, source_of, text_of
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page
from sqlalchemy.orm import Session

from insights.capture.models import ResearchSession, SourceText, Study, Utterance
from insights.capture.recordings import attach_closed_recording
from insights.coding.operations import edit_source_text
from insights.core.access import Role
from insights.core.installation import ensure_database_id
from insights.people.models import Member
from insights.people.vault.files import close_into, ready_for_recording
from research_hub.app import create_app
from research_hub.config import Settings
from research_hub.db import db, transaction
from research_hub.files import FileStore

SAID = ("Take your time.", "I saw positive and I stopped reading. 😅 I rang my sister.", "What did you tell her?")
SECONDS_BETWEEN = 2
# Where words of a line stand on the screen: the left of their first letter and the right of their last.
_ENDS = """([words, line, select]) => {
    const walker = document.createTreeWalker(document.querySelector(line + " [data-text]"), NodeFilter.SHOW_TEXT);
    const letters = [];
    while (walker.nextNode()) {
        const node = walker.currentNode;
        if (!node.parentElement.hidden) for (let at = 0; at < node.length; at += 1) letters.push([node, at]);
    }
    const start = letters.map(([node, at]) => node.data[at]).join("").indexOf(words);
    if (start < 0) throw new Error("not there: " + words);
    const range = document.createRange();
    const [last, at] = letters[start + words.length - 1];
    range.setStart(...letters[start]);
    range.setEnd(last, at + 1);
    if (select) {
        getSelection().removeAllRanges();
        getSelection().addRange(range);
    }
    const boxes = [...range.getClientRects()];
    const [from, to] = [boxes[0], boxes.at(-1)];
    return [from.left + 1, from.top + from.height / 2, to.right, to.top + to.height / 2];
}"""


@contextmanager
def hub_with_talks(folder: Path) -> Iterator[tuple[Flask, str]]:
    """The application and its address: a talk with HL-1 is SES-1, edited notes with HL-2, a long text with HL-3."""
    app = create_app(Settings(data=folder))
    app.config["RATELIMIT_ENABLED"] = False
    with app.app_context():
        db.create_all()
        with transaction() as session:
            ensure_database_id(session)
            maya = make_member(
                session, role=Role.RESEARCHER, team=make_team(session, is_central=True), name="Maya Osei"
            )
            study = make_study(session, actor=maya)
            _tell_talk(session, maya, study, app.extensions["files"])
            _tell_edited_notes(session, maya, study)
            _tell_long_text(session, maya, study)
    with served(app) as address:
        yield app, address
    with app.app_context():
        close(app)


def browser_for(app: Flask, address: str, browser: Browser, **options: object) -> BrowserContext:
    """A browser in which Maya is signed in."""
    made = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})  # type: ignore[arg-type]  # Playwright's own
    made.set_default_timeout(20_000)
    cookie = {"name": app.config["SESSION_COOKIE_NAME"], "value": token_of(app, Role.RESEARCHER), "url": address}
    made.add_cookies([cookie])  # type: ignore[list-item]  # Playwright's own mapping
    return made


def opened(context: BrowserContext, address: str) -> Page:
    """The page, once every key and button of it answers."""
    page = context.new_page()
    page.goto(address)
    page.wait_for_selector("html[data-enhanced]")
    return page


def drag_over(page: Page, words: str, line: str) -> None:
    """Selects the words with the mouse: pressed before the first letter, let go behind the last."""
    from_x, from_y, to_x, to_y = page.evaluate(_ENDS, [words, line, False])
    page.mouse.move(from_x, from_y)
    page.mouse.down()
    page.mouse.move(to_x, to_y, steps=4)
    page.mouse.up()


def leave_selected(page: Page, words: str, line: str) -> None:
    """Selects the words as the handles of a touch screen leave them: by no event of a pointer."""
    page.evaluate(_ENDS, [words, line, True])


def _tell_talk(session: Session, maya: Member, study: Study, files: FileStore) -> None:
    talk = make_session(session, actor=maya, study=study, notes="\n\n".join(SAID), participants=["P-7K3Q"])
    source = source_of(session, talk)
    text = text_of(session, source)
    for number, words in enumerate(SAID, start=1):
        start = text.index(words)
        said = Utterance(
            text_version_id=source.current_version_id,
            number=number,
            start=start,
            end=start + len(words),
            start_ms=(number - 1) * SECONDS_BETWEEN * 1_000,
            speaker="P-7K3Q" if number == 2 else "Moderator",
        )
        session.add(said)
    make_highlight(session, actor=maya, research_session=talk, words="I saw positive", tags=["first reading"])
    _attach_sound(session, maya, source, study, files)


def _attach_sound(session: Session, maya: Member, source: SourceText, study: Study, files: FileStore) -> None:
    closed = close_into(files, BytesIO(sound(len(SAID) * SECONDS_BETWEEN + 1)), ready_for_recording(source.ref))
    attach_closed_recording(
        session,
        actor=maya,
        source=source,
        study=study,
        closed=closed,
        media_type="audio/wav",
        name="talk.wav",
    )


def _tell_edited_notes(session: Session, maya: Member, study: Study) -> ResearchSession:
    """The words under HL-2 were written anew, so that it lost its place."""
    edited = make_session(session, actor=maya, study=study)
    make_highlight(session, actor=maya, research_session=edited)
    edit_source_text(
        session,
        actor=maya,
        source=source_of(session, edited),
        study=study,
        text=NOTES.replace("I saw positive and I stopped reading.", "I saw the word positive and stopped."),
        version_number=1,
    )
    return edited


def _tell_long_text(session: Session, maya: Member, study: Study) -> None:
    """Two hundred paragraphs; HL-3 stands in the hundred and fiftieth."""
    paragraphs = [f"This was said in answer {number}, and then she waited." for number in range(1, 201)]
    paragraphs[149] = "Only here she says that nobody rang back."
    long = make_session(session, actor=maya, study=study, notes="\n\n".join(paragraphs))
    make_highlight(session, actor=maya, research_session=long, words="nobody rang back", tags=["waiting"])
