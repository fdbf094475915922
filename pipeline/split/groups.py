"""For whom somebody speaks: groups of States, and what a speaker says of them at the start.

`spoken_for` reads a speech; `members` tells who belonged to a group on a day, where that is certain. The names stand in
corpus/tables/groups.csv, the members in memberships.csv. Not here: which State speaks (`pipeline.split.states`).
"""

from __future__ import annotations

import bisect
import csv
import functools
import re
import unicodedata
from dataclasses import dataclass
from typing import Protocol

from pipeline.records import Span
from pipeline.resources import table
from pipeline.split.states import State, States


@dataclass(frozen=True, slots=True)
class Group:
    """A row of groups.csv. A group that changed its name has two rows with one `id`, told apart by their days."""

    id: str
    name: str
    aliases: tuple[str, ...]
    start: str = ""
    end: str = ""


@dataclass(frozen=True, slots=True)
class SpokenFor:
    """What a speech says about others.

    `on_behalf_of`: groups (by the table's name) and States (as the speaker names them, the speaker's own by the
    name of its State) that the speaker speaks for. `aligned_with`: groups and States whose statements the speaker
    joins. `joined_by`: States that join this statement, as the speaker names them.
    """

    on_behalf_of: tuple[str, ...] = ()
    aligned_with: tuple[str, ...] = ()
    joined_by: tuple[str, ...] = ()


@functools.lru_cache(maxsize=1)
def groups() -> tuple[Group, ...]:
    """All rows of the table."""
    with table("groups.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            Group(
                row["id"], row["name"], tuple(filter(None, row["aliases"].split(";"))), row["from"], row["to"]
            )
            for row in csv.DictReader(file)
        )


@functools.lru_cache(maxsize=16384)
def group_key(name: str) -> str:
    """A group's name without case, accents, articles, punctuation and blanks; "A3+" and "A3 plus" are one."""
    folded = unicodedata.normalize("NFKD", name.replace("+", " plus ").casefold())
    folded = "".join(c for c in folded if not unicodedata.combining(c))
    return "".join(token for token in re.findall(r"[^\W_]+", _APOSTROPHES.sub("", folded)) if token != "the")


@functools.lru_cache(maxsize=1)
def _by_key() -> dict[str, list[tuple[Group, bool]]]:
    """Key of a name -> its groups, and whether the name is an abbreviation that counts in capitals only."""
    keys: dict[str, list[tuple[Group, bool]]] = {}
    for group in groups():
        for name in (group.name, *group.aliases):
            capitals = len(name) < 9 and sum(c.isupper() for c in name) >= 2
            keys.setdefault(group_key(name), []).append((group, capitals))
    return keys


@functools.lru_cache(maxsize=1)
def _first_keys() -> frozenset[str]:
    """Keys of the words with which the names begin."""
    names = (name for group in groups() for name in (group.name, *group.aliases))
    return frozenset(group_key(match.group()) for name in names if (match := _TOKEN.search(name)))


def find_group(name: str) -> Group | None:
    """The group that a name or abbreviation stands for, or None."""
    rows = _by_key().get(group_key(name))
    return rows[0][0] if rows else None


