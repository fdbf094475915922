"use strict";
(() => {
  const one = (id) => document.getElementById(id);
  document.documentElement.classList.add("js");

  // Opens whatever holds the place that an address names: a State, a speech in it.
  const open = () => {
    const place = location.hash.length > 1 && one(decodeURIComponent(location.hash.slice(1)));
    if (!place) return;
    document.querySelectorAll("details.n[open]").forEach((d) => { d.open = false; });
    for (let box = place; box; box = box.parentElement) if (box.hidden) box.hidden = false;
    for (let box = place; box; box = box.parentElement) if (box.tagName === "DETAILS") box.open = true;
    place.scrollIntoView();
    const focus = place.matches("details") ? place.querySelector("summary") : place;
    if (!focus.matches("summary")) focus.tabIndex = -1;
    focus.focus({ preventScroll: true });
  };
  addEventListener("hashchange", open);
  open();
  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    if (link && link.getAttribute("href") === location.hash) open();
    const tile = event.target.closest('[id^="map-tile-"]');
    if (tile) location.hash = tile.id.slice(9);
    if (!event.target.closest("details.n")) document.querySelectorAll("details.n[open]").forEach((d) => { d.open = false; });
  });
  document.querySelectorAll("details.n").forEach((box) => box.addEventListener("toggle", () => {
    if (box.open) document.querySelectorAll("details.n[open]").forEach((d) => { if (d !== box) d.open = false; });
  }));
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    document.querySelectorAll("details.n[open]").forEach((d) => { d.open = false; d.querySelector("summary").focus(); });
  });

  const table = one("table");
  const body = table.tBodies[0];
  const rows = [...body.rows];

  const details = new Map(rows.map((row) => [row, one(row.querySelector("a").hash.slice(1))]));

  // Sorting: numbers as numbers, words as words, a second click turns it round.
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLocaleLowerCase();
  const heads = [...table.tHead.rows[0].cells];
  const sort = (column, down) => {
    heads.forEach((head) => head.removeAttribute("aria-sort"));
    heads[column].setAttribute("aria-sort", down ? "descending" : "ascending");
    const value = (row) => row.cells[column].dataset.v ?? row.cells[column].firstChild?.textContent ?? "";
    const compare = (a, b) => {
      const [x, y] = [value(a), value(b)];
      const numbers = x !== "" && y !== "" && !isNaN(x) && !isNaN(y);
      return numbers ? x - y : x.localeCompare(y, "en");
    };
    const name = (row) => row.cells[0].textContent;
    rows.sort((a, b) => compare(a, b) * (down ? -1 : 1) || name(a).localeCompare(name(b), "en"));
    body.append(...rows);
  };
  heads.forEach((head, column) => {
    if ("fixed" in head.dataset) return;
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    head.replaceChildren(button);
    button.addEventListener("click", () => sort(column, head.getAttribute("aria-sort") === "ascending"));
  });

  // Filtering: forum, year and stance must hold for one and the same position.
  const fields = ["text", "region", "forum", "year", "own", "stance"].map((name) => one("f-" + name));
  const filter = () => {
    const [text, region, forum, year, own, stance] = fields.map((field) => field.value);
    const sought = plain(text.trim());
    let shown = 0;
    for (const row of rows) {
      const heard = row.dataset.p.split(" ").filter((p) => {
        const [y, f] = p.split("|");
        return (!forum || f === forum) && (!year || y === year);
      });
      const latest = { 0: "s", 1: "c", 2: "o", 3: "n" }[row.cells[2].dataset.v];
      const stands = !stance || (forum || year ? heard.some((p) => p.endsWith("|" + stance)) : latest === stance);
      const fits = heard.length > 0 && stands && (!region || row.dataset.r === region)
        && (!own || row.dataset.o === own) && plain(row.dataset.t).includes(sought);
      row.hidden = !fits;
      details.get(row).hidden = !fits;
      shown += fits;
    }
    one("shown").textContent = shown ? `${shown} of ${rows.length} States`
      : "No State fits all of these. Change a filter, or show all.";
  };
  const form = one("filters");
  form.addEventListener("input", (event) => {
    if (event.target.id === "f-sort") sort(+event.target.value, ["3", "5", "7"].includes(event.target.value));
    else filter();
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(() => { filter(); sort(0, false); }));

  // One State on paper: everything else stays out. Everything on paper: folded tables of figures are opened.
  document.querySelectorAll("details.state[id]").forEach((box) => box.addEventListener("toggle", () => {
    if (!box.open || box.querySelector("button")) return;
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Print this State";
    button.addEventListener("click", () => {
      document.body.classList.add("solo");
      box.classList.add("alone");
      print();
    });
    box.querySelector(".in").append(button);
  }));
  let folded = [];
  addEventListener("beforeprint", () => {
    folded = [...document.querySelectorAll("#headlines details.more:not([open])")];
    folded.forEach((d) => { d.open = true; });
  });
  addEventListener("afterprint", () => {
    folded.forEach((d) => { d.open = false; });
    document.body.classList.remove("solo");
    document.querySelectorAll(".alone").forEach((d) => d.classList.remove("alone"));
  });
})();
