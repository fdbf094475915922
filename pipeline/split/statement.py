"""A single statement as a mission publishes it -> one speech: title block and page furniture off, State and date found.

Not here: verbatim records (`pipeline.split.verbatim`), transcripts of several speakers (`pipeline.split.dialogue`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from pipeline.extract.problems import problem
from pipeline.records import NOT_TOLD_APART, Line, Meeting, Page, Problem, Role, Speech, Splitting, Transcript
from pipeline.split.dates import find_date
from pipeline.split.paragraphs import Mender
from pipeline.split.prose import Frame, Placed, compose, frame_of, paragraphs

if TYPE_CHECKING:
    from pipeline.split.states import State, States


@dataclass(frozen=True, slots=True)
class Printed:
    """A statement's lines, parted: what is spoken, the title block before it, and the furniture of its pages."""

    spoken: tuple[Placed, ...]
    title: tuple[Placed, ...]
    furniture: tuple[Placed, ...]


# -- page furniture ------------------------------------------------------------------------------------------------

#: Lines that are never spoken, wherever they stand; an example beside each.
_NEVER_SPOKEN = (
    r"^\W*(?:please\s+)?(?:to\s+be\s+)?check(?:ed)?\s+against\s+(?:the\s+)?delivery\W*$",  # (Please check against delivery)
    r"^\W*(?:seul\s+le\s+)?(?:texte\s+)?prononc[ée]\s+fait\s+foi\W*$",  # Seul le prononcé fait foi
    r"^\W*cotejar\s+con\s+.{0,30}$",  # Cotejar con la alocución
    r"^\W*as\s+(?:delivered|prepared\s+for\s+delivery)\W*$",  # As delivered
    r"^\W*(?:un)?official\s+translation\W*$",  # Unofficial translation
    r"^\W*(?:official\s+sensitive|unclassified|for\s+official\s+use(?:\s+only)?|embargoed.{0,60})\W*$",  # OFFICIAL SENSITIVE
    r"^\W*UNCLASSIFIED\s*[|/]\s*NON\s+CLASSIFI.{1,3}\W*$",  # UNCLASSIFIED | NON CLASSIFIÉ
    r"^\W*p\s*a\s*g\s*e\s*\|?\s*\d+(?:\s*(?:of|\||/)\s*\d+)?\W*$",  # Page 2 of 8, P a g e 1 | 6
    r"^\W*\d+\s*\|?\s*p\s*a\s*g\s*e\W*$",  # 3 | P a g e
    r"^\s*\d{1,3}\s*/\s*\d{1,3}\s*$",  # 3/8
    r"^[\s_=*~.∞·•─—–-]{3,}$",  # ________
    r"^[-–—\s]*o\s*0\s*o[-–—\s]*$",  # -- o0o --
    r"^[\s/\-–—*\[#]*(?-i:END|End|FIN|THE END)[\s/\-–—*\]#]*$",  # /END/
    r"^\W*(?:\d+\s*)?(?:https?://|www\.)\S+(?:\s+\d+/\d+)?\W*$",  # https://www.example.org/statement 1/3
    r"^\d{1,2}/\d{1,2}/\d{2,4},?\s*\d{1,2}:\d{2}(?:\s*[AP]M)?(?:\s.{0,160})?$",  # 9/24/24, 4:31 PM  Title of the page
    r"^\S+\.(?:org|gov|int|ch|com|net|eu)/\S+(?:\s+\d+/\d+)?$",  # vbs.example.ch/en/page?id=1 2/5
)
NEVER_SPOKEN = re.compile("|".join(_NEVER_SPOKEN), re.IGNORECASE)

#: A page number alone, at a page's edge: 3, - 3 -, [3], iii.
_NUMBER = re.compile(r"^[\s\-–—\[(|.]*(?:\d{1,3}|[ivx]{1,5}|[IVX]{2,5})[\s\-–—\])|.]*$")

#: A web address printed below the text may run over several lines.
_ADDRESS = re.compile(r"^\W*(?:https?://|www\.)\S+$|^[^\s/]*[-/_][^\s]*$")
_ADDRESS_GOES_ON = re.compile(r"^(?=\S{12,}$)\S*[-/_=?&]\S*$")

#: So many lines at the top and the bottom of a page may be running heads.
_EDGE = 3


