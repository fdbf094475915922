"""Who-speaks headings of UN verbatim records: the grammar, as tables with an example beside each entry.

A heading is `NAME (State) (spoke in X), Office:` in either order of the brackets, or an office (`The President`).
An odd heading that the grammar does not know is one more line in a table below. Not here: which State a name is
(`pipeline.split.states`), where in the record a heading may stand (`pipeline.split.verbatim`).
"""

from __future__ import annotations

import re
from typing import NamedTuple

#: Titles before a name. Sources: headings of A/PV and S/PV records since 1946; longer ones first where one begins another.
TITLES: tuple[tuple[str, str], ...] = (
    (r"Mr\.?", "Mr. Example (Exampland):"),
    (r"Mrs\.?", "Mrs. Example (Exampland):"),
    (r"Ms\.?", "Ms. Example (Exampland):"),
    (r"Miss", "Miss Example (Exampland):"),
    (r"Mme\.?|Mlle\.?|Madam", "Mme Example (Exampland):"),
    (r"Dr\.?", "Dr. Example (Exampland):"),
    (r"Prof\.|Professor", "Professor Example (Exampland):"),
    (r"Sir", "Sir John EXAMPLE (Exampland):"),
    (r"Dame", "Dame Jane Example (Exampland):"),
    (r"Lord|Lady|Baroness|Baron|Viscount|Count(?:ess)?|Duke|Marquis", "Baroness Example (Exampland):"),
    (r"Sheikha?|Shaikha?|Sheik|Shaykh", "Sheikh Example Al-Example (Exampland):"),
    (r"Sayyid|Sayed|Sayyed|Syed", "Sayyid Example (Exampland):"),
    (r"(?:Crown|Hereditary) Prince(?:ss)?", "Crown Prince Example (Exampland):"),
    (r"Prince(?:ss)?", "Prince Example Al-Example (Exampland):"),
    (r"King|Queen|Emperor|Emir|Amir|Sultan|Grand Duke", "King Example II (spoke in French):"),
    (
        r"(?:Her|His) (?:Royal |Imperial |Serene |Most )?(?:Highness|Majesty|Excellency|Eminence|Beatitude)(?:,? (?:the )?"
        r"(?:Crown Prince(?:ss)?|Prince(?:ss)?|King|Queen|Sheikha?|Emir|Amir|Cardinal|Archbishop|Mr\.|Ms\.|Mrs\.|Dr\.))?",
        "Her Royal Highness Princess Example (Exampland):",
    ),
    (r"Pope|His Holiness|Patriarch", "Pope Example:"),
    (r"Monsignor|Msgr\.?|Mgr\.?", "Monsignor Example (Holy See):"),
    (r"Archbishop|Bishop|Cardinal|Father|Rev\.|Reverend|Canon|Imam|Ayatollah|Rabbi", "Archbishop Example (Holy See):"),
    (r"(?:Lieutenant|Lt\.|Major|Maj\.|Brigadier) ?[- ]?(?:General|Gen\.|Colonel|Col\.)", "Lieutenant General Example:"),
    (r"(?:Vice|Rear) ?-?Admiral|Admiral|Air (?:Chief )?Marshal|(?:Field )?Marshal", "Rear Admiral Example (Exampland):"),
    (r"General|Gen\.|Brigadier|Colonel|Col\.|Major|Captain|Capt\.|Commander", "General Example:"),
    (r"Justice|Judge", "Judge Example:"),
    (r"Chief|Oba|Nana|Alhaji|Hajia|Hadja?|El[- ]Hadj|Haji|Hajji", "Chief Example (Exampland):"),
    (r"Datuk|Dato['’]?(?: Seri| Sri)?|Datin|Tan Sri|Tun|Tunku|Tengku|Pehin|Pengiran", "Datuk Example (Exampland):"),
    (r"Dasho|Lyonpo|Lyonchhen", "Lyonpo Example (Exampland):"),
    (r"U|Daw", "U Example Name (Exampland):"),
    (r"Ratu|Adi|Tui|Tuiloma|Fiame|Afioga|Luamanuvao", "Ratu Example (Exampland):"),
    (r"Begum|Nawab|Sardar|Sardār|Shri|Smt\.|Pandit|Raja|Rani|Maulana", "Begum Example (Exampland):"),
    (r"Don|Doña|Señor|Señora|Srta\.|Sra?\.", "Don Example (Exampland):"),
    (r"Ambassador|Minister|Senator|Governor|Mayor|Premier|Chancellor", "Ambassador Example:"),
    (r"(?:Prime Minister|Vice[- ]President|President)", "President Example (Exampland) (spoke in Spanish):"),
)  # fmt: skip

#: What may follow the name without being part of it.
AFTER_NAME = re.compile(r"\s+(?:Bey|Pasha|Pacha|Effendi|Khan Bahadur)$")  # Example EXAMPLE Bey (Exampland):

