"""A splitting against a record whose every turn was checked by hand (`*.gold.json`): the figures that are held.

The gold files count a President's statement in national capacity as part of the President's turn; here it is a
delegate's speech of its own. So speeches without a heading of their own are joined to the turn before them again, and a turn with
`national_capacity` is right when one of its parts is a delegate's speech with that State and the other parts are the presidency's.
"""

from __future__ import annotations

import difflib
import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from pipeline.records import Meeting, Role, Speech, Splitting
from pipeline.split.paragraphs import compound_words

_WORD = re.compile(r"[^\W\d_]+")
#: What page furniture and stage directions would leave behind in a speech.
_LEFT = re.compile(
    r"\b\d{2}-\d{5}\b|\*\d{7,9}\*|\(spoke in [A-Z]|\b\d{1,2}/\d{1,2}/20\d\d\b|It was so decided|A recorded vote was taken|"
    r"The meeting (?:rose|was called to order) at|Verbatim Reporting Service|In favour: |Abstaining: "
)


@dataclass
class Score:
    """What was compared and how often it was right; `wrong` says where it was not."""

    turns: int = 0
    found: int = 0
    matched: int = 0
    state: int = 0
    iso3: int = 0
    role: int = 0
    language: int = 0
    speaker: int = 0
    on_behalf_of: int = 0
    delegates: int = 0
    first_words: int = 0
    last_words: int = 0
    pages: int = 0
    words: int = 0
    gold_words: int = 0
    words_off: int = 0  # delegates' turns whose word count is off by more than 1%
    furniture_left: int = 0
    broken_words: int = 0
    cover: int = 0
    cover_facts: int = 4
    wrong: list[str] = field(default_factory=list)

    @property
    def f1(self) -> float:
        return 2 * self.matched / (self.turns + self.found) if self.turns + self.found else 0.0

    @property
    def broken_per_10000(self) -> float:
        return 10000 * self.broken_words / self.words if self.words else 0.0

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "f1": self.f1, "broken_per_10000": self.broken_per_10000}


def compare(splitting: Splitting, gold: Mapping[str, Any], lexicon: frozenset[str] = frozenset()) -> Score:
    """Every figure for one record. `lexicon` (lower-case words) is needed to tell broken words."""
    score = Score()
    turns: Sequence[Mapping[str, Any]] = gold["turns"]
    found = joined_turns(splitting.speeches)
    score.turns, score.found = len(turns), len(found)
    expected = [_plain(turn["heading"]) for turn in turns]
    printed = [_plain(parts[0].heading or "") for parts in found]
    matcher = difflib.SequenceMatcher(None, expected, printed, autojunk=False)
    pairs = [(b.a + i, b.b + i) for b in matcher.get_matching_blocks() for i in range(b.size)]
    score.matched = len(pairs)
    matched = {a for a, _ in pairs}
    score.wrong += [f"missed: {turns[i]['heading']}" for i in range(len(turns)) if i not in matched]
    taken = {b for _, b in pairs}
    score.wrong += [f"no turn: {printed[i]}" for i in range(len(found)) if i not in taken]
    for a, b in pairs:
        _compare_turn(score, turns[a], found[b])
    _compare_cover(score, splitting.meeting, gold)
    for speech in splitting.speeches:
        left = _LEFT.findall(speech.text) + ([gold["symbol"]] if gold["symbol"] in speech.text else [])
        score.furniture_left += len(left)
        score.wrong += [f"furniture in speech {speech.no}: {piece}" for piece in left]
        for word in broken_words(speech.text, lexicon):
            score.broken_words += 1
            score.wrong.append(f"broken in speech {speech.no}: {word}")
    return score


def joined_turns(speeches: Sequence[Speech]) -> list[list[Speech]]:
    """Speeches as the record's turns: one without a heading belongs to the turn before it."""
    turns: list[list[Speech]] = []
    for speech in speeches:
        if speech.heading is None and turns:
            turns[-1].append(speech)
        else:
            turns.append([speech])
    return turns


