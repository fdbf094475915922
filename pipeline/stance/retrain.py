"""The work of `r2p-stance train`: gather labelled speeches, train, compare with the model in use, and take its place only if not worse.

Fitting itself is `pipeline.stance.train`, the comparison `pipeline.stance.compare`, the words `pipeline.stance.model_card`.
"""

from __future__ import annotations

import csv
import datetime
import json
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.records import NOT_ADDRESSED, InputError, Problem
from pipeline.stance import breakdown, registry
from pipeline.stance.compare import (
    Change,
    Comparison,
    Held,
    changes,
    compare,
    cross_fit,
    pool,
    require_labels,
)
from pipeline.stance.corpus import Example, Joined, join, load_seed, standoff_path, unique
from pipeline.stance.corrections import corrections
from pipeline.stance.label_issues import Issue, label_issues, write_issues
from pipeline.stance.linear import on_one_thread
from pipeline.stance.model import StanceModel, load_model
from pipeline.stance.train import Settings, fingerprint, train

#: The list of what a model was trained on: hashes and labels, no text.
DATA_FILE = "training_data.csv"
#: Fewer reviewed speeches than this, new to the old model, cannot decide between two models.
_ENOUGH_REVIEWED = 20
#: From so many speeches on a second process is worth its start.
_MANY = 300

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Corpus:
    """What a model is trained on: `examples`, each speech once; `base` is the same without the reviewed labels."""

    examples: tuple[Example, ...]
    base: tuple[Example, ...]
    joined: Joined
    standoff: int
    reviewed: int
    merged: int


@dataclass(frozen=True, slots=True)
class OldModel:
    """The model in use, and as much of its training data as is at hand; `complete` where that is all of it, `listed`
    where the model says which speeches they were. `model` is None where
    this version of the program cannot open it."""

    name: str
    model: StanceModel | None
    data: tuple[Example, ...]
    complete: bool
    listed: bool
    trained_on: dict[str, Any]
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """All that came of a training run. `unnamed` counts the speeches with a stance that do not name the
    target, `decided_on` is `held-out`, `reviewed` or None where nothing could decide."""

    name: str
    folder: Path
    corpus: Corpus
    model: StanceModel
    scores: dict[str, Any]
    old: OldModel | None
    held_out: Comparison | None
    reviewed: Comparison | None
    as_it_stands: Comparison | None
    changed: tuple[Change, ...]
    issues: tuple[Issue, ...]
    unnamed: int
    seeds_only: bool
    decided_on: str | None
    not_worse: bool
    in_use: bool
    elsewhere: bool


def gather(datasets: Iterable[Path], texts: Iterable[Path], seeds: Path | None = None) -> Corpus:
    """Seed texts, real texts joined with the stand-off labels, and reviewed labels. A speech that comes twice is kept once, by the hash of
    its text: a reviewed label before a stand-off label, a later review before an earlier one."""
    places = list(texts)
    seed = load_seed(seeds)
    joined = join(places) if places else Joined((), (), ())
    known = len(joined.examples) + len(joined.missing) + len(joined.changed)
    reviewed = corrections(datasets)
    base = unique([*seed, *joined.examples])
    examples = unique([*base, *reviewed])
    if not examples:
        raise InputError(
            Problem(
                str(standoff_path().parent.parent),
                "no_training_data",
                "There is nothing to train on: no seed texts, no real texts, no reviewed labels.",
                "Run it from a checkout, or give --texts DIR or --corrections DIR.",
            )
        )
    return Corpus(
        tuple(examples), tuple(base), joined, known, len(reviewed), len(base) + len(reviewed) - len(examples)
    )


