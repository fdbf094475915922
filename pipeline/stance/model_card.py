"""What a training run says: the card of the new model (README.md of its folder) and the report on the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.records import LABELS, STANCES
from pipeline.stance.breakdown import table as table_of_parts
from pipeline.stance.compare import MARGIN, SURE, Comparison

if TYPE_CHECKING:
    from pipeline.stance.label_issues import Issue
    from pipeline.stance.retrain import Outcome

_SHOWN_CHANGES, _SHOWN_ISSUES = 20, 10


def model_card(outcome: Outcome) -> str:
    """The card in Markdown: training data, scores, the comparison with the model before, limits."""
    facts = outcome.model.trained_on
    scores = outcome.scores
    sources = ", ".join(f"{n} {_SOURCES.get(source, source)}" for source, n in facts["by_source"].items())
    rows = "\n".join(
        f"| {stance} | {row['precision']:.2f} | {row['recall']:.2f} | {row['f1']:.2f} | {row['support']} |"
        for stance, row in scores["per_class"].items()
    )
    low, high = scores["intervals"]["macro"][1:]
    before = (
        "There was no model before it."
        if outcome.old is None
        else f"Compared with `{outcome.old.name}`:\n\n```\n{comparison_text(outcome)}\n```"
    )
    return f"""# Model `{outcome.model.name}`

A linear model of a speaker's stance on the responsibility to protect: `supportive`, `conditional`, `opposed`, or no position taken
(corpus/CODEBOOK.md). Made with `r2p-stance train`; docs/training.md says how.

## Training data
{facts["speeches"]} labelled speeches: {sources}. Fingerprint `{facts["fingerprint"]}`; `training_data.csv` lists ids, hashes and labels, no text.
Labels: {", ".join(f"{label} {facts['by_label'].get(label, 0)}" for label in LABELS)}.
{_without_texts(outcome)}
## Scores
On {scores["n"]} {scores["judged_on"]} (each judged by a model that saw nothing of its State; corpus and folds as in scores.json).

| stance | precision | recall | F1 | speeches |
| --- | --- | --- | --- | --- |
{rows}

Macro-F1 of the stances {scores["macro_f1"]:.3f} (95% interval {low:.3f} to {high:.3f}), accuracy {_figure(scores["accuracy"])},
calibration error {_figure(scores["ece"])}. `scores.json` has the rest.

Accuracy over the four labels by regional group of the speech's State and by years (how well the model reads these speeches, nothing about the States):

| part | speeches | accuracy |
| --- | --- | --- |
{table_of_parts(scores["by_region"])}
{table_of_parts(scores["by_years"])}

## Comparison
{before}

## What it must not be used for
- To say what a State thinks, deserves or will do: a label is about the words of one speech. A vote or a silence is no stance.
- To publish a label of `conditional` or `opposed` that nobody has read: these are the rare ones, and where it errs most.
- To judge persons, texts that are no speeches, or texts in other languages than English.

## Known errors
- A long endorsement followed by one sentence of limits is often called supportive; two sentences of courtesy about limits, conditional.
- A charge that somebody abuses the words, by a speaker who upholds the norm, is sometimes called opposed.
- Where the norm is only named in a list of reforms that the speaker welcomes, a stance is sometimes read into it.
- Attacks on sanctions, occupation or bilateral interference that borrow the words "in the name of human rights" are taken for a position.
- The deciding sentence shown is the one that readers chose in about two of three speeches; read the passage, not it alone.
- Speeches before 2000 on the forerunner norm are judged worst. More scores, and what each part of the model adds, stand in docs/model.md.