@functools.lru_cache(maxsize=1)
def _memberships() -> tuple[dict[str, str], ...]:
    with table("memberships.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


#: Groups whose members are a regional group of the United Nations (states.csv).
_REGIONAL = {
    "AFRICAN": "African",
    "APG": "Asia-Pacific",
    "EEG": "Eastern European",
    "GRULAC": "GRULAC",
    "WEOG": "WEOG",
}


def members(group_id: str, date: str | None = None) -> frozenset[str]:
    """The alpha-3 codes of a group's members on `date` (ISO; today where None), as far as they are certain.

    Empty where our table does not know the members: an empty set says "not known", never "nobody". `group_id`
    is the table's id or a name of the group.
    """
    found = find_group(group_id)
    group = group_id if any(g.id == group_id for g in groups()) else found.id if found else group_id
    day = date or "9999"
    if group in _REGIONAL:
        states = States.load()
        return frozenset(
            s.iso3
            for s in states.members()
            if s.iso3
            and states.region(s.iso3) == _REGIONAL[group]
            and (states.member_from(s.iso3) or "") <= day
        )
    return frozenset(
        row["iso3"]
        for row in _memberships()
        if row["group"] == group and row["from"] <= day and (not row["to"] or day <= row["to"])
    )


# -- reading a speech -------------------------------------------------------------------------------------------

_TOKEN = re.compile(r"(?:[^\W_]\.){2,}\d*|[^\W_]+(?:['\u2019.][^\W_]+)*\+?")
_LONGEST_NAME = 14
_APOSTROPHES = re.compile("['\u2018\u2019`\u00b4]")


def find_groups(text: str, date: str | None = None) -> list[tuple[Span, str]]:
    """Every group of the table named in `text`, in order: its place and the table's name for it on `date`."""
    found: list[tuple[Span, str]] = []
    tokens = [(m.start(), m.end()) for m in _TOKEN.finditer(text)]
    keys = _by_key()
    at = 0
    while at < len(tokens):
        step = 1
        start = tokens[at][0]
        first = group_key(text[start : tokens[at][1]])
        reach = _LONGEST_NAME if first in _first_keys() or first in keys else 0
        for size in range(min(reach, len(tokens) - at), 0, -1):
            end = tokens[at + size - 1][1]
            name = text[start:end]
            if "\n\n" in name or ". " in name:
                continue
            key = group_key(name)
            rows = keys.get(key)
            if not rows:
                continue
            rows = [row for row in rows if not row[1] or name.upper() == name or name in row[0].aliases]
            if not rows:
                continue
            if key == "commonwealth" and re.match(r"\s+of\s", text[end : end + 4]):
                continue  # of Dominica, of the Bahamas
            group = _on_the_day([row[0] for row in rows], key, date)
            found.append((Span(start, end), group.name))
            step = size
            break
        at += step
    return found


def _on_the_day(rows: list[Group], key: str, date: str | None) -> Group:
    """Of several names under one abbreviation (OIC) the one of the day; a name in full stands for itself."""
    if date and len({row.name for row in rows}) == 1:
        rows = rows + [g for g in groups() if g.id == rows[0].id and len(key) < 6 and g not in rows]
    for row in rows:
        if date and (not row.start or row.start <= date) and (not row.end or date <= row.end):
            return row
    return rows[0]


_SENTENCE_END = re.compile(r"[.!?][\"\u201d\u2019)]*\s+(?=[\"\u201c(]?[A-Z\u00c0-\u00de])|\n\s*\n")
#: A full stop after these ends no sentence.
_TITLES = re.compile(r"(?:\b(?:Mr|Ms|Mrs|Dr|St|No|H\.\s?E|Messrs|Prof)|\b[A-Z])$")


def _sentences(text: str) -> list[Span]:
    spans: list[Span] = []
    start = 0
    for match in _SENTENCE_END.finditer(text):
        at = match.start()
        if text[at] == "." and _TITLES.search(text[max(0, at - 8) : at]):
            continue
        spans.append(Span(start, at + 1))
        start = match.end()
    if text[start:].strip():
        spans.append(Span(start, len(text)))
    return spans


#: A sentence without one of these (in small letters) tells nothing about others; looking for them is quick.
_TRIGGERS = (
    "behalf", "in the name", "align", "associat", "identif", "statement", "intervention", "remarks", "capacity",
    "we in", "we, in", "we of the", "we, the",
)  # fmt: skip


def _sentences_worth_reading(text: str) -> list[tuple[Span, Span | None]]:
    """The sentences that hold a trigger, each with the one after it."""
    low = text.lower()
    if len(low) != len(text):  # a few capitals lower to two code points
        low = "".join(c.lower()[0] for c in text)
    places: set[int] = set()
    for trigger in _TRIGGERS:
        at = low.find(trigger)
        while at != -1:
            places.add(at)
            at = low.find(trigger, at + 1)
    spans = _sentences(text) if places else []
    starts = [span.start for span in spans]
    chosen = sorted({max(0, bisect.bisect_right(starts, place) - 1) for place in places}) if spans else []
    return [(spans[i], spans[i + 1] if i + 1 < len(spans) else None) for i in chosen]


_BEHALF = re.compile(
    r"\b(?:on|in)\s+(?:the\s+)?(?:joint\s+)?behalf\s+of\b|\bin\s+the\s+names?\s+of\b|\bfor\s+and\s+on\s+behalf\s+of\b",
    re.I,
)

#: The statement is another's: "the statement (to be) delivered by the representative of Borealia on behalf of ...".
_ANOTHERS = re.compile(
    r"\b(?:align|associat|endors|support|subscrib|echo|concur|identif|shar|refer|recall|heard|listened|join(?:s|ed|ing)\b|thank|commend|"
    r"congratulat|grateful|gratitude|appreciat|pay\s+tribute|reaffirm|agree)\w*\b.*\b(?:statements?|remarks|positions?|views|words|"
    r"interventions?|declaration|points|comments|introduc\w+|presentation|draft|efforts|work|role)\b(?!.*\b(?:to|I|we)\s+(?:now\s+)?(?:make|deliver|speak|read|present))"
    r"|\b(?:representatives?|ambassador|minister|president|chair\w*|coordinator|delegation|colleague|observer|speaker|foreign minister)\s+of\b[^,;:]*$"
    r"|\b(?:made|delivered|given|presented|read\s+out|expressed|introduced|submitted|spoken|spoke|circulated|issued|conveyed|proposed|statement)(?:\s+(?:just|earlier|today|yesterday|"
    r"this morning|previously|later|so eloquently|here))*\s+(?:by|from)\b",
    re.I | re.S,
)  # fmt: skip

#: The speaker's own words of speaking for somebody.
_PERFORMS = re.compile(
    r"\b(?:I|we|me|us|my|our|this|following|present|joint|same|has|have|honou?r|honou?red|privileged?|pleasure|pleased|proud|shall|will|like)\b"
    r".*\b(?:speak|speaking|speaks|statement|intervention|remarks|floor|address|addressing|deliver|delivering|make|making|made|"
    r"delivered|present|presenting|introduce|introducing|submit|submitting|read|intervene|intervening|talk|comments?|explain\w*|explanation|express\w*|convey|participate|"
    r"position|words|say|vote|right of reply)\b"
    r"|^\W*(?:speaking|intervening|speak)\b"
    r"|\b(?:speaks|is\s+speaking|takes\s+the\s+floor|makes\s+this\s+statement|delivers\s+this\s+statement)\b",
    re.I | re.S,
)
#: "I have the honour ... on behalf of": enough where nothing stands between.
_HONOUR = re.compile(r"\b(?:honou?r(?:ed)?|privileged?|pleasure|pleased|statement)\b[^.;]{0,60}$", re.I)
_IN_MY_CAPACITY = re.compile(
    r"\bin\s+(?:my|our|its)\s+(?:\w+\s+)?capacity\s+as\s+(?:the\s+)?(?:permanent\s+)?representative\s+of\b|"
    r"\bas\s+(?:the\s+)?(?:(?:current|rotating|acting|outgoing|incoming)\s+)?(?:co-?)?(?:chair\w*|coordinator|president|presidency)\s+of\b",
    re.I,
)
#: Title line of a statement as a mission publishes it.
_TITLE_LINE = re.compile(
    r"^\W*(?:joint\s+)?(?:statement|intervention|remarks|explanation of \w+|address|speech|right of reply)\b",
    re.I,
)

_ITS_MEMBERS = re.compile(
    r"^\s*(?:its|all\s+its|the|the\s+group.s)\s+(?:member(?:s|\s+States|\s+countries)|Group)\b(?!\s+of)", re.I
)

#: Nobody is spoken for who is the speaker: "on behalf of my Government", "of the people of Borealia".
_OWN = re.compile(
    r"^\s*(?:(?:both|all\s+of)\s+)?(?:my\s+own|my|our|her|his|its|their|your|all\s+of\s+us|us|mine|me|myself|ourselves)\b(?!\s+own\s+country\s+and\b)"
    r"|^\s*(?:the\s+)?(?:(?:\w+\s+){0,2}(?:people|peoples|nation|citizens|women|children|victims|survivors|youth|girls)|Secretary-General|humanity|humankind|mankind|"
    r"President\b|Prime\s+Minister|King|Emir|His|Her|H\.\s?E|Head\s+of\s+State|Minister|Chair\w*|Mr|Mrs|Ms|international\s+community|General\s+Assembly|Secretariat|world)\b",
    re.I,
)
#: "on behalf of my country and Borealia", but not "of my country and its people".
_OWN_AND_OTHERS = re.compile(
    r"\s*(?:both\s+)?(?:my|our)\s+(?:own\s+)?(?:country|delegation|Government)\s*(?:,|,?\s+and|,?\s+as\s+well\s+as)\s+"
    r"(?!(?:and\s+|the\s+|my\s+|our\s+|its\s+|of\s+)*(?:Government|people|delegation|nation|country|own|my|I|we|let|to)\b)",
    re.I,
)
#: "on behalf of the Government/delegation of Borealia": spoken for only where it is not the speaker's own State.
_OFFICE = re.compile(
    r"^\s*(?:the\s+)?(?:Governments?|delegations?|Permanent\s+Missions?|Republic|Kingdom|State)\b(?:\s+and\s+(?:the\s+)?peoples?)?(?:\s+of)?",
    re.I,
)

_LEAD = re.compile(
    r"^\s*(?:the\s+)?(?:\w+\s+)?(?:group\s+of\s+)?(?:member\s+(?:States|countries)|States?\s+members|members|countries|States|delegations|Governments)"
    r"(?:\s+(?:that\s+are\s+)?members)?\s+(?:of|belonging\s+to|in|that\s+(?:belong|are\s+part)\s+(?:to|of))\s+(?:the\s+)?",
    re.I,
)
#: Where the list of those spoken for ends and the matter begins.
_STOP = re.compile(
    r"\b(?:to|in\s+(?:order|explanation|connection|exercise|relation|support|this|my|accordance)|concerning|regarding|before|after|during|under|with\s+(?:regard|respect|reference|a\s+view)|"
    r"which|who|whose|that|whom|for|I|we|let\s+(?:me|us)|allow|permit|please|please|it\s+is|has|have|had|is|are|was|were|would|wish|wishes|should|shall|will|may|can|must|"
    r"at\s+(?:this|the|today)|on\s+(?:the|this|these|draft|agenda|an?|item|behalf|today|such|issues?|matters?|its|their|our|so|how)|about|by|since|because|when|where|as\s+(?:well\s+as\s+to|we|I|Chair\w*|coordinator|President|its)|"
    r"thanks?|welcomes?|expresses|reiterates?|regrets?|supports?|condemns?|believes?|introduced?|following\s+the|today|here|now|let|first|congratulations?|statement|delivers?|takes)\b|[.;!?]|:\s+(?=[a-z])",
    re.I,
)
_MYSELF = re.compile(
    r"\b(?:my\s+own\s+(?:country|delegation|nation|State)|my\s+(?:country|delegation|nation)|ourselves|my\s+own|our\s+own\s+(?:country|delegation)|our\s+country)\b",
    re.I,
)

#: A group that the table does not know is taken as printed: "a cross-regional group of 30 States", "the Core Group on X".
_COUNTED = re.compile(
    r"\s*(?:the\s+|an?\s+)?((?:[\w-]+\s+)?(?:core\s+)?group\s+of\s+(?:[\w-]+\s+){0,3}?(?:States|countries|delegations))\b",
    re.I,
)
_CAPITALISED = re.compile(
    r"\s*(?:the\s+|an?\s+)?((?:[A-Z0-9][\w\u2019'.-]*)(?:\s+(?:(?:of|on|for|in|to|and|against)\s+(?:the\s+)?)?[A-Z0-9][\w\u2019'-]*){0,12})"
)
_GROUP_NOUN = re.compile(
    r"\b(?:Group|Community|Organi[sz]ation|Alliance|Association|Forum|League|Movement|Conference|Coalition|Network|Initiative|"
    r"Friends|Quartet|Troika)\b"
)


def _unknown_group(text: str) -> re.Match[str] | None:
    """The match (group 1: the name) of a group at the start of `text` that no table knows."""
    if match := _COUNTED.match(text):
        return match
    match = _CAPITALISED.match(text)
    if match is None or "\u2019s" in match.group(1) or "'s" in match.group(1):
        return None
    return match if _GROUP_NOUN.search(match.group(1)) else None


_CAPACITY = re.compile(
    r"\bin\s+(?:my|our|its|his|her)\s+(?:\w+\s+)?capacit(?:y|ies)\s+as\s+(?:the\s+)?(?:\w+\s+){0,2}?"
    r"(?:Chair\w*|co-?Chair\w*|President|Presidency|coordinator|co-?ordinator|facilitator|spokes\w+|convenor|convener|head)\s+(?:for|of)\s+(?:the\s+)?(?:(?:Bureau|States\s+members|members)\s+of\s+(?:the\s+)?)?",
    re.I,
)
_WE_IN = re.compile(r"\bwe,?\s+(?:in|of|the\s+members\s+of)\s+the\s+", re.I)
_WE_ACT = re.compile(
    r"^,?\s+(?:\w+ly\s+)?(?:pledge|thank|wish|would\s+like|congratulate|welcome|appreciate|assure|commend|are\s+(?:pleased|grateful)|express|pay)\b",
    re.I,
)

_ALIGN = re.compile(
    r"\b(?:align\w*|associat\w+|identif\w+)\s+(?:\w+ly\s+)?(?:itself|ourselves|myself|himself|herself|themselves|my\s+(?:country|delegation)\w*|our\s+\w+|its\s+\w+|the\s+delegation\s+of\s+\w+)\b"
    r"|\b(?:subscrib\w+\s+to|endors\w+|supports?|supporting|concurs?\s+with|joins?|joining|echoe?s?|adheres?\s+to|in\s+line\s+with|agrees?\s+with|full\s+support\s+(?:for|to)|seconds?)\s+"
    r"(?:\w+\s+){0,2}?(?:the\s+)?(?:\w+\s+)?(?:statements?|interventions?|remarks)\b",
    re.I,
)
_STATEMENT = re.compile(
    r"\b(?:statements?|interventions?|remarks|positions?|views|declarations?|words|comments|speech|what\s+was\s+said|contribution)\b",
    re.I,
)
_THIS_STATEMENT = re.compile(
    r"\b(?:align\w*|associat\w+|identif\w+)\s+(?:\w+ly\s+)?(?:itself|themselves)\s+(?:\w+ly\s+)?(?:with|to)\s+(?:this|the\s+present|our|my)\s+(?:joint\s+)?(?:statement|declaration|intervention)"
    r"|\b(?:joins?|joined|support\w*|endors\w+|subscribe?\w*\s+to|co-?sponsor\w*)\s+(?:in\s+)?(?:this|the\s+present)\s+(?:joint\s+)?(?:statement|declaration|intervention)",
    re.I,
)
_HONOURED_PLACES = re.compile(
    r"\b(?:representatives?|ambassador|permanent\s+representative|minister[\w\s,]*|president|prime\s+minister|delegation|observer|chair\w*|mission|colleagues?)\s+(?:from|of)\s+(?:the\s+)?$",
    re.I,
)

#: Beyond this many code points, only words as plain as "I speak on behalf of" count.
_OPENING = 2500


class Resolver(Protocol):
    """Anything that resolves names; where it is not `States` itself, the States of our tables are read with."""

    def resolve(self, name: str, date: str | None = None) -> State | None: ...


def spoken_for(
    text: str, state: State | None = None, date: str | None = None, states: Resolver | None = None
) -> SpokenFor:
    """Whom a speech is made for, whom it joins and who joins it, from the speaker's own words.

    `text` is the speech, `state` the speaker's, `date` ISO. Thanks "on behalf of my Government, people, delegation or
    President" speak for nobody else; another's statement "delivered by X on behalf of Y" is `aligned_with` at most.
    """
    if not text:
        return SpokenFor()
    # Places do not matter here, only paragraphs do: printed lines and doubled blanks go.
    text = "\n\n".join(" ".join(part.split()) for part in re.split(r"\n[^\S\n]*\n", text))
    return _Reader(text, state, date, states if isinstance(states, States) else States.load()).read()


class _Reader:
    """One speech being read; collects names in the order of their telling."""

    def __init__(self, text: str, state: State | None, date: str | None, states: States) -> None:
        self.text, self.state, self.date, self.states = text, state, date, states
        self.behalf: dict[str, str] = {}
        self.aligned: dict[str, str] = {}
        self.joined: dict[str, str] = {}

    def read(self) -> SpokenFor:
        for span, after in _sentences_worth_reading(self.text):
            sentence = self.text[span.start : span.end]
            following = self.text[after.start : after.end] if after else ""
            if _THIS_STATEMENT.search(sentence):
                before, _, listed = sentence.partition(":")
                place = _THIS_STATEMENT.search(sentence)
                assert place is not None
                reach = sentence if _THIS_STATEMENT.search(before) and listed else sentence[: place.start()]
                behalf = _BEHALF.search(reach)
                if not behalf:
                    self._states(reach, self.joined, own=False)
                    continue
            if (align := _ALIGN.search(sentence)) and self._alignment(sentence, align):
                continue
            self._behalf(sentence, following, span.start)
            self._capacity(sentence, span.start)
        own = {self.state.iso3} if self.state else set()
        behalf_names = tuple(self.behalf.values())
        if len(self.behalf) == 1 and set(self.behalf) <= own:
            behalf_names = ()
        aligned = tuple(
            name for key, name in self.aligned.items() if key not in self.behalf and key not in own
        )
        return SpokenFor(behalf_names, aligned, tuple(n for k, n in self.joined.items() if k not in own))

    # -- on behalf of --

    def _behalf(self, sentence: str, following: str, offset: int) -> None:
        if offset > _OPENING and not _PLAIN.search(sentence):
            return
        accepted = False
        for match in _BEHALF.finditer(sentence):
            prefix = _IN_MY_CAPACITY.sub("", sentence[: match.start()])
            rest = sentence[match.end() :]
            if accepted and re.search(r"\band(?:\s+(?:also|indeed))?\s*$", prefix):
                self._object(rest, following)  # "on behalf of X and on behalf of Y"
                continue
            title = offset < 800 and _TITLE_LINE.match(prefix) is not None
            if not title and _ANOTHERS.search(prefix):
                continue
            # The nearest clause decides, but a list before ("X, Y and Z have ...") may be long.
            opening = re.fullmatch(r"\W*(?:\w+\W+){0,8}?", prefix) is not None
            performed = (
                _PERFORMS.search(prefix) is not None
                or (_HONOUR.search(prefix) is not None)
                or title
                or (opening and re.search(r"\b(?:I|we|let|allow|permit|us|my)\b", rest, re.I) is not None)
                or (opening and re.search(r"\b(?:and|also)\s*$", prefix) is not None)
            )
            if performed and _ITS_MEMBERS.match(rest):
                for _, name in find_groups(sentence[: match.start()], self.date):
                    self.behalf.setdefault(name, name)
            elif performed:
                accepted = self._object(rest, following) or accepted

    def _object(self, rest: str, following: str) -> bool:
        if _OWN.match(rest) and not _OWN_AND_OTHERS.match(rest):
            return False
        own_first = _MYSELF.match(rest.strip())
        office = _OFFICE.match(rest)
        lead = _LEAD.match(rest)
        cut = lead.end() if lead and self._named_at(rest[lead.end() :]) else 0
        region = self._region(rest, cut)
        found: dict[str, str] = {}
        named_groups = find_groups(region, self.date)
        for _, name in named_groups:
            found.setdefault(name, name)
        masked = _mask(region, [span for span, _ in named_groups])
        unknown = None if named_groups else self._unknown(region[cut:]) or self._unknown(region)
        has_unknown = unknown is not None
        if unknown is not None:
            name = " ".join(unknown.group(1).split())
            found.setdefault(name, name)
            masked = masked.replace(unknown.group(1), "_" * len(unknown.group(1)))
        listed: dict[str, str] = {}
        if own_first and self.state:
            listed[self.state.iso3 or self.state.name] = self.state.name
        self._states(masked, listed, own=True)
        if office and not named_groups and len(listed) <= 1 and not has_unknown:
            only = next(iter(listed), None)
            if (
                only is None
                or self.state is None
                or only == self.state.iso3
                or not re.match(r"\s*(?:the\s+)?(?:delegations?|Governments?)\b", rest, re.I)
            ):
                return False
        if (
            not named_groups
            and not has_unknown
            and len(listed) == 1
            and (self.state is None or self.state.iso3 in listed)
        ):
            return False
        if (named_groups or has_unknown) and not listed and following:
            names = re.match(
                r"\s*(?:The\s+)?(?:delegations|countries|States|members|following\s+(?:States|countries)|they)\b[^.]{0,40}?\b(?:of|are|include|is)\s+(.*)",
                following,
                re.S,
            )
            if names and not _BEHALF.search(following):
                self._states(self._region(names.group(1), 0), listed, own=True)
                if len(listed) < 2:
                    listed.clear()
        for key, name in {**found, **listed}.items():
            self.behalf.setdefault(key, name)
        return bool(found or listed)

    def _named_at(self, text: str) -> bool:
        head = text[:160]
        places = [span.start for span, _ in find_groups(head, self.date)] + [
            s.start for s, _ in self.states.find_in(head)
        ]
        return self._unknown(head) is not None or any(not head[:start].strip() for start in places)

    def _unknown(self, text: str) -> re.Match[str] | None:
        match = _unknown_group(text)
        if match is None or any(s.start < match.end(1) for s, _ in self.states.find_in(text[: match.end(1)])):
            return None  # "the Union of the Comoros" is a State
        return match

    def _region(self, rest: str, cut: int) -> str:
        """The part of the sentence that names those spoken for: names may hold words that end it elsewhere."""
        spans = [span for span, _ in find_groups(rest, self.date)]
        spans += [span for span, _ in self.states.find_in(rest)]
        unknown = self._unknown(rest[cut:])
        if unknown and not any(span.start <= cut + 5 for span in spans):
            spans.append(Span(cut + unknown.start(1), cut + unknown.end(1)))
        spans += [Span(m.start(), m.end()) for m in _MYSELF.finditer(rest)]
        spans += [Span(m.start(), m.end()) for m in _JOINERS.finditer(rest)]
        masked = _mask(rest, spans)
        stop = _STOP.search(masked, cut)
        return rest[: stop.start()] if stop else rest

    def _states(self, text: str, into: dict[str, str], *, own: bool) -> None:
        found: list[tuple[int, str, str]] = []
        for span, state in self.states.find_in(text, self.date):
            found.append(
                (span.start, state.iso3 or state.name, _as_printed(text[span.start : span.end], state))
            )
        if own and self.state:
            for match in _MYSELF.finditer(text):
                if not re.match(r"\s*,?\s*(?:the\s+)?[A-Z]", text[match.end() :]):
                    found.append((match.start(), self.state.iso3 or self.state.name, self.state.name))
        for _, key, name in sorted(found):
            into.setdefault(key, name)

    def _capacity(self, sentence: str, offset: int) -> None:
        if offset > _OPENING:
            return
        if match := _CAPACITY.search(sentence):
            named = find_groups(sentence[match.end() : match.end() + 120], self.date)
            if named and named[0][0].start < 12 and not _ANOTHERS.search(sentence[: match.start()]):
                self.behalf.setdefault(named[0][1], named[0][1])
        if offset < 1000 and (match := _WE_IN.search(sentence)):
            named = find_groups(sentence[match.end() : match.end() + 120], self.date)
            if named and named[0][0].start == 0 and _WE_ACT.match(sentence[match.end() + named[0][0].end :]):
                self.behalf.setdefault(named[0][1], named[0][1])

    # -- aligned with --

    def _alignment(self, sentence: str, align: re.Match[str]) -> bool:
        """Reads "aligns itself with the statement of ..."; False where no statement of others is joined."""
        rest = sentence[align.start() :]
        if not _STATEMENT.search(rest):
            named = find_groups(sentence[align.end() : align.end() + 80], self.date)
            if not (
                named
                and re.fullmatch(
                    r"\s*(?:\w+\s+)?with\s+(?:the\s+)?",
                    sentence[align.end() : align.end() + named[0][0].start],
                )
            ):
                return False
        prefix = sentence[: align.start()]
        if self._speaks_first(prefix):
            return False
        found: list[tuple[int, str, str]] = []
        named = find_groups(rest, self.date)
        masked = _mask(rest, [span for span, _ in named])
        for span, state in self.states.find_in(masked, self.date):
            after = rest[span.end : span.end + 200]
            for_group = re.match(
                r"[^;]{0,120}?\b(?:on|in)\s+(?:the\s+)?(?:behalf|capacity|name)\b", after
            ) and re.search(
                r"\b(?:by|from|of|delegation)\s+(?:the\s+)?(?:[\w\s,.’'-]{0,80})$", rest[: span.start]
            )
            before_group = any(
                0 <= group.start - span.end < 90
                and re.fullmatch(
                    r"[^.;]*?\bas\s+(?:the\s+)?(?:\w+\s+)?(?:Chair\w*|coordinator|President)\s+of\s+(?:the\s+)?",
                    rest[span.end : group.start],
                )
                for group, _ in named
            )
            if (
                for_group
                or before_group
                or not re.search(
                    r"\b(?:by|from|of|and|with)\s+(?:the\s+)?(?:[\w\s,.’'-]{0,90})$", rest[: span.start]
                )
            ):
                continue
            if re.search(
                r"\b(?:on|in|concerning|regarding|about|situation|against)\s+(?:the\s+)?(?:situation\s+in\s+)?$",
                rest[: span.start],
            ):
                continue
            found.append(
                (span.start, state.iso3 or state.name, _as_printed(rest[span.start : span.end], state))
            )
        found.extend((span.start, name, name) for span, name in named)
        for _, key, name in sorted(found):
            self.aligned.setdefault(key, name)
        return bool(found)

    def _speaks_first(self, prefix: str) -> bool:
        """True where the sentence begins by speaking for a group and goes on to name those who join."""
        behalf = _BEHALF.search(prefix)
        return behalf is not None and not _ANOTHERS.search(prefix[: behalf.start()])


_PLAIN = re.compile(
    r"\b(?:I|we|me|us)\b[^.;]{0,60}\b(?:speak|speaking|take\s+the\s+floor|taking\s+the\s+floor|statement|deliver|intervene|vote)\b[^.;]{0,60}\bon\s+behalf\s+of\b",
    re.I,
)
#: "and its member States", "as well as", "together with": never the end of the list.
_JOINERS = re.compile(
    r"\band\s+(?:all\s+)?(?:its|their)\s+(?:\d+\s+|[\w-]+\s+)?(?:member\s+)?(?:States|members|countries|Member\s+States)\b|\bas\s+well\s+as\b|\btogether\s+with\b|"
    r"\brepresented\s+(?:at|in)\s+(?:the\s+United\s+Nations|New\s+York|the\s+Assembly)\b|\bthat\s+(?:are|is)\s+members?\b|\bwho\s+are\s+members?\b|\bnamely\b|\bthat\s+is\b|\bwhich\s+(?:are|is|includes?|comprises?)\b|\bbelonging\s+to\b|\bcomprising\b|\b(?:on|in)\s+(?:the\s+)?behalf\s+of\b",
    re.I,
)


def _mask(text: str, spans: list[Span]) -> str:
    """`text` with the spans blanked out, as long as before."""
    for span in spans:
        text = text[: span.start] + "_" * (span.end - span.start) + text[span.end :]
    return text


def _as_printed(name: str, state: State) -> str:
    """A State's name as the speaker has it, blanks collapsed; the table's where it is printed in capitals only."""
    name = " ".join(name.split())
    if name.casefold().startswith("former yugoslav"):
        return f"the {name}"
    return state.name if name.isupper() and len(name) > 4 else name
