"""What counts as a mention of the norm, and what does not."""

from __future__ import annotations

import json

import pytest

from pipeline.resources import corpus_dir
from pipeline.stance.sentences import read
from pipeline.stance.targets import (
    _COMPILED,
    INTERVENTION_PATTERNS,
    PROTECTIVE_INTERVENTION,
    R2P,
    R2P_PATTERNS,
    Pattern,
    _found,
    find_mentions,
    lower,
    mentions,
    passages,
)


@pytest.mark.parametrize("pattern", [*R2P_PATTERNS, *INTERVENTION_PATTERNS], ids=lambda p: p.example)
def test_each_pattern_finds_its_example(pattern: Pattern) -> None:
    import re

    assert re.search(pattern.regex, pattern.example.lower())


@pytest.mark.parametrize(
    "text",
    [
        "We uphold the responsibility to protect.",
        "RtoP is here to stay.",
        "My country believes in R2P.",
        "The RESPONSIBILITY TO PROTECT must be honoured.",
        "We speak of “responsibility while protecting”.",
        "We recall paragraphs 138 and 139 of the Outcome.",
        "The responsibility of each State to protect its population is clear.",
        "It is our responsi-\nbility to protect them.",
        "the responsibility\nto protect",
        "the responsibi1ity to pr0tect populations",
    ],
)
def test_the_norm_is_found_in_every_form(text: str) -> None:
    assert len(find_mentions(text)) == 1


def kinds(text: str, target: str = R2P) -> list[str]:
    return [mention.kind for mention in mentions(read(text), target)]


@pytest.mark.parametrize(
    "text",
    [
        "The veto must not be used where mass atrocities are committed.",
        "In cases of mass atrocities no permanent member should cast its veto.",
        "We signed the code of conduct on action against genocide.",
        "We run a centre for the prevention of mass atrocities.",
        "In 2005 we promised to protect populations from war crimes.",
    ],
)
def test_what_the_norm_asks_for_is_found_without_its_name(text: str) -> None:
    assert kinds(text) == ["implied"]


@pytest.mark.parametrize(
    "text",
    [
        "The veto is outdated. Mass atrocities go on in the east.",
        "A code of conduct for peacekeepers was adopted.",
        "Our people have suffered mass atrocities.",
        "We protect our farmers from drought.",
    ],
)
def test_other_matters_in_like_words_are_not(text: str) -> None:
    assert kinds(text) == []


def test_weak_words_count_only_where_there_are_no_others() -> None:
    weak = "We reject interference in internal affairs."
    assert kinds(weak, PROTECTIVE_INTERVENTION) == ["weak"]
    assert kinds(f"{weak} We reject humanitarian intervention.", PROTECTIVE_INTERVENTION) == ["named"]
    assert kinds(weak) == []


@pytest.mark.parametrize(
    "thing",
    [
        "our oceans",
        "the planet",
        "the environment",
        "tourists",
        "our borders",
        "foreign investors",
        "cultural heritage",
        "peacekeepers",
    ],
)
def test_protecting_things_is_off_target(thing: str) -> None:
    assert find_mentions(f"We all share a responsibility to protect {thing}.") == []


def test_mentions_are_spans_of_the_text_as_given() -> None:
    text = "First.\n12-34567 3\nWe uphold the respon-\nsibility to protect, always."
    (span,) = find_mentions(text)
    assert text[span.start : span.end] == "respon-\nsibility to protect"


def test_a_passage_is_the_mention_and_its_neighbours() -> None:
    text = "Trade first. Debt second. Then peace. We back the responsibility to protect. It saves lives. Act now. Then trade. Thanks."
    (passage,) = passages(text)
    assert (
        text[passage.span.start : passage.span.end]
        == "Then peace. We back the responsibility to protect. It saves lives. Act now."
    )


def test_in_a_debate_on_the_norm_the_whole_speech_counts() -> None:
    text = "Thank you. We came to listen. Prevention is best."
    assert passages(text) == []
    (passage,) = passages(text, whole_speech=True)
    assert text[passage.span.start : passage.span.end] == text


def test_the_beginnings_of_mentions_miss_none_that_the_patterns_find() -> None:
    compiled = _COMPILED[R2P]
    texts = [pattern.example for pattern in R2P_PATTERNS]
    texts += ["Rcsponsibility t0 protcct, r to p, R-2-P and paragraphs 138-139; obligation to protect."]
    for name in ("seed", "plain"):
        lines = (corpus_dir() / "seed" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
        texts += [json.loads(line)["text"] for line in lines]
    found = 0
    for text in texts:
        low = lower(read(text).text)
        spans = [match.span() for match in compiled.anchors.finditer(low)]
        assert [match.span() for match in _found(compiled.anchors, compiled.heads, low)] == spans, text
        found += len(spans)
    assert found > 500
