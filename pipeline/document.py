"""From the bytes of one document to its rows: extract, split and judge, as the child process does them.

The result is plain JSON (`meeting`, `speeches`, `events`, `problems`), which the main job stores and makes tables of.
Not here: which documents there are, limits, storage (`pipeline.run`).
"""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.records import (
    Event,
    InputError,
    Judgement,
    Meeting,
    Role,
    Speech,
    Splitting,
    Status,
    needs_reading,
)
from pipeline.tables import Row

if TYPE_CHECKING:
    from pipeline.split.states import States
    from pipeline.stance.model import StanceModel

#: Roles whose speeches stay out of the dataset unless every turn is asked for.
LEFT_OUT = (Role.PRESIDENCY, Role.SECRETARIAT)


@lru_cache(maxsize=4)
def _states(path: str | None) -> States:
    from pipeline.split.states import States

    return States.load(Path(path) if path else None)


@lru_cache(maxsize=2)
def _model(path: str) -> StanceModel:
    from pipeline.stance.model import load_model

    return load_model(Path(path), themes=True)


def warm(settings: dict[str, Any], model: str | None) -> None:
    """Loads what every document needs, before the first one comes."""
    import pipeline.extract
    import pipeline.extract.pdf
    import pipeline.split
    import pipeline.split.groups
    import pipeline.split.verbatim  # noqa: F401

    _states(settings.get("states"))
    if model:
        _model(model)


def read(data: bytes, document: str, settings: dict[str, Any]) -> dict[str, Any]:
    """Extracts and splits one document.

    `settings` holds `engine`, `ocr`, `pages` and `ocr_pages` (limits), and, where the user gave them, `forum`, `debate`, `date`
    and `states` (path of a table). Raises InputError for a document that gives no rows.
    """
    from pipeline.extract import Limits
    from pipeline.extract import read as extract
    from pipeline.split import split

    limits = Limits(
        max_bytes=settings["input_mb"] << 20,
        max_pages=settings["pages"],
        max_ocr_pages=settings.get("ocr_pages", Limits().max_ocr_pages),
    )
    transcript = extract(data, document, engine=settings["engine"], ocr=settings["ocr"], limits=limits)
    splitting = split(
        transcript,
        _states(settings.get("states")),
        forum=settings.get("forum"),
        debate=settings.get("debate"),
        date=settings.get("date"),
    )
    problems = [*transcript.problems, *(p for p in splitting.problems if p not in transcript.problems)]
    fatal = [problem for problem in problems if problem.fatal]
    if fatal and not splitting.speeches:
        raise InputError(fatal[0])
    ocr_pages = sum(page.ocr for page in transcript.pages)
    return {
        "media_type": transcript.media_type,
        "meeting": meeting_row(splitting.meeting, len(splitting.speeches), ocr_pages),
        "speeches": _speech_rows(splitting),
        "events": [event_row(event, splitting.meeting) for event in splitting.events],
        "problems": [
            {n: getattr(p, n) for n in ("document", "code", "reason", "remedy", "fatal", "page")}
            for p in problems
        ],
    }


def _speech_rows(splitting: Splitting) -> list[Row]:
    return [speech_row(speech, splitting.meeting) for speech in splitting.speeches]


def speech_row(speech: Speech, meeting: Meeting) -> Row:
    """The dataset's row of a speech before any label; keys that begin with `_` are not columns."""
    return {
        "speech_id": f"{meeting.symbol or meeting.document_sha256[:12]}-{speech.no}",
        "document": meeting.document,
        "document_sha256": meeting.document_sha256,
        "symbol": meeting.symbol,
        "forum": meeting.forum,
        "debate": meeting.debate,
        "date": meeting.date if meeting.date and len(meeting.date) == 10 else None,
        "year": meeting.year,
        "speech_no": speech.no,
        "page_start": speech.page_start,
        "page_end": speech.page_end,
        "words": speech.words,
        "role": str(speech.role),
        "speech_type": str(speech.speech_type),
        "speaker": speech.speaker,
        "state": speech.state,
        "iso3": speech.iso3,
        "state_source": speech.state_source,
        "language": speech.language,
        "on_behalf_of": list(speech.on_behalf_of),
        "aligned_with": list(speech.aligned_with),
        "text": speech.text,
        "_detected_language": speech.detected_language or meeting.language,
        "_page_marks": [list(mark) for mark in speech.page_marks],
        "_quality": speech.quality,
        "_needs_reading": needs_reading(meeting.kind, meeting.convention) is not None,
    }


