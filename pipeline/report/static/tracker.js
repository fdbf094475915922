"use strict";
(() => {
  const one = (id) => document.getElementById(id);
  document.documentElement.classList.add("js");

  // Opens whatever holds the place that an address names: a State, a speech in it.
  const open = () => {
    const place = location.hash.length > 1 && one(decodeURIComponent(location.hash.slice(1)));
    if (!place) return;
    document.querySelectorAll("details.n[open]").forEach((d) => { d.open = false; });
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

  // Sorting: numbers as numbers, words as words, a second click turns it round.
  table.querySelectorAll("thead th").forEach((head, column) => {
    if ("fixed" in head.dataset) return;
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    head.replaceChildren(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      table.querySelectorAll("th[aria-sort]").forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const value = (row) => row.cells[column].dataset.v ?? row.cells[column].textContent;
      rows.sort((a, b) => value(a).localeCompare(value(b), "en", { numeric: true }) * (down ? -1 : 1));
      body.append(...rows);
    });
  });

  // Filtering: forum, year and stance must hold for one and the same position.
  const fields = ["text", "region", "forum", "year", "stance"].map((name) => one("f-" + name));
  const filter = () => {
    const [text, region, forum, year, stance] = fields.map((field) => field.value);
    const sought = text.trim().toLocaleLowerCase();
    let shown = 0;
    for (const row of rows) {
      const heard = row.dataset.p.split(" ").some((p) => {
        const [y, f, s] = p.split("|");
        return (!forum || f === forum) && (!year || y === year);
      });
      const latest = { 0: "s", 1: "c", 2: "o", 3: "n" }[row.cells[2].dataset.v];
      const stands = !stance || (forum || year
        ? row.dataset.p.split(" ").some((p) => {
          const [y, f, s] = p.split("|");
          return (!forum || f === forum) && (!year || y === year) && s === stance;
        })
        : latest === stance);
      const fits = heard && stands && (!region || row.dataset.r === region)
        && row.dataset.t.toLocaleLowerCase().includes(sought);
      row.hidden = !fits;
      shown += fits;
    }
    one("shown").textContent = `${shown} of ${rows.length} States`;
  };
  const form = one("filters");
  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(filter));
})();