def _shape(text: str) -> str:
    """A line without its numbers and blanks, so that running heads of all pages look alike."""
    return re.sub(r"[\d\s]+", "", text).casefold()


def _running_heads(pages: Sequence[Page]) -> set[str]:
    """Shapes of lines that stand at the edge of at least three pages, and of more than half of them."""
    counts: Counter[str] = Counter()
    for page in pages:
        full = [line for line in page.lines if line.text.strip()]
        counts.update({_shape(line.text) for line in (*full[:_EDGE], *full[-_EDGE:])})
    needed = max(3, (len(pages) + 1) // 2)
    return {shape for shape, count in counts.items() if count >= needed and len(shape) > 2}


def _furniture_of(page: Page, heads: set[str], several: bool) -> set[int]:
    """Indexes of the page's lines that are furniture."""
    full = [i for i, line in enumerate(page.lines) if line.text.strip()]
    edge = {*full[:_EDGE], *full[-_EDGE:]}
    found: set[int] = set()
    for i in full:
        text = page.lines[i].text.strip()
        if (
            (i in edge and several and _shape(text) in heads)
            or (len(text) <= 200 and NEVER_SPOKEN.match(text))
            or (i - 1 in found and _ADDRESS.match(page.lines[i - 1].text) and _ADDRESS_GOES_ON.match(text))
        ):
            found.add(i)
    if several or page.lines[0].x1:
        # Page numbers stand outermost; a head below one is outermost once the number is off.
        for order in (full, full[::-1]):
            for i in order[:_EDGE]:
                if i in found:
                    continue
                if not _NUMBER.match(page.lines[i].text):
                    break
                found.add(i)
    return found


# -- title block ---------------------------------------------------------------------------------------------------

_SALUTATION = re.compile(
    r"""^\W*(?:\d{1,2}\.\s+)?(?:
      (?:mr|mister|mrs|ms|madam|madame|mme|sir|dear)\b\.?,?\s+(?:acting\s+|co-?|vice-?)?(?:president|chair\w*|secretary|moderator|facilitator|speaker)
    | (?:(?:distinguished|dear|esteemed|your|respected|honou?rable)\s+)*(?:excellenc(?:y|ies|es)|majest(?:y|ies)|(?:royal\s+)?highness(?:es)?)\b
    | (?:distinguished|esteemed|dear|fellow|my\s+fellow|honou?rable|respected|beloved)\s+(?:guests?|delegates?|members?|heads?|ministers?|colleagues?|friends?|
        president|mr|mister|ladies|chair\w*|representatives?|participants?|leaders?|assembly|co-?chairs?|ambassadors?|secretary|excellenc\w+)\b
    | ladies\s+and\s+gentlem[ae]n | secretary[\s-]+general\b | colleagues\b | friends\b | (?:heads|members|leaders)\s+of\s+(?:the\s+)?(?:state|delegation|assembly|government)
    | president\s*[,–—:-] | president\s*$ | chair(?:person)?\s*[,–—:-]
    | (?:the\s+|h\.?\s*e\.?\s.{2,60}?,?\s+|his\s+excellency\s.{2,60}?,?\s+|her\s+excellency\s.{2,60}?,?\s+)?president\s+of\s+(?:the\s+)?
        (?:\S+\s+session\s+of\s+)?(?:the\s+)?(?:u\.?n\.?|united\s+nations)?\s*(?:general\s+assembly|security\s+council|human\s+rights\s+council|\S+\s+session)
    | (?:his|her)\s+excellenc\w+,?\s+(?:the\s+)?(?:president|secretary[\s-]+general)\s+of\s+the\s+(?:u|general)
    | monsieur|señor|senhor|messieurs
    | in\s+the\s+name\s+of\s+(?:god|allah) | bismillah | thank\s+you\b
    | (?:good\s+(?:morning|afternoon|evening))\b | i\s+have\s+the\s+honou?r
    )""",
    re.IGNORECASE | re.VERBOSE,
)

#: Words that sentences have and titles do not.
_SENTENCE_WORDS = re.compile(
    r"\b(?:I|[Ww]e|[Oo]ur|us|me|[Mm]y|[Ll]et|[Aa]llow|is|are|was|were|has|have|had|will|would|must|should|can|cannot|do|does|"
    r"[Tt]his|[Tt]hese|[Tt]here|[Ii]t|[Tt]hey|congratulates?|commends?|wish(?:es)?|expresses)\b"
)
_OPENS_SENTENCE = re.compile(r"^\W*(?:On\s+behalf|I|We|My|Our|Allow|May\s+I|Let|It)\b")

#: What title blocks and letterheads are made of.
_TITLE_WORDS = re.compile(
    r"""\b(?:statement|speech|address|remarks|intervention|delivered|h\.?\s?e\.?|his\s+excellency|her\s+excellency|hon(?:ou?rable)?|minister|
    ambassador|permanent|representative|mission|republic|kingdom|session|general\s+assembly|general\s+debate|united\s+nations|unga|ungd|security\s+council|
    human\s+rights\s+council|new\s+york|geneva|headquarters|theme|january|february|march|april|may|june|july|august|september|october|november|december|
    tel|fax|e-?mail|street|avenue|floor|suite|plenary|meeting|agenda|item|responsibility\s+to\s+protect|dialogue|embargo\w*|transcript|location|draft|
    by|on\s+behalf|president|prime|secretary|deputy|vice|head\s+of|cabinet|commander)\b|@|\d{4}""",
    re.IGNORECASE | re.VERBOSE,
)

#: A title block has at most so many words; more before the first salutation is speech.
_LONGEST_TITLE = 220


def _speech_begins(lines: Sequence[Placed]) -> int:
    """The index of the first spoken line: a salutation, or the first sentence; 0 where there is no title block."""
    words = 0
    first_page = lines[0].page if lines else 0
    for i, placed in enumerate(lines):
        text = placed.line.text.strip()
        words += len(text.split())
        if words > _LONGEST_TITLE:
            return 0
        if i and placed.page != first_page and not _TITLE_WORDS.search(text) and len(text.split()) > 1:
            return i  # the page after a cover begins with words of the speech
        if begins_speech(text):
            start = _back_to_paragraph(lines, i)
            return (
                start
                if any(_is_title(placed.line.text) for placed in lines[:start]) or lines[0].frame.pitch
                else 0
            )
    return 0


_PREPOSITION = re.compile(r"^(?:[a-z]|(?:On|In|Since|At|From|As|When|While|After|Before)\b)")


def _is_title(text: str) -> bool:
    """Whether a line of a text without layout can only be a title's."""
    text = text.strip()
    shouted = text.upper() == text and len(text.split()) >= 3
    return shouted or bool(
        _HEADED.search(text)
        and len(text.split()) <= (14 if text.endswith((".", "!", "?")) else 30)
        and not text.endswith(",")
        and not _PREPOSITION.match(text)
    )


def _is_sentence(text: str) -> bool:
    if text.upper() == text and len(text) > 1:
        return False
    if len(text.split()) < 4:
        return bool(_OPENS_SENTENCE.match(text))
    return bool(_SENTENCE_WORDS.search(text)) and not re.match(r"^\W*theme\b", text, re.IGNORECASE)


def begins_speech(text: str) -> bool:
    """Whether a line is a salutation or the first sentence of a speech, and no title."""
    return bool(_SALUTATION.match(text.strip())) or _is_sentence(text.strip())


def _back_to_paragraph(lines: Sequence[Placed], start: int) -> int:
    """Back from a line with a sentence's word to the line where its sentence begins."""
    if _SALUTATION.match(lines[start].line.text.strip()):
        return start
    longest = max(len(placed.line.text) for placed in lines[: start + 40])
    while start > 0 and runs_on(lines[start - 1], lines[start], longest):
        start -= 1
    return start


_RUNS_ON = re.compile(
    r"(?:,|\b(?:the|of|and|to|in|a|an|for|on|by|with|that|my|our|your|his|her|its|this|as|at|from|or|behalf))$"
)


def runs_on(above: Placed, below: Placed, longest: int) -> bool:
    """Whether the line below goes on with the sentence of the line above."""
    text = above.line.text.strip()
    if (
        above.page != below.page
        or re.search(r"[.!?:]['\"”]?$", text)
        or (_HEADED.search(text) and not below.line.text.strip()[:1].islower())
    ):
        return False
    if below.line.text.strip()[:1].islower():
        return True
    frame = above.frame
    if frame.pitch:
        if below.line.y0 - above.line.y0 > 1.45 * frame.pitch + 1.0:
            return False
        full = above.line.x1 > frame.right - 0.15 * (frame.right - frame.left)
    else:
        full = len(text) > 0.7 * longest
    return full or bool(_RUNS_ON.search(text))


#: Lines that only title blocks have; a sentence does not run on from them.
_HEADED = re.compile(
    r"^\W*(?:statement|speech|address|remarks|intervention|h\.\s?e\.)\b|^\W*(?:\w+\s+){1,3}(?:statement|remarks)\s+(?:by|delivered|made|on\s+behalf)\b|\bgeneral\s+debate\b|\bnew\s+york\s*(?:,|$)|\bsession\b.*\bassembly\b|"
    r"\b(?:january|february|march|april|may|june|july|august|september|october|november|december)\W+(?:\d{1,2}\W+)?(?:19|20)\d\d\W*$",
    re.IGNORECASE,
)


def part_lines(transcript: Transcript, lines: Sequence[tuple[Placed, bool]] | None = None) -> Printed:
    """The lines of a statement, parted into what is spoken, its title block and page furniture; none is lost.

    `lines` are those of `placed_lines`, where they are known.
    """
    captions = transcript.media_type in ("vtt", "srt")  # what is heard has no title block
    kept: list[Placed] = []
    furniture: list[Placed] = []
    for placed, off in placed_lines(transcript) if lines is None else lines:
        if placed.line.text.strip() or not captions:  # cues are cut by time: empty lines part no paragraphs
            (furniture if off else kept).append(placed)
    full = [i for i, placed in enumerate(kept) if placed.line.text.strip()]
    start = 0 if captions else _speech_begins([kept[i] for i in full])
    at = full[start] if full and start else 0
    return Printed(tuple(kept[at:]), tuple(kept[:at]), tuple(furniture))


# -- who, when, where ------------------------------------------------------------------------------------------------

_BODY_STATE = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\bon\s+behalf\s+of\s+(?:(?:the|my)\s+)?(?:(?:government|people|peoples|nation|delegation|state|citizens)(?:\s*,?\s*(?:and|of)?\s*(?:the\s+)?)*)+(?P<at>)",
        r"\b(?:speak|address\s+you|statement|here|before\s+you)\s+(?:today\s+)?on\s+behalf\s+of\s+(?:the\s+)?(?P<at>)",
        r"\b(?:speak|stand|stood|here|address|today|before\s+you|time)\b[^.]{0,60}?\bas\s+(?:the\s+)?(?:president|prime\s+minister|king|queen|foreign\s+minister)\s+of\s+(?:the\s+)?(?P<at>)",
        r"\b(?:bring\s+(?:you\s+)?|extend\s+|convey\s+).{0,30}?(?:greetings?|salutations?|wishes)\s+(?:of|from)\s+(?:the\s+)?(?:government\s+and\s+)?(?:people\s+of\s+)?(?:the\s+)?(?P<at>)",
        r"\bmy\s+(?:own\s+)?(?:country|nation|homeland|beloved\s+country)\s*,\s*(?:the\s+)?(?P<at>)(?=[A-Z])",
        r"\bthe\s+country\s+(?:that\s+)?I\s+(?:represent|lead)(?:\s+\w+)?\s*,\s*(?:the\s+)?(?P<at>)(?=[A-Z])",
        r"^(?P<at>)(?=[A-Z])",
    )
)
_OPENS = re.compile(
    r"^\s+(?:aligns?|associates?|welcomes?|thanks?|would\s+like|wishes|congratulates?|is\s+(?:pleased|grateful|honou?red)|joins?|commends?|fully|strongly|reaffirms?|reiterates?|supports?|believes|attaches|expresses)\b"
)