#: Offices that speak without a name, with the role they give. The text may be in capitals (`The PRESIDENT`).
OFFICES: tuple[tuple[str, str, str], ...] = (
    (r"(?:Acting |Temporary |Interim |Provisional |Outgoing )?President", "presidency", "The Acting President:"),
    (r"Vice-President", "presidency", "The Vice-President (spoke in French):"),
    (
        r"(?:Acting |Temporary |Interim |Outgoing )?(?:Co-|Vice-)?Chair(?:man|woman|person)?s?",
        "presidency",
        "The Co-Chairperson (Exampland):",
    ),
    (r"(?:Co-)?(?:Moderator|Facilitator|Convener)", "presidency", "The Moderator:"),
    (
        r"(?:Acting |Deputy |Under-|Assistant )?Secretary[- ]General(?: of the (?:Conference|Council|Meeting))?",
        "secretariat",
        "The Deputy Secretary-General:",
    ),
    (r"(?:Acting |Deputy )?Secretary(?: of the (?:\w+ )?(?:Committee|Council|Assembly|Commission))?", "secretariat", "The Secretary of the Committee:"),
    (r"(?:Deputy )?Legal Counsel", "secretariat", "The Legal Counsel:"),
    (r"(?:United Nations )?High Commissioner(?: for [A-Z][\w ]+)?", "secretariat", "The High Commissioner for Refugees:"),
    (r"(?:Special )?(?:Adviser|Representative|Envoy|Coordinator)(?: of the Secretary-General)?", "secretariat", "The Special Adviser:"),
    (r"(?:Deputy )?(?:Executive Director|Director[- ]General|Administrator|Controller)", "secretariat", "The Executive Director:"),
    (r"(?:Deputy |Chief )?Prosecutor(?: of the [A-Z][\w ]+)?", "other", "The Prosecutor of the International Criminal Court:"),
    (r"(?:Special )?Rapporteur(?: of the [A-Z][\w ]+)?", "other", "The Rapporteur of the Third Committee:"),
)  # fmt: skip

#: What a heading says of the language, in brackets, before or after the State.
LANGUAGE = re.compile(
    r"(?:spoke|speaks|speaking|delivered|interpret(?:ed|ation)|translat(?:ed|ion)|original(?:ly)?|furnished)\b[^()]*?"
    r"\b(?:in|from)\s+(?:the\s+)?(?P<language>[A-Z][\w’'-]+(?:[ -](?:[A-Z][\w’'-]+|and|Language))*)",
)
# (spoke in French) / (interpretation from Arabic) / (translated from Russian)
# (spoke in Spanish; English text furnished by the delegation) / (spoke in Greek; interpretation provided by ...)
#: The same, for a bracket that gives no language.
LANGUAGE_NOTE = re.compile(
    r"^(?:spoke|speaks|speaking|delivered|interpret|translat|original|English (?:text|version|translation|interpretation)|"
    r"(?:text|translation|interpretation) (?:furnished|provided)|via |by video|pre-?recorded|joined|participat)",
    re.IGNORECASE,
)

_TITLE = "(?:" + "|".join(pattern for pattern, _ in TITLES) + ")"
_OFFICE = "(?:" + "|".join(pattern for pattern, _, _ in OFFICES) + ")"
_BRACKET = r"\((?:[^()]|\([^()]*\)){1,160}\)"
_NAME_WORD = r"[^\W\d_]['’‘`´.\-\w]*"
_NAME = rf"{_NAME_WORD}(?:(?:,? |(?<=-) ?){_NAME_WORD}){{0,9}}"

#: What a line must begin with to be looked at; cheap, as it is tried on every line.
START = re.compile(rf"(?:The\s+(?i:{_OFFICE})\b|{_TITLE}\s+\S)")

HEADING = re.compile(
    rf"(?P<who>The\s+(?P<office>(?i:{_OFFICE}))|(?P<title>{_TITLE})\s+(?P<name>{_NAME}))"
    rf"(?P<tail>(?:\s*,?\s*{_BRACKET})*(?:\s*,\s*(?P<function>[^:;()]{{4,160}}?(?:{_BRACKET}[^:;()]{{0,80}})?))?(?:\s*{_BRACKET})*)"
    r"\s*(?P<end>[:;])"
)
#: A name with no title before it, which only a State in brackets (and bold type or capitals) makes a heading.
UNTITLED = re.compile(
    rf"(?P<who>(?P<office>(?!))?(?P<title>(?!))?(?P<name>{_NAME}))"
    rf"(?P<tail>(?:\s*{_BRACKET})+(?:\s*,\s*(?P<function>[^:;()]{{4,160}}?))?(?:\s*{_BRACKET})*)\s*(?P<end>[:;])"
)
_BRACKETS = re.compile(_BRACKET)

