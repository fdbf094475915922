"""Who speaks: from every form of a State's name that records use to its ISO 3166-1 alpha-3 code.

Names and codes come from pycountry (its data files are read directly: importing the library costs fifty
milliseconds). What it lacks stands in corpus/tables: states.csv (membership, regional group, further names),
former_names.csv, not_states.csv, demonyms.csv. Not here: groups of States (`pipeline.split.groups`).

The code is the one valid for the name on the meeting's date:

* A State that has ended keeps its own code (ISO 3166-3), before ISO 3166 was first published in 1974 too:
  the Soviet Union is SUN in 1950, Czechoslovakia CSK, Yugoslavia YUG, the German Democratic Republic DDR.
* A State that changed name *and* code has the former code under its former name until ISO withdrew it
  (Zaire: ZAR until 1997-07-14), today's code after that day or where no date is known (Zaire: COD).
* The new name always has the new code, for ISO follows the United Nations by weeks or months.
* All other former names have the code that never changed (Swaziland: SWZ).
"""

from __future__ import annotations

import csv
import functools
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from pipeline.records import InputError, Problem, Span
from pipeline.resources import table

#: UN regional groups, as `region` names them.
REGIONS: tuple[str, ...] = ("African", "Asia-Pacific", "Eastern European", "GRULAC", "WEOG")


@dataclass(frozen=True, slots=True)
class State:
    """A State or observer: `iso3` on the date asked for, `name` as our table has it.

    `iso3` is None only for an entity that speaks under a name of its own without a code; `note` then says
    why. `observer` is true for observer States, on the date asked for. `former` marks a State or name that is no more.
    """

    iso3: str | None
    name: str
    observer: bool = False
    former: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class _Entry:
    """One row behind a name: the State today and, for former names, the code until its withdrawal."""

    state: State
    member_from: str = ""
    observer_from: str = ""
    former: State | None = None
    withdrawn: str = ""

    def on(self, date: str | None) -> State:
        if date and self.former and date < self.withdrawn:
            return self.former
        if date and self.observer_from and self.observer_from <= date < self.member_from:
            return State(self.state.iso3, self.state.name, observer=True)
        return self.state


#: Written short in headings and tables, spelled out before names are compared.
_ABBREVIATIONS = {
    "st": "saint", "ste": "saint", "rep": "republic", "dem": "democratic", "fed": "federal", "is": "islands",
    "peoples": "people", "s": "", "the": "",
}  # fmt: skip

_TOKEN = re.compile(r"[^\W_]+")
_APOSTROPHES = re.compile("['\u2018\u2019\u201a\u201b\u02bc\u02bb\u00b4`\u2032\ufffd]")
_INVERTED = re.compile(r"^\s*(?P<name>[^(,]+?)\s*(?:\((?P<bracket>[^()]+)\)|,\s*(?P<comma>.+?))\s*$")

#: Words that may stand before "of" in a formal name; what follows is then looked up alone. "Republic of" before
#: Korea, China and Congo names other States than the short name does, so these stand in the table in full.
_FORMAL = re.compile(
    r"^(?:the\s+)?(?:(?:federal|federated|federative|democratic|people.?s|popular|islamic|arab|socialist|united|"
    r"independent|sovereign|co-?operative|plurinational|bolivarian|hashemite|oriental|great|first|second)\s+)*"
    r"(?:republic|kingdom|state|states|union|commonwealth|sultanate|principality|(?:grand\s+)?duchy|federation|"
    r"emirate|government|islands)\s+of\s+(?:the\s+)?(?P<name>.+)$",
    re.IGNORECASE,
)
_NOT_BY_FORMAL = frozenset({"korea", "china", "congo", "iraqandlevant", "vietnam", "america"})


