"""The page in a real browser: ten speeches by keyboard, one undone, one adjudicated, all found in the dataset; no serious barrier."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline import Options, label, load_dataset
from pipeline.resources import corpus_dir
from pipeline.review.labels import reviewed
from tests.browser import browser, browser_path
from tests.review.client import Server
from tests.review.made import dataset, doubtful

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        browser_path() is None, reason="no Chromium on this machine (Debian: apt-get install chromium)"
    ),
]

SAMPLE = corpus_dir() / "sample"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with browser() as opened:
        yield opened


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    out = tmp_path / "sample"
    label(
        [SAMPLE / "sample-debate.pdf", SAMPLE / "sample-debate-2.pdf"],
        out,
        Options(jobs=1, states=SAMPLE / "states.csv"),
    )
    return out


class Reviewer:
    """Somebody at a keyboard; notes every request that leaves for another host, and every error of the page."""

    def __init__(self, chromium: Any, server: Server, name: str, **context: Any) -> None:
        self.context = chromium.new_context(**context)
        self.page = self.context.new_page()
        self.server = server
        self.elsewhere: list[str] = []
        self.errors: list[str] = []
        self.page.on("request", lambda r: r.url.startswith(server.address) or self.elsewhere.append(r.url))
        self.page.on("console", lambda m: m.type in ("error", "warning") and self.errors.append(m.text))
        self.page.on("pageerror", lambda e: self.errors.append(str(e)))
        self.page.goto(server.address)
        self.page.fill("input[name=name]", name)
        self.press("Enter")

    def press(self, key: str) -> str:
        """A key that leads to another page; gives what the page says then."""
        with self.page.expect_navigation():
            self.page.keyboard.press(key)
        return str(self.page.inner_text(".said"))

    @property
    def speech(self) -> str:
        """The id of the speech that is open."""
        return str(self.page.inner_text(".id"))


def rows(path: Path) -> dict[str, dict[str, Any]]:
    return {row["speech_id"]: row for row in load_dataset(path).rows("speeches")}


def test_ten_speeches_by_keyboard_one_undone_one_adjudicated_all_in_the_dataset(
    chromium: Any, sample: Path
) -> None:
    given: dict[str, str] = {}
    words = {"1": "supportive", "2": "conditional", "3": "opposed", "0": "not_addressed"}
    with Server(sample, options=("--second-share", "1", "--audit-share", "1")) as server:
        ada = Reviewer(chromium, server, "Ada")
        ada.press("Enter")
        for key in "1230123012":
            speech = ada.speech
            assert "Saved" in ada.press(key)
            given[speech] = words[key]
        undone = next(reversed(given))
        assert "Undone" in ada.press("u") and ada.speech == undone
        del given[undone]

        ben = Reviewer(chromium, server, "Ben")
        ben.press("Enter")
        disputed = ben.speech
        assert disputed == next(iter(given))
        ben.page.keyboard.press("n")
        ben.page.keyboard.type("1 2 3: only a warning")
        ben.page.keyboard.press("Escape")
        ben.page.keyboard.press("e")
        ben.page.keyboard.press("ArrowDown")
        ben.page.keyboard.press("Enter")
        chosen = ben.page.inner_text("#deciding")
        ben.press("2")

        ada.page.goto(server.address + "/adjudication")
        ada.press("Enter")
        said = ada.page.inner_text(".side")
        assert "Ada" in said and "Ben" in said and "only a warning" in said and chosen in said
        assert "Settled" in ada.press("2")
        given[disputed] = "conditional"
        assert ada.errors == ben.errors == [] and ada.elsewhere == ben.elsewhere == []
        assert server.stop() == 0
    found = rows(sample)
    for speech, expected in given.items():
        assert (found[speech]["stance"] or found[speech]["status"]) == expected
        assert found[speech]["label_source"] == ("adjudicated" if speech == disputed else "reviewer")
    assert found[undone]["label_source"] == "model"
    assert sum(row["label_source"] != "model" for row in found.values()) == len(given)


def test_sentences_are_marked_by_keyboard_and_a_draft_outlives_a_look_elsewhere(
    chromium: Any, tmp_path: Path
) -> None:
    text = "\U0001f600 We begin here. We stand behind the responsibility to protect. It must not be a pretext. That is all."
    path = dataset(tmp_path / "d", [doubtful(1, text=text), doubtful(2, text=text + " Again.")])
    with Server(path) as server:
        ada = Reviewer(chromium, server, "Ada")
        ada.press("Enter")
        first = ada.speech
        keys = ada.page.keyboard.press
        keys("m")
        assert ada.page.is_visible("#mark-bar")
        for _ in range(5):
            keys("ArrowUp")
        for key in ("0", "Backspace", "ArrowDown", "1", "ArrowDown", "3", "2"):
            keys(key)
        keys("b")  # while marking, no other key leaves the speech
        assert ada.speech == first and "limits or doubts" in ada.page.inner_text("#mark-told")
        keys("Enter")
        assert not ada.page.is_visible("#mark-bar")
        here = ada.page.url
        ada.press("ArrowRight")
        ada.page.goto(here)
        assert ada.page.locator(".s[data-said]").count() == 2
        ada.page.click("button[value=note]")  # what saves no label keeps the draft
        ada.page.wait_for_selector("#mark-told:has-text('1 endorses')")
        ada.press("2")
        assert ada.page.locator(".s[data-said]").count() == 0  # the next speech has none
        # Somebody else at the same browser sees nothing of it.
        keys("m")
        keys("1")
        there = ada.page.url
        ada.page.goto(server.address + "/enter")
        ada.page.fill("input[name=name]", "Ben")
        with ada.page.expect_navigation():
            keys("Enter")
        for url in (here, there):
            ada.page.goto(url)
            assert ada.page.input_value("#act input[name=marks]") == ""
            assert ada.page.locator(".s[data-said]").count() == 0
        assert ada.errors == [] and ada.elsewhere == []
        assert server.stop() == 0
    [label] = reviewed(path)
    assert [(m.words, m.letter) for m in label.marks] == [
        ("We stand behind the responsibility to protect.", "S"),
        ("It must not be a pretext.", "C"),
    ]


def test_a_sentence_and_a_selection_are_saved_at_their_place(chromium: Any, tmp_path: Path) -> None:
    text = "\U0001f600 We begin here. We stand behind the responsibility to protect.\n\nThat is all, caf\u00e9 or not."
    path = dataset(tmp_path / "d", [doubtful(1, text=text), doubtful(2, text=text)])
    with Server(path) as server:
        ada = Reviewer(chromium, server, "Ada")
        ada.press("Enter")
        ada.page.keyboard.press("e")
        for _ in range(5):
            ada.page.keyboard.press("ArrowDown")
        ada.press("3")
        ada.page.evaluate(
            """() => { const node = [...document.querySelectorAll('#text .s')].pop().firstChild;
            const range = document.createRange(); range.setStart(node, 13); range.setEnd(node, 17);
            getSelection().removeAllRanges(); getSelection().addRange(range); }"""
        )
        ada.page.keyboard.press("e")
        assert ada.page.inner_text("#deciding") == "caf\u00e9"
        ada.press("3")
    found = rows(path)
    assert found["X/1/PV.1-1"]["evidence"] == "That is all, caf\u00e9 or not."
    assert found["X/1/PV.1-2"]["evidence"] == "caf\u00e9"
    for row in found.values():
        assert text[row["evidence_start"] : row["evidence_end"]] == row["evidence"]


def test_keys_in_a_field_are_letters_and_escape_gives_the_keys_back(chromium: Any, tmp_path: Path) -> None:
    path = dataset(tmp_path / "d", [doubtful(1), doubtful(2)])
    with Server(path) as server:
        ada = Reviewer(chromium, server, "Ada")
        ada.press("Enter")
        first = ada.speech
        ada.page.keyboard.press("n")
        ada.page.keyboard.type("1230subx?")
        assert ada.speech == first and ada.page.input_value("textarea") == "1230subx?"
        ada.page.keyboard.press("Escape")
        ada.press("1")
        ada.press("b")
        assert ada.speech == first and ada.page.input_value("textarea") == "1230subx?"
        ada.page.keyboard.press("s")
        assert ada.page.is_visible("#skip")
        ada.page.keyboard.press("Escape")
        assert not ada.page.is_visible("#skip")
        ada.page.keyboard.press("c")
        assert ada.page.is_visible("#correct")
        ada.page.check("input[value=speaker]")
        ada.page.fill("#correct input[name=value]", "Orlana")
        assert "Noted for the maintainer" in ada.press("Enter")
        assert "The speaker is another: Orlana" in ada.page.inner_text("aside")


def test_a_long_speech_opens_at_its_passages_and_w_shows_it_whole(chromium: Any, tmp_path: Path) -> None:
    trade = "On trade we have said what there is to say. " * 60
    text = trade + "\n\nWe stand behind the responsibility to protect.\n\n" + trade + "We thank you."
    path = dataset(
        tmp_path / "d", [doubtful(1, text=text, debate="X-1-general-debate", forum="GA-general-debate")]
    )
    with Server(path) as server:
        ada = Reviewer(chromium, server, "Ada")
        ada.press("Enter")
        assert "We thank you." not in ada.page.inner_text("#text") and "[…]" not in ada.page.text_content(
            "#text"
        )
        assert "We stand behind" in ada.page.inner_text("#text")
        ada.page.keyboard.press("w")
        assert "We thank you." in ada.page.inner_text("#text") and ada.page.text_content("#text") == text
        ada.page.keyboard.press("w")
        ada.page.keyboard.press("e")
        for _ in range(100):
            ada.page.keyboard.press("ArrowDown")
        assert ada.page.inner_text("#deciding") != "We thank you."
        ada.press("3")
    [row] = rows(path).values()
    assert text[row["evidence_start"] : row["evidence_end"]] == row["evidence"]


def test_keys_can_be_turned_off(chromium: Any, tmp_path: Path) -> None:
    path = dataset(tmp_path / "d", [doubtful(1)])
    with Server(path) as server:
        ada = Reviewer(chromium, server, "Ada")
        ada.press("?")
        ada.page.uncheck("#keys-on")
        ada.page.goto(server.address + "/next")
        ada.page.keyboard.press("1")
        ada.page.wait_for_timeout(200)
        assert ada.page.query_selector("#act")
        ada.page.click("button[value=supportive]")
        ada.page.wait_for_selector(".nothing")


def test_hostile_text_runs_nothing_and_changes_nothing_on_the_page(chromium: Any, tmp_path: Path) -> None:
    text = (
        "<script>window.hit=1</script><img src=x onerror=window.hit=1><a href=javascript:window.hit=1>x</a> \u202eabc\u202c "
        * 20
    )
    path = dataset(tmp_path / "d", [doubtful(1, text=text, speaker=text[:80], state=text[:80])])
    with Server(path) as server:
        ada = Reviewer(chromium, server, "Ada")
        ada.press("Enter")
        assert ada.page.evaluate("window.hit") is None and ada.errors == []
        assert ada.page.evaluate("document.querySelectorAll('#text img, #text script, #text a').length") == 0
        assert ada.page.evaluate("document.getElementById('text').textContent") == text


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_no_page_has_a_serious_barrier(chromium: Any, sample: Path, scheme: str, width: int) -> None:
    from axe_playwright_python.sync_playwright import Axe

    with Server(sample, options=("--second-share", "1")) as server:
        ada = Reviewer(chromium, server, "Ada", color_scheme=scheme, viewport={"width": width, "height": 800})
        ada.press("Enter")
        ada.press("1")
        ben = Reviewer(chromium, server, "Ben")
        ben.press("Enter")
        ben.press("3")
        dispute = (
            "/dispute?"
            + ada.context.request.get(server.address + "/adjudication")
            .text()
            .partition("/dispute?")[2]
            .partition('"')[0]
        )
        ben.context.close()
        for path in (
            "/",
            "/?status=all&text=protect",
            "/next",
            dispute.replace("&amp;", "&"),
            "/adjudication",
            "/progress",
            "/help",
            "/enter",
        ):
            ada.page.goto(server.address + path)
            found = (
                Axe()
                .run(
                    ada.page,
                    options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]},
                )
                .response
            )
            assert len(found["passes"]) > 10, f"{path}: the checker saw next to nothing"
            serious = [
                (v["id"], v["impact"], [n["html"][:120] for n in v["nodes"][:3]])
                for v in found["violations"]
                if v["impact"] in ("serious", "critical", "moderate")
            ]
            assert serious == [], f"{path}: {json.dumps(serious, indent=1)}"
            wide = ada.page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            assert wide <= 0, f"{path} is {wide} pixels wider than the window"