def old_model(corpus: Corpus) -> OldModel | None:
    """The model in use with its training data rebuilt from `corpus`; None where there is none."""
    try:
        folder = registry.model_in_use()
    except InputError:
        return None
    problem = None
    try:
        model: StanceModel | None = load_model(folder)
    except InputError as error:
        model, problem = None, f"{folder.name}: {error.problem.reason}"
    facts = _words(folder).get("trained_on") or {}
    name = str(_words(folder).get("name") or folder.name)
    listed = folder / DATA_FILE
    if listed.is_file():
        data, complete = _rebuilt(listed, corpus)
    else:
        data, complete = _guessed(corpus, facts)
    return OldModel(name, model, data, complete, listed.is_file(), facts, problem)


def _words(folder: Path) -> dict[str, Any]:
    try:
        words = json.loads((folder / "model.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return words if isinstance(words, dict) else {}


def _rebuilt(listed: Path, corpus: Corpus) -> tuple[tuple[Example, ...], bool]:
    """The old training data by its list of hashes, with the labels of then and what was known of the sentences, as far as the texts are here."""
    texts = {(e.sha256, e.target): e for e in (*corpus.base, *corpus.examples)}
    known = {(e.sha256, e.target, e.said): e for e in (*corpus.base, *corpus.examples)}
    data, complete = [], True
    with listed.open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            key = (row["sha256"], row["target"])
            example = texts.get(key)
            if example is None:
                complete = False
            else:
                said = row.get("said")
                if said == "":
                    example = replace(example, evidence=None, marks=())
                elif said is not None:  # lists of before do not tell
                    example = known.get((*key, said), example)
                    complete &= example.said == said
                data.append(replace(example, label=row["label"], source=row["source"]))
    return tuple(data), complete


def _guessed(corpus: Corpus, facts: dict[str, Any]) -> tuple[tuple[Example, ...], bool]:
    """The old training data of a model without a list: whichever part of the corpus has its fingerprint."""
    parts = [
        corpus.base,
        tuple(e for e in corpus.base if e.source == "real"),
        tuple(e for e in corpus.base if e.source == "seed"),
    ]
    for part in parts:
        if part and fingerprint(part) == facts.get("fingerprint"):
            return part, True
    return corpus.base, False


def retrain(
    datasets: Sequence[Path] = (),
    texts: Sequence[Path] = (),
    out: Path | None = None,
    accept: bool = False,
    seeds: Path | None = None,
    today: datetime.date | None = None,
    settings: Settings | None = None,
    progress: Progress = lambda message: None,
) -> Outcome:
    """Trains a model on the corpus, the real texts in `texts` and the reviewed labels of `datasets`, and writes its folder under `out`
    (default: where this installation keeps its own models). It becomes the model in use where it is not worse than the old one, or
    with `accept`; under another `out` only with `accept`. The same input and day give the same files, bit for bit.

    Raises InputError or DatasetError, in words, for input that cannot be used.
    """
    settings = settings or Settings()
    corpus = gather(datasets, texts, seeds)
    examples = corpus.examples
    require_labels([e.label for e in examples], 3)
    old = old_model(corpus)
    parent = (out or registry.own_dir()).resolve()
    day = today or datetime.datetime.now(datetime.UTC).date()
    name = f"stance-{day:%Y%m%d}-{fingerprint(examples)[:8]}"
    progress(f"reading {len(examples)} speeches")
    pooled = pool(examples, old.data if old else (), settings)
    same = old is not None and np.array_equal(np.sort(pooled.old), pooled.new)
    refit = old is not None and not same and _can_train(old.data)
    work: list[tuple[Callable[..., Any], tuple[Any, ...]]] = [
        (train, (examples, name, settings, (0, 1, 2), pooled.data)),
        (cross_fit, (pooled, pooled.new, pooled.judged, settings)),
        (cross_fit, (pooled, pooled.new, pooled.new, settings, (0,))),
    ]
    if refit:
        work.append((cross_fit, (pooled, pooled.old, pooled.judged, settings)))
    progress("training, and holding out each State in turn")
    model, new_held, everywhere, *rest = _side_by_side(work, 2 if len(examples) >= _MANY else 1)
    old_held: Held | None = rest[0] if refit else new_held if same else None
    # A speech that does not name the target gets no position by rule: that says nothing about its label.
    named = [i for i in pooled.new.tolist() if pooled.data.tables[i]]
    issues = tuple(label_issues([examples[i] for i in named], [everywhere.repeats[0][i] for i in named]))
    unnamed = sum(e.label != NOT_ADDRESSED for e in examples) - sum(
        examples[i].label != NOT_ADDRESSED for i in named
    )

    judged = [examples[i] for i in pooled.judged.tolist()]
    labels = [e.label for e in judged]
    groups = [e.iso3 or e.id for e in judged]
    held_out = compare(labels, groups, old_held, new_held) if old_held else None
    changed = changes([e.id for e in judged], labels, old_held, new_held) if old_held else []
    people = [i for i, e in enumerate(judged) if e.source == "correction"]
    reviewed = _part(judged, people, old_held, new_held) if old_held else None
    as_it_stands = _as_it_stands(old, judged, people, new_held)
    deciding, decided_on = _deciding(old, held_out, as_it_stands)
    not_worse = old is None or (deciding is not None and deciding.not_worse)
    alone = compare(labels, groups, new_held, new_held)
    written = {
        **alone.new,
        "judged_on": "speeches held out by State"
        if any(e.source != "seed" for e in judged)
        else "seed texts held out (they flatter: they were written for training)",
        "held_out_fingerprint": fingerprint(judged),
        "by_region": breakdown.by(judged, new_held.repeats, breakdown.region),
        "by_years": breakdown.by(judged, new_held.repeats, breakdown.years),
        "intervals": {k: [v[1].value, v[1].low, v[1].high] for k, v in alone.f1.items()},
        "old": None if old is None else {"name": old.name, "complete": old.complete},
        "comparison": _comparison_json(held_out),
        "comparison_reviewed": _comparison_json(reviewed),
        "comparison_old_as_it_stands": _comparison_json(as_it_stands),
        "decided_on": decided_on,
        "not_worse": not_worse,
    }
    outcome = Outcome(
        name, parent / name, corpus, model, written, old, held_out, reviewed, as_it_stands, tuple(changed), issues, unnamed,
        all(e.source == "seed" for e in judged), decided_on, not_worse, False, parent != registry.own_dir().resolve(),
    )  # fmt: skip
    folder = _write(outcome, parent)
    take = accept or (not_worse and not outcome.elsewhere)
    if take:
        registry.use(folder.name if folder.parent == registry.own_dir().resolve() else str(folder))
    return replace(outcome, name=folder.name, folder=folder, in_use=take)


def _side_by_side(work: Sequence[tuple[Callable[..., Any], tuple[Any, ...]]], jobs: int) -> list[Any]:
    """The results of calls, in their order, whatever the number of processes."""
    from joblib import Parallel, delayed

    done: list[Any] = Parallel(n_jobs=jobs)(delayed(on_one_thread)(call, *given) for call, given in work)
    return done


def _can_train(data: Sequence[Example]) -> bool:
    return (
        bool(data) and min(Counter(e.label for e in data).values()) >= 3 and len({e.label for e in data}) == 4
    )


def _part(judged: Sequence[Example], rows: Sequence[int], old: Held, new: Held) -> Comparison | None:
    """The comparison on some of the judged speeches; None where there are none."""
    if not rows:
        return None
    some = [judged[i] for i in rows]
    old_part, new_part = (
        Held(tuple(tuple(repeat[i] for i in rows) for repeat in held.repeats)) for held in (old, new)
    )
    return compare([e.label for e in some], [e.iso3 or e.id for e in some], old_part, new_part)


def _as_it_stands(
    old: OldModel | None, judged: Sequence[Example], people: Sequence[int], new: Held
) -> Comparison | None:
    """The old model itself, not its recipe, on the reviewed speeches that it was not trained on; the new one held out as before."""
    if old is None or old.model is None or not people:
        return None
    if not old.listed and (old.trained_on.get("by_source") or {}).get("correction"):
        return None  # it has learned from reviewed speeches, and nothing says from which
    seen = {(e.sha256, e.target) for e in old.data}
    unseen = [i for i in people if (judged[i].sha256, judged[i].target) not in seen]
    if not unseen:
        return None
    judgements = {
        i: old.model.judge_one(judged[i].text, judged[i].whole_speech, judged[i].target) for i in unseen
    }
    repeat = tuple(judgements.get(i, new.repeats[0][i]) for i in range(len(judged)))
    return _part(judged, unseen, Held((repeat,) * len(new.repeats)), new)


def _deciding(
    old: OldModel | None, held_out: Comparison | None, as_it_stands: Comparison | None
) -> tuple[Comparison | None, str | None]:
    """The comparison that decides. Where the old training data are not all here, a refit of it would be weaker than the old model is, so
    that only speeches new to the old model can decide, if there are enough."""
    if old is None:
        return None, None
    if old.complete and held_out is not None:
        return held_out, "held-out"
    if as_it_stands is not None and as_it_stands.speeches >= _ENOUGH_REVIEWED:
        return as_it_stands, "reviewed"
    return None, None


def _comparison_json(comparison: Comparison | None) -> dict[str, Any] | None:
    if comparison is None:
        return None
    return {
        "speeches": comparison.speeches,
        "groups": comparison.groups,
        "p_not_worse": comparison.p_not_worse,
        "not_worse": comparison.not_worse,
        "f1": {
            name: {
                who: [interval.value, interval.low, interval.high]
                for who, interval in zip(("old", "new", "difference"), three, strict=True)
            }
            for name, three in comparison.f1.items()
        },
    }


def _write(outcome: Outcome, parent: Path) -> Path:
    """Writes the model's folder whole, then moves it into place; a folder of the same name with another model in it is left alone."""
    from pipeline.stance.model_card import model_card

    try:
        parent.mkdir(parents=True, exist_ok=True)
        staging = parent / f".{outcome.name}.new"
        shutil.rmtree(staging, ignore_errors=True)
        outcome.model.save(staging)
        (staging / "README.md").write_text(model_card(outcome), encoding="utf-8", newline="\n")
        text = json.dumps(outcome.scores, indent=1, sort_keys=True)
        (staging / "scores.json").write_text(text + "\n", encoding="utf-8", newline="\n")
        write_issues(staging / "label_issues.csv", outcome.issues)
        _write_rows(
            staging / DATA_FILE,
            ("id", "target", "sha256", "label", "source", "said"),
            sorted((e.id, e.target, e.sha256, e.label, e.source, e.said) for e in outcome.corpus.examples),
        )
        _write_rows(
            staging / "changed.csv",
            ("id", "label", "old", "new", "verdict"),
            [(c.id, c.label, c.old, c.new, c.verdict) for c in outcome.changed],
        )
        folder = _free(parent, outcome.name, staging)
        if folder.exists():
            shutil.rmtree(folder)
        staging.rename(folder)
    except OSError as error:
        raise InputError(
            Problem(
                str(parent),
                "not_written",
                f"The model cannot be written there ({error.strerror or error}).",
                "Make room or make the folder writable, or name another one with --out.",
            )
        ) from error
    return folder


def _free(parent: Path, name: str, staging: Path) -> Path:
    """The folder to move into: of this name, or with a number where another model of the day has taken it."""
    fresh = (staging / registry.MODEL_FILE).read_bytes()
    number = 1
    while True:
        folder = parent / (name if number == 1 else f"{name}-{number}")
        if not folder.exists() or (
            (folder / registry.MODEL_FILE).is_file()
            and (folder / registry.MODEL_FILE).read_bytes() == fresh
            and (folder / "model.json").read_bytes() == (staging / "model.json").read_bytes()
        ):
            return folder
        number += 1


def _write_rows(path: Path, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)
