"""What stands in a verbatim record beside speech: patterns of furniture, stage directions, agenda headings, vote lists.

Tables with an example beside each entry. Made-up names stand in the examples. Not here: speaker headings
(`pipeline.split.headings`), the cover's facts (`pipeline.split.cover`).
"""

from __future__ import annotations

import re

#: A UN document symbol of a verbatim record.
SYMBOL = r"[A-Z][\w.-]*(?:/[\w.()-]+)*/PV\.\s?\d+(?:/(?:Rev|Add|Corr)\.\d+)?(?:\s?\((?:Resumption|Part|Vol)[^)]*\))*(?:/(?:Rev|Add|Corr)\.\d+)?"
_JOB = r"(?:\d{2}-\d{5}[A-Z]?(?:\s?\([A-Z]\))?|\*\d{7,9}\*)"
_DATE = r"(?:\d{1,2}/\d{1,2}/\d{2,4}|\d{1,2} [A-Z][a-z]+ \d{4})"

#: Lines that belong to the page, wherever they stand.
FURNITURE: tuple[tuple[str, str], ...] = (
    (rf"{SYMBOL}(?: {_DATE})?(?: \d{{1,3}})?", "A/79/PV.29 29/10/2024"),
    (rf"(?:{_DATE} )?{SYMBOL}", "29/10/2024 A/79/PV.29"),
    (rf"{SYMBOL} .{{3,200}} {_DATE}", "S/PV.8422 The situation in Exampland 13/12/2018"),
    (rf"{_DATE} .{{3,200}} {SYMBOL}", "13/12/2018 The situation in Exampland S/PV.8422"),
    (rf"(?:\d{{1,3}}(?:/\d{{1,3}})? )?{_JOB}(?: \d{{1,3}}(?:/\d{{1,3}})?)?(?: .{{0,3}})?", "2/38 24-19856"),
    (r"General Assembly \d+(?:st|nd|rd|th) (?:plenary )?meeting", "General Assembly 12th plenary meeting"),
    (r"Security Council \d+(?:st|nd|rd|th) meeting(?: \(Resumption[^)]*\))?", "Security Council 3453rd meeting"),
    (rf"[A-Z][a-z]+(?:[- ][a-z]+)* (?:special )?(?:session|year) {_DATE}", "Forty-ninth session 30 September 1994"),
    (r"(?:Please recycle|Accessible document|This document is printed on recycled paper\.?).{0,3}", "Please recycle"),
    (r"\d{1,3}/\d{1,3}", "2/9"),
    (r"[-–—] ?\d{1,3} ?[-–—]", "- 5 -"),
    (r"Page \d{1,3}(?: of \d{1,3})?", "Page 12"),
    (r"\(continued(?: on page \d+)?\)\s*/\.\.\.|/\.\.\.", "/..."),
)  # fmt: skip

#: Lines that belong to the page only at its head or foot.
MARGIN_FURNITURE: tuple[tuple[str, str], ...] = (
    (r"\d{1,3}", "14"),
    (rf"{_DATE}", "13/12/2018"),
    (r"(?:General Assembly|Security Council|[A-Z]\w+ Committee)(?:\s+\d+(?:st|nd|rd|th) .*)?", "General Assembly"),
    (r"\d+(?:st|nd|rd|th) (?:plenary )?meeting(?: \(Resumption[^)]*\))?", "12th plenary meeting"),
    (r"[A-Z][a-z]+(?:[- ][a-z]+){0,3} (?:special )?(?:session|year)", "Forty-ninth session"),
    (r"United Nations|Official Records|Provisional|Verbatim [Rr]ecord", "Official Records"),
)  # fmt: skip

