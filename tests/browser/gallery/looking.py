"""Shows every component with believable content: cd tests; python -m browser.gallery.looking FOLDER.

Serves the pages under the product's own Content-Security-Policy, takes pictures in light, dark, at 375 and
320 pixels, and runs axe on each. Ends with 1 where axe, the policy or the width of a page complains.
"""

import shutil
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace

from browser.gallery.content import sample_form, sample_lines
from jinja2 import Environment, FileSystemLoader
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parents[3]
PAGES = Path(__file__).parent / "pages"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
BROWSER_ARGUMENTS = [
    "--no-sandbox",
    "--headless=new",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
AXE = next((ROOT / "tests" / "browser" / "vendor").glob("axe-core-*/axe.min.js"))
ASK_AXE = """
axe.run({runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}).then(
  ({violations}) => violations.map(({id, nodes}) => id + ": " + nodes.slice(0, 3).map(
    ({html, failureSummary}) => html.slice(0, 200) + " " + failureSummary).join("; ")))
"""
VIEWS = {"light": (1280, "light"), "dark": (1280, "dark"), "375": (375, "light"), "320": (320, "dark")}


def main(folder: Path) -> int:
    """Render, photograph and check each page of the gallery; answer the number of complaints."""
    names = render_pages(folder)
    complaints: list[str] = []
    with served(folder) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=BROWSER_ARGUMENTS)
        for name in names:
            complaints += look_at(browser, f"{address}/{name}.html", folder / "pictures" / name)
        browser.close()
    sys.stdout.write("\n".join(complaints) + f"\n{len(complaints)} complaints, {len(names)} pages\n")
    return 1 if complaints else 0


def render_pages(folder: Path) -> list[str]:
    """Write each page of gallery/ into the folder, beside a link to the static files."""
    folder.mkdir(parents=True, exist_ok=True)
    static = folder / "static"
    if not static.is_symlink():
        static.symlink_to(ROOT / "research_hub" / "static")
    environment = _environment()
    names = sorted(path.stem for path in PAGES.glob("*.html"))
    for name in names:
        page = environment.get_template(f"{name}.html").render(language="en", version="0.1.0")
        (folder / f"{name}.html").write_text(page, encoding="utf-8")
    return names


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve the folder on a free port of this machine for as long as the block lasts."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_WithPolicy, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def look_at(browser: Browser, address: str, picture: Path | None = None) -> list[str]:
    """Tell what is wrong with one page in each view: axe, the width, the policy. With `picture`, also take pictures."""
    page = browser.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(address)
    page.wait_for_load_state("networkidle")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    for view, (width, scheme) in VIEWS.items():
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        complaints += [f"{view}: {words}" for words in _complaints(page, width)]
        if picture:
            picture.parent.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=f"{picture}-{view}.png", full_page=True)
    page.close()
    return [f"{address} {words}" for words in complaints]


class _WithPolicy(SimpleHTTPRequestHandler):
    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (the name is the base class's)
        pass


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader([ROOT / "templates", PAGES]),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(ago=str, markdown=str)
    environment.globals.update(
        url_for=lambda endpoint, **values: f"{endpoint}/{values.get('filename', '')}",
        sample_form=sample_form,
        sample_lines=sample_lines,
        csrf_token=lambda: "gallery-token",
        tray_count=lambda: 3,
        in_tray=frozenset,
        let_in=tuple,
        get_flashed_messages=lambda **_: [
            ("success", {"text": "Highlight HL-912 removed.", "undo_href": "#undo"}),
        ],
        member=SimpleNamespace(name="Maya Osei", role_label="Researcher, screening services"),
    )
    return environment


def _complaints(page: Page, width: int) -> list[str]:
    violations = page.evaluate(ASK_AXE)
    found = page.evaluate("document.documentElement.scrollWidth")
    return [*violations, *([f"scrolls sideways, {found} wide"] if found > width else [])]


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve()))
