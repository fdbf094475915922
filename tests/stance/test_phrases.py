"""Phrases are found as spaCy's tokenizer and Matcher find them: spaCy is the reference, and is not loaded by a run."""

from __future__ import annotations

import json
import lzma
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from pipeline.resources import corpus_dir
from pipeline.stance.phrases import Phrases, longest, parse, tokens
from pipeline.stance.themes import _SENTENCE, Theme, _candidates, _compiled, matcher_pattern, themes

ROOT = Path(__file__).resolve().parent.parent.parent
SPEECHES = ROOT.parent / "shared" / "data" / "ungdc" / "speeches_1999_2024.jsonl.xz"


@lru_cache(maxsize=1)
def nlp() -> Any:
    import spacy

    return spacy.blank("en")


@lru_cache(maxsize=128)
def reference(phrases: tuple[str, ...], greedy: str | None) -> Any:
    from spacy.matcher import Matcher

    matcher = Matcher(nlp().vocab)
    matcher.add("phrase", [matcher_pattern(phrase) for phrase in phrases], greedy=greedy)
    return matcher


def spacys_tokens(text: str) -> list[tuple[int, int]]:
    return [(token.idx, token.idx + len(token.text)) for token in nlp().make_doc(text)]


def our_tokens(text: str) -> list[tuple[int, int]]:
    return tokens(text)[1]


def sentences(texts: Iterator[str]) -> Iterator[str]:
    for text in texts:
        for found in _SENTENCE.finditer(text):
            yield found.group().rstrip(" \t\r\n.!?;")


def corpus_texts() -> Iterator[str]:
    for name in ("labels/themes.jsonl", "seed/seed.jsonl", "seed/plain.jsonl"):
        for line in (corpus_dir() / name).read_text(encoding="utf-8").splitlines():
            yield json.loads(line)["text"]
    for theme in themes():
        yield from (theme.example, theme.counter_example)
    for name in ("sample-debate.txt", "sample-debate-2.txt"):
        yield (corpus_dir() / "sample" / name).read_text(encoding="utf-8")


def assert_same_matches(theme: Theme, sentence: str) -> None:
    words, _ = tokens(sentence)
    doc = nlp().make_doc(sentence)
    for phrases in (theme.unless, theme.titles):
        if phrases:
            theirs = {(first, last) for _, first, last in reference(phrases, None)(doc)}
            assert set(Phrases.of(phrases).find(words)) == theirs, sentence
    ours = Phrases.of(theme.patterns).find(words)
    greedy = None if theme.titles else "LONGEST"
    assert (ours if theme.titles else longest(ours)) == [
        (first, last) for _, first, last in reference(theme.patterns, greedy)(doc)
    ], sentence


@pytest.mark.parametrize(
    "text",
    [
        "We don't fear it; we'll act, as Exampland's law (No. 12/3) says: “capacity-building” first",
        "Mr. Example, i.e. the U.N. envoy, spoke at 3.05 p.m. of US$2 million, 1.5°C and 3G",
        "Early  warning\n\nhas no substitute... and R2P, the so-called norm,cannot wait",
        "’Tis 2005–2015:**the ‘decade’ of 40% and/or less/more",
    ],
)
def test_a_sentence_is_cut_as_spacy_cuts_it(text: str) -> None:
    assert our_tokens(text) == spacys_tokens(text)


def test_the_texts_of_the_corpus_are_cut_as_spacy_cuts_them() -> None:
    assert [s for s in sentences(corpus_texts()) if our_tokens(s) != spacys_tokens(s)] == []


def test_every_theme_is_found_in_the_corpus_where_spacy_finds_it() -> None:
    seen = 0
    for sentence in sentences(corpus_texts()):
        for number in _candidates(_compiled(), sentence):
            assert_same_matches(themes()[number], sentence)
            seen += 1
    assert seen > 1000


@pytest.mark.shared
def test_real_speeches_are_cut_and_searched_as_spacy_does_it() -> None:
    if not SPEECHES.is_file():
        pytest.skip("the real speeches are not beside the checkout")
    with lzma.open(SPEECHES, "rt", encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for number, line in enumerate(lines) if number % 160 == 0]
    every = different = 0
    for sentence in sentences(iter(texts)):
        every += 1
        if our_tokens(sentence) != spacys_tokens(sentence):
            different += 1  # an emoticon, a mark of a broken encoding: seen in 6 of 120,000 sentences
            continue
        for number in _candidates(_compiled(), sentence):
            assert_same_matches(themes()[number], sentence)
    assert every > 2000 and different <= every / 2000


def test_a_wide_gap_costs_no_more_than_its_width() -> None:
    words = (
        "an official " + "of the old and quiet town " * 12 + "spoke of the responsibility to protect"
    ).split()
    phrases = Phrases.of(["official <20 responsibility to protect", "town <20 responsibility to protect"])
    began = time.perf_counter()
    assert phrases.find(words * 3)
    assert time.perf_counter() - began < 0.5  # spaCy's Matcher follows each of a million ways through the gap


def test_a_run_of_marks_without_end_is_cut_in_no_time() -> None:
    began = time.perf_counter()
    assert len(tokens("early warning " + "(" * 300_000)[0]) == 3
    assert time.perf_counter() - began < 0.5


def test_longer_matches_go_before_shorter_and_earlier_before_later() -> None:
    assert longest([(0, 2), (1, 4), (5, 7), (4, 6)]) == [(1, 4), (4, 6)]


@pytest.mark.parametrize("phrase", ["<3 warning", "early? warning", "early <3", ""])
def test_a_phrase_that_begins_or_ends_with_no_word_is_refused(phrase: str) -> None:
    with pytest.raises(ValueError, match="must begin with a word"):
        parse(phrase)


def test_finding_themes_does_not_load_spacy() -> None:
    code = (
        "import sys; from pipeline.stance.themes import find_themes; "
        "assert find_themes('We appointed a focal point for R2P.'); sys.exit('spacy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT).returncode == 0
