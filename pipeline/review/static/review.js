"use strict";
// Keys press the buttons and links that are on the page anyway: everything works without this file but choosing and marking sentences.
(() => {
  const STORE = "r2p-review-keys";
  const keysOn = () => localStorage.getItem(STORE) !== "off";
  const toggle = document.getElementById("keys-on");
  if (toggle) {
    toggle.checked = keysOn();
    toggle.addEventListener("change", () => localStorage.setItem(STORE, toggle.checked ? "on" : "off"));
  }

  // A form is sent once; a second press before the next page is there does nothing.
  let sent = false;
  document.addEventListener("submit", (event) => {
    if (sent) event.preventDefault();
    sent = true;
  });
  window.addEventListener("pageshow", () => { sent = false; });

  // Dialogs
  document.querySelectorAll("[data-opens]").forEach((button) => button.addEventListener("click", () => {
    const dialog = document.getElementById(button.dataset.opens);
    dialog.showModal();
    const first = dialog.querySelector(".choices button, input[type=radio]");
    if (first) first.focus();
  }));
  document.querySelectorAll("[data-closes]").forEach((button) => button.addEventListener("click", () => button.closest("dialog").close()));

  // Choosing the deciding sentence
  const text = document.getElementById("text");
  const shown = document.getElementById("deciding");
  const help = document.getElementById("pick-help");
  const whose = document.getElementById("whose");
  const all = text ? [...text.querySelectorAll(".s")] : [];
  const fields = (name) => [...document.querySelectorAll(`input[name=${name}]`)];
  let before = null;
  let at = -1;

  // A long speech on many subjects opens at its passages on R2P; the rest is one key away.
  const fold = document.getElementById("fold");
  if (fold) {
    const set = (folded) => {
      text.classList.toggle("folded", folded);
      fold.querySelector("span").textContent = folded ? "Show the whole speech" : "Show the passages on R2P alone";
    };
    fold.hidden = false;
    fold.addEventListener("click", () => set(!text.classList.contains("folded")));
    set(true);
  }

  const points = (string) => { let n = 0; for (const _ of string) n += 1; return n; }; // code points, as Python counts
  const current = () => ({
    start: fields("evidence_start").map((f) => f.value), end: fields("evidence_end").map((f) => f.value),
    words: shown.textContent, whose: whose ? whose.textContent : "", marked: all.filter((s) => s.classList.contains("decides")),
  });
  const choose = (start, end, words, marked) => {
    fields("evidence_start").forEach((f) => { f.value = start; });
    fields("evidence_end").forEach((f) => { f.value = end; });
    shown.textContent = words;
    if (whose) whose.textContent = "yours";
    all.forEach((s) => s.classList.toggle("decides", marked.includes(s)));
  };
  const leave = (keep) => {
    if (!before) return;
    if (!keep) {
      choose("", "", before.words, before.marked);
      fields("evidence_start").forEach((f, i) => { f.value = before.start[i]; });
      fields("evidence_end").forEach((f, i) => { f.value = before.end[i]; });
      if (whose) whose.textContent = before.whose;
    }
    before = null;
    text.classList.remove("picking");
    help.hidden = true;
    if (document.activeElement) document.activeElement.blur();
  };
  const focusOn = (index, step = 1) => {
    let to = Math.max(0, Math.min(all.length - 1, index));
    while (all[to] && text.classList.contains("folded") && all[to].classList.contains("far")) to += step;
    if (!all[to]) return null;
    at = to;
    all[at].focus();
    all[at].scrollIntoView({block: "center"});
    return all[at];
  };
  const moveTo = (index, step = 1) => {
    const s = focusOn(index, step);
    if (s) choose(s.dataset.start, s.dataset.end, s.textContent, [s]);
  };
  const fromSelection = () => {
    const selection = window.getSelection();
    if (!selection || selection.isCollapsed || !selection.rangeCount) return false;
    const range = selection.getRangeAt(0);
    if (!text.contains(range.startContainer) || !text.contains(range.endContainer)) return false;
    const head = document.createRange();
    head.setStart(text, 0);
    head.setEnd(range.startContainer, range.startOffset);
    const start = points(head.toString());
    const words = range.toString();
    choose(start, start + points(words), words.trim(), all.filter((s) => range.intersectsNode(s)));
    selection.removeAllRanges();
    shown.scrollIntoView({block: "nearest"});
    return true;
  };
  const pick = () => {
    if (!all.length) return;
    if (before) { leave(true); return; }
    toggleMarking(false);
    if (fromSelection()) return;
    before = current();
    text.classList.add("picking");
    help.hidden = false;
    const marked = all.findIndex((s) => s.classList.contains("decides"));
    moveTo(marked < 0 ? 0 : marked);
  };
  const pickButton = document.getElementById("pick");
  if (pickButton) {
    pickButton.addEventListener("mousedown", (event) => event.preventDefault()); // keeps the selection
    pickButton.addEventListener("click", pick);
  }
  if (text) {
    text.addEventListener("click", (event) => {
      const s = event.target.closest(".s");
      if (before && s) { moveTo(all.indexOf(s)); leave(true); }
    });
  }

  // Marking what each sentence says. Kept in the form and saved with the label; a draft outlives a look at another page.
  const bar = document.getElementById("mark-bar");
  const told = document.getElementById("mark-told");
  const field = document.querySelector("#act input[name=marks]");
  const draft = field && `r2p-review-marks ${field.form.dataset.draft}`;
  const stored = { // a browser may refuse to keep anything
    get: () => { try { return JSON.parse(sessionStorage.getItem(draft)); } catch (error) { return null; } },
    set: (value) => { try { if (value === null) sessionStorage.removeItem(draft); else sessionStorage.setItem(draft, JSON.stringify(value)); } catch (error) { /* the form has it */ } },
  };
  const words = bar ? Object.fromEntries([...bar.querySelectorAll("[data-mark]")].map((b) => [b.dataset.mark, b.lastChild.textContent.trim()])) : {};
  const marks = new Map(); // "start end" -> letter
  const place = (s) => `${s.dataset.start} ${s.dataset.end}`;
  let marking = false;
  const shownMark = (s) => { const letter = marks.get(place(s)); if (letter) Object.assign(s.dataset, {said: letter, words: words[letter]}); else { delete s.dataset.said; delete s.dataset.words; } };
  const sum = () => {
    const letters = [...marks.values()];
    const counts = Object.keys(words).filter((l) => l && letters.includes(l)).map((l) => `${letters.filter((x) => x === l).length} ${words[l]}`);
    return counts.length ? `You marked: ${counts.join(", ")}. Saved with your label.` : "";
  };
  const fill = () => {
    const list = [...marks].map(([at, letter]) => [...at.split(" ").map(Number), letter]);
    field.value = list.length ? JSON.stringify(list) : "";
    return list;
  };
  // Marks from elsewhere may lie across the page's sentences: each goes to those that it covers or lies in by more than half.
  const take = (list) => (Array.isArray(list) ? list : []).forEach((mark) => {
    const [start, end, letter] = Array.isArray(mark) ? mark : [];
    if (!words[letter]) return;
    all.forEach((s) => {
      const [a, b] = [Number(s.dataset.start), Number(s.dataset.end)];
      if (2 * (Math.min(b, end) - Math.max(a, start)) > Math.min(b - a, end - start)) marks.set(place(s), letter);
    });
  });
  const setMark = (letter) => {
    const s = all[at];
    if (!s) return;
    if (letter) marks.set(place(s), letter); else marks.delete(place(s));
    shownMark(s);
    stored.set(fill());
    told.textContent = `Sentence ${at + 1}: ${letter ? words[letter] : "no mark"}. ${sum()}`;
    s.focus();
  };
  const toggleMarking = (on) => {
    if (!bar || !all.length || on === marking) return;
    leave(false);
    marking = on;
    text.classList.toggle("marking", on);
    bar.hidden = !on;
    if (on) {
      const first = all.findIndex((s) => s.classList.contains("decides"));
      focusOn(first < 0 ? 0 : first);
      told.textContent = sum();
    } else {
      told.textContent = sum();
      if (document.activeElement) document.activeElement.blur();
    }
  };
  if (field && bar) {
    const kept = stored.get();
    take(kept === null ? JSON.parse(field.value || "[]") : kept);
    fill();
    all.forEach(shownMark);
    field.form.addEventListener("submit", (event) => { if (event.submitter && event.submitter.name === "label") stored.set(null); });
    told.textContent = sum();
    document.getElementById("mark").addEventListener("click", () => toggleMarking(!marking));
    document.getElementById("mark-end").addEventListener("click", () => toggleMarking(false));
    bar.querySelectorAll("[data-step]").forEach((b) => b.addEventListener("click", () => {
      focusOn(at + Number(b.dataset.step), Number(b.dataset.step));
      told.textContent = all[at].textContent;
      b.focus();
    }));
    bar.querySelectorAll("[data-mark]").forEach((b) => b.addEventListener("click", () => setMark(b.dataset.mark)));
    text.addEventListener("click", (event) => {
      const s = event.target.closest(".s");
      if (marking && s) focusOn(all.indexOf(s));
    });
  }

  // Keys
  const typing = (node) => node && (node.isContentEditable || /^(TEXTAREA|SELECT)$/.test(node.tagName)
    || (node.tagName === "INPUT" && !/^(radio|checkbox|button|submit)$/.test(node.type)));
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const node = document.activeElement;
    if (event.key === "Escape" && typing(node) && !node.closest("dialog")) { node.blur(); return; }
    if (typing(node) || !keysOn() || event.repeat && !before && !(marking && /^(Arrow|[jk]$)/.test(event.key))) return;
    const dialog = document.querySelector("dialog[open]");
    if (marking && !dialog) {
      const step = {ArrowDown: 1, ArrowRight: 1, j: 1, ArrowUp: -1, ArrowLeft: -1, k: -1}[event.key];
      const button = bar.querySelector(`[data-mark-key="${CSS.escape(event.key)}"]`);
      if (step) focusOn(at + step, step);
      else if (button) setMark(button.dataset.mark);
      else if (event.key === "Backspace" || event.key === "Delete") setMark("");
      else if (/^(Escape|m|M)$/.test(event.key) || (event.key === "Enter" && !(node && node.closest("button")))) toggleMarking(false);
      else if (event.key.toLowerCase() !== "w") return; // no other key of the page leaves a speech that is being marked
      else if (fold) fold.click();
      event.preventDefault();
      return;
    }
    if (before && !dialog) {
      const step = {ArrowDown: 1, ArrowRight: 1, j: 1, ArrowUp: -1, ArrowLeft: -1, k: -1}[event.key];
      if (step) { event.preventDefault(); moveTo(at + step, step); return; }
      if (event.key === "Enter" || event.key === "Escape") { event.preventDefault(); leave(event.key === "Enter"); return; }
    }
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (key === "Enter" && node && node !== document.body && node.id !== "main") return; // the focused thing's own key
    const found = [...(dialog || document).querySelectorAll("[data-key]")].find((element) =>
      (dialog || !element.closest("dialog")) && (element.dataset.key === key || element.dataset.key2 === key) && !element.disabled);
    if (found) {
      event.preventDefault();
      if (/^(INPUT|TEXTAREA)$/.test(found.tagName)) { found.focus(); if (found.select) found.select(); } else if (!sent) found.click();
    } else if (key === "f" && !dialog) {
      const filters = document.querySelector("details.filters");
      if (filters) { event.preventDefault(); filters.open = true; filters.querySelector("select").focus(); }
    }
  });
})();
