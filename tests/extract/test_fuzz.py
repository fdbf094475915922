"""Damaged files of every kind end in a transcript or a problem in words: no traceback, no hang."""

from __future__ import annotations

import random
import sys
import time
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from test_bad_input import SPEECH, pdf, zipped
from test_text_files import word_file

from pipeline.extract import read
from pipeline.extract.inputs import Input, find_inputs
from pipeline.records import InputError
from pipeline.split import split
from pipeline.split.states import States

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


def try_all(folder: Path, rounds: int, seed: int) -> None:
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
    states = States.load()
    for _ in range(rounds):
        name = chance.choice(list(whole))
        path = folder / name
        path.write_bytes(damaged(whole[name], chance))
        start = time.perf_counter()
        for found in find_inputs([path]):
            if not isinstance(found, Input):
                assert found.reason
                continue
            try:
                split(read(found.read_bytes(), found.document, ocr=False), states)
            except InputError as error:
                assert error.problem.reason
        assert time.perf_counter() - start < 10


@pytest.mark.parametrize("seed", range(5))
def test_damaged_files_end_in_words(tmp_path: Path, seed: int) -> None:
    try_all(tmp_path, 100, seed)


@pytest.mark.nightly
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("seed", range(100, 110))
def test_ten_thousand_damaged_files_end_in_words(tmp_path: Path, seed: int) -> None:
    try_all(tmp_path, 1000, seed)
