// What a reader does with the page. It changes only what is shown.
(() => {
  const { SIGNS } = SIZES, { at } = ELEMENTS, { rows, parts } = DRAWN;
  const { draw, drawRow, drawAxis, drawKeys } = DRAWING;
  const MANY = 400; // rows

  const heads = DATA.rows.filter((row) => row.fact === null);

  const room = (node) => {
    const style = getComputedStyle(node);
    return node.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
  };
  const redraw = () => {
    draw(Math.max(300, room(at("chart"))));
    drawKeys(Math.max(200, room(at("cut").parentNode) - 48));
    const related = NOW.picked !== null && at("relate").checked, keys = new Set(NOW.shown.map(({ row }) => row.key));
    at("key").hidden = related;
    at("relation-key").hidden = !related;
    at("fold").textContent = heads.every((row) => NOW.folded.has(row.key)) ? "Unfold groups" : "Fold groups";
    for (const line of document.querySelectorAll("#words tr[data-key]")) {
      const row = DATA.rows[Number(line.dataset.key)];
      line.hidden = NOW.wanted.length > 0 && !keys.has(row.key);
      line.classList.toggle("picked", row.fact === NOW.picked && NOW.picked !== null);
    }
  };

  // --- time ---

  // If there are many rows, those in sight move at once, and the others when the movement has stopped.
  let resting;
  const look = (lo, hi) => {
    if (hi - lo <= 1e-9 || hi - lo >= 1e6) return;
    NOW.view = [lo, hi];
    if (NOW.shown.length <= MANY || NOW.columns.packed) { redraw(); return; }
    const top = rows.getBoundingClientRect().top;
    for (const one of NOW.shown) if (top + one.y > -100 && top + one.y < window.innerHeight + 100) drawRow(one);
    drawAxis(Number(rows.getAttribute("height")));
    clearTimeout(resting);
    resting = setTimeout(redraw, 150);
  };
  const zoom = (by, around = 0.5) => {
    const middle = NOW.view[0] + (NOW.view[1] - NOW.view[0]) * around;
    look(middle - (middle - NOW.view[0]) * by, middle + (NOW.view[1] - middle) * by);
  };
  const shift = (by) => look(NOW.view[0] + (NOW.view[1] - NOW.view[0]) * by, NOW.view[1] + (NOW.view[1] - NOW.view[0]) * by);
  const choose = (which) => { NOW.kind = which; NOW.axis = TIME.axis(DATA.axes[NOW.kind]); at("axis-kind").value = NOW.kind; look(0, 1); };
  const fold = (...keys) => {
    const open = keys.some((key) => !NOW.folded.has(key));
    for (const key of keys) NOW.folded[open ? "add" : "delete"](key);
    redraw();
  };

  // --- picking ---

  // The address names the fact picked, so that going back returns to the one before. A bare # is never left in it.
  const address = (id) => window.location.href.split("#")[0] + (id === null ? "" : `#${id}`);
  const pick = (number, lead = false, name = true) => {
    if (name && number !== NOW.picked) window.history.pushState(null, "", address(number === null ? null : DATA.facts[number].id));
    NOW.picked = number;
    at("panel").hidden = number === null;
    if (number !== null) tell(number);
    at("said").textContent = number === null ? "" : DATA.facts[number].title;
    redraw();
    if (lead) bring(number);
  };
  const { tell } = PANEL(pick);
  const named = () => {
    const id = decodeURIComponent(window.location.hash.slice(1));
    const number = DATA.facts.findIndex((fact) => fact.id === id);
    return number < 0 ? null : number;
  };

  // Scrolls a fact's row into sight.
  const bring = (number) => {
    if (!NOW.shown.some(({ row, where }) => row.fact === number && !(where && where.folded))) {
      for (const row of DATA.rows) if (row.fact === number && row.group !== null) NOW.folded.delete(row.group);
      redraw();
    }
    const one = NOW.shown.find(({ row, where }) => row.fact === number && !(where && where.folded));
    if (!one) return;
    const top = rows.getBoundingClientRect().top + one.y;
    if (top < 80 || top > window.innerHeight - 60) window.scrollBy(0, top - window.innerHeight / 2);
  };

  const search = () => {
    NOW.wanted = at("search").value.toLowerCase().split(/\s+/).filter(Boolean);
    redraw();
    const count = new Set(NOW.shown.filter(({ row }) => row.fact !== null).map(({ row }) => row.fact)).size;
    at("said").textContent = NOW.wanted.length ? `${count} of ${DATA.facts.length} facts` : "";
  };

  const step = (by) => {
    const facts = NOW.shown.filter(({ row, where }) => row.fact !== null && !(where && where.folded));
    if (!facts.length) return;
    const place = facts.findIndex(({ row }) => NOW.picked !== null && row.fact === NOW.picked);
    pick(facts[place < 0 ? 0 : Math.max(0, Math.min(facts.length - 1, place + by))].row.fact, true);
  };

  // --- events ---

  window.addEventListener("beforeprint", () => at("paper").replaceChildren(...PRINTING.sheets()));
  window.addEventListener("afterprint", () => { at("paper").replaceChildren(); redraw(); });

  let timer;
  at("search").addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(search, 120); });
  at("in").addEventListener("click", () => zoom(0.6));
  at("out").addEventListener("click", () => zoom(1 / 0.6));
  at("back").addEventListener("click", () => shift(-0.3));
  at("on").addEventListener("click", () => shift(0.3));
  at("all").addEventListener("click", () => choose(DATA.axis));
  at("widen").addEventListener("click", () => choose("whole"));
  at("axis-kind").addEventListener("change", () => choose(at("axis-kind").value));
  at("packed").addEventListener("change", () => { NOW.packed = at("packed").checked; redraw(); });
  at("fold").addEventListener("click", () => fold(...heads.map((row) => row.key)));
  at("relate").addEventListener("change", redraw);
  at("copy").addEventListener("click", COPYING.copy);
  at("skip").addEventListener("click", (event) => { event.preventDefault(); at("words").open = true; at("words").querySelector("summary").focus(); });
  at("theme").addEventListener("change", () => {
    if (at("theme").value) document.documentElement.dataset.theme = at("theme").value;
    else delete document.documentElement.dataset.theme;
  });
  at("words").addEventListener("click", (event) => {
    const line = event.target.closest("tr[data-key]");
    if (line && event.target.closest("button")) pick(DATA.rows[Number(line.dataset.key)].fact, true);
  });

  const keys = {
    ArrowDown: () => step(1), ArrowUp: () => step(-1), ArrowLeft: () => shift(-0.15), ArrowRight: () => shift(0.15),
    "+": () => zoom(0.8), "=": () => zoom(0.8), "-": () => zoom(1.25), 0: () => choose(DATA.axis), Escape: () => pick(null),
  };
  at("chart").addEventListener("keydown", (event) => {
    if (!keys[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    keys[event.key]();
  });

  // Dragging moves in time. The wheel zooms at the pointer with Ctrl or Shift, and otherwise scrolls the page.
  let held = null, dragged = false;
  for (const [key, { node }] of parts) {
    const { fact } = DATA.rows[key];
    node.addEventListener("click", () => { if (fact === null) fold(key); else if (!dragged) pick(fact); });
  }
  rows.addEventListener("pointerdown", (event) => { held = { x: event.clientX, view: NOW.view.slice() }; dragged = false; });
  window.addEventListener("pointermove", (event) => {
    if (!held || (!dragged && Math.abs(event.clientX - held.x) < 5)) return;
    dragged = true;
    at("chart").classList.add("moving");
    const by = (held.x - event.clientX) / NOW.columns.width * (held.view[1] - held.view[0]);
    look(held.view[0] + by, held.view[1] + by);
  });
  const release = () => { held = null; at("chart").classList.remove("moving"); };
  window.addEventListener("pointerup", release);
  window.addEventListener("pointercancel", release);
  rows.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.shiftKey) return;
    event.preventDefault();
    const start = rows.getBoundingClientRect().left + SIGNS + NOW.columns.plot;
    zoom((event.deltaY || event.deltaX) > 0 ? 1.2 : 1 / 1.2, Math.max(0, Math.min(1, (event.clientX - start) / NOW.columns.width)));
  }, { passive: false });
  let resizing;
  window.addEventListener("resize", () => { clearTimeout(resizing); resizing = setTimeout(redraw, 100); });
  window.addEventListener("popstate", () => pick(named(), true, false));

  if (window.matchMedia("(max-width: 900px)").matches) at("more").open = at("keys").open = false;
  at("axis-kind").value = NOW.kind;
  at("packed").checked = NOW.packed;
  at("fold").hidden = !heads.length;
  if (!window.location.hash) window.history.replaceState(null, "", address(null));
  if (named() !== null) pick(named(), true, false);
  else redraw();
  document.documentElement.dataset.ready = "yes";
})();
