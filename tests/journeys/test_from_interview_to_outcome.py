"""A researcher, a designer and a leader walk the whole chain in a real browser, with JavaScript and without."""

from __future__ import annotations

import re
import time
from datetime import date, timedelta
from pathlib import Path

import pytest
from live import Office
from openpyxl import load_workbook
from playwright.sync_api import Page, expect
from sqlalchemy import select

from insights.decisions.models import Decision, DecisionLink, OutcomeCheck
from insights.synthesis.models import Insight, InsightVersion
from research_hub.db import transaction

pytestmark = pytest.mark.browser

NOTES = """She opened the letter at the kitchen table.

"I saw positive and I stopped reading. I rang my sister before I'd got to the bit about the GP."

"It should say what happens now, first. Then I can breathe and read the rest."
"""
FIRST = "I saw positive and I stopped reading."
SECOND = "It should say what happens now, first."
DECISION = "Put the next step before the result in every message"
CLAIM = "People who read the result before the next step stop reading."


PLACE_OF_WORDS = """words => {
    const walker = document.createTreeWalker(document.querySelector("[data-reader]"), NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const at = walker.currentNode.data.indexOf(words);
        if (at < 0) continue;
        walker.currentNode.parentElement.scrollIntoView({block: "center", behavior: "instant"});
        const range = document.createRange();
        range.setStart(walker.currentNode, at);
        range.setEnd(walker.currentNode, at + words.length);
        const {left, right, top, bottom} = range.getBoundingClientRect();
        return {left, right, y: (top + bottom) / 2};
    }
}"""


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def scripts(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


def test_the_chain_is_walked_from_interview_to_outcome(office: Office, scripts: bool, tmp_path: Path) -> None:
    researcher = office.sign_in("researcher@example.org", scripts=scripts)
    log_session(researcher)
    look_it_through(researcher)
    highlight(researcher, FIRST, "first reading, fear", paragraph=2, scripts=scripts)
    highlight(researcher, SECOND, "order", paragraph=3, scripts=scripts)
    publish_insight(researcher)

    designer = office.sign_in("designer@example.org", scripts=scripts)
    find_by_words_of_the_quote(designer, office)
    open_the_quote_in_its_place(designer)
    accept_a_decision(designer, office)

    leader = office.sign_in("leader@example.org", scripts=scripts)
    read_the_scorecard(leader, office)
    take_the_matrix_away(leader, office, tmp_path)
    record_that_it_improved(leader, office)

    edit_the_claim(researcher, office)
    see_the_link_outdated_and_affirm_it(designer, office)
    contradict_it(researcher, office)
    see_the_contradiction(designer, office)


def log_session(page: Page) -> None:
    """Three fields: study, date (today already), notes."""
    page.get_by_role("link", name="Log", exact=True).click()
    page.get_by_role("link", name="New session").first.click()

    page.get_by_label("Study").select_option(label="Results letters, round 2")
    page.get_by_role("textbox", name="Notes").fill(NOTES)
    page.get_by_role("button", name="Log session").click()
    expect(page.get_by_text("Session logged.")).to_be_visible()


def look_it_through(page: Page) -> None:
    """Nobody outside the study finds the words before."""
    back = page.url
    page.get_by_role("link", name="Look it through").click()
    page.get_by_role("button", name="I read it all: it gives nobody away").click()
    expect(page.get_by_role("button", name="Take the review back")).to_be_visible()
    page.goto(back)
    expect(page.get_by_role("link", name="Look it through")).to_have_count(0)


def highlight(page: Page, words: str, tags: str, *, paragraph: int, scripts: bool) -> None:
    if scripts:
        select_with_the_mouse(page, words)
        page.get_by_role("button", name="Highlight the selection").click()
        form = page.get_by_role("dialog")
    else:
        form = page.locator("#highlight-form")
        form.get_by_label("Paragraph number").fill(str(paragraph))
        form.get_by_label("Words to highlight").fill(words)
    form.get_by_label("Tags", exact=True).fill(tags)
    form.get_by_role("button", name="Save highlight").click()
    expect(page.get_by_text(re.compile(r"HL-\d+ stored"))).to_be_visible()
    expect(page.locator("mark", has_text=words)).to_be_visible()


def select_with_the_mouse(page: Page, words: str) -> None:
    """Drags from before the first to after the last letter, and again where the page was still scrolling."""
    page.wait_for_selector("html[data-enhanced]")
    for _ in range(10):
        box = page.evaluate(PLACE_OF_WORDS, words)
        page.mouse.move(box["left"], box["y"])
        page.mouse.down()
        page.mouse.move(box["right"], box["y"], steps=8)
        page.mouse.up()
        if page.evaluate("getSelection().toString()") == words:
            return
        page.mouse.click(2, 300)
        page.wait_for_timeout(200)
    raise AssertionError(f"“{words}” could not be selected with the mouse.")


def publish_insight(page: Page) -> None:
    """Four things: claim, type (actionable already), one piece of evidence, confidence."""
    page.get_by_role("link", name="use in an insight").first.click()
    page.get_by_label("The claim, in one sentence").fill(CLAIM)
    expect(page.get_by_text(FIRST)).to_be_visible()
    page.get_by_label("Confidence").select_option("high")
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_role("heading", name=CLAIM)).to_be_visible()
    expect(page.get_by_text("on the shelf for 0 days")).to_be_visible()


