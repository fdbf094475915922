"""The review page: routes over the desk. Every text goes through the templates' escaping; nothing is rendered as HTML.

Not here: who may come in and how often (`guard`), what is saved and checked (`project`), the server itself (`serve`).
"""

from __future__ import annotations

import hashlib
import threading
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import quote

from flask import Flask, abort, flash, g, redirect, render_template, request, session, url_for
from flask_wtf import CSRFProtect
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from pipeline.records import LABELS, NOT_ADDRESSED, Span
from pipeline.review import guard
from pipeline.review.desk import STATUSES, Desk, Filters, Item
from pipeline.review.documents import Documents
from pipeline.review.doubt import percent, probabilities, say
from pipeline.review.marks import folded, lay_out, marks_of
from pipeline.review.project import CORRECTIONS, SKIP_REASONS, Project, Refused, Sent, Stale
from pipeline.review.sentence_marks import MARK_KEYS, BadMarks, in_text, of_detail, parsed
from pipeline.review.store import Action, text_sha256
from pipeline.tables import Row

#: Key -> label, as the page shows them.
KEYS: tuple[tuple[str, str], ...] = (
    ("1", "supportive"),
    ("2", "conditional"),
    ("3", "opposed"),
    ("0", NOT_ADDRESSED),
)

_PAGE = 50
_LONGEST_NAME = 60

FORUMS = {
    "GA": "General Assembly",
    "GA-general-debate": "General debate",
    "GA-dialogue": "Interactive dialogue",
    "SC": "Security Council",
    "HRC": "Human Rights Council",
    "other": "Other meeting",
}

DONE = {
    "label": "a label",
    "skip": "a skip",
    "note": "a note",
    "correction": "a correction",
    "adjudicate": "an adjudication",
}


@dataclass
class Settings:
    """How the page is served. `tokens` true: a reviewer comes in with a token (any address but this machine's own); else with a name.
    `leads` may adjudicate (everybody where it is empty). `documents` are folders with the source documents."""

    tokens: bool = False
    leads: frozenset[str] = frozenset()
    documents: Sequence[Path] = ()
    refresh: Callable[[], list[str]] | None = None
    models: Mapping[str, Any] = field(default_factory=dict)


def create_app(
    desk: Desk, settings: Settings | None = None, on_save: Callable[[], None] | None = None
) -> Flask:
    """The page over a desk of datasets; `on_save` is called after each save. One request is worked on at a time: each takes a few milliseconds."""
    settings = settings or Settings()
    first = desk.projects[0]
    app = Flask(__name__)
    name = hashlib.sha256(str(first.path.resolve()).encode()).hexdigest()[:8]
    app.config.update(
        SECRET_KEY=guard.session_key(first.path),
        SESSION_COOKIE_NAME=f"r2p_review_{name}",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Strict",
        MAX_CONTENT_LENGTH=guard.MAX_REQUEST,
        MAX_FORM_MEMORY_SIZE=guard.MAX_REQUEST,
        MAX_FORM_PARTS=64,
        WTF_CSRF_TIME_LIMIT=None,  # a page may stay open all day; the session bounds it
        SEND_FILE_MAX_AGE_DEFAULT=3600,
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(percent=percent, say=say, when=_when, day=_day)
    app.jinja_env.globals.update(
        keys=KEYS, mark_keys=MARK_KEYS, forums=FORUMS, statuses=STATUSES, version=_assets_version()
    )
    page = _Page(desk, settings, [Documents(p.dataset, settings.documents) for p in desk.projects])
    page.on_save = on_save or page.on_save
    _guards(app, page)
    CSRFProtect(app)  # after the guards: a flood of forged forms is bounded too
    _routes(app, page)
    return app


def _assets_version() -> str:
    digest = hashlib.sha256()
    for file in sorted((Path(__file__).parent / "static").iterdir()):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:10]


class _Page:
    """What the routes share."""

    def __init__(self, desk: Desk, settings: Settings, documents: list[Documents]) -> None:
        self.desk = desk
        self.settings = settings
        self.documents = documents
        self.lock = threading.RLock()
        self.posts = guard.Rate(per_second=40, burst=120)
        self.gets = guard.Rate(per_second=100, burst=400)
        self.entries = guard.Rate(per_second=1 / 6, burst=10)
        self.on_save: Callable[[], None] = lambda: None

    @property
    def reviewer(self) -> str:
        return str(session.get("reviewer", ""))

    def known(self) -> dict[str, str]:
        """Reviewers with a token -> its hash, over all datasets."""
        found: dict[str, str] = {}
        for project in self.desk.projects:
            found.update(project.store.tokens())
        return found

    def may_adjudicate(self) -> bool:
        return not self.settings.leads or self.reviewer in self.settings.leads

    def model(self, row: Row) -> Any:
        return self.settings.models.get(row["model"] or "") or self.settings.models.get("")


