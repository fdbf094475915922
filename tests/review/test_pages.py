"""The pages as reviewers meet them, and as those meet them who should not: keys, tabs, tokens, forged forms, hostile text."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipeline.review.desk import Desk
from pipeline.review.project import Project
from pipeline.review.web import Settings, create_app
from tests.review.client import InProcess
from tests.review.made import doubtful, give, project, silent, sure

HOSTILE = (
    '<script>alert(1)</script><img src=x onerror="alert(2)"> </textarea></span>{{ 7*7 }} \u202egnirts desrever\u202c '
    "'\"><b>bold</b> &amp; javascript:alert(3)"
)


class Room:
    """An application over one small dataset, and reviewers at it."""

    def __init__(self, opened: Project, settings: Settings | None = None) -> None:
        self.project = opened
        self.app = create_app(Desk([opened]), settings)

    def reviewer(self, name: str = "Ada") -> InProcess:
        client = InProcess(self.app)
        assert client.enter(name).status == 200
        return client


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return Room(
        project(
            tmp_path / "d",
            [doubtful(1, 0.52), doubtful(2, 0.6), doubtful(3, 0.7), silent(4)],
            audit_share=0.0,
        )
    )


def labels(room: Room) -> dict[str, dict[str, str]]:
    room.project.sync()
    return {
        entry.speech_id.rpartition("-")[2]: {n: r.label for n, r in readings.items()}
        for uid in room.project.readings.uids()
        if (entry := room.project.entry_of(uid)) and (readings := room.project.readings.readings(uid))
    }


def test_a_label_saves_and_the_next_speech_is_there(room: Room) -> None:
    ada = room.reviewer()
    ada.get("/next")
    assert "This is turn 1." in ada.page.text
    ada.label("supportive")
    assert "This is turn 2." in ada.page.text and "Saved: Aurelia, supportive." in ada.page.text
    assert labels(room) == {"1": {"Ada": "supportive"}}


def test_back_shows_my_label_and_another_key_changes_it(room: Room) -> None:
    ada = room.reviewer()
    ada.get("/next")
    ada.label("supportive", note="hm")
    ada.get("/back?" + ada.page.path.partition("?")[2])
    assert (
        "This is turn 1." in ada.page.text
        and "Your label: supportive" in ada.page.text
        and ">hm</textarea>" in ada.page.text
    )
    ada.label("opposed", note="")
    assert labels(room) == {"1": {"Ada": "opposed"}}
    uid = room.project.uid(room.project.index.by_id["X/1/PV.1-1"])
    assert room.project.readings.readings(uid)["Ada"].note == ""


def test_undo_goes_to_the_speech_it_is_about(room: Room) -> None:
    ada = room.reviewer()
    ada.get("/next")
    ada.label("supportive")
    ada.undo()
    assert "Undone." in ada.page.text and "This is turn 1." in ada.page.text and labels(room) == {}


def test_skip_needs_a_reason_and_moves_on(room: Room) -> None:
    ada = room.reviewer()
    ada.get("/next")
    fields = ada.fields('<dialog id="skip"')
    assert ada.post("/act", {**fields, "reason": ""}).status == 400
    ada.post("/act", {**fields, "reason": "unclear to me", "more": "page 3 is missing"})
    assert "This is turn 2." in ada.page.text
    assert room.project.store.actions()[-1].note == "unclear to me: page 3 is missing"


def test_two_tabs_the_second_is_asked_and_may_replace_or_keep(room: Room) -> None:
    first = room.reviewer()
    first.get("/next")
    second = InProcess(room.app)
    second.cookies = first.cookies
    second.get(first.page.path)
    first.label("supportive")
    assert second.label("opposed").status == 409 and labels(room)["1"] == {"Ada": "supportive"}
    assert "Not saved" in second.page.text
    second.post("/act", second.fields('<form method="post" action="/act"'))
    assert labels(room)["1"] == {"Ada": "opposed"}


def test_a_form_sent_twice_saves_once(room: Room) -> None:
    ada = room.reviewer()
    ada.get("/next")
    fields = {**ada.fields(), "label": "opposed"}
    ada.post("/act", fields)
    assert ada.post("/act", fields).status == 200
    assert len([a for a in room.project.store.actions() if a.kind == "label"]) == 1


def test_filters_travel_along_from_speech_to_speech(room: Room) -> None:
    ada = room.reviewer()
    ada.get("/next?text=turn+3")
    assert "This is turn 3." in ada.page.text
    ada.label("supportive")
    assert "No speech waits for you here." in ada.page.text and 'value="turn 3"' in ada.page.text


def test_nobody_sees_anothers_label_before_giving_theirs(tmp_path: Path) -> None:
    room = Room(project(tmp_path / "d", [doubtful(1), doubtful(2)], second_share=1.0))
    room.reviewer("Ada")
    give(room.project, "X/1/PV.1-1", "Ada", "opposed", note="clear rejection")
    ben = room.reviewer("Ben")
    for path in (
        "/",
        "/?status=all",
        "/?status=read&reviewer=Ada",
        "/next",
        "/speech?d=0&id=X/1/PV.1-1",
        "/adjudication",
    ):
        page = ben.get(path).text
        assert "clear rejection" not in page, path
        assert not re.search(r'class="badge opposed"', page), path
    assert "Read by another reviewer" in ben.get("/speech?d=0&id=X/1/PV.1-1").text


def test_a_dispute_shows_both_readings_and_notes_and_is_settled_once(tmp_path: Path) -> None:
    room = Room(project(tmp_path / "d", [doubtful(1), doubtful(2)], second_share=1.0))
    give(room.project, "X/1/PV.1-1", "Ada", "opposed", note="rejects it", evidence=(0, 46))
    give(room.project, "X/1/PV.1-1", "Ben", "conditional", note="only warns")
    cy = room.reviewer("Cy")
    cy.get("/dispute?d=0&id=X/1/PV.1-1")
    assert all(word in cy.page.text for word in ("rejects it", "only warns", "Ada", "Ben"))
    late = InProcess(room.app)
    late.cookies = dict(cy.cookies)
    late.get("/dispute?d=0&id=X/1/PV.1-1")
    cy.adjudicate("conditional", note="agreed by phone")
    assert "Settled" in cy.page.text
    late.adjudicate("opposed")
    assert "changed since the page was shown" in late.page.text
    settled = room.project.readings.settled(1)
    assert settled is not None and (settled.label, settled.note) == ("conditional", "agreed by phone")


def test_a_disputed_speech_takes_no_third_reading(tmp_path: Path) -> None:
    room = Room(project(tmp_path / "d", [doubtful(1)]))
    cy = room.reviewer("Cy")
    cy.get("/next")
    give(room.project, "X/1/PV.1-1", "Ada", "opposed")
    give(room.project, "X/1/PV.1-1", "Ben", "conditional")
    assert cy.label("supportive").status == 400 and "no third reading" in cy.page.text


def test_only_leads_adjudicate_where_there_are_any(tmp_path: Path) -> None:
    room = Room(project(tmp_path / "d", [doubtful(1)]), Settings(leads=frozenset({"Lena"})))
    assert room.reviewer("Ada").get("/adjudication").status == 403
    assert room.reviewer("Lena").get("/adjudication").status == 200


def test_one_name_in_two_spellings_is_one_reviewer(room: Room) -> None:
    give(room.project, "X/1/PV.1-1", "Ada", "opposed")
    ada = room.reviewer("  ADA ")
    assert ">Ada</span>" in ada.page.text
    for name in ("", "a;b", "x" * 61, "a\x00b"):
        assert InProcess(room.app).enter(name).status == 400


# What must not be possible


@pytest.mark.parametrize("column", ["text", "speaker", "state", "evidence", "symbol", "document", "note"])
def test_hostile_text_shows_as_text_wherever_it_stands(tmp_path: Path, column: str) -> None:
    given: dict[str, Any] = {column: HOSTILE}
    if column == "evidence":
        given = {"text": HOSTILE, "evidence": HOSTILE, "evidence_start": 0, "evidence_end": len(HOSTILE)}
    room = Room(project(tmp_path / "d", [doubtful(1, **given), doubtful(2)], second_share=1.0))
    give(room.project, "X/1/PV.1-1", "Ada", "opposed", note=HOSTILE)
    give(room.project, "X/1/PV.1-1", "Ben", "supportive")
    ada = room.reviewer()
    pages = [
        ada.get(path).text
        for path in ("/?status=all", "/speech?d=0&id=X/1/PV.1-1", "/dispute?d=0&id=X/1/PV.1-1", "/progress")
    ]
    for page in pages:
        body = page.partition("<body")[2]
        assert not re.search(r"<script|<img|<b>bold|onerror=\"|</textarea></span>\{\{|>49 ", body)
    if column != "note":
        assert any("&lt;script&gt;alert(1)" in page for page in pages)


def test_the_text_on_the_page_is_the_speech_code_point_for_code_point(tmp_path: Path) -> None:
    text = (
        HOSTILE
        + "\n\nSecond paragraph \U0001f600 with   blanks.\n"
        + "We stand behind the responsibility to protect."
    )
    room = Room(project(tmp_path / "d", [doubtful(1, text=text)]))
    page = room.reviewer().get("/next").text
    [shown] = re.findall(r'<div id="text"[^>]*>(.*?)</div>', page, re.S)
    assert html.unescape(re.sub(r"<[^>]*>", "", shown)) == text


def test_a_paragraph_of_a_megabyte_is_shown_whole(tmp_path: Path) -> None:
    room = Room(project(tmp_path / "d", [doubtful(1, text="protect " * 131_072)]))
    page = room.reviewer().get("/next")
    assert page.status == 200 and page.text.count("protect") >= 131_072


def test_every_answer_has_the_strict_policy_and_no_request_to_another_host(room: Room) -> None:
    ada = room.reviewer()
    give(room.project, "X/1/PV.1-1", "Ben", "opposed")
    for path in ("/", "/next", "/progress", "/help", "/adjudication", "/nowhere", "/static/review.js"):
        ada.get(path)
        policy = ada.headers["Content-Security-Policy"]
        assert (
            "default-src 'none'" in policy and "unsafe" not in policy and "frame-ancestors 'none'" in policy
        )
        assert ada.headers["X-Content-Type-Options"] == "nosniff"
        assert not re.search(r'(?:src|action)="(?:https?:)?//|<link[^>]+href="(?:https?:)?//', ada.page.text)
        assert not re.search(r"<script>|<style|\bstyle=\"|\bon\w+=\"", ada.page.text), path


def test_a_forged_form_saves_nothing_and_says_so(room: Room) -> None:
    ada = room.reviewer()
    ada.get("/next")
    for token in ("", "guessed"):
        answer = (
            ada.post("/act", {**ada.fields(), "label": "opposed", "csrf_token": token}) if token else None
        )
        if answer is None:
            fields = ada.fields()
            del fields["csrf_token"]
            answer = ada.post("/act", {**fields, "label": "opposed"})
        assert answer.status == 400 and "nothing was saved" in answer.text
        ada.get("/next")
    assert labels(room) == {}


def test_who_is_not_signed_in_sees_and_saves_nothing(room: Room) -> None:
    stranger = InProcess(room.app)
    assert "Who reviews?" in stranger.get("/speech?d=0&id=X/1/PV.1-1").text
    assert "turn 1" not in stranger.page.text
    assert stranger.request("POST", "/act", {"d": "0", "id": "X/1/PV.1-1", "label": "opposed"})[0] in (
        400,
        403,
    )
    assert labels(room) == {}


def test_the_session_cookie_is_for_this_page_alone(room: Room) -> None:
    client = InProcess(room.app)
    client.get("/enter")
    client.post("/enter", {**client.fields('action="/enter"'), "name": "Ada"}, follow=False)
    cookie = client.headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "SameSite=Strict" in cookie


def test_a_page_elsewhere_that_points_its_name_here_is_turned_away(room: Room) -> None:
    assert InProcess(room.app, host="evil.example").get("/enter").status == 400
    for host in ("localhost", "127.0.0.1", "[::1]"):
        assert InProcess(room.app, host=host).get("/enter").status == 200


def test_the_way_back_after_signing_in_stays_on_this_page(room: Room) -> None:
    for to in ("https://evil.example/", "//evil.example", "/\\evil.example"):
        client = InProcess(room.app)
        client.get("/enter")
        client.post("/enter", {**client.fields('action="/enter"'), "name": "Ada", "to": to}, follow=False)
        assert client.headers["Location"] == "/"


def test_sizes_are_bounded(room: Room) -> None:
    ada = room.reviewer()
    ada.get("/next")
    assert ada.post("/act", {**ada.fields(), "label": "opposed", "note": "x" * 300_000}).status == 413
    ada.get("/next")
    assert ada.post("/act", {**ada.fields(), "label": "opposed", "note": "x" * 5000}).status == 400
    assert "at most 4000" in ada.page.text and labels(room) == {}


def test_rates_are_bounded_and_recover(monkeypatch: pytest.MonkeyPatch) -> None:
    from pipeline.review.guard import Rate

    rate = Rate(per_second=2, burst=5)
    assert [rate.allows("a", 10.0) for _ in range(6)] == [True] * 5 + [False]
    assert rate.allows("b", 10.0) and rate.allows("a", 10.6) and not rate.allows("a", 10.6)


def test_a_flood_of_forms_is_answered_with_wait(room: Room) -> None:
    ada = room.reviewer()
    statuses = [ada.request("POST", "/act", {})[0] for _ in range(200)]
    assert 429 in statuses and ada.get("/").status == 200


@pytest.mark.parametrize(
    "change",
    [
        {"d": "9"},
        {"d": "x"},
        {"id": "nowhere"},
        {"seen": "x"},
        {"evidence_start": "x", "evidence_end": "9"},
        {"label": "maybe"},
    ],
)
def test_a_form_with_nonsense_in_it_is_refused_without_a_traceback(
    room: Room, change: dict[str, str]
) -> None:
    ada = room.reviewer()
    ada.get("/next")
    answer = ada.post("/act", {**ada.fields(), "label": "opposed", **change})
    assert answer.status in (400, 404) and "Traceback" not in answer.text and labels(room) == {}


@pytest.mark.parametrize(
    "path",
    [
        "/?page=99999",
        "/?page=x",
        "/?status=nonsense",
        "/?text=%25%00",
        "/back",
        "/next?id=",
        "/speech",
        "/jump?to=",
    ],
)
def test_an_odd_address_is_answered_with_a_page(room: Room, path: str) -> None:
    answer = room.reviewer().get(path)
    assert answer.status in (200, 404) and "<main" in answer.text


# Tokens


@pytest.fixture
def with_tokens(tmp_path: Path) -> Callable[[], InProcess]:
    opened = project(tmp_path / "d", [doubtful(1)])
    opened.store.set_token("Ada", "right-token")
    app = create_app(Desk([opened]), Settings(tokens=True))
    return lambda: InProcess(app, host="reviews.example", address="192.0.2.7")


def test_with_tokens_nobody_comes_in_by_name(with_tokens: Callable[[], InProcess]) -> None:
    assert with_tokens().enter("Ada").status == 400
    client = with_tokens()
    assert client.enter("wrong", "token").status == 400 and "No reviewer has this token" in client.page.text
    assert client.enter("right-token", "token").status == 200 and ">Ada</span>" in client.page.text


def test_guessing_tokens_is_slowed_down(with_tokens: Callable[[], InProcess]) -> None:
    client = with_tokens()
    statuses = [client.enter(f"guess {n}", "token").status for n in range(14)]
    assert statuses[:10] == [400] * 10 and statuses[-1] == 429


# Documents


def test_the_source_document_opens_by_its_bytes_alone(tmp_path: Path) -> None:
    import hashlib

    pdf = b"%PDF-1.4 made up for this test"
    (tmp_path / "papers").mkdir()
    (tmp_path / "papers" / "a.pdf").write_bytes(pdf)
    (tmp_path / "papers" / "b.txt").write_bytes(b"<script>alert(1)</script>")
    rows = [
        doubtful(1, document_sha256=hashlib.sha256(pdf).hexdigest()),
        doubtful(
            2, document="b.txt", document_sha256=hashlib.sha256(b"<script>alert(1)</script>").hexdigest()
        ),
        sure(3, document="c.pdf"),
    ]
    room = Room(project(tmp_path / "d", rows), Settings(documents=[tmp_path / "papers"]))
    ada = room.reviewer()
    assert "#page=1" in ada.get("/speech?d=0&id=X/1/PV.1-1").text
    ada.get("/document?d=0&id=X/1/PV.1-1")
    assert ada.headers["Content-Type"] == "application/pdf" and ada.page.text.startswith("%PDF")
    ada.get("/document?d=0&id=X/1/PV.1-2")
    assert (
        ada.headers["Content-Type"].startswith("text/plain")
        and ada.headers["X-Content-Type-Options"] == "nosniff"
    )
    assert ada.get("/document?d=0&id=X/1/PV.1-3").status == 404
    (tmp_path / "papers" / "a.pdf").write_bytes(b"%PDF-1.4 another")
    assert ada.get("/document?d=0&id=X/1/PV.1-1").status == 404