@functools.lru_cache(maxsize=16384)
def name_key(name: str) -> str:
    """A name without case, accents, articles, punctuation and blanks: names with one key are one name.

    `the LIBYAN ARAB Jamahiriya` -> `libyanarabjamahiriya`. Blanks go too, because text layers and OCR lose and
    add them ("Viet Nam", "Vietnam", "Ni geria").
    """
    if not name.isascii():
        folded = unicodedata.normalize("NFKD", name.casefold().replace("ı", "i"))
        name = "".join(c for c in folded if not unicodedata.combining(c))
    name = _APOSTROPHES.sub("", name.casefold()).replace("&", " and ")
    return "".join(_ABBREVIATIONS.get(token, token) for token in _TOKEN.findall(name))


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            yield {key: (value or "").strip() for key, value in row.items() if isinstance(key, str)}


def _first_words(name: str) -> list[str]:
    """The words with which a name may begin in a text: its first two ("The Gambia", "former Yugoslav ...")."""
    words = [m.group() for m in _NAME_TOKEN.finditer(name)]
    return [*words[:1], *(words[1:2] if words[:1] and words[0].casefold() == "the" else [])]


def _split(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(";") if part.strip()]


def _pycountry(database: str) -> list[dict[str, Any]]:
    """The entries of one of pycountry's databases ("3166-1", "3166-3")."""
    spec = find_spec("pycountry")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("pycountry is needed for the names and codes of States")
    path = Path(spec.origin).parent / "databases" / f"iso{database}.json"
    entries: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))[database]
    return entries


