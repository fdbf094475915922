"""The tracker as a reader meets it in a browser: sorts, filters, opens a State, follows a quote, prints; by keyboard, on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from pipeline.report.tracker import track
from tests.browser import browser, browser_path
from tests.report.made_datasets import dataset, said

pytestmark = [
    pytest.mark.skipif(
        browser_path() is None, reason="no Chromium on this machine (Debian: apt-get install chromium)"
    ),
    pytest.mark.timeout(120),
]

LAPTOP = {"viewport": {"width": 1280, "height": 900}}
DARK_PHONE = {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"}


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with browser() as opened:
        yield opened


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tracker")
    rows = [
        said("FRA", "supportive", 2017, p_supportive=0.9, p_opposed=0.05, p_conditional=0.05, themes=["veto_restraint"]),
        said("CIV", "supportive", 2018, p_supportive=0.51, p_opposed=0.2, p_conditional=0.29, evidence="We uphold it in full."),
        said("CUB", "opposed", 2018, p_opposed=0.875, p_supportive=0.1, p_conditional=0.025, themes=["sovereignty"]),
        said("FRA", "supportive", 2018, p_supportive=0.9, p_opposed=0.05, p_conditional=0.05),
        said("DNK", "supportive", 2018, on_behalf_of=["Nordic countries"], p_supportive=0.7, p_opposed=0.1, p_conditional=0.2),
        said("BRA", "conditional", 2018, label_source="reviewer"),
        said("XAA", None, 2018, name="Aurelia"),
        said("FRA", "conditional", 2018, symbol="S/PV.9999", forum="SC", debate=None),
    ]  # fmt: skip
    track([dataset(folder / "made", rows)], folder / "tracker.html")
    return folder / "tracker.html"


@pytest.fixture
def page(chromium: Any, page_file: Path) -> Iterator[Any]:
    context = chromium.new_context(**LAPTOP)
    opened = context.new_page()
    problems: list[str] = []
    opened.on("pageerror", lambda error: problems.append(str(error)))
    opened.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    opened.goto(page_file.as_uri())
    yield opened
    context.close()
    assert problems == []


def shown(page: Any) -> list[str]:
    """The names of the States in the table, from top to bottom, without those filtered away."""
    names: list[str] = page.eval_on_selector_all(
        "#table tbody tr:not([hidden]) th", "cells => cells.map(cell => cell.textContent)"
    )
    return names


def test_the_keyboard_sorts_certainty_by_its_size_and_turns_it_round(page: Any) -> None:
    page.get_by_role("button", name="Certainty").focus()
    page.keyboard.press("Enter")
    up = shown(page)
    assert up.index("Côte d'Ivoire") < up.index("Denmark") < up.index("Cuba") < up.index("Brazil")
    page.keyboard.press("Enter")
    assert shown(page)[0] == "Brazil"
    assert page.locator("th[aria-sort=descending]").inner_text().startswith("Certainty")


def test_search_and_filters_narrow_the_table_and_the_pages_of_the_states(page: Any) -> None:
    page.get_by_label("Search").focus()
    page.keyboard.type("cote d")
    assert shown(page) == ["Côte d'Ivoire"] and "1 of" in page.locator("#shown").inner_text()
    assert page.locator("details.state#CUB").is_hidden() and page.locator("details.state#CIV").is_visible()
    page.get_by_role("button", name="Show all").press("Enter")
    page.locator("#f-forum").select_option("SC")
    assert shown(page) == ["France"]
    page.locator("#f-stance").select_option("s")
    assert shown(page) == [] and "No State fits" in page.locator("#shown").inner_text()
    page.get_by_role("button", name="Show all").click()
    page.locator("#f-own").select_option("0")
    assert set(shown(page)) == {"Finland", "Iceland", "Norway", "Sweden"}


def test_a_states_page_opens_and_its_year_leads_to_the_sentence_with_its_source(page: Any) -> None:
    page.locator("#table").get_by_role("link", name="Cuba").press("Enter")
    page.locator("details.state#CUB[open]").wait_for()
    page.locator("#table tr", has_text="Côte d'Ivoire").get_by_role("link", name="2018").click()
    quote = page.locator("details.state#CIV q")
    quote.wait_for()
    assert quote.inner_text().strip('“”"') == "We uphold it in full."
    link = page.locator("details.state#CIV .q small a")
    assert link.get_attribute("href").startswith("https://docs.un.org/en/A/72/PV.99")
    assert "A/72/PV.99, page" in link.inner_text()


def test_each_card_opens_a_list_as_long_as_its_number(page: Any) -> None:
    counted = 0
    for card in page.locator(".cards details.n").all():
        card.locator("summary").press("Enter")
        number = int(card.locator("summary").evaluate("node => node.firstChild.textContent"))
        text = card.locator("div").inner_text().split("\n", 1)[1]
        names = [
            name
            for part in text.split(": ")
            for name in part.split(".")[0].split(", ")
            if "words" not in name
        ]
        assert len([name for name in names if name.strip() and "Through" not in name]) == number, text
        counted += 1
        page.keyboard.press("Escape")
    assert counted >= 7 and page.locator("details.n[open]").count() == 0


def test_it_prints_in_full_and_one_state_alone(page: Any, tmp_path: Path) -> None:
    page.pdf(path=tmp_path / "all.pdf", format="A4")
    text = "".join(p.get_textpage().get_text_range() for p in pypdfium2.PdfDocument(tmp_path / "all.pdf"))
    assert "Cuba" in text and "How to read this" in text and "Sort by" not in text
    page.evaluate("window.print = () => {}")
    page.locator("details.state#CUB > summary").press("Enter")
    page.locator("details.state#CUB").get_by_role("button", name="Print this State").click()
    page.emulate_media(media="print")
    assert page.locator("details.state#CUB q").is_visible()
    assert page.locator("#headlines").is_hidden() and page.locator("details.state#FRA").is_hidden()


def test_nothing_is_wider_than_a_phone(chromium: Any, page_file: Path) -> None:
    context = chromium.new_context(**DARK_PHONE)
    page = context.new_page()
    page.goto(page_file.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    context.close()


@pytest.mark.parametrize("look", [LAPTOP, DARK_PHONE], ids=["laptop", "dark phone"])
def test_the_accessibility_check_finds_nothing_serious(
    chromium: Any, page_file: Path, look: dict[str, Any]
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    context = chromium.new_context(bypass_csp=True, **look)
    page = context.new_page()
    page.goto(page_file.as_uri())
    page.evaluate("document.querySelectorAll('details:not(.n)').forEach(box => { box.open = true })")
    found = axe.run(page).response["violations"]
    assert [v["id"] for v in found if v["impact"] in ("serious", "critical")] == []
    context.close()


def test_everything_can_be_read_without_scripts(chromium: Any, page_file: Path) -> None:
    context = chromium.new_context(java_script_enabled=False, **LAPTOP)
    page = context.new_page()
    page.goto(page_file.as_uri())
    assert page.locator("#table tbody tr").count() == 10 and page.locator("#filters").is_hidden()
    page.locator("details.state#CUB > summary").click()
    assert page.locator("details.state#CUB q").is_visible()
    context.close()