## Limits
The labels are readings of English speeches in UN debates; other languages and other kinds of text are out of its reach. A stance is that of one
speech. Speeches below a certainty of {outcome.model.review_below:.2f} are put before a person. `label_issues.csv` lists {len(outcome.issues)} training
labels that a model which did not see the speech finds unlikely; {sum(i.likely_error for i in outcome.issues)} of them are flagged by confident learning.
"""


_SOURCES = {
    "seed": "seed texts written for the project",
    "real": "real speeches with stand-off labels",
    "second": "real speeches of the second label set, which only trains",
    "passage": "pieces of further real speeches, of which only marked sentences train",
    "correction": "reviewed speeches",
}


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _without_texts(outcome: Outcome) -> str:
    corpus, old = outcome.corpus, outcome.old
    if corpus.joined.examples:
        return ""
    had = (old.trained_on.get("by_source") or {}).get("real", 0) if old else 0
    before = (
        f"The model in use ({old.name}) was trained with {had} real speeches too; the new one lacks them, because their texts are not shipped.\n"
        if old and had
        else "The model that ships with the program was trained with real speeches too; this one lacks them, because their texts are not shipped.\n"
    )
    return f"{before}To have them: r2p-stance fetch --ungdc, then r2p-stance train --texts records/ungdc/speeches\n"


def report(outcome: Outcome) -> str:
    """The whole report for a terminal, the decision last."""
    corpus = outcome.corpus
    facts = outcome.model.trained_on
    lines = [
        f"Trained {outcome.name} on {facts['speeches']} speeches: "
        + ", ".join(f"{n} {_SOURCES.get(source, source)}" for source, n in facts["by_source"].items())
        + "."
    ]
    if corpus.standoff:
        lines.append(
            f"Stand-off labels: {len(corpus.joined.examples)} of {corpus.standoff} found with their text, "
            f"{len(corpus.joined.changed)} with another text (left out), {len(corpus.joined.missing)} without."
        )
    if corpus.reviewed:
        lines.append(
            f"Reviewed labels: {corpus.reviewed} (each weighs more than an unreviewed one). Merged as the same speech: {corpus.merged}."
        )
    lines.append(_without_texts(outcome).rstrip())
    lines += [
        "",
        comparison_text(outcome),
        "",
        changes_text(outcome),
        "",
        issues_text(outcome.issues, outcome.unnamed),
        "",
        decision(outcome),
    ]
    return "\n".join(_single_blanks(lines))


def _single_blanks(lines: list[str]) -> list[str]:
    out: list[str] = []
    for line in lines:
        if line or (out and out[-1]):
            out.append(line)
    return out


def comparison_text(outcome: Outcome) -> str:
    """Old and new side by side, and what was judged how."""
    old = outcome.old
    if old is None:
        macro = outcome.scores["intervals"]["macro"]
        return f"There is no model to compare with. Macro-F1 on {outcome.scores['n']} held-out speeches: {macro[0]:.3f} [{macro[1]:.3f}, {macro[2]:.3f}]"
    parts = []
    if old.problem:
        parts.append(f"The model in use cannot be opened: {old.problem}")
    if outcome.held_out:
        title = f"Held-out speeches ({outcome.held_out.speeches}, each judged by a model that saw nothing of its State)"
        if outcome.seeds_only:
            title = f"Held-out seed texts ({outcome.held_out.speeches}; they were written for training, so the scores flatter both)"
        parts.append(
            "The model in use has seen its training data. For a fair comparison both columns are refits in the same folds: "
            + (
                "`old` with the data of the model in use, `new` with the new data."
                if old.complete
                else f"`old` with the {len(old.data)} speeches that are here of the {old.trained_on.get('speeches', '?')} of the model in use. It is weaker than that model is."
                if old.listed
                else "`old` with the corpus at hand, without reviewed labels; the data of the model in use are not known in full. It says little about that model."
            )
        )
        parts.append(table(title, outcome.held_out))
    if outcome.reviewed:
        parts.append(table(f"The reviewed among them ({outcome.reviewed.speeches})", outcome.reviewed))
    if outcome.as_it_stands:
        parts.append(
            table(
                f"Reviewed speeches that the model in use was not trained on ({outcome.as_it_stands.speeches}): `old` is that model itself",
                outcome.as_it_stands,
            )
        )
    return "\n\n".join(parts)


def table(title: str, comparison: Comparison) -> str:
    """One comparison as a table with 95% bootstrap intervals."""
    lines = [title, f"{'F1':14}{'old':>22}{'new':>22}{'new - old':>24}{'n':>6}"]
    for name, (old, new, difference) in comparison.f1.items():
        n = sum(comparison.support[s] for s in STANCES) if name == "macro" else comparison.support[name]
        gap = f"{difference.value:+.3f} [{difference.low:+.3f}, {difference.high:+.3f}]"
        lines.append(f"{name:14}{old!s:>22}{new!s:>22}{gap:>24}{n:>6}")
    for key, words in (
        ("accuracy", "accuracy"),
        ("ece", "calibration"),
        ("coverage_at_5pct_error", "passes at 5%"),
    ):
        lines.append(f"{words:14}{_figure(comparison.old[key]):>7}{'':15}{_figure(comparison.new[key]):>7}")
    return "\n".join(lines)


def changes_text(outcome: Outcome) -> str:
    """The held-out speeches whose label changed, those that broke first."""
    if outcome.held_out is None or (not outcome.changed and outcome.old and not outcome.old.complete):
        return ""
    if not outcome.changed:
        return "No held-out speech changed its label."
    counts = [sum(c.verdict == v for c in outcome.changed) for v in ("mended", "broken", "still wrong")]
    lines = [
        f"{len(outcome.changed)} held-out speeches changed their label: {counts[0]} mended, {counts[1]} broken, {counts[2]} still wrong."
    ]
    ordered = sorted(outcome.changed, key=lambda c: ("broken", "still wrong", "mended").index(c.verdict))
    lines += [
        f"  {c.id:<26} {c.old:>13} -> {c.new:<13} label {c.label:<13} {c.verdict}"
        for c in ordered[:_SHOWN_CHANGES]
    ]
    if len(ordered) > _SHOWN_CHANGES:
        lines.append(f"  ... {len(ordered) - _SHOWN_CHANGES} more in changed.csv")
    return "\n".join(lines)


def issues_text(issues: tuple[Issue, ...], unnamed: int = 0) -> str:
    """The most doubtful training labels, and how many speeches could not be doubted because they do not name the target."""
    if issues:
        likely = sum(i.likely_error for i in issues)
        lines = [
            f"Training labels for a second look (hard speeches as well as errors): {len(issues)} that a model which did not see the speech",
            f"finds unlikely, {likely} of them flagged by confident learning (label_issues.csv). The first:",
        ]
        lines += [
            f"  {i.id:<26} {i.source:<10} label {i.label:<13} rather {i.likely:<13} quality {i.quality:.2f}"
            for i in issues[:_SHOWN_ISSUES]
        ]
    else:
        lines = ["No training label looks doubtful."]
    if unnamed:
        lines.append(
            f"Not judged here: {unnamed} speeches with a stance whose words name the target in no way that the program knows."
        )
    return "\n".join(lines)


def decision(outcome: Outcome) -> str:
    """What became of the new model, why, and what to do next."""
    comparison = {"held-out": outcome.held_out, "reviewed": outcome.as_it_stands}.get(
        outcome.decided_on or ""
    )
    if outcome.old is None:
        why = "There was no model before it."
    elif comparison is None:
        why = (
            "Whether it is worse than the model in use cannot be told: the training data of that model are not all here. "
            "Give the real texts with --texts, or review more speeches."
        )
    else:
        why = (
            f"In {comparison.p_not_worse:.0%} of the resamples of the {outcome.decided_on} speeches it loses no more than {MARGIN:.2f} of macro-F1 "
            f"({SURE:.0%} are asked for): {'not worse' if outcome.not_worse else 'it may be worse'}."
        )
    target = str(outcome.folder) if outcome.elsewhere else outcome.name
    if outcome.in_use:
        back = f" Back to the old one: r2p-stance models use {outcome.old.name}" if outcome.old else ""
        done = f"{outcome.name} is now the model in use.{back}"
    elif outcome.not_worse:
        done = f"It lies outside the models of this installation and was not put in use. To use it: r2p-stance models use {target}"
    else:
        done = f"{outcome.old.name if outcome.old else 'The old model'} stays in use. To use the new one all the same: r2p-stance models use {target}"
    return f"{why}\n{done}\nModel: {outcome.folder}"
