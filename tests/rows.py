"""Rows for tests: a speech as the dataset holds it, with everything that a test does not care about filled in."""

from __future__ import annotations

from typing import Any

from pipeline.schema import EVENTS, MEETINGS, SPEECHES
from pipeline.tables import Row


def speech(**given: Any) -> Row:
    """A labelled delegate's speech; name the columns that matter."""
    row: Row = {column.name: [] if column.type == "list" else None for column in SPEECHES}
    row.update(
        speech_id="X/1/PV.1-1", document="a.pdf", document_sha256="0" * 64, symbol="X/1/PV.1", forum="GA", debate="X-1-R2P",
        date="2023-07-04", year=2023, speech_no=1, page_start=1, page_end=1, role="delegate", speech_type="statement",
        speaker="Orlan", state="Aurelia", iso3="XAA", state_source="heading",
        text="We stand behind the responsibility to protect.", r2p_mentions=1, status="labelled", stance="supportive",
        p_opposed=0.05, p_conditional=0.15, p_supportive=0.8, p_addressed=0.97, confidence=0.8, needs_review=False,
        evidence="We stand behind the responsibility to protect.", evidence_start=0, evidence_end=46, model="m1",
        label_source="model",
    )  # fmt: skip
    row.update(given)
    row["words"] = given.get("words", len(row["text"].split()))
    return row


def meeting(**given: Any) -> Row:
    """A document's row."""
    row: Row = {column.name: [] if column.type == "list" else None for column in MEETINGS}
    row.update(
        document="a.pdf", document_sha256="0" * 64, symbol="X/1/PV.1", forum="GA", debate="X-1-R2P", session=1, meeting_number=1,
        date="2023-07-04", year=2023, kind="verbatim_record", pages=2, speeches=1, extractor="pdfium", text_quality=1.0,
        ocr_pages=0, language="en",
    )  # fmt: skip
    return {**row, **given}


def event(**given: Any) -> Row:
    """A row of what stands between speeches."""
    row: Row = {column.name: [] if column.type == "list" else None for column in EVENTS}
    row.update(
        document="a.pdf",
        symbol="X/1/PV.1",
        page=1,
        after_speech_no=1,
        kind="stage_direction",
        text="The vote was taken.",
    )
    return {**row, **given}
