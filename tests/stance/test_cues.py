"""Phrases are found wherever they stand, whichever of their words they are looked up by."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.resources import corpus_dir
from pipeline.stance import features
from pipeline.stance.cues import Cues, Group, Hit, _match, load, scopes


def by_trying_all(cues: Cues, tokens: list[str]) -> list[Hit]:
    """Every phrase tried at every token."""
    negated, reported = scopes(tokens)
    found = []
    for i, token in enumerate(tokens):
        for group in cues.groups:
            ends = [
                _match(tokens, i + 1, rest) if rest else i + 1
                for head, *rest_ in group.phrases
                for rest in [tuple(rest_)]
                if token == head or (head[-1] == "*" and token.startswith(head[:-1]))
            ]
            if max(ends, default=0):
                found.append(Hit(i, max(ends), group.name, negated[i], reported[i], group.move))
    return found


SMALL = Cues(
    (
        Group("one", "supportive", (("back*", "~", "it"), ("back*",), ("we", "~", "it"))),
        Group("two", "opposed", (("no", "basis"), ("it", "is", "no", "~", "basis*")), move=True),
        Group("three", "mixed", (("it",), ("we", "back"), ("basis",))),
    )
)


@given(
    st.lists(
        st.sampled_from(["we", "back", "backing", "it", "is", "no", "basis", "bases", ",", "but"]),
        max_size=12,
    )
)
def test_phrases_are_found_as_by_trying_all_at_every_word(tokens: list[str]) -> None:
    assert SMALL.find(tokens) == by_trying_all(SMALL, tokens)


def test_the_tables_find_in_seed_texts_what_trying_all_finds() -> None:
    cues = load()
    lines = (corpus_dir() / "seed" / "short.jsonl").read_text(encoding="utf-8").splitlines()
    found = moves = 0
    for line in lines[::10]:
        analysis = features.analyse(json.loads(line)["text"], whole_speech=True)
        assert analysis is not None
        for sentence in analysis.sentences:
            hits = cues.find(sentence.tokens)
            assert hits == by_trying_all(cues, list(sentence.tokens))
            found += len(hits)
            moves += sum(hit.move for hit in hits)
    assert found > 200 and moves > 10


@pytest.mark.parametrize(
    "phrase", ["we must now put this concept into practice", "sovereignty is not absolute"]
)
def test_moves_tell_of_a_sentence_and_not_of_a_whole_speech(phrase: str) -> None:
    analysis = features.analyse(f"We speak of R2P; {phrase}.")
    assert analysis is not None
    moves = {group.name for group in load().groups if group.move}
    assert {hit.group for hit in analysis.sentences[0].hits} & moves
    alone = {name.strip("@><?-") for name in features.alone(analysis, 0)["cues"]}
    whole = {name.strip("@><?-") for name in features.counts(analysis)["cues"]}
    assert alone & moves and not whole & moves


def test_groups_have_one_name_each() -> None:
    names = [group.name for group in load().groups]
    assert len(set(names)) == len(names)
