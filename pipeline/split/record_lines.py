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
    # The typed records of the early 1990s: typists' marks beside the symbol, the speaker's name over each further page.
    (rf"[A-Za-z]{{2,4}}/[A-Za-z]{{2,4}}(?:/[A-Za-z]{{2,4}})?(?: +{SYMBOL})?(?: \d{{1,3}}(?:-\d{{1,3}})?)?", "JP/ebm A/48/PV.7"),
    (r"\d{1,2}/\d{1,2}/(?:19|20)\d\d", "29/10/2024"),
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

#: Over each further page of a speech the typed records name who speaks: "(Mr. Example, Exampland)", "(The President)".
SPEAKER_MARK = re.compile(
    r"\((?:The (?:Acting )?(?:P[Rr][Ee][Ss][Ii][Dd][Ee][Nn][Tt]|[A-Z][\w-]+)|(?:(?:Mr|Mrs|Ms|Miss|Mme|Dr|Sir|Dame|Prince|Sheikh|Monsignor|Archbishop|King|General|President)\b\.?\s[^()]{2,60}"
    r"(?:, [^()]{3,60}(?:\([^()]*\))?)?))\)$"
)
#: A page number on a line of its own.
PAGE_NUMBER = re.compile(r"\d{1,3}(?:\s?[-–/]\s?\d{1,3})?$")

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

#: With these words the notice may go on after what looks like its end: "(verbatimrecords@un.org). Corrected records will be ...".
NOTICE_TAIL = re.compile(
    r"verbatimrecords|Corrected records will|Corrections will be issued|^Document System of the United Nations|documents\.un\.org|undocs\.org|"
    r"^corrigendum\.$|^U-?\d{3,4}\.|consolidated corrigendum"
)

