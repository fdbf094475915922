"""What a stance is about: targets as named sets of mention patterns, and the passages of a speech that bear on them.

`r2p` is the norm of paragraphs 138 to 140 of the World Summit Outcome; `protective_intervention` is its forerunner
("humanitarian intervention", "right to intervene", "sovereignty is no shield"). A mention is *named* (the norm by one of its names),
*implied* (its substance without the name: "a duty to protect", the list of the four crimes), *weak* (words that count only in a text that has none of these:
"interference in internal affairs"), *carried* (words that count only beside one
of these: "the three pillars") or *off target* ("responsibility to protect our oceans"). Not here: which stance is taken (`pipeline.stance.model`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

from pipeline.records import Passage, Span
from pipeline.stance.sentences import Reading, read, sentences

Kind = Literal["named", "implied", "weak", "carried", "off"]

#: The target that `label` uses.
R2P = "r2p"
#: The forerunner of the norm; training and `evaluate` know it.
PROTECTIVE_INTERVENTION = "protective_intervention"


class Mention(NamedTuple):
    """A place in a reading where a target is spoken of, or seems to be."""

    span: Span
    kind: Kind


class Pattern(NamedTuple):
    """One form of a mention: its kind, a regular expression on lower-case text, an example of what it finds."""

    kind: Kind
    regex: str
    example: str


# Blanks, line ends, hyphens and an OCR's doubled blanks between the words of a name.
_ = r"[\s\-\u2014]{1,6}"
# The letters that scanners take for others in the two words of the name.
_RESPONSIBILITY = r"r[ec]s?[pp][o0]ns[il1!|]?[bh6][il1!|]{1,2}[il1!|][tl1]?(?:y|ies|[il1!|]es|v)"
_PROTECT = r"p?r[o0]t[ec][cet]?[tl1c](?:[il1]ng|ion|[il1]on)?"

R2P_PATTERNS: tuple[Pattern, ...] = (
    Pattern("named", rf"\b{_RESPONSIBILITY}{_}[\"']?(?:t[o0]|lo|of|for|in|while)(?:{_}the)?{_}[\"']?{_PROTECT}\b", "the responsibility to protect"),
    Pattern("named", rf"\b{_RESPONSIBILITY}(?:[,\s\u2014-]+[\w']+){{1,7}}?[,\s\u2014-]+to{_}protect\b", "the responsibility of each State to protect"),
    Pattern("named", r"\br2p\b|\brtop\b|\br{}to{}p\b|\brwp\b".replace("{}", "[ -]"), "R2P, RtoP"),
    Pattern("named", rf"\bparagraphs?{_}138\b|\b138{_}(?:and|to|through|\u2014)?{_}?(?:139|140)\b|\bparagraph{_}139\b", "paragraphs 138 and 139"),
    Pattern("implied", rf"\b(?:duty|obligation|mandate){_}(?:to{_}protect|of{_}protection|of{_}protecting)\b(?!{_}(?:the{_})?(?:environment|planet))", "a duty to protect"),
    Pattern("implied", rf"\bresponsib(?:le|ilities?){_}(?:for|of){_}(?:the{_})?protect(?:ion|ing)\b", "responsible for the protection of"),
    Pattern("implied", rf"\bprotect(?:ing|ion{_}of|s)?(?:[,\s\u2014-]+[\w'-]+){{1,6}}?{_}(?:from|against){_}(?:the{_}\w+{_}of{_})?(?:(?:mass{_})?atroc|genocide|war{_}crimes|ethnic{_}cleansing|crimes{_}against|the{_}four{_}crimes)", "protect populations from genocide"),
    Pattern("implied", r"\bveto\b[^.;?!]{0,120}?\b(?:atroc|genocid|crimes\s+against\s+humanity|mass\s+crimes)", "no veto where mass atrocities are committed"),
    Pattern("implied", r"\b(?:mass\s+atroc\w+|atrocity\s+crimes?|mass\s+crimes|genocides?)\b[^.;?!]{0,120}?\bveto", "in cases of mass atrocities the veto"),
    Pattern("implied", r"\bcode\s+of\s+conduct\b[^.;?!]{0,120}?\b(?:atroc|genocid|crimes\s+against\s+humanity|mass\s+crimes)", "a code of conduct against genocide"),
    Pattern("implied", rf"\bprevent(?:ion{_}of|ing|s)?{_}(?:\w+{_}){{0,3}}?(?:mass{_}atrocit|atrocity{_}crimes|mass{_}crimes)|\batrocity{_}prevention\b", "the prevention of mass atrocities"),
    Pattern("carried", rf"\b(?:three|all|its|first|second|third|two|other|these|those){_}(?:\w+{_}){{0,2}}pillars?\b|\bpillar(?:s|{_}(?:one|two|three|i{{1,3}}|[123]))\b", "its three pillars"),
    Pattern("carried", rf"\b(?:mass{_}atrocit(?:y|ies)|atrocity{_}crimes?|mass{_}crimes)\b", "mass atrocities"),
    Pattern("implied", rf"\b(?:(?:genocide|war{_}crimes|ethnic{_}cleansing|crimes{_}against{_}humanity)(?:,|,?{_}and|,?{_}or)?{_}){{2}}(?:genocide|war{_}crimes|ethnic{_}cleansing|crimes{_}against)", "genocide, war crimes, ethnic cleansing"),
    Pattern("carried", rf"\bresponsibilit(?:y|ies){_}to{_}(?:prevent|react|rebuild|act|assist|intervene)\b", "the responsibility to rebuild"),
    Pattern("carried", rf"\bmanifestly{_}fail|\btimely{_}and{_}decisive|\bfocal{_}points?\b|\b(?:restrain\w*|limit\w*|refrain\w*|suspen\w*|code{_}of{_}conduct)(?:{_}\w+){{0,6}}{_}(?:veto|atrocit\w+)\b", "timely and decisive"),
    Pattern("carried", rf"\bprotect(?:ing|ion{_}of|ed)?{_}(?:the{_}|their{_}|its{_}|our{_}|unarmed{_}|innocent{_}|own{_}|vulnerable{_}|threatened{_}|endangered{_}|defenceless{_})*(?:civilians?|populations?|peoples?|victims|citizens)\b", "protect civilian populations"),
)  # fmt: skip

_INTERVENE = r"interven(?:e|tion|tions|ing)|interfer(?:e|ence|ing)|ing[eé]rence"
_PRETEXT = r"(?:pretexts?|guises?|cover|cloak|banner|slogans?|excuses?|mask|veil|names?|garb|label|cause|cloth\w+|camouflage|smokescreen)"
_HUMANE = r"(?:protect\w*|defen[cs]\w*|defend\w*|safeguard\w*|human\w*|democracy|minorit\w+|sav(?:e|ing)|responsibility|noble|rights)"
INTERVENTION_PATTERNS: tuple[Pattern, ...] = (
    Pattern("named", rf"\b(?:humanitarian|humane|human{_}rights){_}[\"']?(?:military{_}|armed{_})?(?:{_INTERVENE})\b", "humanitarian intervention"),
    Pattern("named", rf"\b(?:{_INTERVENE}){_}(?:\w+{_}){{0,5}}?(?:for|on|in{_}the{_}name{_}of){_}(?:\w+{_})?(?:humanitarian|humanitarianism|human{_}rights)\b", "intervention on humanitarian grounds"),
    Pattern("named", rf"\b(?:rights?|duty|obligation|power|need|responsibility){_}(?:\w+{_}){{0,2}}?(?:of|to|for){_}(?:\w+{_}){{0,2}}?[\"']?(?:{_INTERVENE})\b", "the right to intervene"),
    Pattern("named", r"\bsovereignty\b[^.;?!]{0,90}?\b(?:shield\w*|absolute|excuse|hid(?:e|ing|den)|licen[cs]e|wall\w*|carte|cover|alibi|impunity|massacre|pretext|screen)\b", "sovereignty is no shield"),
    Pattern("named", rf"\b(?:hid(?:e|ing|den)|shield\w*|shelter\w*|wall\w*|protection|limits?|concept|principles?|notion|limit(?:ed|ing)){_}(?:\w+{_}){{0,3}}?(?:behind{_}|of{_})?(?:\w+{_}){{0,3}}?sovereignty\b", "hide behind sovereignty"),
    Pattern("named", rf"\b(?:under|on|with|behind|in|using|beneath|by)\b{_}(?:\w+{_}){{0,3}}?{_PRETEXT}{_}(?:\w+{_}){{0,2}}?of{_}[\"']?(?:\w+{_}){{0,4}}?{_HUMANE}", "under the pretext of protecting minorities"),
    Pattern("named", r"\bnon-?(?:intervention|interference)\b", "non-intervention"),
    Pattern("named", rf"\b(?:concept|notion|doctrine|idea|theory|principle){_}of{_}(?:\w+{_}){{0,2}}?(?:{_INTERVENE})\b", "the concept of interference"),
    Pattern("weak", rf"\b{_PRETEXT}{_}of{_}[\"']?(?:\w+{_}){{0,4}}?{_HUMANE}", "the banner of human rights"),
    Pattern("weak", rf"\b(?:unilateral|illegitimate|illegal|foreign|external|outside|military|armed){_}(?:{_INTERVENE})\b", "unilateral intervention"),
    Pattern("weak", rf"\b(?:{_INTERVENE}){_}(?:in|into){_}(?:\w+{_}){{0,4}}?(?:internal|domestic|affairs)\b", "interference in internal affairs"),
    Pattern("carried", rf"\b(?:{_INTERVENE}){_}(?:in|into){_}(?:\w+{_}){{0,3}}?(?:internal|domestic|affairs|state|sovereign)", "interference in internal affairs"),
    Pattern("implied", rf"\b(?:mass{_}atrocit(?:y|ies)|atrocity{_}crimes?|mass{_}crimes)\b", "mass atrocities"),
    Pattern("implied", rf"\bprevent(?:ion{_}of|ing)?{_}(?:future{_}|such{_}|further{_}|acts{_}of{_})?(?:genocides?|massacres?|ethnic{_}cleansing)\b", "prevention of genocide"),
    Pattern("carried", rf"\b(?:mass{_}murder\w*|massacres?|genocides?|ethnic{_}cleansing)\b", "genocide"),
    Pattern("carried", rf"\b(?:massive|gross|grave|systematic|flagrant|serious|widespread)(?:{_}and{_}\w+)?{_}(?:\w+{_}){{0,2}}?violations?{_}of{_}(?:\w+{_}){{0,4}}?(?:rights|humanitarian|law)", "massive violations of human rights"),
    Pattern("carried", rf"\b(?:stand|remain|sit|stay|be){_}(?:\w+{_}){{0,2}}?(?:idle|idly|passive|indifferent|silent|impassive|aloof|inactive|paraly[sz]ed)\b", "cannot stand idly by"),
    Pattern("carried", rf"\b(?:duty|right|obligation|responsibility){_}to{_}(?:act|protect|assist|help|rescue|prevent)\b|\bhuman{_}security\b|\bearly{_}warning\b", "a duty to act"),
    Pattern("carried", rf"\b(?:use{_}of{_}(?:\w+{_})?force|military{_}(?:action|operation|intervention|force)\w*|armed{_}(?:action|intervention))\b", "use of force"),
    Pattern("carried", r"\binterven(?:e|es|ed|tion|tions|ing)\b", "intervene"),
)  # fmt: skip

_PATTERNS: dict[str, tuple[Pattern, ...]] = {
    R2P: R2P_PATTERNS,
    PROTECTIVE_INTERVENTION: INTERVENTION_PATTERNS,
}

#: The names of the targets, the default first.
TARGETS: tuple[str, ...] = tuple(_PATTERNS)


@dataclass(frozen=True, slots=True)
class _Compiled:
    anchors: re.Pattern[str]
    weak: re.Pattern[str] | None
    carried: re.Pattern[str]
    keys: tuple[str, ...]
    heads: re.Pattern[str] | None


def _found(pattern: re.Pattern[str], heads: re.Pattern[str] | None, text: str) -> Iterator[re.Match[str]]:
    """What `pattern.finditer(text)` gives, tried only where one of the `heads` stands.

    A pattern that begins with the edge of a word is tried by `re` at every character; a handful of beginnings are found ten times as fast.
    """
    if heads is None:
        yield from pattern.finditer(text)
        return
    end = 0
    for head in heads.finditer(text):
        if head.start() >= end and (match := pattern.match(text, head.start())) is not None:
            end = match.end()
            yield match


def _compile(patterns: Iterable[Pattern], keys: tuple[str, ...], heads: str | None = None) -> _Compiled:
    rows = list(patterns)
    named = "|".join(p.regex for p in rows if p.kind == "named")
    implied = "|".join(p.regex for p in rows if p.kind == "implied")
    weak = "|".join(p.regex for p in rows if p.kind == "weak")
    carried = "|".join(f"(?:{p.regex})" for p in rows if p.kind == "carried")
    return _Compiled(
        re.compile(f"(?P<named>{named})|{implied}"),
        re.compile(weak) if weak else None,
        re.compile(carried),
        keys,
        re.compile(heads) if heads else None,
    )


# How every mention of the norm begins: part of a first word, so that no beginning hides another.
_HEADS = r"r[ec]s?[pp][o0]|r2p|rtop|rwp|r[ -](?:to|2)|paragraph|138|duty|obligation|mandate|genocide|mass|atrocity|war|ethnic|crimes|protect|prevent|veto|code"

# `keys`: a text without one of them in it has no named mention, and is not searched at all.
_COMPILED: dict[str, _Compiled] = {
    R2P: _compile(R2P_PATTERNS, ("protec", "r2p", "rtop", "to p", "to-p", "138", "139", "prote", "rwp", "otect", "prot", "pr0t", "genocide", "atroc", "mass crimes"), _HEADS),
    PROTECTIVE_INTERVENTION: _compile(INTERVENTION_PATTERNS, ("interven", "interfer", "sovereign", "ingérence", "pretext", "guise", "name of", "cover", "banner", "cloak", "excuse", "slogan", "atrocit", "genocid", "mass crimes", "massacre", "ethnic")),
}  # fmt: skip

# What the duty is owed to. After "responsibility to protect": the first noun group decides.
_OBJECT = re.compile(r"[\s\"'\-]{0,4}((?:[a-z'\-]+[\s,]+){0,7}[a-z'\-]*)")
_STOP_OBJECT = frozenset(
    [
        "is",
        "was",
        "are",
        "were",
        "has",
        "have",
        "had",
        "be",
        "been",
        "being",
        "as",
        "which",
        "that",
        "and",
        "or",
        "but",
        "in",
        "at",
        "by",
        "with",
        "when",
        "where",
        "while",
        "if",
        "must",
        "should",
        "shall",
        "will",
        "would",
        "can",
        "could",
        "may",
        "might",
        "remains",
        "does",
        "do",
        "did",
        "also",
        "because",
        "since",
        "so",
        "not",
        "principle",
        "concept",
        "norm",
        "doctrine",
        "notion",
        "agenda",
        "framework",
        "report",
        "debate",
        "it",
        "to",
        "for",
        "on",
        "of",
        "this",
        "through",
        "within",
        "into",
        "under",
        # "... becomes positive law": what follows is no object
        "become",
        "becomes",
        "became",
        "enjoys",
        "needs",
        "requires",
        "continues",
        "deserves",
        "applies",
        "means",
        "implies",
        "entails",
        "gives",
        "offers",
        "calls",
        "serves",
        "rests",
        "belongs",
        "constitutes",
        "represents",
        "strengthens",
        "complements",
        "undermines",
        "violates",
        "threatens",
    ]
)
_PEOPLE = frozenset(
    [
        "population",
        "populations",
        "people",
        "peoples",
        "civilian",
        "civilians",
        "victims",
        "human",
        "beings",
        "humanity",
        "minorities",
        "minority",
        "groups",
        "communities",
        "persons",
        "individuals",
        "lives",
        "life",
        "those",
        "them",
        "citizens",
        "citizen",
        "women",
        "children",
        "men",
        "nationals",
        "inhabitants",
        "vulnerable",
        "weak",
        "innocent",
        "innocents",
        "defenceless",
        "humans",
    ]
)
_ATROCITY = re.compile(
    r"genocid|war crimes|ethnic\s+cleans|crimes\s+against|atrocit|massacre|mass\s+murder|slaughter|carnage"
)
_THINGS = frozenset(
    [
        "environment",
        "planet",
        "earth",
        "ocean",
        "oceans",
        "sea",
        "seas",
        "marine",
        "climate",
        "nature",
        "forest",
        "forests",
        "biodiversity",
        "ecosystem",
        "ecosystems",
        "ozone",
        "water",
        "waters",
        "resources",
        "heritage",
        "sites",
        "monuments",
        "culture",
        "cultures",
        "tourists",
        "tourism",
        "visitors",
        "investors",
        "investment",
        "investments",
        "consumers",
        "consumer",
        "data",
        "privacy",
        "online",
        "internet",
        "border",
        "borders",
        "territory",
        "frontiers",
        "land",
        "homeland",
        "nation",
        "country",
        "countries",
        "interests",
        "security",
        "sovereignty",
        "independence",
        "integrity",
        "reputation",
        "honour",
        "property",
        "possessions",
        "peacekeepers",
        "peacekeeping",
        "staff",
        "personnel",
        "diplomats",
        "missions",
        "premises",
        "embassies",
        "workers",
        "migrants",
        "migrant",
        "refugees",
        "jobs",
        "economy",
        "economies",
        "markets",
        "trade",
        "species",
        "animals",
        "wildlife",
        "soil",
        "rights",
        "freedoms",
        "freedom",
        "dignity",
        "values",
        "family",
        "families",
        "health",
        "future",
        "generations",
        "generation",
        "commons",
        "goods",
        "biosphere",
        "atmosphere",
        "glaciers",
        "mountains",
        "islands",
        "world",
        "home",
        "multilateralism",
        "institutions",
        "constitution",
        "democracy",
        "order",
        "law",
        "rule",
        "peace",
        "diversity",
        "identity",
        "religion",
        "religions",
        "faith",
        "symbols",
        "journalists",
        "seafarers",
        "fishermen",
        "achievements",
        "gains",
        "system",
        "organization",
        "credibility",
        "youth",
        "elderly",
        "workers'",
        "employees",
        "fish",
        "coral",
        "reefs",
        "rivers",
        "lakes",
    ]
)


def _off_target(low: str, end: int) -> bool:
    """True where what is protected is a thing, not people: the first telling noun after the verb decides."""
    match = _OBJECT.match(low, end)
    if not match or end >= len(low) or low[end] in ".;:?!)":
        return False
    window = low[end : end + 90]
    if _ATROCITY.search(window):
        return False
    for word in match.group(1).replace(",", " ").split():
        if word in _STOP_OBJECT:
            return False
        if word in _PEOPLE:
            return False
        if word in _THINGS:
            return True
    return False


def lower(text: str) -> str:
    """`text` in lower case with the same length (`'İ'.lower()` is two code points)."""
    low = text.lower()
    return low if len(low) == len(text) else "".join(c if len(c.lower()) != 1 else c.lower() for c in text)


def mentions(reading: Reading, target: str = R2P) -> list[Mention]:
    """Every mention of a target in a reading but the carried ones, in order, spans of `reading.text`.

    Raises KeyError for an unknown target.
    """
    compiled = _COMPILED[target]
    low = lower(reading.text)
    if not any(key in low for key in compiled.keys):
        return []
    found: list[Mention] = []
    for match in _found(compiled.anchors, compiled.heads, low):
        kind: Kind = "named" if match.group("named") else "implied"
        if target == R2P and low[match.end() - 1] in "tg" and _off_target(low, match.end()):
            kind = "off"
        found.append(Mention(Span(match.start(), match.end()), kind))
    if not found and compiled.weak:
        found = [Mention(Span(*match.span()), "weak") for match in compiled.weak.finditer(low)]
    return found


def carried(reading: Reading, start: int, end: int, target: str = R2P) -> list[Mention]:
    """Carried mentions in `reading.text[start:end]`; cheap only on short stretches, so ask for those near a named one."""
    low = lower(reading.text[start:end])
    return [
        Mention(Span(start + m.start(), start + m.end()), "carried")
        for m in _COMPILED[target].carried.finditer(low)
    ]


def find_mentions(text: str, target: str = R2P) -> list[Span]:
    """Where a text names a target, off-target uses left out; spans of `text`, in order.

    >>> find_mentions("We uphold the responsibility to protect; we share a responsibility to protect our oceans.")
    [Span(start=14, end=39)]
    """
    reading = read(text)
    return [reading.source(m.span) for m in mentions(reading, target) if m.kind == "named"]


#: Sentences taken along before and after a mention. The norm is taken up by pronouns afterwards more than before.
BEFORE, AFTER = 1, 2


def passages(text: str, target: str = R2P, whole_speech: bool = False) -> list[Passage]:
    """The stretches of a speech that bear on a target: each mention's sentence, one before, two after, joined where they touch.

    `whole_speech` is for debates on the target itself: then all of the text is one passage.
    """
    reading = read(text)
    found = mentions(reading, target)
    spots = sentences(reading.text)
    if not spots or not (found or whole_speech):
        return []
    groups = [(0, len(spots) - 1)] if whole_speech else windows(spots, [m.span for m in found])
    result = []
    for first, last in groups:
        span = Span(spots[first].start, spots[last].end)
        inside = tuple(
            reading.source(m.span)
            for m in found
            if m.kind == "named" and span.start <= m.span.start < span.end
        )
        result.append(Passage(reading.source(span), inside))
    return result


def windows(
    spots: list[Span], hits: list[Span], before: int = BEFORE, after: int = AFTER
) -> list[tuple[int, int]]:
    """Runs of sentence numbers (first, last) around hits, joined where they touch or overlap."""
    runs: list[tuple[int, int]] = []
    i = 0
    for hit in hits:
        while i < len(spots) - 1 and spots[i].end <= hit.start:
            i += 1
        first, last = max(0, i - before), min(len(spots) - 1, i + after)
        if runs and first <= runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], max(runs[-1][1], last))
        else:
            runs.append((first, last))
    return runs