#: The notice on the first page about corrections: how its sentences begin, and how it may end.
NOTICE_START = re.compile(
    r"(?:This (?:verbatim )?record (?:contains|is subject to)|This record has been|The final text will be printed in the Official)"
)
NOTICE_LINE = re.compile(
    r"[Cc]orrect(?:ion|ed)|original languages? only|speeches delivered|interpretation of|translation of|Verbatim Reporting|"
    r"incorporated in a copy|under the signature|delegation concerned|consolidated corrigendum|within one week|one month|"
    r"Document System|documents\.un\.org|verbatimrecords|undocs|room [A-Z]{1,2}-?\d+|of the Security Council|[A-Z]-?\d{3,4}\b.*|"
    r"Official Records|asterisk|annex to the record|date of publication|\(E\)|signature|corrigend"
)
NOTICE_END = re.compile(
    r"(?:corrigendum\.?|documents\.un\.org/?\)\.?|undocs\.org\)?\.?|annex to the record\.?|room [A-Z]{1,2}-?\d+[A-Z]?\.?|U-506\.)$"
)

#: Stage directions: whole paragraphs, in italics where the record has type. `x` flags apply.
STAGE: tuple[tuple[str, str], ...] = (
    (r"The (?:public |private |closed )?meeting (?:was|rose|resumed|is|had)\b.*", "The meeting was called to order at 3.05 p.m."),
    (r"It was so (?:decided|agreed|ordered)\.?", "It was so decided."),
    (r"The (?:provisional )?agenda(?:,.*,)? was adopted.*", "The agenda was adopted."),
    (r"A (?:recorded |separate |roll-call |machine )?(?:recorded )?vote was (?:taken|conducted).*", "A recorded vote was taken."),
    (r"A vote (?:was taken )?by (?:secret ballot|show of hands|roll-?call).*", "A vote was taken by show of hands."),
    (
        r"(?:The |An? )?(?:\w+ ){0,6}?(?:draft|oral|amendments?|sub-?amendments?|motions?|proposals?|resolutions?|decisions?|"
        r"recommendations?|paragraphs?|words?|phrase|conclusions?|candidates?|appointments?|programme)\b.{0,400}?"
        r"\b(?:was|were|is) (?:not )?(?:(?:orally|provisionally|thus|hereby|therefore|unanimously) )?"
        r"(?:adopted|rejected|retained|deleted|carried|approved|lost|withdrawn|defeated|granted|amended)\b.*",
        "Draft resolution II was adopted (resolution 65/188).",
    ),
    (r"(?:Having obtained|The (?:number of|required) ).{0,300}\b(?:elected|majority)\b.*", "Having obtained the required majority, Exampland was elected."),
    (r"(?:In the absence of|Owing to the absence of|At the invitation of).*", "In the absence of the President, Mr. Example (Exampland), Vice-President, took the Chair."),
    (r".{3,200}\b(?:took|returned to|resumed|in|vacated|occupied) the (?:Chair|presidency|podium)\b.*", "Mr. Example (Exampland), Vice-President, in the Chair."),
    (r".{3,300}\b(?:took|resumed|was invited to take|were invited to take) (?:a |the |their |his |her )?(?:seats?|places?)\b.*", "Mr. Example (Exampland) took a place at the Council table."),
    (r".{3,300}\b(?:was|were) (?:escorted|conducted|accompanied|ushered)\b.*", "Ms. Example, President of Exampland, was escorted into the General Assembly Hall."),
    (r".{0,120}\b(?:observed|stood for) (?:an? |one )?(?:minute|moment)\b.*", "The members of the General Assembly observed a minute of silence."),
    (r"(?:A|The) (?:video|film|musical|choir|short|audio|message|pre-recorded|ballot|tape).{0,160}\b(?:was|were) (?:shown|played|screened|displayed|performed|taken|held|presented).*", "A video was shown in the Hall."),
    (r"Ballot papers were.*", "Ballot papers were distributed."),
    (r"The (?:representatives?|members?|delegations?|observers?|tellers?|officials?)\b.{0,200}\b(?:withdrew|left the|were seated|acted as tellers?)\b.*", "The representative of Exampland withdrew."),
    (r"(?:At the invitation|On the invitation) of .*", "At the invitation of the Acting President, Mr. Example (Exampland) acted as teller."),
    (r"[\[(]?(?:Applause|Laughter|Interruption)\.?[\])]?", "(Applause)"),
    (r"The (?:meeting|sitting) (?:was )?(?:suspended|adjourned).*", "The meeting was suspended at 4.35 p.m. and resumed at 5.15 p.m."),
    (r"There (?:being|were) no (?:objections?|speakers?).{0,80}", "There being no objection, it was so decided."),
)  # fmt: skip