#: The body names its own State in its opening; further on it names others.
_OPENING = 1_500


def _state_in_body(text: str, states: States, date: str | None) -> State | None:
    opening = text[:_OPENING]
    named = states.find_in(opening, date)
    for pattern in _BODY_STATE[:-1]:
        for match in pattern.finditer(opening):
            for span, state in named:
                gap = opening[match.start("at") : span.start] if span.start >= match.start("at") else None
                if gap is not None and re.fullmatch(
                    r"(?:the\s+)?(?:[A-Z][\w’'-]*\s+(?:of\s+(?:the\s+)?)?){0,4}", gap
                ):
                    return state
    for span, state in named:
        before, after = opening[: span.start], opening[span.end :]
        sentence = not before.strip() or re.search(r"(?:[.!?,:\n]|^)\s*(?:The\s+|the\s+)?$", before)
        if sentence and _OPENS.match(after):
            return state
    return None


_SESSION_FILE = re.compile(r"^(?P<code>[A-Z]{2,3})_(?P<session>\d{1,3})_(?P<year>(?:19|20)\d{2})$")
_SESSION = re.compile(
    r"\b(?P<number>\d{1,3})\s*(?:st|nd|rd|th|°|º)?[\s\"”*]*(?:regular\s+|annual\s+)?(?:session|general\s+assembly|u\.?n\.?\s*general|un\s?ga|(?:united\s+nations|un)\s+general\s+assembly)"
    r"|\b(?:session|UN\s?GA|general\s+assembly)\s*(?P<after>\d{2,3})\b",
    re.IGNORECASE,
)
_ORDINALS = {
    name: value
    for value, name in enumerate(
        [
            "first",
            "second",
            "third",
            "fourth",
            "fifth",
            "sixth",
            "seventh",
            "eighth",
            "ninth",
            "tenth",
            "eleventh",
            "twelfth",
            "thirteenth",
            "fourteenth",
            "fifteenth",
            "sixteenth",
            "seventeenth",
            "eighteenth",
            "nineteenth",
        ],
        1,
    )
}
_TENS = {"twent": 20, "thirt": 30, "fort": 40, "fift": 50, "sixt": 60, "sevent": 70, "eight": 80, "ninet": 90}
_SPELT_SESSION = re.compile(
    r"\b(?P<tens>twent|thirt|fort|fift|sixt|sevent|eight|ninet)(?:ieth|y[\s-]+(?P<ones>first|second|third|fourth|fifth|sixth|seventh|eighth|ninth))"
    r"\s+(?:regular\s+)?session",
    re.IGNORECASE,
)


