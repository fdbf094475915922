"""Labelled speeches for training and judging: seed texts, stand-off labels joined with real texts, labelled files, corrections.

Real texts are not shipped: `corpus/labels/ungdc.jsonl` names them by id and SHA-256, and `join` finds them in a folder of the
UN General Debate Corpus (`ISO_NN_YYYY.txt`) or in a JSON Lines file. Not here: what is learned from them (`pipeline.stance.train`).
"""

from __future__ import annotations

import csv
import hashlib
import json
import lzma
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, NamedTuple

from pipeline import resources
from pipeline.records import LABELS, NOT_ADDRESSED, InputError, Problem, Span
from pipeline.stance.targets import PROTECTIVE_INTERVENTION, R2P, TARGETS

#: Kinds of seed texts in whose debates the whole speech is on the norm.
WHOLE_SPEECH_KINDS = frozenset({"assembly_debate", "informal_dialogue"})


class Mark(NamedTuple):
    """What one sentence of a speech does, as a reader marked it: `S` endorses the target, `C` sets limits or doubts, `O` rejects it,
    `N` only names it or means something else, `R` reports others. Sentences without a mark are about other matters."""

    span: Span
    kind: str


Teaches = Literal["speech", "sentences", "marks", "sums"]

#: The label that a marked sentence would have alone.
MARK_LABELS = {"S": "supportive", "C": "conditional", "O": "opposed", "N": NOT_ADDRESSED, "R": NOT_ADDRESSED}


@dataclass(frozen=True, slots=True)
class Example:
    """A speech with a label by the codebook.

    `iso3` groups speeches in cross-validation (None for seed texts, which only ever train). `confidence` is the annotator's, 1 to 3.
    `source` is `real`, `second` (real too, of the labels that only train), `passage` (a piece of a real speech whose sentences were marked), `seed` or
    `correction`. `evidence` is the deciding span of `text`, where known; `marks` are the sentences that bear on the target, where a reader marked them.
    `teaches` is what is learned from it: the whole `speech`, its `sentences` alone, of these only the `marks`, or no more than how the `sums` of a long speech
    are to be read.
    """

    id: str
    text: str
    label: str
    target: str = R2P
    iso3: str | None = None
    year: int | None = None
    whole_speech: bool = False
    confidence: int = 3
    evidence: Span | None = None
    marks: tuple[Mark, ...] = ()
    source: str = "real"
    kind: str | None = None
    label_source: str | None = None
    teaches: Teaches = "speech"

    @property
    def sha256(self) -> str:
        return text_hash(self.text)

    @property
    def said(self) -> str:
        """A short hash of what is known of its sentences, the deciding one and the marks; empty where nothing is."""
        if self.evidence is None and not self.marks:
            return ""
        return text_hash(
            repr((self.evidence and tuple(self.evidence), [(*m.span, m.kind) for m in self.marks]))
        )[:12]