def find_by_words_of_the_quote(page: Page, office: Office) -> None:
    """'sister' stands in the session only, 'stopped' in the quote only; the claim holds neither."""
    for _ in range(40):
        page.goto(f"{office.address}/evidence?q=positive+stopped")
        if page.get_by_role("link", name=CLAIM).count():
            break
        time.sleep(0.25)
    expect(page.get_by_role("link", name=CLAIM)).to_be_visible()
    expect(page.locator("mark", has_text="stopped").first).to_be_visible()


def open_the_quote_in_its_place(page: Page) -> None:
    page.get_by_role("link", name=CLAIM).click()
    page.get_by_role("link", name="in its place").first.click()
    expect(page).to_have_url(re.compile(r"/sessions/SES-1#HL-1$"))
    expect(page.locator("mark#HL-1", has_text=FIRST)).to_be_visible()


def accept_a_decision(page: Page, office: Office) -> None:
    """From the insight into the decision: two choices and one sentence link it; then what was before and after."""
    page.goto(f"{office.address}/insights/INS-1")
    page.get_by_role("link", name="Use in a decision").click()
    page.get_by_label("What do you decide?").fill(DECISION)
    page.get_by_role("button", name="Save and link evidence").click()
    page.get_by_label("changed this decision").check()
    page.get_by_label("Why, in one sentence").fill("She stopped at the word positive.")
    page.get_by_role("button", name="Link the insight").click()
    page.get_by_role("link", name="Record what changed").click()
    page.get_by_label("Before").fill("Your result is positive.")
    page.get_by_label("After").fill("You need one more test. Your result is positive.")
    page.get_by_role("button", name="Save what changed").click()
    page.get_by_role("link", name="Add a measure").click()
    page.get_by_label("What is measured").fill("Calls within 24 hours")
    page.get_by_label("less is better").check()
    page.get_by_label("Now (the baseline)").fill("31")
    page.get_by_role("button", name="Add the measure").click()
    page.get_by_role("link", name="Accept or reject").click()
    page.get_by_role("button", name="Accept the decision").click()
    expect(page.get_by_role("heading", name=DECISION)).to_be_visible()
    expect(page.get_by_text(re.compile(r"accepted \d+ ")).first).to_be_visible()
    expect(page.get_by_text("She stopped at the word positive.").first).to_be_visible()
    expect(page.get_by_text(FIRST).first).to_be_visible()


def read_the_scorecard(page: Page, office: Office) -> None:
    page.get_by_role("link", name="Reports", exact=True).click()
    tile = page.get_by_role("link", name=re.compile("Decisions that rest on evidence"))
    expect(tile).to_contain_text("1 of 1")
    tile.click()
    expect(page.get_by_role("region", name="Rows that count").get_by_role("link", name="DEC-1")).to_be_visible()


def take_the_matrix_away(page: Page, office: Office, folder: Path) -> None:
    page.goto(f"{office.address}/reports/matrix")
    with page.expect_download() as download:
        page.get_by_role("link", name="XLSX").click()
    download.value.save_as(folder / "matrix.xlsx")
    sheet = load_workbook(folder / "matrix.xlsx").worksheets[0]
    cells = {str(cell.value) for row in sheet.iter_rows() for cell in row}
    assert {"INS-1", "DEC-1", "changed (current)"} <= cells


