"""`make pictures`: the pictures of the README, taken of the demonstration as it is."""

import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import Page

from answerable.workers.demo import EMAIL, PASSWORD
from tests.parts.chromium import chromium

PICTURES = Path(__file__).parents[1] / "docs" / "pictures"
PORT = 8640
HOST = f"http://localhost:{PORT}"


def main() -> None:
    """Afterwards docs/pictures/ shows Today and a public letter of this version."""
    with tempfile.TemporaryDirectory(prefix="answerable-pictures-") as home:
        run = subprocess.Popen(
            [sys.executable, "-m", "answerable", "run", "--demo", "--port", str(PORT)],
            env=os.environ | {"ANSWERABLE_HOME": home},
        )
        try:
            letter = published()
            with chromium() as browser:
                page = browser.new_page(viewport={"width": 1280, "height": 1000})
                page.goto(letter)
                page.screenshot(path=PICTURES / "letter.png")
                sign_in(page)
                page.screenshot(path=PICTURES / "today.png")
        finally:
            run.terminate()
            run.wait()


def published() -> str:
    """The address of the letter that the demonstration publishes; waits until it has."""
    for _second in range(120):
        time.sleep(1)
        try:
            with urllib.request.urlopen(HOST, timeout=5) as answer:
                said = answer.read().decode()
        except OSError:
            continue
        if found := re.search(r'href="(/letters/[^"]+)"', said):
            return HOST + found[1]
    raise SystemExit("the demonstration published nothing")


def sign_in(page: Page) -> None:
    """Afterwards the page is Today."""
    page.goto(f"{HOST}/desk/")
    page.fill("input[name=login]", EMAIL)
    page.fill("input[name=password]", PASSWORD)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url(f"{HOST}/desk/")


if __name__ == "__main__":
    main()