def _guards(app: Flask, page: _Page) -> None:
    @app.before_request
    def check() -> Response | str | None:
        address = request.remote_addr or ""
        if not page.settings.tokens and not guard.host_is_ours(request.host):
            abort(400, "This page answers to the name of this machine alone: open it as http://127.0.0.1.")
        rate = page.posts if request.method == "POST" else page.gets
        if not rate.allows(address):
            abort(
                429, "Too many requests at once. Wait a moment, then go on: nothing that was saved is lost."
            )
        if request.endpoint == "static":
            return None
        page.lock.acquire()
        g.locked = True
        if page.desk.sync():
            page.documents = [Documents(p.dataset, page.settings.documents) for p in page.desk.projects]
        if request.endpoint != "enter":
            known = page.reviewer and (not page.settings.tokens or page.reviewer in page.known())
            if not known:
                if request.method == "POST":
                    abort(
                        403,
                        "You are not signed in, so nothing was saved. Sign in, then go back and send it again.",
                    )
                return redirect(url_for("enter", to=request.full_path.rstrip("?")))
        return None

    @app.teardown_request
    def let_go(error: BaseException | None) -> None:
        if g.pop("locked", False):
            page.lock.release()

    @app.after_request
    def headers(response: Response) -> Response:
        for name, value in guard.HEADERS.items():
            response.headers.setdefault(name, value)
        if request.endpoint != "static":
            response.headers["Cache-Control"] = "no-store"
        return response

    @app.errorhandler(CSRFError)
    def forged(error: CSRFError) -> tuple[str, int]:
        reason = "The form was not from this page or your session ended, so nothing was saved. Open the speech again."
        return render_template("problem.html", title="Not saved", reason=reason), 400

    @app.errorhandler(HTTPException)
    def problem(error: HTTPException) -> tuple[str, int]:
        words = {
            404: "There is no such page or speech.",
            413: "That is too much for one form, so nothing was saved. Shorten it.",
        }
        reason = words.get(error.code or 500, error.description or "Something went wrong.")
        return render_template("problem.html", title=error.name, reason=reason), error.code or 500

    @app.errorhandler(Refused)
    def refused(error: Refused) -> tuple[str, int]:
        return render_template("problem.html", title="Not saved", reason=str(error)), 400

    @app.context_processor
    def common() -> dict[str, Any]:
        if not page.reviewer or request.endpoint == "enter":
            return {
                "reviewer": "",
                "disputes": 0,
                "filters": Filters(),
                "undoable": None,
                "tokens": page.settings.tokens,
            }
        last = page.desk.last_of(page.reviewer)
        return {
            "reviewer": page.reviewer,
            "disputes": len(page.desk.disputes()) if page.may_adjudicate() else 0,
            "may_adjudicate": page.may_adjudicate(),
            "filters": g.get("filters", Filters()),
            "undoable": {"d": last[0], "action": last[1], "what": DONE[last[1].kind]} if last else None,
            "form": uuid.uuid4().hex,
            "tokens": page.settings.tokens,
        }


def _filters(source: Mapping[str, str]) -> Filters:
    given = {f.name: str(source.get(f.name, f.default))[:200] for f in fields(Filters)}
    if given["status"] not in STATUSES:
        given["status"] = "open"
    filters = Filters(**given)
    g.filters = filters
    return filters


