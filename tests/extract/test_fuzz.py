"""Damaged files of every kind end in a transcript or a problem in words: no traceback, no hang."""

from __future__ import annotations

import random
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))

from test_bad_input import SPEECH, pdf, zipped
from test_text_files import word_file

from pipeline.extract import read
from pipeline.extract.inputs import Input, find_inputs
from pipeline.records import InputError
from pipeline.split import split
from pipeline.split.states import States

STATES = States.load()
SAMPLE = Path(__file__).resolve().parents[2] / "corpus" / "sample" / "sample-debate.pdf"

CUES = "WEBVTT\n\n" + "".join(
    f"{n}\n00:{n:02}.000 --> 00:{n + 1:02}.000\n<v Norway>We thank <i>you</i> &amp; all.\n\n"
    for n in range(30)
)
PAGE = f"<html><head><title>x</title></head><body><main>{'<p><b>Norway (Ms. X):</b> We agree.</p>' * 9}</main></body></html>"


def damaged(data: bytes, chance: random.Random) -> bytes:
    """`data` with bytes changed, cut out, doubled or overwritten in a few places."""
    out = bytearray(data)
    for _ in range(chance.choice([1, 3, 10, 60])):
        at = chance.randrange(len(out))
        kind = chance.random()
        if kind < 0.5:
            out[at] = chance.randrange(256)
        elif kind < 0.7:
            del out[at : at + chance.randrange(1, 200)]
        elif kind < 0.85:
            out[at:at] = out[chance.randrange(len(out)) :][: chance.randrange(1, 300)]
        else:
            out[at : at + 4] = chance.choice([b"\xff\xff\xff\xff", b"\0\0\0\0", b"9999", b"<<<<"])
        if not out:
            return b"x"
    return bytes(out[: chance.randrange(1, len(out) + 1)] if chance.random() < 0.1 else out)


def try_all(folder: Path, rounds: int, seed: int, real: list[Path] | None = None) -> None:
    chance = random.Random(seed)
    package = word_file(*[SPEECH] * 5)
    whole = {
        "a.pdf": pdf(),
        "a.docx": package,
        "a.html": PAGE.encode(),
        "a.vtt": CUES.encode(),
        "a.txt": SPEECH.encode(),
        "b.txt": SPEECH.encode("utf-16"),
        "a.zip": zipped(folder / "whole.zip", {"a.txt": SPEECH.encode(), "b/c.docx": package}).read_bytes(),
    }
    for number, path in enumerate([SAMPLE, *(real or [])]):
        whole[f"real{number}.pdf"] = path.read_bytes()
    states = States.load()
    for _ in range(rounds):
        name = chance.choice(list(whole))
        path = folder / name
        path.write_bytes(damaged(whole[name], chance))
        start = time.process_time()
        for found in find_inputs([path]):
            if not isinstance(found, Input):
                assert found.reason
                continue
            try:
                split(read(found.read_bytes(), found.document, ocr=False), states)
            except InputError as error:
                assert error.problem.reason
        assert time.process_time() - start < 10
    # Nothing is written beside the inputs, whatever a name in an archive says.
    assert {path.name for path in folder.iterdir()} <= {*whole, "whole.zip"}


@pytest.mark.parametrize("seed", range(5))
def test_damaged_files_end_in_words(tmp_path: Path, seed: int) -> None:
    try_all(tmp_path, 100, seed)


@pytest.mark.nightly
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("seed", range(100, 110))
def test_ten_thousand_damaged_files_end_in_words(tmp_path: Path, seed: int) -> None:
    shared = Path(__file__).resolve().parents[3] / "shared" / "data"
    real = sorted([*shared.glob("records/*.pdf"), *shared.glob("pdf/*.pdf")], key=lambda p: p.stat().st_size)
    try_all(tmp_path, 1000, seed, real[:8])


@settings(max_examples=120, deadline=None)
@given(
    st.sampled_from(["a.txt", "a.md", "a.vtt", "a.srt", "a.html", "a.docx", "a.pdf"]),
    st.binary(max_size=3000),
)
def test_any_bytes_end_in_words(name: str, data: bytes) -> None:
    try:
        split(read(data, name, ocr=False), STATES)
    except InputError as error:
        assert error.problem.reason


LINES = st.lists(
    st.one_of(
        st.sampled_from(
            ["The President:", "Mr. X (Norway):", "Mr. X (Norway) (spoke in French);", "(spoke in", "A/63/PV.97", "2", "",
             "Norway:", "<v Norway>", "00:01.000 --> 00:02.000", "WEBVTT", "[Norway] We", "In favour:", "None", "</p><b>", "(((",
             "The meeting rose at 1 p.m.", "Agenda item 3", "\f", "The meeting was called to order at 3 p.m.", "Mr. A, B, C (D (E)) :"]
        ),
        st.text(max_size=60),
    ),
    max_size=60,
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(["a.txt", "a.md", "a.vtt", "a.srt", "a.html"]), LINES)
def test_any_text_ends_in_speeches_or_words(name: str, lines: list[str]) -> None:
    try:
        splitting = split(read("\n".join(lines).encode("utf-8", "replace"), name, ocr=False), STATES)
    except InputError as error:
        assert error.problem.reason
    else:
        assert all(speech.no == number for number, speech in enumerate(splitting.speeches, 1))