def session_in(text: str) -> int | None:
    """The General Assembly session that a title names: `79th session`, `Seventy-ninth Session`, `UNGA 79`."""
    if match := _SPELT_SESSION.search(text):
        ones = match["ones"]
        return _TENS[match["tens"].lower()] + (_ORDINALS[ones.lower()] if ones else 0)
    for match in _SESSION.finditer(text):
        number = int(match["number"] or match["after"])
        if 1 <= number <= 150:
            return number
    return None


_GENERAL_DEBATE = re.compile(r"\b(?:general|high[\s-]level(?:\s+general)?)\s+debate\b", re.IGNORECASE)
_R2P = re.compile(r"\bresponsibility\s+to\s+protect\b|\bR2P\b|\bRtoP\b", re.IGNORECASE)


def place_of(
    title: str, session: int | None, filename_session: int | None, date: str | None = None
) -> tuple[str, str | None]:
    """The forum and the debate's id that a title and a file name tell; `other` and None where they do not."""
    from pipeline.split.debates import classify

    if filename_session:
        return "GA-general-debate", f"GA-{filename_session}-general-debate"
    council = re.search(r"\b(?:human\s+rights|security)\s+council\b", title, re.IGNORECASE)
    assembly = re.search(r"\bgeneral\s+assembly\b|\bUN\s?GA\b", title, re.IGNORECASE)
    if _GENERAL_DEBATE.search(title) and (assembly or session):
        return "GA-general-debate", f"GA-{session}-general-debate" if session else None
    if council and (assembly is None or council.start() < assembly.start()):
        organ = council[0]
    else:
        organ = "General Assembly" if assembly or _R2P.search(title) else ""
    return classify(None, organ, session, date, [title])