#: A bare note of the language inside a turn.
LANGUAGE_SWITCH = re.compile(
    r"\((?:spoke|speaking|continued|interpretation|translation|delivered|resumed)\s+(?:in|from)\s+[^()]{3,80}\)\.?$",
    re.IGNORECASE,
)  # (spoke in English)

#: The labels of a vote's lists.
VOTE_LABEL = re.compile(
    r"(?P<side>In favour|For|Against|Abstain(?:ing|ed)|Abstentions?|Not (?:participating|voting)|Absent|Present)\s*:\s*",
    re.IGNORECASE,
)

#: Upright notes in square brackets, which are no quotation ("[t]he ...").
BRACKET_NOTE = re.compile(
    r"\*{0,3}\[(?:Subsequently|The |It |In |At |Note|A |Mr|Ms|Mrs|See|Resolution|Owing|As )"
)
#: Notes at the foot of a page, where the record has no smaller type to tell them.
FOOT_NOTE = re.compile(r"(?:\*{1,3}|†|\d{1,2}\)) ?[A-Z]")

#: Agenda headings, by their first words (in a record with type, bold is enough).
AGENDA: tuple[tuple[str, str], ...] = (
    (r"(?:Agenda|Provisional agenda)$", "Agenda"),
    (r"(?:Agenda|AGENDA) (?:items?|ITEMS?):? \d+.*", "Agenda items 21 to 26"),
    (r"[A-Z][A-Z0-9 ,.'’()/:;&“”-]{9,}(?: \(continued\))?", "GENERAL DEBATE (continued)"),
    (r"Items? \d+ (?:and \d+ )?(?:of|on) the (?:provisional )?agenda.*", "Item 8 of the provisional agenda"),
    (r"(?:Adoption|Approval) of (?:the )?agenda.*", "Adoption of the agenda"),
    (r"(?:Address(?:es)?|Statements?|Speech|Remarks|Message) (?:by|from|of) (?:the |His |Her |Mr|Ms|Mrs|Sir|Sheikh|King|Prince).*", "Address by Ms. Example, President of the Republic of Exampland"),
    (r"(?:Expressions?|Tributes?) (?:of|to|in)\b.*", "Expression of sympathy to the people of Exampland"),
    (r"(?:Organization|Programme) of work.*", "Organization of work"),
    (r"(?:Opening|Closing|Suspension|Resumption) of the .*(?:session|debate|meeting|Conference)\.?", "Closing of the session"),
    (r"Minute of silent prayer or meditation.*", "Minute of silent prayer or meditation"),
    (r"(?:General debate|Rights? of reply|Scale of assessments.*|Credentials of.*|Election of.*|Appointment of.*)", "General debate"),
    (r"Reports? of the (?:\w+ ){1,4}Committee(?: \([A-Z]/[\w/.]+\))?", "Report of the Third Committee (A/65/450)"),
    (r"(?:Notes?|Letters?|Reports?|Draft (?:resolutions?|decisions?)) .{0,200}\((?:[A-Z]/[\w/. ,and()-]+)\)", "Draft resolution (A/79/L.8)"),
    (r"\([a-z]\) [A-Z].*", "(b) Follow-up to the special session on children"),
)  # fmt: skip


def _table(entries: tuple[tuple[str, str], ...]) -> re.Pattern[str]:
    return re.compile("(?:" + "|".join(f"(?:{pattern})" for pattern, _ in entries) + ")$", re.DOTALL)


FURNITURE_LINE = _table(FURNITURE)
MARGIN_LINE = _table(MARGIN_FURNITURE)
STAGE_PARAGRAPH = _table(STAGE)
AGENDA_LINE = _table(AGENDA)
