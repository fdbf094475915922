"""A text made ready for reading leads back to the text as printed, and its sentences are those of spaCy's rules."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.records import Span
from pipeline.resources import corpus_dir
from pipeline.stance.sentences import _PLAIN, read, sentences
from pipeline.stance.targets import find_mentions


def seed_texts(step: int) -> list[str]:
    lines = (corpus_dir() / "seed" / "seed.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["text"] for line in lines[::step]]


@given(st.text(st.sampled_from([*(odd for odd, _ in _PLAIN), "a", "é", ".", "\u2014", "'"])))
def test_odd_marks_become_common_ones_in_their_places(text: str) -> None:
    assert read(text).text == text.translate(str.maketrans(dict(_PLAIN)))


def test_no_mark_is_made_into_another_that_is_made_into_a_third() -> None:
    assert {common for _, common in _PLAIN}.isdisjoint(odd for odd, _ in _PLAIN)


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("our responsi-\nbility", "our responsibility"),
        ("our responsi-  \n\n bility", "our responsibility"),
        ("our respon\u00adsibility", "our responsibility"),
        ("our responsi-\n\n14\n\nbility", "our responsibility"),
        ("a well-known duty", "a well-known duty"),
        ("pillars I-\nIII", "pillars I-\nIII"),
        (
            "the \u00e2\u20ac\u0153norm\u00e2\u20ac\u009d of a State\u00e2\u20ac\u2122s duty",
            'the "norm" of a State\'s duty',
        ),
    ],
)
def test_words_broken_at_a_line_end_are_mended_and_lead_back(text: str, mended: str) -> None:
    reading = read(text)
    assert reading.text == mended
    whole = reading.source(Span(0, len(reading.text)))
    assert (whole.start, whole.end) == (0, len(text))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("under the pretext of\n\nhumanitarian action. We object.", 2),
        ("not only in words, \n \n but in deeds. We object.", 2),
        ("Agenda item 4\n\nthe question of action. We object.", 3),
        ("We object\n\nThe meeting rose.", 2),
        ("we object;\n\nand we say so.", 2),
    ],
)
def test_a_sentence_goes_on_over_a_page_that_ends_in_its_midst(text: str, found: int) -> None:
    assert len(sentences(text)) == found


def test_a_name_between_misread_quotes_is_found_and_leads_back() -> None:
    text = "the \u00e2\u20ac\u0153responsibility to protect\u00e2\u20ac\u009d norm"
    (span,) = find_mentions(text)
    assert text[span.start : span.end] == "responsibility to protect"


def test_a_short_name_ends_a_sentence_and_an_initial_does_not() -> None:
    text = "They call it R2P. J. Smith calls it RtoP. We do too."
    assert [text[s.start : s.end] for s in sentences(text)] == [
        "They call it R2P.",
        "J. Smith calls it RtoP.",
        "We do too.",
    ]


def test_sentences_end_where_spacys_sentencizer_ends_them() -> None:
    import spacy

    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    shared = different = 0
    for text in seed_texts(8):
        body = read(text).text
        ours = {span.end for span in sentences(body)}
        theirs = {sent.start_char + len(sent.text.rstrip()) for sent in nlp(body).sents}
        # A blank line ends a sentence here ("Mr. President,"), and none for spaCy.
        ours_alone = {end for end in ours - theirs if "\n" not in body[end : end + 2]}
        shared += len(ours & theirs)
        different += len(ours_alone) + len(theirs - ours)
    assert shared > 700
    assert different <= 0.005 * shared


def test_a_very_long_sentence_is_parted_at_its_semicolons_and_a_common_one_is_not() -> None:
    clause = "the reform of the bodies that deal with trade, with health, with schools and with the sea"
    listed = (
        f"We shall speak of {clause}; {clause}, which is late; and of {clause}; {clause}; {clause}; food."
    )
    assert len(listed) > 450
    found = [listed[span.start : span.end] for span in sentences(listed)]
    assert len(found) == 5 and found[2].startswith("of the reform") and found[-1].endswith("; food.")
    short = "We endorse the norm; we ask for its use; and we thank you."
    assert len(sentences(short)) == 1