_HELD = r"(?:[^.;!?]|\.(?=\S))"  # within a sentence; "A/65/L.53" has stops of its own
#: Stage directions that may follow anybody's words: whole paragraphs, in italics where the record has type.
STAGE_ANYWHERE: tuple[tuple[str, str], ...] = (
    (r"The (?:public |private |closed |informal )?meeting (?:was (?:called|resumed|suspended|adjourned|opened|declared|convened)|rose|resumed|had been)\b.{0,160}", "The meeting was called to order at 3.05 p.m."),
    (r"(?:In|Owing to) the absence of .{3,240}\b(?:Chair|presid\w+|Presid\w+ took)\b.*", "In the absence of the President, Mr. Example (Exampland), Vice-President, took the Chair."),
    (
        r"(?:The (?:Acting |Vice-|Temporary )?President|.{2,90}\((?:[^()]|\([^()]*\)){3,90}\)(?:,[^.;]{3,60})?,?)\s*(?:then )?(?:took|returned to|resumed|in|vacated|occupied) the (?:Chair|presidency)\b.{0,80}",
        "Mr. Example (Exampland), Vice-President, in the Chair.",
    ),
    (r"It (?:was|is) so (?:decided|agreed|ordered)\.?", "It was so decided."),
    (r"A (?:recorded |separate )vote was taken\.", "A recorded vote was taken."),
    (rf"{_HELD}{{5,400}}\b(?:was|were) (?:\w+ )?(?:adopted|rejected|retained)\b{_HELD}{{0,80}}(?: by \d+ votes to {_HELD}{{1,120}}|\(resolution [\d/ A-Z]+\))\.?", "Draft resolution II was adopted (resolution 65/188)."),
    (r".{3,300}\b(?:was|were) (?:escorted|conducted|accompanied|ushered) (?:from|into|to|out of) .{3,80}", "Ms. Example, President of Exampland, was escorted from the General Assembly Hall."),
    (r".{3,400}\b(?:took|resumed) (?:a |the |their |his |her )?(?:seats?|places?) .{0,60}\b(?:Council (?:table|Chamber)|rostrum)\b.{0,40}", "Mr. Example (Exampland) took a place at the Council table."),
    (r"[\[(]?(?:Applause|Laughter|Interruption)\.?[\])]?", "(Applause)"),
    (r"The (?:representatives?|members?|delegations?|observers?)\b.{0,200}\b(?:withdrew|left the (?:Hall|hall|Chamber|room|Council))\b.{0,60}", "The representative of Exampland withdrew."),
    (r"The (?:meeting|sitting) (?:was )?(?:suspended|adjourned).{0,120}", "The meeting was suspended at 4.35 p.m. and resumed at 5.15 p.m."),
)  # fmt: skip
#: Stage directions about what the presidency has just put to the meeting. In plain text they are taken for such only after its
#: words: "The draft resolution was adopted by consensus." may also be a delegate's sentence.
STAGE_PRESIDED: tuple[tuple[str, str], ...] = (
    (r"The (?:provisional )?agenda(?:,.*,)? was adopted.{0,80}", "The agenda was adopted."),
    (r"A (?:recorded |separate |roll-call |machine )?(?:recorded )?vote was (?:taken|conducted).{0,120}", "A recorded vote was taken."),
    (r"A vote (?:was taken )?by (?:secret ballot|show of hands|roll-?call).{0,120}", "A vote was taken by show of hands."),
    (
        rf"(?:The |An? )?(?:[\w’'-]+ ){{0,6}}?(?:draft|oral|amendments?|sub-?amendments?|motions?|proposals?|resolutions?|decisions?|"
        rf"recommendations?|paragraphs?|words?|phrase|conclusions?|candidates?|appointments?|programme)\b{_HELD}{{0,400}}?"
        rf"\b(?:was|were|is) (?:not )?(?:(?:orally|provisionally|thus|hereby|therefore|unanimously) )?"
        rf"(?:adopted|rejected|retained|deleted|carried|approved|lost|withdrawn|defeated|granted|amended)\b{_HELD}{{0,260}}\.?",
        "Draft resolution II was adopted (resolution 65/188).",
    ),
    (r"(?:Having obtained|The (?:number of|required) ).{0,300}\b(?:elected|majority)\b.*", "Having obtained the required majority, Exampland was elected."),
    (r"(?:At|On) the invitation of .{3,400}\b(?:took|take|occupied|acted|escorted|seats?|seated|places?)\b.*", "At the invitation of the Acting President, Mr. Example (Exampland) acted as teller."),
    (r".{3,200}\b(?:took|returned to|resumed|in|vacated|occupied) the (?:Chair|presidency|podium)\b.*", "Ms. Example took the podium."),
    (r".{3,300}\b(?:took|resumed|was invited to take|were invited to take) (?:a |the |their |his |her )?(?:seats?|places?)\b.*", "Mr. Example (Exampland) took a place at the Council table."),
    (r".{3,300}\b(?:was|were) (?:escorted|conducted|accompanied|ushered)\b.*", "Ms. Example, President of Exampland, was escorted into the General Assembly Hall."),
    (r".{0,120}\b(?:observed|stood for) (?:an? |one )?(?:minute|moment)\b.*", "The members of the General Assembly observed a minute of silence."),
    (r"(?:A|The) (?:video|film|musical|choir|short|audio|message|pre-recorded|ballot|tape).{0,160}\b(?:was|were) (?:shown|played|screened|displayed|performed|taken|held|presented).*", "A video was shown in the Hall."),
    (r"Ballot papers were.*", "Ballot papers were distributed."),
    (r"The (?:tellers?|officials?|members?)\b.{0,200}\b(?:were seated|acted as tellers?)\b.*", "The tellers were seated."),
    (r"There (?:being|were) no (?:objections?|speakers?).{0,80}", "There being no objection, it was so decided."),
)  # fmt: skip
#: Words that no stage direction has: somebody speaks.
SPOKEN = re.compile(
    r"\b(?:[Ww]e|[Oo]ur|[Mm]y|us|I (?:am|have|had|was|would|wish|should|shall|will|want|thank|hope|believe|join|also))\b"
)

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
    (r"(?:Agenda|AGENDA) (?:items?|ITEMS?):? \d[\d, toand–-]*(?:\([a-z]\)[\d, toand()a-z–-]*)?(?: ?\(continued\))?(?: ?[:.–—-] ?.*| ?\([a-z]\) .*| ?[A-Z].*)?", "Agenda items 21 to 26"),
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
STAGE_PARAGRAPH = _table(STAGE_ANYWHERE + STAGE_PRESIDED)
STAGE_ALWAYS = _table(STAGE_ANYWHERE)
AGENDA_LINE = _table(AGENDA)
