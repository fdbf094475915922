"""The text on the page is the text of the speech, code point for code point, whatever is marked in it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipeline.records import Span
from pipeline.review.marks import Mark, lay_out, marks_of
from tests.rows import speech


@given(st.text(max_size=300), st.lists(st.tuples(st.integers(0, 300), st.integers(0, 300)), max_size=6))
def test_pieces_joined_are_the_text(text: str, spans: list[tuple[int, int]]) -> None:
    marks = [
        Mark(Span(min(a, b), max(a, b)), "cue", "opposed")
        for a, b in spans
        if max(a, b) <= len(text) and a != b
    ]
    sentences = lay_out(text, marks, [marks[0].span] if marks else [])
    assert "".join(piece.text for s in sentences for piece in s.pieces) == text
    assert all("".join(p.text for p in s.pieces) == text[s.start : s.end] for s in sentences)


def test_marks_may_overlap_and_each_keeps_its_place() -> None:
    text = "We reject it. We do."
    [first, *_] = lay_out(
        text, [Mark(Span(3, 9), "cue", "opposed"), Mark(Span(0, 12), "passage")], [Span(0, 13)]
    )
    assert [(p.text, p.classes) for p in first.pieces] == [
        ("We ", "evidence passage"),
        ("reject", "cue cue-opposed evidence passage"),
        (" it", "evidence passage"),
        (".", "evidence"),
    ]
    assert first.decides


def test_a_sentence_of_a_million_characters_is_cut_for_the_page_alone() -> None:
    text = "x" * 1_000_000
    sentences = lay_out(text, [])
    assert len(sentences) == 500 and "".join(p.text for s in sentences for p in s.pieces) == text


def test_without_a_model_passages_and_mentions_are_marked_all_the_same() -> None:
    text = "Good morning. We stand behind the responsibility to protect. " + "On trade we said enough. " * 40
    kinds = {
        mark.kind: text[mark.span.start : mark.span.end] for mark in marks_of(speech(text=text), None, False)
    }
    assert "responsibility to protect" in kinds["mention"] and "We stand behind" in kinds["passage"]