def _routes(app: Flask, page: _Page) -> None:
    desk = page.desk

    def to_speech(item: Item | None, filters: Filters) -> Response:
        if item is None:
            return redirect(url_for("queue", **filters.narrow), 303)
        # Already now: another reviewer's "next" may come before this one's page.
        desk.lease(item, page.reviewer)
        return redirect(url_for("speech", d=item.d, id=item.entry.speech_id, **filters.narrow), 303)

    def wanted(source: Mapping[str, str]) -> Item:
        try:
            item = desk.item(int(source.get("d", "0")), source.get("id", ""))
        except ValueError:
            item = None
        return item or abort(404)

    def sent(whole: bool = False) -> Sent:
        form = request.form
        try:
            seen = int(form.get("seen", "0"))
        except ValueError:
            abort(400)
        return Sent(page.reviewer, seen, (form.get("form") or "")[:64] or None)

    def span() -> tuple[int, int] | None:
        start, end = request.form.get("evidence_start", ""), request.form.get("evidence_end", "")
        if not start or not end:
            return None
        try:
            return int(start), int(end)
        except ValueError:
            raise Refused("The chosen sentence has no place in the text.") from None

    def marks() -> list[tuple[int, int, str]]:
        try:
            return parsed(request.form.get("marks"))
        except BadMarks as error:
            raise Refused(str(error)) from None

    @app.get("/")
    def queue() -> str:
        filters = _filters(request.args)
        number = max(1, request.args.get("page", 1, type=int))
        found = list(desk.matching(page.reviewer, filters))
        start = min((number - 1) * _PAGE, max(0, (len(found) - 1) // _PAGE * _PAGE))
        rows = [_row(page, item) for item in islice(found, start, start + _PAGE)]
        done, waiting = desk.place_in_queue(page.reviewer)
        return render_template(
            "queue.html", rows=rows, total=len(found), start=start, page_number=start // _PAGE + 1,
            pages=max(1, -(-len(found) // _PAGE)), done=done, waiting=waiting, progress=desk.progress(),
            choices=desk.choices(), several=len(desk.projects) > 1, names=[p.path.name for p in desk.projects],
            audit_share=desk.projects[0].setting("audit_share"),
        )  # fmt: skip

    @app.get("/jump")
    def jump() -> Response:
        filters = _filters(request.args)
        item = desk.jump(request.args.get("to", "")[:200])
        if item is None:
            flash("There is no speech with this id.")
        return to_speech(item, filters)

    @app.get("/next")
    def next_speech() -> Response:
        filters = _filters(request.args)
        at = wanted(request.args) if request.args.get("id") else None
        item = desk.next(page.reviewer, filters, at)
        if item is None:
            flash("No speech waits for you here.")
        return to_speech(item, filters)

    @app.get("/back")
    def back() -> Response:
        filters = _filters(request.args)
        at = wanted(request.args) if request.args.get("id") else None
        item = desk.back(page.reviewer, at)
        if item is None:
            flash("There is nothing before this.")
        return to_speech(item or at, filters)

    @app.get("/speech")
    def speech() -> str:
        filters = _filters(request.args)
        item = wanted(request.args)
        desk.lease(item, page.reviewer)
        return render_template("speech.html", **_speech(page, item, filters))

    @app.post("/act")
    def act() -> Response | tuple[str, int]:
        filters = _filters(request.form)
        item = wanted(request.form)
        project, entry, form = desk.projects[item.d], item.entry, request.form
        label, do = form.get("label", ""), form.get("do", "label")
        if project.readings.disputed(project.uid(entry)) and page.reviewer not in project.readings.readings(
            project.uid(entry)
        ):
            raise Refused(
                "Two readings of this speech differ; it waits for adjudication and takes no third reading."
            )
        try:
            if do == "skip":
                more = (form.get("more") or "").strip()
                reason = (form.get("reason") or "") + (f": {more}" if more else "")
                project.skip(entry, sent(), reason)
                flash(f"Skipped: {entry.who}.")
            elif do == "note":
                project.note(entry, sent(), form.get("note", ""))
                flash("The note is saved.")
            elif do == "correction":
                place = span() if form.get("what") == "split" else None
                project.correct(entry, sent(), form.get("what", ""), form.get("value", ""), place)
                flash("Noted for the maintainer.")
            else:
                project.label(entry, sent(), label, span(), form.get("note"), marks())
                flash(f"Saved: {entry.who}, {say(label)}.")
        except Stale as stale:
            return _stale(
                page,
                item,
                stale.latest,
                {k: v for k, v in form.items() if k not in ("csrf_token", "seen", "form")},
            )
        page.on_save()
        desk.release(item)
        if do in ("note", "correction"):
            return to_speech(item, filters)
        following = desk.next(page.reviewer, filters, item)
        if following is None:
            flash("No speech waits for you here.")
        return to_speech(following, filters)

    @app.post("/undo")
    def undo() -> Response | tuple[str, int]:
        filters = _filters(request.form)
        try:
            d, action = int(request.form.get("d", "0")), int(request.form.get("action", "0"))
        except ValueError:
            abort(400)
        if not 0 <= d < len(desk.projects):
            abort(404)
        try:
            made = desk.projects[d].undo(
                Sent(page.reviewer, None, (request.form.get("form") or "")[:64] or None), action
            )
        except Stale:
            flash("That was not your last action any more (another tab?). Nothing was undone.")
            return redirect(url_for("queue", **filters.narrow), 303)
        page.on_save()
        entry = desk.projects[d].entry_of(made.uid)
        flash("Undone.")
        if entry is None:
            return redirect(url_for("queue", **filters.narrow), 303)
        item = Item(d, entry)
        if desk.projects[d].readings.disputed(made.uid) and page.may_adjudicate():
            return redirect(url_for("dispute", d=d, id=entry.speech_id), 303)
        return to_speech(item, filters)

    @app.get("/adjudication")
    def adjudication() -> str:
        if not page.may_adjudicate():
            abort(403, "Adjudication is for the project lead.")
        return render_template("adjudication.html", items=[_row(page, item) for item in desk.disputes()])

    @app.get("/dispute")
    def dispute() -> str | Response:
        if not page.may_adjudicate():
            abort(403, "Adjudication is for the project lead.")
        item = wanted(request.args)
        project = desk.projects[item.d]
        uid = project.uid(item.entry)
        if not project.readings.disputed(uid) and project.readings.adjudication(uid) is None:
            flash("This speech is not in dispute.")
            return redirect(url_for("adjudication"), 303)
        return render_template("dispute.html", **_dispute(page, item))

    @app.post("/adjudicate")
    def adjudicate() -> Response | tuple[str, int]:
        if not page.may_adjudicate():
            abort(403, "Adjudication is for the project lead.")
        item = wanted(request.form)
        label = request.form.get("label", "")
        try:
            desk.projects[item.d].adjudicate(
                item.entry, sent(), label, span(), request.form.get("note"), marks()
            )
        except Stale as stale:
            del stale
            flash("A reading of this speech changed since the page was shown. Look again, then decide.")
            return redirect(url_for("dispute", d=item.d, id=item.entry.speech_id), 303)
        page.on_save()
        flash(f"Settled: {item.entry.who}, {say(label)}.")
        left = [other for other in desk.disputes() if other != item]
        if not left:
            return redirect(url_for("adjudication"), 303)
        return redirect(url_for("dispute", d=left[0].d, id=left[0].entry.speech_id), 303)

    @app.get("/progress")
    def progress() -> str:
        return render_template(
            "progress.html", progress=desk.progress(), audit=desk.audit(), agreements=desk.agreements(),
            datasets=[
                {
                    "path": p.path.name, "progress": p.progress(), "orphans": p.orphans(),
                    "audit_share": p.setting("audit_share"), "second_share": p.setting("second_share"),
                    "through": (p.dataset.manifest.get("reviews") or {}).get("through", 0), "last": p.readings.last,
                    "corrections": [(a, p.entry_of(a.uid), p.place_of[a.uid or 0]) for a in p.readings.corrections()],
                }
                for p in desk.projects
            ],
            kinds=CORRECTIONS, labels=LABELS,
        )  # fmt: skip

    @app.post("/refresh")
    def refresh() -> Response:
        problems = (
            page.settings.refresh() if page.settings.refresh else ["This server does not write the files."]
        )
        for problem in problems:
            flash(problem)
        if not problems:
            flash("The dataset's files hold every label now.")
        desk.sync()
        return redirect(url_for("progress"), 303)

    @app.get("/help")
    def help_page() -> str:
        return render_template("help.html")

    @app.get("/document")
    def document() -> Response:
        item = wanted(request.args)
        found = page.documents[item.d].open(desk.projects[item.d].index.row(item.entry))
        if found is None:
            abort(404, "The source document is not at hand. Start the page with --documents FOLDER.")
        response = Response(found.data, mimetype=None)
        response.headers["Content-Type"] = found.media_type
        name = quote(Path(item.entry.document.rpartition("!")[2] or item.entry.document).name)
        how = "inline" if found.shown else "attachment"
        response.headers["Content-Disposition"] = f"{how}; filename*=UTF-8''{name}"
        if found.media_type == "application/pdf":
            # The browser's own PDF viewer needs its styles; the document itself may load and run nothing.
            response.headers["Content-Security-Policy"] = (
                "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'none'"
            )
        return response

    @app.route("/enter", methods=["GET", "POST"])
    def enter() -> str | Response | tuple[str, int]:
        to = request.values.get("to", "")
        to = to if to.startswith("/") and not to.startswith(("//", "/\\")) else url_for("queue")
        if request.method == "GET":
            return render_template("enter.html", to=to, names=_names(page), problem="")
        if page.settings.tokens:
            if not page.entries.allows(request.remote_addr or ""):
                abort(429, "Too many tries. Wait a minute.")
            name = guard.who_has(request.form.get("token", "").strip(), page.known())
            problem = "No reviewer has this token. Ask the project lead for yours."
        else:
            name = _known_name(request.form.get("name", ""), _names(page))
            problem = f"Give a name of 1 to {_LONGEST_NAME} letters, without a semicolon."
        if name is None:
            return render_template("enter.html", to=to, names=_names(page), problem=problem), 400
        session.clear()
        session["reviewer"] = name
        session.permanent = True
        return redirect(to, 303)

    @app.post("/leave")
    def leave() -> Response:
        session.clear()
        return redirect(url_for("enter"), 303)


def _names(page: _Page) -> list[str]:
    if page.settings.tokens:
        return []
    names = {n for p in page.desk.projects for n in p.readings.names} - {"lead", "unknown"}
    return sorted(names | set(page.settings.leads))


def clean_name(name: str) -> str | None:
    """A reviewer's name with blanks collapsed; None where it is empty, too long or holds what would break a list of names."""
    name = " ".join(name.split())
    fine = 0 < len(name) <= _LONGEST_NAME and ";" not in name and name.isprintable()
    return name if fine else None


def _known_name(given: str, names: Sequence[str]) -> str | None:
    name = clean_name(given)
    # "ada" and "Ada" are one person; two spellings would read everything twice.
    return next((known for known in names if name and known.casefold() == name.casefold()), name)


def _row(page: _Page, item: Item) -> dict[str, Any]:
    project, entry = page.desk.projects[item.d], item.entry
    readings = project.readings.readings(project.uid(entry))
    own = readings.get(page.reviewer)
    return {
        "d": item.d,
        "entry": entry,
        "audit": project.is_audit(entry),
        "own": own.label if own else None,
        "skipped": project.readings.skipped(project.uid(entry), page.reviewer),
        "others": len(readings) - (own is not None),
        "who_read": sorted(name for name in readings if name != page.reviewer),
        "wanted": project.wanted(entry),
    }


def _speech(page: _Page, item: Item, filters: Filters) -> dict[str, Any]:
    project, entry = page.desk.projects[item.d], item.entry
    row = project.index.row(entry)
    uid = project.uid(entry)
    readings = project.readings.readings(uid)
    own = readings.get(page.reviewer)
    deciding = _deciding(row, own.evidence_start if own else None, own.evidence_end if own else None)
    done, waiting = page.desk.place_in_queue(page.reviewer)
    mine = [a for a in project.readings.live(uid) if a.reviewer == page.reviewer]
    note = next((a.note for a in reversed(mine) if a.kind in ("note", "label") and a.note is not None), None)
    return {
        **_text(page, item, row, [deciding] if deciding else []),
        "item": item,
        "entry": entry,
        "filters": filters,
        "own": own,
        "marked": _marked((own.action if own else _taken_back(project, uid, page.reviewer)), row["text"]),
        "draft": _draft(page.reviewer, row),
        "note": note or "",
        "own_skip": next((a for a in reversed(mine) if a.kind == "skip"), None) if own is None else None,
        "corrections": [a for a in mine if a.kind == "correction"],
        "others": len(readings) - (own is not None),
        "blocked": project.readings.disputed(uid) and own is None,
        "seen": project.readings.seen(uid, page.reviewer),
        "audit": project.is_audit(entry),
        "done": done,
        "waiting": waiting,
        "skip_reasons": SKIP_REASONS,
        "kinds": CORRECTIONS,
    }


def _marked(action: Action | None, text: str) -> list[list[int | str]]:
    """The sentences marked with an action, as the page's field has them."""
    marks = in_text(of_detail(action.detail), text) if action else ()
    return [[m.start, m.end, m.letter] for m in marks]


def _taken_back(project: Project, uid: int | None, reviewer: str) -> Action | None:
    """The reviewer's last label, where it was undone: what was marked for it need not be marked again."""
    mine = [a for a in project.readings.log(uid) if a.reviewer == reviewer and a.kind == "label"]
    return mine[-1] if mine and project.readings.is_undone(mine[-1]) else None


def _draft(reviewer: str, row: Row) -> str:
    """Under what the browser keeps marks that are not saved yet: nobody else's, and of no other text."""
    return f"{reviewer} {row['speech_id']} {text_sha256(row['text'])[:16]}"


def _dispute(page: _Page, item: Item) -> dict[str, Any]:
    project, entry = page.desk.projects[item.d], item.entry
    row = project.index.row(entry)
    uid = project.uid(entry)
    decided = project.readings.adjudication(uid)
    readings = list(project.readings.readings(uid).values())
    spans = [
        Span(r.evidence_start, r.evidence_end)
        for r in readings
        if r.evidence_start is not None
        and r.evidence_end is not None
        and row["text"][r.evidence_start : r.evidence_end] == r.evidence
    ]
    return {
        **_text(page, item, row, spans),
        "item": item,
        "entry": entry,
        "readings": readings,
        "decided": decided,
        "marked": _marked(decided, row["text"]),
        "draft": "dispute " + _draft(page.reviewer, row),
        "seen": project.readings.seen(uid, None),
    }


def _deciding(row: Row, start: int | None, end: int | None) -> Span | None:
    if start is not None and end is not None and 0 <= start < end <= len(row["text"]):
        return Span(start, end)
    if row["evidence_start"] is None or row["evidence_end"] is None:
        return None
    if row["text"][row["evidence_start"] : row["evidence_end"]] != row["evidence"]:
        return None
    return Span(row["evidence_start"], row["evidence_end"])


def _text(page: _Page, item: Item, row: Row, deciding: Sequence[Span]) -> dict[str, Any]:
    """What both reading pages show of a speech."""
    from pipeline.document import whole_speech_counts

    documents = page.documents[item.d]
    whole = whole_speech_counts(row)
    marks = marks_of(row, page.model(row), whole)
    chances = probabilities(row)
    offset = deciding[0].start if deciding else None
    number = documents.page(row, offset)
    link = None
    if documents.is_there(row):
        link = url_for("document", d=item.d, id=item.entry.speech_id, _anchor=f"page={number or 1}")
    return {
        "row": row,
        "sentences": folded(lay_out(row["text"], marks, deciding), marks, deciding),
        "deciding": row["text"][deciding[0].start : deciding[0].end] if deciding else None,
        "evidence": deciding[0] if deciding else None,
        "bar": _bar(chances),
        "chances": chances,
        "themes": [_themes().get(theme, theme) for theme in row["themes"]],
        "page_number": number,
        "document_link": link,
        "record_link": f"https://undocs.org/{quote(row['symbol'])}"
        if row["symbol"] and row["symbol"][:2] in ("A/", "S/")
        else None,
        "cue_kinds": sorted({mark.direction for mark in marks if mark.kind == "cue"}),
        "whole": whole,
    }


def _bar(chances: Mapping[str, float]) -> list[tuple[str, float, float, float]]:
    """The probabilities as stretches of a bar 300 wide: stance, from, width, probability."""
    bar, at = [], 0.0
    for stance in ("supportive", "conditional", "opposed"):
        if stance in chances:
            bar.append((stance, round(at, 1), round(300 * chances[stance], 1), chances[stance]))
            at += 300 * chances[stance]
    return bar


def _themes() -> dict[str, str]:
    from pipeline.stance.themes import themes

    return {theme.id: theme.title for theme in themes()}


def _stale(page: _Page, item: Item, latest: Action | None, given: Mapping[str, str]) -> tuple[str, int]:
    project = page.desk.projects[item.d]
    seen = project.readings.seen(project.uid(item.entry), page.reviewer)
    return render_template(
        "stale.html", item=item, entry=item.entry, latest=latest, given=given, seen=seen
    ), 409


def _when(iso: str) -> str:
    """A time of the log as people read it."""
    return f"{iso[:10]} {iso[11:16]} UTC"


def _day(iso: str | None) -> str:
    from datetime import date

    if not iso:
        return ""
    day = date.fromisoformat(iso)
    return f"{day.day} {day:%B %Y}"