class States:
    """All States and observers, by name, code and file name. Make one with `States.load`."""

    def __init__(self, extra: Path | None = None) -> None:
        self._by_key: dict[str, _Entry] = {}
        self._by_code: dict[str, _Entry] = {}
        self._regions: dict[str, str] = {}
        self._current: dict[str, str] = {}
        self._iso2: dict[str, str] = {}
        self._reasons: dict[str, str] = {}
        self._first: set[str] = {"former"}
        self._members: list[State] = []
        self._read_tables()
        if extra is not None:
            self._read_extra(extra)
        self._longest = 12
        self._resolve = functools.lru_cache(maxsize=4096)(self._look_up)

    @staticmethod
    def load(extra: Path | None = None) -> States:
        """The States of the tables, with those of a user's `--states` file (CSV: iso3, name, aliases, region).

        The file's codes should be user-assigned ones of ISO 3166-1 (XAA to XZZ) unless it adds names to a
        State that exists. Raises InputError where the file can't be read so. Loaded once and kept.
        """
        if extra is None:
            return _load(None, 0)
        try:
            return _load(extra.resolve(), extra.stat().st_mtime_ns)
        except OSError as error:
            raise _bad_file(extra, f"It cannot be read ({error.strerror}).") from error

    # -- reading ---------------------------------------------------------------------------------------------

    def _add(self, names: Iterable[str], entry: _Entry, *, replace: bool = False) -> None:
        for name in names:
            key = name_key(name)
            if key and (replace or key not in self._by_key):
                self._by_key[key] = entry
                self._first.update(map(name_key, _first_words(name)))

    def _read_tables(self) -> None:
        withdrawn = {e["alpha_3"]: str(e.get("withdrawal_date", "")) for e in _pycountry("3166-3")}
        library = {e["alpha_3"]: e for e in _pycountry("3166-1")}
        for row in _rows(table("states.csv")):
            code, status = row["iso3"], row["status"]
            state = State(code, row["name"], observer=status == "observer")
            entry = _Entry(state, row["member_from"], row["observer_from"])
            book = library.get(code, {})
            known = [str(book[k]) for k in ("name", "official_name", "common_name") if k in book]
            self._add([row["name"], *_split(row["aliases"]), *known], entry)
            self._by_code[code] = entry
            self._regions[code] = row["region"]
            self._iso2[str(book.get("alpha_2", ""))] = code
            if status == "member":
                self._members.append(state)
        for row in _rows(table("former_names.csv")):
            code, today, ended = row["iso3"], row["today"], row["ended"] == "yes"
            if code == today:
                # The State is the same and so is its code: the former name is one more name of it.
                entry = self._by_code[code]
            elif ended:
                entry = _Entry(State(code, row["name"], former=True), row["from"])
                self._by_code[code] = entry
            else:
                # From `to` on the name is only another name of today's State; ISO withdrew the code somewhat later.
                former = State(code, row["name"], former=True)
                entry = _Entry(self._by_code[today].state, row["from"], "", former, withdrawn.get(code, ""))
                self._by_code[code] = _Entry(former, row["from"])
            if code != today:
                self._regions[code] = row["region"]
                self._current[code] = today
            self._add([row["name"], *_split(row["aliases"])], entry, replace=True)
        for row in _rows(table("not_states.csv")):
            for name in (row["name"], *_split(row["aliases"])):
                self._reasons[name_key(name)] = row["reason"]
                self._first.update(map(name_key, _first_words(name)))
                self._by_key.pop(name_key(name), None)
            if row["keep_name"]:
                kept = _Entry(State(None, row["name"], note=row["reason"]))
                self._add([row["name"], *_split(row["aliases"])], kept)

    def _read_extra(self, path: Path) -> None:
        try:
            rows = list(_rows(path))
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            raise _bad_file(path, f"It cannot be read as CSV in UTF-8 ({error}).") from error
        if not rows or not {"iso3", "name"} <= rows[0].keys():
            raise _bad_file(path, "It has no rows with the columns iso3 and name.")
        for number, row in enumerate(rows, start=2):
            code, name = row["iso3"].upper(), row["name"]
            if not re.fullmatch(r"[A-Z]{3}", code) or not name:
                raise _bad_file(path, f"Line {number} has no name, or its iso3 is not three letters.")
            region = row.get("region", "")
            if region and region not in REGIONS:
                raise _bad_file(path, f"Line {number} names a region that is none of {', '.join(REGIONS)}.")
            entry = self._by_code.get(code) or _Entry(State(code, name))
            self._by_code[code] = entry
            self._add([name, *_split(row.get("aliases", ""))], entry, replace=True)
            if region:
                self._regions[code] = region

    # -- names -----------------------------------------------------------------------------------------------

    def resolve(self, name: str, date: str | None = None) -> State | None:
        """The State that `name` stands for on `date` (ISO, may be partial), or None.

        Stable under case, accents, blanks, straight and curly apostrophes, with or without the article, short,
        formal or inverted: "Iran (Islamic Republic of)", "Islamic Republic of Iran", "IRAN". See `reason`.
        """
        return self._resolve(name, date)

    def _look_up(self, name: str, date: str | None) -> State | None:
        entry = self._entry(name)
        return entry.on(date) if entry else None

    def _entry(self, name: str) -> _Entry | None:
        key = name_key(name)
        if not key or key in self._reasons:
            return self._by_key.get(key)
        if found := self._by_key.get(key):
            return found
        if match := _INVERTED.match(name):
            turned = f"{match['bracket'] or match['comma']} {match['name']}"
            if (found := self._by_key.get(name_key(turned))) or (found := self._formal(turned)):
                return found
        return self._formal(name)

    def _formal(self, name: str) -> _Entry | None:
        match = _FORMAL.match(name.strip())
        if match is None or (key := name_key(match["name"])) in _NOT_BY_FORMAL:
            return None
        return self._by_key.get(key)

    def reason(self, name: str) -> str | None:
        """Why `name` has no code: one sentence for the reader of a manifest, or None where it has one."""
        if (state := self.resolve(name)) is not None:
            return state.note or None
        return self._reasons.get(name_key(name), "No State or observer of the United Nations has this name.")

    def by_code(self, iso3: str, date: str | None = None) -> State | None:
        """The State with an alpha-3 code, former codes included."""
        entry = self._by_code.get(iso3.upper())
        return entry.on(date) if entry else None

    def current(self, iso3: str) -> str | None:
        """Today's code for a former one (ZAR -> COD, SUN -> RUS), the code itself where it is today's.

        None for a State that nobody continues alone (Czechoslovakia) and for unknown codes. For joining years; the
        German Democratic Republic and Democratic Yemen give the State that they became part of.
        """
        if iso3 in self._current:
            return self._current[iso3] or None
        return iso3 if iso3 in self._by_code else None

    def region(self, iso3: str) -> str | None:
        """The UN regional group (one of `REGIONS`), or None for observers, the unknown and States in no group.

        Türkiye and the United States are given as WEOG, where elections count them (see states.csv).
        """
        return self._regions.get(iso3) or None

    def member_from(self, iso3: str) -> str | None:
        """The day on which a State became a Member (ISO date), None for observers and unknown codes."""
        entry = self._by_code.get(iso3)
        return (entry.member_from or None) if entry else None

    def members(self) -> tuple[State, ...]:
        """The 193 Members of today, by code order of the table."""
        return tuple(self._members)

    # -- documents -------------------------------------------------------------------------------------------

    def find_in(self, text: str, date: str | None = None) -> list[tuple[Span, State]]:
        """Every State named in `text`, in order, with the place of the name.

        For covers, letterheads and openings. The longest name wins ("Papua New Guinea" is not Guinea), a name
        begins with a capital (turkey is a bird), and places that only hold a State's name are passed over
        ("Gulf of Guinea", "New Mexico", "Order of Malta").
        """
        tokens = [(m.start(), m.end(), m.group()) for m in _NAME_TOKEN.finditer(text)]
        found: list[tuple[Span, State]] = []
        at = 0
        while at < len(tokens):
            step = 1
            start, _, word = tokens[at]
            if (word[0].isupper() or word == "former") and self._begins(word):
                for size in range(min(self._longest, len(tokens) - at), 0, -1):
                    end = tokens[at + size - 1][1]
                    gap = text[start:end]
                    if size > 1 and _BREAK.search(gap):
                        continue
                    key = name_key(gap)
                    if key in self._reasons and key not in self._by_key:
                        step = size
                        break
                    entry = self._by_key.get(key)
                    if entry is None or (size == 1 and len(word) < 4 and not word.isupper()):
                        continue
                    if size == 1 and key in _TOO_SHORT:
                        continue
                    closed = text.find(")", end, end + 60) if text[end : end + 2] == " (" else -1
                    if closed != -1 and name_key(whole := text[start : closed + 1]) != key:
                        bracketed = self._entry(whole)
                        if bracketed is not None:
                            entry, end = bracketed, closed + 1
                    if not (
                        _PLACE_BEFORE.search(text[max(0, start - 24) : start])
                        or _PLACE_AFTER.match(text[end:])
                    ):
                        found.append((Span(start, end), entry.on(date)))
                    step = size
                    break
            at += step
            while at < len(tokens) and found and tokens[at][0] < found[-1][0].end:
                at += 1
        return found

    def _begins(self, word: str) -> bool:
        """Whether a name may begin with this word: most words of a text need no closer look."""
        key = name_key(word)
        return key in self._first or key in self._by_key or "." in word

    def from_cover(self, text: str, date: str | None = None) -> State | None:
        """The State whose statement a cover or letterhead announces, or None where that is not plain.

        Taken from "Permanent Mission of X"; else from the first "delegation of X", "Minister ... of X" or "Statement by
        X"; else from "Republic of X" on a line of its own; else the only State that the text names.
        """
        if (said := self.announced(text, date)) is not None:
            return said
        found = self.find_in(text, date)
        for line in text.splitlines():
            whole = self._by_key.get(name_key(line)) if line[:1].isupper() else None
            if whole is not None:
                return whole.on(date)
        distinct = {state.name: state for span, state in found if span.end - span.start > 3}
        return next(iter(distinct.values())) if len(distinct) == 1 else None

    def announced(self, text: str, date: str | None = None) -> State | None:
        """The State whose mission, delegation, minister or statement a cover names in so many words."""
        before = [
            (text[max(0, span.start - 160) : span.start], state) for span, state in self.find_in(text, date)
        ]
        for patterns in (_COVER[:1], _COVER[1:]):
            for words, state in before:
                if any(pattern.search(words) for pattern in patterns):
                    return state
        return None

    def from_filename(self, stem: str, date: str | None = None) -> State | None:
        """The State that a file name gives, or None where it gives none or more than one.

        A code counts only where the name is built of codes: every other part is a number, a language (`en`), a month
        or a word such as "statement" (`FRA_79_2024`, `79_FR_en`, `de_en`, `2018-R2P-DEU`). ISO alpha-3 and alpha-2 are
        read; in small letters only beside numbers and languages alone; of `cc_ll` the first is the State. In any other
        name three letters are a word, never a code. Names count wherever they stand whole (`statement-of-costa-rica-2018`);
        of several States the one after "by", "of" or "mission" is meant, else none.
        """
        parts = [p for p in re.split(r"[^\w']+|_+", unicodedata.normalize("NFC", stem)) if p]
        return self._code_in(parts, date) or self._name_in(parts, date)

    def _code_in(self, parts: list[str], date: str | None) -> State | None:
        numbers = [p for p in parts if p.isdigit() or _NUMBER_PART.fullmatch(p)]
        words = [p for p in parts if p.casefold() in _FILE_WORDS]
        rest = [p for p in parts if p not in numbers and p not in words]
        if len(rest) == 2 and rest[1].casefold() in _LANGUAGES:
            languages, rest = rest[1:], rest[:1]
        else:
            languages = [p for p in rest if p.casefold() in _LANGUAGES] if len(rest) > 1 else []
            rest = [p for p in rest if p not in languages]
        if len(rest) != 1:
            return None
        code = rest[0]
        if code.islower() and (words or not (languages or len(numbers) > 1)):
            return None  # `in_79`, `per`, `statement_fr`; but `de_en`, `fra_79_2024`
        if not (code.islower() or code.isupper()):
            return None
        if code.casefold() == "mar" and not _SESSION_YEAR.fullmatch("_".join(parts)):
            return None  # March rather than Morocco
        iso3 = self._iso2.get(code.upper()) if len(code) == 2 else code.upper()
        return self.by_code(iso3, date) if iso3 else None

    def _name_in(self, parts: list[str], date: str | None) -> State | None:
        found: list[tuple[int, _Entry]] = []
        at = 0
        while at < len(parts):
            step = 1
            for size in range(min(self._longest, len(parts) - at), 0, -1):
                key = name_key(" ".join(parts[at : at + size]))
                if len(key) < 4 and not (size == 1 and parts[at].isupper() and key in _FILE_SHORT):
                    continue
                if entry := self._by_key.get(key):
                    found.append((at, entry))
                    step = size
                    break
            at += step
        states = {entry.state.name: entry for _, entry in found}
        if len(states) == 1:
            return found[0][1].on(date)
        for at, entry in found:
            before = [
                p.casefold()
                for p in parts[:at]
                if p.casefold() not in {"the", "republic", "kingdom", "he", "pr"}
            ]
            if before and (before[-1] in {"by", "mission"} or before[-2:] in _OF):
                return entry.on(date)
        return None

    def names_and_demonyms(self) -> list[str]:
        """Names, former names, demonyms and capitals, longest first: what hides a speaker's identity from a model."""
        names: set[str] = set()
        for file in ("states.csv", "former_names.csv", "not_states.csv"):
            for row in _rows(table(file)):
                names.update([row["name"], *_split(row["aliases"])])
        for entry in _pycountry("3166-1"):
            if entry["alpha_3"] in self._by_code:
                names.update(str(entry[k]) for k in ("name", "official_name", "common_name") if k in entry)
        for row in _rows(table("demonyms.csv")):
            names.update([*_split(row["demonyms"]), *_split(row["capitals"])])
        names.update(entry.state.name for entry in self._by_code.values())
        curly = {name.replace("'", "\u2019") for name in names if "'" in name}
        # Abbreviations of two letters and everyday words hide more than they show.
        return sorted(
            (n for n in names | curly if len(n) > 2 and n not in _EVERYDAY), key=lambda n: (-len(n), n)
        )