def text_hash(text: str) -> str:
    """SHA-256 of a text's UTF-8 bytes, in hexadecimal digits."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _refuse(document: str, code: str, reason: str, remedy: str) -> InputError:
    return InputError(Problem(document, code, reason, remedy))


def read_rows(path: Path) -> Iterator[dict[str, Any]]:
    """Rows of a JSON Lines (also .xz) or CSV file. Raises InputError in words when it cannot be read."""
    if not path.is_file():
        raise _refuse(str(path), "missing", "There is no such file.", "Check the path.")
    try:
        if path.suffix.lower() == ".csv":
            csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
            with path.open(encoding="utf-8-sig", newline="") as lines:
                for row in csv.DictReader(lines):
                    yield {k: (v if v != "" else None) for k, v in row.items() if k is not None}
            return
        with (
            lzma.open(path, "rt", encoding="utf-8")
            if path.suffix == ".xz"
            else path.open(encoding="utf-8-sig")
        ) as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    row = json.loads(line)
                    if not isinstance(row, dict):
                        raise _refuse(
                            str(path),
                            "bad_row",
                            f"Line {number} is no JSON object.",
                            "Give one JSON object a line.",
                        )
                    yield row
    except UnicodeDecodeError as error:
        raise _refuse(
            str(path), "encoding", "The file is not UTF-8.", "Save it as UTF-8 and try again."
        ) from error
    except (json.JSONDecodeError, csv.Error, lzma.LZMAError) as error:
        raise _refuse(
            str(path),
            "bad_file",
            f"The file cannot be read as labelled speeches ({error}).",
            "Give JSON Lines or CSV.",
        ) from error


def load_labelled(path: Path) -> list[Example]:
    """Labelled speeches for `evaluate`: JSON Lines or CSV with `text` and `label`; optional `id`, `iso3`, `year`, `target`, `forum`,
    `debate`, `evidence`. Raises InputError naming the first row that is wrong."""
    examples = []
    for number, row in enumerate(read_rows(path), 1):
        text, label = row.get("text"), row.get("label")
        if not isinstance(text, str) or label is None:
            raise _refuse(
                str(path),
                "columns",
                f"Row {number} lacks text or label.",
                "Give each speech a text and a label.",
            )
        label = str(label).strip().lower().replace(" ", "_")
        if label not in LABELS:
            raise _refuse(
                str(path),
                "label",
                f"Row {number} has the label {label!r}.",
                f"Labels are {', '.join(LABELS)} (corpus/CODEBOOK.md).",
            )
        target = str(row.get("target") or R2P)
        if target not in TARGETS:
            raise _refuse(
                str(path),
                "target",
                f"Row {number} has the target {target!r}.",
                f"Targets are {', '.join(TARGETS)}.",
            )
        examples.append(
            Example(
                id=str(row.get("id") or row.get("speech_id") or number),
                text=text,
                label=label,
                target=target,
                iso3=str(row["iso3"]) if row.get("iso3") else None,
                year=_integer(row.get("year")),
                whole_speech=_whole(row),
                confidence=_integer(row.get("confidence")) or 3,
                evidence=locate(text, str(row["evidence"])) if row.get("evidence") else None,
                kind=str(row["kind"]) if row.get("kind") else None,
            )
        )
    if not examples:
        raise _refuse(str(path), "empty", "The file holds no speeches.", "Give at least one labelled speech.")
    return examples


def _whole(row: dict[str, Any]) -> bool:
    debate = row.get("debate")
    return (
        row.get("forum") == "GA-dialogue"
        or bool(isinstance(debate, str) and debate.endswith("-R2P"))
        or row.get("kind") in WHOLE_SPEECH_KINDS
    )


def _integer(value: Any) -> int | None:
    try:
        return int(float(value)) if value not in (None, "") else None
    except (TypeError, ValueError):
        return None


def locate(text: str, evidence: str) -> Span | None:
    """Where a quotation stands in a text, blanks collapsed; None when it does not."""
    import re

    words = evidence.split()
    if not words:
        return None
    match = re.search(r"\s+".join(re.escape(w) for w in words), text)
    return Span(match.start(), match.end()) if match else None


def seed_dir() -> Path:
    """Where the seed texts lie."""
    return resources.corpus_dir() / "seed"


def load_seed(folder: Path | None = None) -> list[Example]:
    """The seed texts written for this project: every `*.jsonl` in corpus/seed, in the order of file and line. A row with `passage` true is nothing but
    a passage on its target, so all of it counts, named or not."""
    folder = folder or seed_dir()
    examples = []
    for path in sorted(folder.glob("*.jsonl")):
        for row in read_rows(path):
            examples.append(
                Example(
                    id=str(row["id"]),
                    text=str(row["text"]),
                    label=str(row["label"]),
                    target=str(row.get("target") or R2P),
                    year=_integer(row.get("year")),
                    whole_speech=row.get("kind") in WHOLE_SPEECH_KINDS or bool(row.get("passage")),
                    confidence=_integer(row.get("confidence")) or 3,
                    evidence=locate(str(row["text"]), str(row["evidence"])) if row.get("evidence") else None,
                    marks=_marks(row),
                    source="seed",
                    kind=row.get("kind"),
                    teaches="sums" if row.get("sums_only") else "speech",
                )
            )
    return examples


def _marks(row: dict[str, Any]) -> tuple[Mark, ...]:
    return tuple(Mark(Span(int(start), int(end)), str(kind)) for start, end, kind in row.get("marks") or ())


def standoff_path() -> Path:
    """The stand-off labels of real speeches on which models are judged."""
    return resources.corpus_dir() / "labels" / "ungdc.jsonl"


def second_standoff_path() -> Path:
    """Further stand-off labels, which only ever train: 755 readings of speeches that `standoff_path` does not have."""
    return resources.corpus_dir() / "labels" / "ungdc_second.jsonl"


def passages_path() -> Path:
    """Stand-off marks of sentences in 3,319 pieces of other real speeches, which only ever train."""
    return resources.corpus_dir() / "labels" / "ungdc_passages.jsonl"


@dataclass(frozen=True, slots=True)
class Joined:
    """Real speeches found for the stand-off labels, and why others were not."""

    examples: tuple[Example, ...]
    missing: tuple[str, ...]  # ids without a text
    changed: tuple[str, ...]  # ids whose text is another than the one labelled


def join(places: Iterable[Path], labels: Path | None = None) -> Joined:
    """Joins the stand-off labels with texts: folders of `ISO_NN_YYYY.txt` (searched in depth) or JSON Lines with `id` and `text`.

    A text counts when its SHA-256 is the one that was labelled; line ends and a byte order mark may differ. A text of another hash is
    listed as changed and left out, since its evidence spans and perhaps its words differ.
    Raises InputError when a place does not exist.
    """
    rows = [dict(row) for row in read_rows(labels or standoff_path())]
    if labels is None:
        rows += [{**row, "source": "second"} for row in read_rows(second_standoff_path())]
        # A piece in which no sentence bears on the target was read, but teaches nothing.
        rows += [{**row, "source": "passage"} for row in read_rows(passages_path()) if row["marks"]]
    wanted = {str(row["id"]): str(row["sha256"]) for row in rows}
    found: dict[str, str] = {}
    changed: set[str] = set()
    for place in places:
        for key, text in _texts(place, {k.rsplit("/", 1)[-1]: k for k in wanted}):
            if key in found:
                continue
            right = _as_labelled(text, wanted[key])
            if right is None:
                changed.add(key)
            else:
                found[key] = right
    examples = [
        _piece(row, found[str(row["id"])])
        if row.get("source") == "passage"
        else _speech(row, found[str(row["id"])])
        for row in rows
        if str(row["id"]) in found
    ]
    changed -= found.keys()
    missing = [k for k in wanted if k not in found and k not in changed]
    return Joined(tuple(examples), tuple(missing), tuple(sorted(changed)))


def _speech(row: dict[str, Any], text: str) -> Example:
    """A labelled speech. One of the second set without a position on the forerunner norm was found by general words on sovereignty; there are so many
    of them that as speeches they would drown the stances (macro-F1 0.65 with them against 0.72), so only their sentences teach."""
    start, end = row.get("evidence_start"), row.get("evidence_end")
    source = row.get("source", "real")
    aside = source == "second" and (row["label"], row["target"]) == (NOT_ADDRESSED, PROTECTIVE_INTERVENTION)
    return Example(
        id=str(row["id"]),
        text=text,
        label=row["label"],
        target=row["target"],
        iso3=row["iso3"],
        year=row["year"],
        confidence=row["confidence"],
        evidence=Span(start, end) if start is not None and end is not None else None,
        marks=_marks(row),
        source=source,
        teaches="sentences" if aside else "speech",
    )


def _piece(row: dict[str, Any], text: str) -> Example:
    """A piece of a speech with its marks. It is read as a whole, and its label is what its marks amount to."""
    start, end = int(row["start"]), int(row["end"])
    marks = tuple(Mark(Span(m.span.start - start, m.span.end - start), m.kind) for m in _marks(row))
    kinds = {m.kind for m in marks}
    if "C" in kinds or {"O", "S"} <= kinds:
        label = "conditional"
    else:
        label = next((MARK_LABELS[kind] for kind in "OS" if kind in kinds), NOT_ADDRESSED)
    return Example(
        id=f"{row['id']}@{start}",
        text=text[start:end],
        label=label,
        target=row["target"],
        iso3=row["iso3"],
        year=row["year"],
        whole_speech=True,
        marks=marks,
        source="passage",
        teaches="marks",
    )


def _texts(place: Path, stems: dict[str, str]) -> Iterator[tuple[str, str]]:
    if place.is_dir():
        for path in sorted(place.rglob("*.txt")):
            key = stems.get(path.stem)
            if key:
                yield key, path.read_text(encoding="utf-8", errors="replace")
        for path in sorted([*place.rglob("*.jsonl"), *place.rglob("*.jsonl.xz")]):
            yield from _texts(path, stems)
    elif place.is_file():
        for row in read_rows(place):
            key = stems.get(str(row.get("id", "")).rsplit("/", 1)[-1])
            if key and isinstance(row.get("text"), str):
                yield key, row["text"]
    else:
        raise _refuse(
            str(place),
            "missing",
            "There is no such file or folder.",
            "Give the folder of the UN General Debate Corpus.",
        )


def _as_labelled(text: str, sha256: str) -> str | None:
    tries = (text, text.removeprefix("\ufeff"))
    for candidate in tries:
        for form in (
            candidate,
            candidate.replace("\r\n", "\n"),
            candidate.strip(),
            candidate.rstrip("\n") + "\n",
        ):
            if text_hash(form) == sha256:
                return form
    return None


def with_deciding(marks: tuple[Mark, ...], evidence: Span | None, label: str) -> tuple[Mark, ...]:
    """A reader's marks, the deciding sentence among them: it says what the speech says. Nothing where nothing was marked."""
    if not marks or evidence is None:
        return marks
    if any(m.span.start < evidence.end and evidence.start < m.span.end for m in marks):
        return marks
    return (*marks, Mark(evidence, next(kind for kind, given in MARK_LABELS.items() if given == label)))


def unique(examples: Iterable[Example]) -> list[Example]:
    """Speeches merged by the hash of their text and target: a later one takes an earlier one's place, keeping where it stands."""
    merged: dict[tuple[str, str], Example] = {}
    for example in examples:
        key = (example.sha256, example.target)
        if key in merged:
            old = merged[key]
            example = replace(example, iso3=example.iso3 or old.iso3, year=example.year or old.year)
            if example.label == old.label:  # what speaks for another label does not speak for this one
                evidence = example.evidence or old.evidence
                marks = example.marks or with_deciding(old.marks, evidence, example.label)
                example = replace(example, evidence=evidence, marks=marks)
        merged[key] = example
    return list(merged.values())