def _compare_turn(score: Score, turn: Mapping[str, Any], parts: Sequence[Speech]) -> None:
    national = turn.get("national_capacity")
    main = next((p for p in parts if p.role is Role.DELEGATE), parts[0]) if national else parts[0]
    want_state = national["state"] if national else turn["state"]
    want_code = national["iso3"] if national else turn["iso3"]
    others = [p.role for p in parts if p is not main]
    role = main.role is Role.DELEGATE if national else main.role == turn["role"]
    role = role and all(other is Role.PRESIDENCY for other in others)
    text = "\n\n".join(part.text for part in parts)
    words = sum(part.words for part in parts)
    checks: list[tuple[str, bool, object, object]] = [
        ("state", main.state == want_state, main.state, want_state),
        ("iso3", main.iso3 == want_code, main.iso3, want_code),
        ("role", role, [str(p.role) for p in parts], turn["role"]),
        ("language", main.language == turn["language"], main.language, turn["language"]),
        ("speaker", main.speaker == turn["speaker"], main.speaker, turn["speaker"]),
        (
            "on_behalf_of",
            set(main.on_behalf_of) == set(turn["on_behalf_of"]),
            main.on_behalf_of,
            turn["on_behalf_of"],
        ),
    ]
    pages = (parts[0].page_start, parts[-1].page_end) == (turn["page_start"], turn["page_end"])
    checks.append(
        ("pages", pages, (parts[0].page_start, parts[-1].page_end), (turn["page_start"], turn["page_end"]))
    )
    score.words += words
    score.gold_words += turn["words"]
    if turn["role"] == "delegate" or national:
        score.delegates += 1
        first, last = " ".join(text.split()[:12]), " ".join(text.split()[-12:])
        checks.append(("first_words", _same(first, turn["first_words"]), first, turn["first_words"]))
        checks.append(("last_words", _same_end(last, turn["last_words"]), last, turn["last_words"]))
        if abs(words - turn["words"]) > max(0.01 * turn["words"], 0.5):
            score.words_off += 1
            score.wrong.append(f"turn {turn['n']} words: {words}, not {turn['words']}")
    for name, right, got, want in checks:
        setattr(score, name, getattr(score, name) + bool(right))
        if not right:
            score.wrong.append(f"turn {turn['n']} {name}: {got!r}, not {want!r}")


def _same(found: str, gold: str) -> bool:
    return _plain(found).startswith(_plain(gold)) or _plain(gold).startswith(_plain(found))


def _same_end(found: str, gold: str) -> bool:
    return _plain(found).endswith(_plain(gold)) or _plain(gold).endswith(_plain(found))


def _plain(text: str) -> str:
    return " ".join(text.split()).replace("’", "'").replace("‘", "'")


def _compare_cover(score: Score, meeting: Meeting, gold: Mapping[str, Any]) -> None:
    president = gold["president"]
    named = meeting.president or ""
    facts = {
        "symbol": meeting.symbol == gold["symbol"],
        "organ": meeting.forum.split("-")[0] == gold["body"],
        "date": meeting.date == gold["date"],
        "president": president["name"].lower() in named.lower()
        and _plain(president["state"]) in _plain(named),
    }
    score.cover = sum(facts.values())
    score.wrong += [f"cover {name} is wrong" for name, right in facts.items() if not right]


def broken_words(text: str, lexicon: frozenset[str]) -> list[str]:
    """Words that a line end or a false blank has left in two: `coopera tion`, `inter- national`, `in\ufffeto`.

    A blank is false when the parts are not both words and the whole is one; so is a hyphen before a blank, unless it
    hangs ("short- and long-term").
    """
    broken = re.findall(r"\w*[\ufffe\x02\u00ad]\w*", text)
    broken += re.findall(r"\w+- (?!and\b|or\b|to\b|nor\b|but\b)\w+|\w+ -\w+", text)
    if not lexicon:
        return broken
    compounds = compound_words()
    tokens = list(_WORD.finditer(text))
    for left, right in itertools.pairwise(tokens):
        if text[left.end() : right.start()] != " " or text[left.start() - 1 : left.start()] in ("’", "'"):
            continue
        a, b = left.group(), right.group()
        if (a + b).lower() in lexicon and (_is_fragment(a, lexicon) or _is_fragment(b, lexicon)):
            broken.append(f"{a} {b}")
    solid = {compound.replace("-", "") for compound in compounds}
    broken += [token.group() for token in tokens if token.group().lower() in solid - lexicon]
    return broken


def _is_fragment(word: str, lexicon: frozenset[str]) -> bool:
    """A piece that is no word by itself. Capital letters alone are numerals, initials or symbols."""
    if len(word) == 1:
        return word.islower() and word not in "ai"
    return word.lower() not in lexicon