@functools.lru_cache(maxsize=8)
def _load(extra: Path | None, _changed: int) -> States:
    return States(extra)


def _bad_file(path: Path, reason: str) -> InputError:
    remedy = "Give a CSV file with the columns iso3, name and aliases (several separated by semicolons)."
    return InputError(
        Problem(str(path), "bad_states_file", f"The file of States is not usable. {reason}", remedy)
    )


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_NAME_TOKEN = re.compile(r"(?:[^\W_]\.){2,}|[^\W_]+(?:['\u2019\u2018`\u00b4][^\W_]+)*")
#: A name does not run over these (a comma may stand inside "Korea, Republic of", but lists are commoner).
_BREAK = re.compile(r"[,;:()\[\]!?\u2014|\u2022\t]|\.\s+[A-Z]|\n\s*\n")
#: "us" and "Car" in capitals are words of a title more often than States.
_TOO_SHORT = frozenset(
    {"us", "car", "salvador", "victoria", "america", "emirates", "antigua", "central africa"}
)
_PLACE_BEFORE = re.compile(
    r"(?:\b(?:Gulf|Sea|Strait|Order|Bay|Coast|Lake|River|University|City|Battle|Mount|Hotel) of (?:the )?|"
    r"\bNew |\bSouth |\bNorthern |\bLake |\bLower |\bUpper )$"
)
_PLACE_AFTER = re.compile(
    r"[ \n](?:River|Valley|Delta|Canal|City|Street|Avenue|Building|University|Airways|Plan\b|Basin)"
)
_COVER = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"permanent\s+(?:observer\s+)?mission\s+of\s+(?:the\s+)?(?:[\w'’-]+\s+){0,5}$",
        r"(?:permanent\s+representative|delegation|government|embassy)\s+of\s+(?:the\s+)?(?:[\w'’-]+\s+){0,5}$",
        r"(?:president|prime\s+minister|minister\s+[\w\s,]{0,60}|king|emir|amir|vice-president|chancellor|ambassador)\s+of\s+(?:the\s+)?(?:[\w'’-]+\s+){0,5}$",
        r"statement\s+(?:by|of)\s+(?:the\s+)?(?:[\w'’-]+\s+){0,5}$",
    )
)
_LANGUAGES = _words(
    "en fr es ar ru zh cn e f s a r c eng fre spa ara rus chi english french spanish arabic russian chinese"
)
_FILE_WORDS = _words(
    "statement statements speech speeches intervention interventions remarks general debate gd ga unga "
    "un r2p rtop hrc sc unsc plenary session final delivered written transcript pv check against "
    "delivery as text pdf doc docx txt ocr scan jan feb apr may jun jul aug sep sept oct nov dec january "
    "february march april june july august september october november december st nd rd th id informal "
    "interactive dialogue"
)
_SESSION_YEAR = re.compile(r"[^\W_]{2,3}_\d{1,2}_\d{4}")
_NUMBER_PART = re.compile(r"\d+(?:st|nd|rd|th)|v\d+|p\d+|\d+[a-z]?")
_FILE_SHORT = frozenset({"usa", "uk", "uae", "drc", "dprk", "rok", "prc", "png", "ksa", "ussr", "gdr"})
_OF = [["statement", "of"], ["speech", "of"], ["remarks", "of"], ["intervention", "of"], ["mission", "of"], ["delegation", "of"],
       ["statement", "from"], ["statement"], ["intervention"]]  # fmt: skip
_EVERYDAY = frozenset(
    {"US", "UK", "CAR", "Male", "Victoria", "America", "Salvador", "Emirates", "The Hague", "Pole", "Lao"}
)
