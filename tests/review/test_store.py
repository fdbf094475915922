"""The store keeps every action, changes none, and says in words when it cannot be used."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from pipeline.review.store import STORE, Store, StoreError, open_store
from tests.rows import speech


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / STORE)


def test_an_action_is_there_after_the_store_is_opened_again(store: Store) -> None:
    with store.writing():
        place = store.show(speech(), None)
        store.add("Ada", "label", uid=place.uid, shown=place.shown, label="opposed", detail={"model": "m1"})
    again = Store(store.path)
    [action] = again.actions()
    assert (action.reviewer, action.label, action.detail) == ("Ada", "opposed", {"model": "m1"})
    assert again.shown_row(place.shown) == speech()


def test_nothing_that_was_written_can_be_changed_or_deleted(store: Store) -> None:
    with store.writing():
        place = store.show(speech(), None)
        store.add("Ada", "label", uid=place.uid, shown=place.shown, label="opposed")
    for statement in ("UPDATE action SET label = 'supportive'", "DELETE FROM action", "DELETE FROM shown"):
        with sqlite3.connect(store.path) as db, pytest.raises(sqlite3.IntegrityError, match="only added"):
            db.execute(statement)


def test_a_transaction_that_fails_leaves_nothing_behind(store: Store) -> None:
    with pytest.raises(RuntimeError), store.writing():
        store.add("Ada", "note", note="half")
        raise RuntimeError
    assert store.actions() == [] and store.check() == "ok"


def test_a_form_that_was_sent_before_is_known_by_its_number(store: Store) -> None:
    with store.writing():
        made = store.add("Ada", "note", note="x", form="f1")
    assert store.with_form("f1") == made.id and store.with_form("f2") is None


def test_what_was_shown_is_stored_once_until_it_changes(store: Store) -> None:
    with store.writing():
        first = store.show(speech(), None)
        same = store.show(speech(), first.uid)
        changed = store.show(speech(model="m2"), first.uid)
    assert same.shown == first.shown and changed.shown != first.shown and changed.uid == first.uid


def test_the_journal_is_ahead_of_the_file_and_synced_at_each_commit(store: Store) -> None:
    assert store._db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert store._db.execute("PRAGMA synchronous").fetchone() == (2,)


def test_a_store_of_a_later_version_is_refused_in_words(store: Store) -> None:
    with sqlite3.connect(store.path) as db:
        db.execute("UPDATE meta SET value = '9' WHERE name = 'version'")
    with pytest.raises(StoreError, match="version 9"):
        Store(store.path)


def test_a_file_that_is_no_store_is_refused_in_words_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / STORE
    path.write_bytes(b"This is no database, whatever its name says." * 50)
    with pytest.raises(StoreError, match="cannot be opened"):
        open_store(tmp_path)
    assert path.read_bytes().startswith(b"This is no database")


def test_no_store_is_made_where_none_is_asked_for(tmp_path: Path) -> None:
    assert open_store(tmp_path, create=False) is None and list(tmp_path.iterdir()) == []


def test_only_the_hash_of_a_token_is_kept_and_a_new_one_ends_the_old(store: Store) -> None:
    store.set_token("Ada", "secret-one")
    before = store.tokens()["Ada"]
    store.set_token("Ada", "secret-two")
    assert store.tokens()["Ada"] != before
    assert b"secret" not in store.path.read_bytes()