_NAME = re.compile(
    r"(?:\b(?:H\.?\s?E\.?|(?i:His|Her)\s+(?i:Excellency|Majesty|Highness|Royal\s+Highness)|(?i:the\s+)?(?i:Right\s+|Rt\.?\s+)?(?i:Hon(?:ou?rable)?)\b|Amb(?:assador)?\b|AMBASSADOR|Senator|SENATOR|"
    r"(?i:Sheikh|Mr|Ms|Mrs|Mme|Dr|Prof|Sir|Dame|King|Prince|Princess))\.?,?\s+)+"
    r"(?P<name>(?:[A-Z][\w.’'ʻ-]*|(?:bin|bint|al|el|de|da|do|dos|del|van|von|der|la|le|Al|ibn|ud|ur)\b)(?:[^\S\n]+(?:[A-Z][\w.’'ʻ-]*|(?:bin|bint|al|el|de|da|do|dos|del|van|von|der|la|le|ibn|ud|ur)\b)){0,6})"
)
_NOT_NAME = re.compile(
    r"\b(?:president|prime|minister|permanent|deputy|vice|representative|ambassador|secretary|federal|head|amir|emir|king|on|at|to|during|before|new|foreign|general|"
    r"chairman|charge|attorney|senior|first|second|leader|member|commander|of|the|in|for|phd|gcon|mp|republic|statement|chancellor|president\'s)\b.*$",
    re.IGNORECASE,
)
_HONORIFIC = re.compile(
    r"^(?:h\.?\s?e\.?|his|her|excellency|majesty|royal|highness|the|right|rt|hon(?:ou?rable)?|amb(?:assador)?|senator|mr|ms|mrs|mme|dr|prof|sir|dame)\.?(?:\s+|$)",
    re.IGNORECASE,
)