def record_that_it_improved(page: Page, office: Office) -> None:
    """Ninety days later the check is due; the leader records the figure, and the thread on the decision is whole."""
    let_ninety_days_pass(office)
    page.goto(f"{office.address}/checks")
    page.get_by_role("link", name=re.compile(r"Record|verdict", re.IGNORECASE)).first.click()
    page.get_by_label("It improved").check()
    page.get_by_label("The figure now").fill("20")
    page.get_by_role("button", name="Record the outcome").click()

    page.goto(f"{office.address}/decisions/DEC-1")
    thread = page.get_by_role("list", name="Where this stands in the chain")
    stages = [re.sub(r"\s+", " ", text).strip() for text in thread.get_by_role("listitem").all_inner_texts()]

    assert [stage.split()[0] for stage in stages] == ["Study", "Sessions", "Quotes", "Insights", "Decision", "Outcome"]
    assert [stage.split()[1] for stage in stages] == ["1", "1", "1", "1", "DEC-1", "improved"]


def let_ninety_days_pass(office: Office) -> None:
    """The test's only trick: what happened today happened ninety days ago."""
    ninety = timedelta(days=90)
    with office.app.app_context(), transaction() as session:
        check = session.scalars(select(OutcomeCheck)).one()
        assert check.due_on - date.today() == ninety
        check.due_on -= ninety
        session.scalars(select(Decision)).one().decided_on = date.today() - ninety
        link = session.scalars(select(DecisionLink)).one()
        link.created_at, link.affirmed_at = link.created_at - ninety, link.affirmed_at - ninety
        for version in session.scalars(select(InsightVersion)):
            version.at -= ninety
        insight = session.scalars(select(Insight)).one()
        assert insight.published_at is not None
        insight.published_at -= ninety


def edit_the_claim(page: Page, office: Office) -> None:
    page.goto(f"{office.address}/insights/INS-1/edit")
    page.get_by_label("The claim, in one sentence").fill(CLAIM.replace("stop reading", "stop reading and worry"))
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved as version")).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("DEC-1")).get_by_text("evidence changed since")).to_be_visible()


def see_the_link_outdated_and_affirm_it(page: Page, office: Office) -> None:
    """Outdated on the decision, in the matrix and on the scorecard, until one sentence re-affirms it."""
    page.goto(f"{office.address}/reports/matrix")
    expect(page.get_by_text("changed (evidence changed since)")).to_be_visible()
    page.goto(f"{office.address}/reports")
    expect(page.get_by_role("row", name=re.compile("Trace integrity"))).to_contain_text("0 of 1")
    page.goto(f"{office.address}/decisions/DEC-1")
    expect(page.get_by_text("evidence changed since").first).to_be_visible()
    page.locator("summary", has_text="Re-affirm").click()
    page.get_by_label(re.compile("still stands|sentence")).first.fill("It says the same, only stronger.")
    page.get_by_role("button", name=re.compile("Re-affirm")).click()
    expect(page.get_by_text("evidence changed since")).to_have_count(0)


def contradict_it(page: Page, office: Office) -> None:
    """A second insight, published on the second quote, says otherwise."""
    page.goto(f"{office.address}/insights/new?quote=HL-2")
    page.get_by_label("The claim, in one sentence").fill("People with an earlier result read on to the end.")
    page.get_by_label("Confidence").select_option("high")
    page.get_by_role("button", name="Publish").click()
    page.get_by_role("link", name="Record a contradiction").click()
    page.get_by_label("The insight that says otherwise").fill("INS-1")
    page.get_by_label("What contradicts, in a sentence").fill("They did not stop at the word.")
    page.get_by_role("button", name="Record contradiction").click()
    expect(page.get_by_text(re.compile("open since"))).to_be_visible()


def see_the_contradiction(page: Page, office: Office) -> None:
    for path in ("/insights/INS-1", "/insights/INS-2", "/decisions/DEC-1"):
        page.goto(office.address + path)
        expect(page.get_by_text(re.compile("contradicted", re.IGNORECASE)).first).to_be_visible()