def meeting_row(meeting: Meeting, speeches: int, ocr_pages: int) -> Row:
    """The dataset's row of a document."""
    return {
        "document": meeting.document,
        "document_sha256": meeting.document_sha256,
        "symbol": meeting.symbol,
        "forum": meeting.forum,
        "debate": meeting.debate,
        "session": meeting.session,
        "meeting_number": meeting.meeting_number,
        "date": meeting.date if meeting.date and len(meeting.date) == 10 else None,
        "year": meeting.year,
        "president": meeting.president,
        "agenda": list(meeting.agenda),
        "kind": meeting.kind,
        "convention": meeting.convention,
        "pages": meeting.pages,
        "speeches": speeches,
        "extractor": meeting.extractor,
        "text_quality": round(meeting.quality, 4),
        "ocr_pages": ocr_pages,
        "language": meeting.language,
    }


def event_row(event: Event, meeting: Meeting) -> Row:
    """The dataset's row of something that stands between speeches."""
    return {
        "document": event.document,
        "symbol": meeting.symbol,
        "page": event.page,
        "after_speech_no": event.after_speech_no,
        "kind": str(event.kind),
        "text": event.text,
        "in_favour": list(event.in_favour),
        "against": list(event.against),
        "abstaining": list(event.abstaining),
    }


def whole_speech_counts(row: Row) -> bool:
    """True in a debate about R2P, where the whole speech is read; elsewhere only its passages on R2P are."""
    return row["forum"] == "GA-dialogue" or bool(row["debate"] and row["debate"].endswith("-R2P"))


def judge(rows: list[Row], model_path: str) -> list[Row]:
    """The stance columns of each speech, in the order of `rows`; speeches not in English are not judged."""
    model = _model(model_path)
    english = [i for i, row in enumerate(rows) if row.get("_detected_language") in (None, "en")]
    judgements = model.judge(
        [rows[i]["text"] for i in english], [whole_speech_counts(rows[i]) for i in english]
    )
    by_row = dict(zip(english, judgements, strict=True))
    unsupported = Judgement(Status.UNSUPPORTED_LANGUAGE)
    return [_stance_columns(by_row.get(i, unsupported), row, model.name) for i, row in enumerate(rows)]


def _stance_columns(judgement: Judgement, row: Row, model: str) -> Row:
    evidence = judgement.evidence
    return {
        "r2p_mentions": judgement.r2p_mentions,
        "status": str(judgement.status),
        "stance": str(judgement.stance) if judgement.stance else None,
        "p_opposed": _rounded(judgement.p_opposed),
        "p_conditional": _rounded(judgement.p_conditional),
        "p_supportive": _rounded(judgement.p_supportive),
        "p_addressed": _rounded(judgement.p_addressed),
        "confidence": _rounded(judgement.confidence),
        "needs_review": judgement.needs_review
        or (bool(row.get("_needs_reading")) and bool(judgement.stance or judgement.r2p_mentions)),
        "evidence": row["text"][evidence.start : evidence.end] if evidence else None,
        "evidence_start": evidence.start if evidence else None,
        "evidence_end": evidence.end if evidence else None,
        "themes": sorted({hit.theme for hit in judgement.themes}),
        "model": model,
        "label_source": "model",
        "_speech_no": row["speech_no"],
        "_limiting": round(judgement.limiting, 3),
    }


def _rounded(value: float | None) -> float | None:
    # Six digits are more than a calibrated probability can mean, and keep tables the same on every processor.
    return None if value is None else round(float(value), 6)


def unlabelled_columns() -> Row:
    """The stance columns of a speech that was split but not labelled."""
    from pipeline.schema import STANCE_COLUMNS

    return {name: [] if name == "themes" else None for name in STANCE_COLUMNS}


def dump(value: dict[str, Any]) -> bytes:
    """Compact JSON in UTF-8 (the same bytes for the same value)."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def code_fingerprint() -> str:
    """A hash of the code and tables that decide how a document is read: other code, other cache."""
    from pipeline import resources

    package = Path(__file__).resolve().parent
    files = [package / "records.py", package / "document.py"]
    for folder in (package / "extract", package / "split", resources.corpus_dir() / "tables"):
        files += sorted(
            p for p in folder.glob("*") if p.suffix in {".py", ".csv", ".txt", ".json", ".gz", ".npz"}
        )
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()[:16]


def stance_fingerprint(model: Path) -> str:
    """A hash of the model's file and of the code and tables that judge with it."""
    from pipeline import resources

    package = Path(__file__).resolve().parent
    files = [
        *sorted((package / "stance").glob("*.py")),
        *sorted((resources.corpus_dir() / "tables").glob("themes*")),
    ]
    files += sorted(
        p for p in ([model] if model.is_file() else model.rglob("*")) if p.is_file() and p.suffix != ".md"
    )
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()[:16]