#: Words that are no name: "Mr. President:", "Mr. Chairman:" open an address, they name no speaker.
_VOCATIVE = re.compile(
    r"^(?:(?:Acting |Vice[- ]?)?President|Chair(?:man|woman|person)?|Secretary(?:[- ]General)?|Moderator|Speaker|Foreign Minister|Minister|"
    r"Prime Minister|Ambassador|Rapporteur|Director|Commissioner|Excellency)\b",
    re.IGNORECASE,
)
#: Small words inside names ("de la", "bin", "van den"); any other word of a bare name begins with a capital.
_PARTICLES = frozenset(
    ["de", "del", "della", "der", "den", "des", "di", "do", "dos", "da", "das", "du", "d", "van", "von", "vom", "zu", "zur", "ter", "ten", "te", "la", "le", "los", "las", "el", "al", "ul", "ibn", "bin", "bint", "ben", "binti", "abu", "ould", "y", "e", "i", "und", "et", "dit", "af", "av", "of", "y’", "in", "op", "’t", "'t"]
)  # fmt: skip

PRESIDENCY, SECRETARIAT, OTHER = "presidency", "secretariat", "other"


class Heading(NamedTuple):
    """A parsed heading: as printed, and its parts as the record prints them."""

    printed: str
    length: int  # characters of the text that it takes, colon included
    office: str | None  # "Acting President"
    office_role: str | None  # presidency, secretariat, other
    title: str | None
    name: str | None  # without title, capitals eased
    place: str | None  # what stands in brackets where a State is expected
    language: str | None
    function: str | None  # "Rapporteur of the Third Committee"
    end: str


def parse_heading(text: str, *, untitled: bool = False) -> Heading | None:
    """The heading that `text` begins with, or None. With `untitled`, names without a title are taken too.

    >>> parse_heading("Ms. Example (Exampland) (spoke in French): We").language
    'French'
    """
    match = HEADING.match(text) or (UNTITLED.match(text) if untitled else None)
    if match is None:
        return None
    office, name, title, function = match["office"], match["name"], match["title"], match["function"]
    language = place = None
    for bracket in _BRACKETS.findall(match["tail"]):
        inner = " ".join(bracket[1:-1].split())
        said = LANGUAGE.search(inner)
        if said:
            language = language or said["language"]
        elif LANGUAGE_NOTE.match(inner) or inner.lower() in ("continued", "cont’d"):
            continue
        elif place is None:
            place = inner
    if function:
        function = " ".join(function.split())
        said = LANGUAGE.search(function)
        function = _BRACKETS.sub("", function).strip(" ,") if said else function
    if name is not None:
        name = " ".join(name.split())
        if _VOCATIVE.match(name):
            return None
        if place is None and function is None and not is_bare_name(name):
            return None
        if title in ("U", "Don", "Count", "Major", "Chief", "Minister", "Justice", "Mayor") and place is None:
            return None  # too close to plain words without a State beside it
    if function is not None and not plausible_function(function):
        return None
    office_role = None
    if office is not None:
        office = " ".join(office.split())
        office_role = next(
            role for pattern, role, _ in OFFICES if re.fullmatch(pattern, office, re.IGNORECASE)
        )
        office = office.title().replace("-general", "-General") if office.isupper() else office
    return Heading(
        " ".join(text[: match.end()].split()),
        match.end(),
        office,
        office_role,
        " ".join(title.split()) if title else None,
        ease_capitals(AFTER_NAME.sub("", name)) if name else None,
        place,
        language,
        function,
        match["end"],
    )


def is_bare_name(name: str) -> bool:
    """Whether every word of a name without brackets looks like one: capitals, or a particle."""
    words = name.split()
    return len(words) <= 6 and all(word[0].isupper() or word.lower() in _PARTICLES for word in words)


def plausible_function(function: str) -> bool:
    """Whether the words after the State are an office and not speech: `Rapporteur of the Third Committee`.

    A verb of saying means that the colon belongs to a sentence.
    """
    if re.search(
        r"\b(?:said|says|stated|asked|told|has|have|had|was|is|are|were|noted|declared|wrote|and I)\b",
        function,
    ):
        return False
    return function[0].isupper() or function.startswith(("speaking", "on behalf", "as "))


def ease_capitals(name: str) -> str:
    """`Gladwyn JEBB` -> `Gladwyn Jebb`, `McDONALD-O’NEIL` -> `McDonald-O’Neil`; initials and mixed names stay."""
    return " ".join("-".join(_ease_word(part) for part in word.split("-")) for word in name.split())


def _ease_word(word: str) -> str:
    letters = [c for c in word if c.isalpha()]
    if (
        len(letters) < 2
        or sum(c.isupper() for c in letters) < max(2, len(letters) - 2)
        or re.fullmatch(r"[IVX]+", word)
    ):
        return word
    if re.fullmatch(r"(?:[^\W\d_]\.-?)+", word):
        return word  # initials: "J.A."
    prefix = re.match(r"(?:Mc|Mac|Fitz|De|Di|La|Le|Van|Al|El)(?=[A-Z]{2})", word)
    kept = prefix.group() if prefix else ""
    eased = re.sub(r"[^\W\d_]+", lambda m: m.group()[0].upper() + m.group()[1:].lower(), word[len(kept) :])
    # French and English elisions: "D’ESCOTO" -> "D’Escoto"; but possessive-like "’s" stays small.
    return kept + eased
