"""Takes the pictures of the documentation from a running demonstration: `python tools/pictures/take.py ADDRESS LOGINS`.

ADDRESS is where `make run` serves, with RESEARCH_HUB_PUBLIC_PAGES=true; LOGINS is the file demo-logins.txt in its data
folder. Chromium has to be there. With pngquant on the path the pictures are made as small as those in the repository.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser, Page, sync_playwright

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
PHONE = (375, 620)


class Picture(NamedTuple):
    """One picture: whose login it takes ("" for nobody's), the address, and the size of the window in CSS pixels."""

    name: str
    role: str
    path: str
    size: tuple[int, int] = (1280, 940)
    dark: bool = False


WANTED = (
    Picture("insight", "designer", "/insights/INS-20", (1280, 860)),
    Picture("scorecard", "leader", "/reports", (1280, 1000)),
    Picture("decision-dark", "leader", "/decisions/DEC-17", (1280, 1000), dark=True),
    Picture("evidence", "designer", "/evidence?q=text+message"),
    Picture("flow", "leader", "/reports/flow", (1280, 960)),
    Picture("thread-dark", "leader", "/reports/trace/DEC-17?form=drawing", (1280, 900), dark=True),
    Picture("session-phone", "researcher", "/sessions/SES-22", PHONE),
    Picture("public-phone", "", "/open/DEC-17", PHONE),
)


def main(address: str, logins: Path) -> None:
    known = _logins(logins)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for picture in WANTED:
            page = _window(browser, picture)
            if picture.role:
                _sign_in(page, address, known[picture.role])
            page.goto(f"{address}{picture.path}", wait_until="networkidle")
            page.screenshot(path=PICTURES / f"{picture.name}.png")
            page.context.close()
            _make_small(PICTURES / f"{picture.name}.png")
            print(f"{picture.name}.png  {picture.path}")
        browser.close()


def _logins(file: Path) -> dict[str, tuple[str, str]]:
    """By role, e-mail address and password, as the demonstration wrote them."""
    lines = (line.split() for line in file.read_text("utf-8").splitlines())
    return {words[0]: (words[1], words[2]) for words in lines if len(words) == 3}


def _window(browser: Browser, picture: Picture) -> Page:
    width, height = picture.size
    return browser.new_context(
        viewport={"width": width, "height": height}, color_scheme="dark" if picture.dark else "light"
    ).new_page()


def _sign_in(page: Page, address: str, login: tuple[str, str]) -> None:
    page.goto(f"{address}/sign-in")
    page.get_by_label("E-mail").fill(login[0])
    page.get_by_label("Password").fill(login[1])
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Log", exact=True).wait_for()


def _make_small(picture: Path) -> None:
    pngquant = shutil.which("pngquant")
    if pngquant is not None:
        subprocess.run([pngquant, "--force", "--skip-if-larger", "--output", str(picture), str(picture)], check=False)


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"), Path(sys.argv[2]))
