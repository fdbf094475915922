"""The columns of the labelled dataset: names, types and meanings, as users and other programs rely on them.

One table of facts, from which the CSV header, the parquet schema, `datapackage.json` and the dataset card are
made. Not here: reading and writing (`pipeline.dataset`).
"""

from __future__ import annotations

from typing import NamedTuple

#: Version of the contract below. Readers refuse a dataset of another major version in words.
SCHEMA_VERSION = "1.1"


class Column(NamedTuple):
    """A column: its name, its type (`string`, `integer`, `number`, `boolean`, `date`, `datetime`, `list`), its meaning."""

    name: str
    type: str
    meaning: str


SPEECHES: tuple[Column, ...] = (
    Column("speech_id", "string", "symbol, else the first 12 digits of the document's SHA-256, then '-' and speech_no"),
    Column("document", "string", "path relative to the input given ('!' before a member of a zip)"),
    Column("document_sha256", "string", "SHA-256 of the document's bytes"),
    Column("symbol", "string", "UN document symbol, such as A/63/PV.97"),
    Column("forum", "string", "GA, GA-general-debate, GA-dialogue, SC, HRC or other"),
    Column("debate", "string", "id shared by the meetings of one debate, such as GA-72-R2P"),
    Column("date", "date", "date of the meeting"),
    Column("year", "integer", "year of the meeting"),
    Column("speech_no", "integer", "number among all turns of the document, from 1, presidency included"),
    Column("page_start", "integer", "first page, from 1"),
    Column("page_end", "integer", "last page, from 1"),
    Column("words", "integer", "words of the speech"),
    Column("role", "string", "delegate, presidency, secretariat or other"),
    Column("speech_type", "string", "statement, explanation_of_vote, right_of_reply or procedural"),
    Column("speaker", "string", "name as the record prints it, without title"),
    Column("state", "string", "State or observer as the record names it"),
    Column("iso3", "string", "ISO 3166-1 alpha-3 as of the meeting's date; null for a group or organisation"),
    Column("state_source", "string", "where the State was found: heading, document, filename, or null"),
    Column("language", "string", "language spoken, where the record says so"),
    Column("on_behalf_of", "list", "groups or States spoken for"),
    Column("aligned_with", "list", "statements of others that the speaker joined"),
    Column("text", "string", "the speech: paragraphs kept, page furniture gone, line-end hyphens mended"),
    Column("r2p_mentions", "integer", "how many times the responsibility to protect is named"),
    Column("status", "string", "labelled, not_addressed or unsupported_language"),
    Column("stance", "string", "supportive, conditional, opposed, or null when status is not 'labelled'"),
    Column("p_opposed", "number", "calibrated probability of opposed, given a stance"),
    Column("p_conditional", "number", "calibrated probability of conditional, given a stance"),
    Column("p_supportive", "number", "calibrated probability of supportive, given a stance"),
    Column("p_addressed", "number", "probability that the speech takes a position on R2P at all"),
    Column("confidence", "number", "the highest of the three probabilities"),
    Column("needs_review", "boolean", "true where the model's review rule asks for a person, and where it is not sure whose words they are"),
    Column("evidence", "string", "the deciding sentence"),
    Column("evidence_start", "integer", "its first code point in text"),
    Column("evidence_end", "integer", "the code point after its last"),
    Column("themes", "list", "arguments and measures found, by id"),
    Column("model", "string", "name of the model that judged the speech"),
    Column("label_source", "string", "model, reviewer (one reading) or adjudicated"),
    Column("reviewer", "string", "who gave the label, where a person did"),
    Column("reviewed_at", "datetime", "when, in UTC"),
    Column("note", "string", "the reviewer's note"),
)  # fmt: skip

MEETINGS: tuple[Column, ...] = (
    Column("document", "string", "path relative to the input given"),
    Column("document_sha256", "string", "SHA-256 of the document's bytes"),
    Column("symbol", "string", "UN document symbol"),
    Column("forum", "string", "GA, GA-general-debate, GA-dialogue, SC, HRC or other"),
    Column("debate", "string", "id shared by the meetings of one debate"),
    Column("session", "integer", "session of the organ"),
    Column("meeting_number", "integer", "number of the meeting"),
    Column("date", "date", "date of the meeting"),
    Column("year", "integer", "year of the meeting"),
    Column("president", "string", "president of the meeting as the cover names them"),
    Column("agenda", "list", "agenda items under discussion"),
    Column(
        "kind",
        "string",
        "verbatim_record, letter, compilation, dialogue, summary (in the third person) or statement",
    ),
    Column("convention", "string", "how a document of several speakers marks them"),
    Column("pages", "integer", "pages of the document"),
    Column("speeches", "integer", "turns found"),
    Column("extractor", "string", "engine and version that read the document"),
    Column("text_quality", "number", "0 to 1"),
    Column("ocr_pages", "integer", "pages whose text was recognised from the picture"),
    Column("language", "string", "main language of the document, ISO 639-1"),
    Column(
        "same_as",
        "string",
        "another document of the dataset that holds the same speeches; the tracker counts that one",
    ),
)

EVENTS: tuple[Column, ...] = (
    Column("document", "string", "path relative to the input given"),
    Column("symbol", "string", "UN document symbol"),
    Column("page", "integer", "page, from 1"),
    Column("after_speech_no", "integer", "the turn it follows; 0 before the first"),
    Column("kind", "string", "agenda_item, stage_direction, recorded_vote or note"),
    Column("text", "string", "the words as printed"),
    Column("in_favour", "list", "recorded votes: States in favour"),
    Column("against", "list", "recorded votes: States against"),
    Column("abstaining", "list", "recorded votes: States abstaining"),
)

TABLES: dict[str, tuple[Column, ...]] = {"speeches": SPEECHES, "meetings": MEETINGS, "events": EVENTS}

#: Columns that only the stance stage fills; null after `r2p-stance split`.
STANCE_COLUMNS: tuple[str, ...] = (
    "r2p_mentions", "status", "stance", "p_opposed", "p_conditional", "p_supportive", "p_addressed", "confidence",
    "needs_review", "evidence", "evidence_start", "evidence_end", "themes", "model", "label_source",
)  # fmt: skip

#: Columns that belong to a person once `label_source` is not `model`; no program overwrites them.
REVIEW_COLUMNS: tuple[str, ...] = ("status", "stance", "label_source", "reviewer", "reviewed_at", "note")