def speaker_in(title: str) -> str | None:
    """The speaker's name without title, from a title block: `Statement by H.E. Ms. Ana Example, Minister of ...`."""
    for match in _NAME.finditer(title):
        name = " ".join(match["name"].split())
        while (shorter := _HONORIFIC.sub("", name)) != name:
            name = shorter
        name = _NOT_NAME.sub("", name).strip(" .,-")
        if len(name) >= 4 and not re.search(
            r"\b(?:nations|assembly|session|republic)\b", name, re.IGNORECASE
        ):
            return name
    return None


#: So many of the speakers met in one text are named to the user.
_NAMES_TOLD = 6

#: States that share the short name their speakers use.
_ONE_SHORT_NAME = ({"COG", "COD"}, {"KOR", "PRK"})


def split_statement(
    transcript: Transcript,
    states: States,
    *,
    forum: str | None = None,
    debate: str | None = None,
    date: str | None = None,
    lines: Sequence[tuple[Placed, bool]] | None = None,
) -> Splitting:
    """One speech of the whole document.

    The State is taken from the title block or letterhead, then from what the speaker says at the start, then from the
    file name (`state_source` says which). `forum`, `debate` and `date` hold where the document does not say; `lines` as for `part_lines`.
    """
    from pipeline.split.several import speakers_met

    printed = part_lines(transcript, lines)
    title = "\n".join(placed.line.text.strip() for placed in printed.title)
    margin = "\n".join(placed.line.text.strip() for placed in printed.furniture if placed.page == 1)
    mender = Mender(lambda: [placed.line.text for placed in printed.spoken])
    text = compose(paragraphs(printed.spoken), mender)
    stem = PurePosixPath(transcript.document.rpartition("!")[2]).stem
    from_file = _SESSION_FILE.match(stem)
    session = session_in(title) or (int(from_file["session"]) if from_file else None)
    found_date = find_date(title) or date
    year = int(from_file["year"]) if from_file else None
    state, source = _state_of(title, margin, text.text, stem, states, found_date)
    named = states.from_filename(stem, found_date)
    conflict = bool(state and named and source == "document" and named.iso3 != state.iso3)
    if conflict and state and named and {state.iso3, named.iso3} in _ONE_SHORT_NAME:
        # "the people of the Congo" may be either's; the file name settles what the words leave open.
        state, source, conflict = named, "filename", False
    place, found_debate = place_of(
        title, session, int(from_file["session"]) if from_file else None, found_date
    )
    if place == "other" and forum:
        place = forum
    problems: list[Problem] = []
    body, body_source = (None, None) if state else _body_of(title, margin, stem, found_date)
    source = source or body_source
    announced = bool(
        named or body or states.announced(title, found_date) or states.announced(margin, found_date)
    )
    met = speakers_met(
        transcript, printed.spoken, text.text, states, found_date, state=state, announced=announced
    )
    if met:
        # Whose words they are is not known: only a file name, which a person gave, still names a State.
        state, source, body = named, "filename" if named else None, None
        detail = ", ".join(met[:_NAMES_TOLD]) + (", ..." if len(met) > _NAMES_TOLD else "")
        whose = f" of {named.name}, as the file is named" if named else " with no State"
        conflict = False
        problems.append(
            problem("several_speakers", transcript.document, fatal=False, detail=detail, whose=whose)
        )
    elif state is None and body is None:
        problems.append(problem("no_speakers", transcript.document, fatal=False))
    if conflict and state and named:
        problems.append(
            problem("state_conflict", transcript.document, fatal=False, state=state.name, other=named.name)
        )
    pages = [number for _, number in text.page_marks] or [1]
    behalf, aligned = speaking_for(title, text.text, state, found_date, states)
    speech = Speech(
        document=transcript.document,
        no=1,
        text=text.text,
        page_start=pages[0],
        page_end=pages[-1],
        heading=" ".join(title.split())[:500] or None,
        speaker=speaker_in(title),
        state=state.name if state else None,
        iso3=state.iso3 if state else None,
        state_source=source,
        organization=body,
        role=Role.OTHER if body else Role.DELEGATE,
        observer=bool(state and state.observer),
        on_behalf_of=behalf,
        aligned_with=aligned,
        page_marks=text.page_marks,
        detected_language=transcript.language,
        quality=transcript.quality,
    )
    meeting = Meeting(
        transcript.document,
        transcript.sha256,
        forum=place,
        debate=found_debate or debate,
        session=session if place.startswith("GA") else None,
        date=found_date,
        stated_year=year,
        kind="statement",
        convention=NOT_TOLD_APART if met else None,
        pages=len(transcript.pages),
        extractor=transcript.extractor,
        quality=transcript.quality,
        language=transcript.language,
    )
    taken = [placed.line.text for placed in (*printed.title, *printed.furniture) if placed.line.text.strip()]
    return Splitting(meeting, (speech,), (), tuple(taken), tuple(problems))


def _state_of(
    title: str, margin: str, text: str, stem: str, states: States, date: str | None
) -> tuple[State | None, str | None]:
    for part in (title, margin):
        if part and (state := states.from_cover(part, date)):
            return state, "document"
    if state := _state_in_body(text, states, date):
        return state, "document"
    if state := states.from_filename(stem, date):
        return state, "filename"
    return None, None


def _body_of(title: str, margin: str, stem: str, date: str | None) -> tuple[str | None, str | None]:
    """The organisation or group that speaks itself, where no State does: from cover or letterhead, then from the file name."""
    from pipeline.split.groups import find_group, find_groups

    for part in (title, margin):
        if part and (named := find_groups(" ".join(part.split()), date)):
            return named[0][1], "document"
    for part in re.split(r"[_\W]+", stem):
        if part.isupper() and (group := find_group(part)):
            return group.name, "filename"
    return None, None


def speaking_for(
    title: str, text: str, state: State | None, date: str | None, states: States
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The groups and States that a speech is made for, and those whose statements it joins, from title and words."""
    from pipeline.split.groups import spoken_for

    said = spoken_for(text, state, date, states)
    behalf = said.on_behalf_of
    if not behalf and re.search(r"on\s+behalf\s+of", title, re.IGNORECASE):
        behalf = spoken_for(" ".join(title.split()), state, date, states).on_behalf_of
    return behalf, said.aligned_with


def placed_lines(transcript: Transcript) -> list[tuple[Placed, bool]]:
    """All lines with the frames of their pages, and whether they are page furniture."""
    out: list[tuple[Placed, bool]] = []
    captions = transcript.media_type in ("vtt", "srt")
    for page, off in zip(transcript.pages, furniture_lines(transcript.pages), strict=True):
        body = [line for i, line in enumerate(page.lines) if i not in off]
        frame = Frame() if captions else frame_of(page, body)
        out += [(Placed(line, page.number, frame), i in off) for i, line in enumerate(page.lines)]
    return out


def furniture_lines(pages: Sequence[Page]) -> list[set[int]]:
    """For each page the indexes of the lines that are page furniture: running heads, page numbers, delivery notes."""
    heads = _running_heads(pages)
    return [_furniture_of(page, heads, len(pages) > 1) if page.lines else set() for page in pages]


__all__ = [
    "Line",
    "Printed",
    "part_lines",
    "place_of",
    "placed_lines",
    "session_in",
    "speaker_in",
    "split_statement",
]
