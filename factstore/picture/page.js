
"use strict";
// The page: it shows the data that stands in it, as text alone, and changes nothing but what is shown.
(async () => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const at = (id) => document.getElementById(id);
  const index = new Map(data.facts.map((fact, number) => [fact.id, number]));
  const drawn = { renderer: "svg", actions: false, ast: true, defaultStyle: false, tooltip: false, hover: false, mode: "vega" };
  const chart = (await vegaEmbed("#chart", data.drawing, drawn)).view;
  const axis = (await vegaEmbed("#axis", data.axis, drawn)).view;
  at("chart").querySelector("svg").setAttribute("aria-hidden", "true");

  let frame = data.frame.slice(); // the time that is shown
  let wanted = []; // the words that are searched for
  let picked = null; // a fact's number
  let shown = []; // the rows that are shown

  // --- elements, whose texts are texts ---

  const element = (name, options, ...inside) => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(options || {})) {
      if (key === "class") made.className = value;
      else if (key === "click") made.addEventListener("click", value);
      else made.setAttribute(key, value);
    }
    made.append(...inside.filter((part) => part !== null && part !== undefined && part !== ""));
    return made;
  };

  const goTo = (number) =>
    element("button", { type: "button", class: "plain", click: () => pick(number, true) }, data.facts[number].title);

  // --- before and after what is picked ---

  const relation = (fact, to) => [data.before[to][fact], data.before[fact][to]]; // that was before, that came after

  const tone = (fact, to) => {
    if (fact === to) return "asked";
    const [before, after] = relation(fact, to);
    if (before === "c") return "before-certain";
    if (after === "c") return "after-certain";
    if (before === "p" && after === "p") return "either-possible";
    return before === "p" ? "before-possible" : after === "p" ? "after-possible" : "neither";
  };

  // --- drawing ---

  const redraw = async () => {
    const related = picked !== null && at("relate").checked;
    const found = (row) => wanted.every((word) => data.facts[index.get(row.fact)].words.includes(word));
    const held = data.rows.map((row) => row.fact === null || found(row));
    let bottom = 0;
    shown = [];
    data.rows.forEach((row, place) => {
      if (row.fact === null) {
        const next = data.rows.findIndex((other, later) => later > place && other.fact === null);
        if (!held.slice(place + 1, next < 0 ? undefined : next).some(Boolean)) return;
        shown.push({ ...row, y: bottom + row.h / 2 + 2 });
      } else if (held[place]) {
        const number = index.get(row.fact);
        shown.push({ ...row, y: bottom + row.h / 2, on: number === picked, tone: related ? tone(number, picked) : row.tone });
      } else return;
      bottom += row.h;
    });
    const touches = (arc) => picked !== null && [arc.a, arc.b].some((key) => data.rows[key].fact === data.facts[picked].id);
    const arcs = data.arcs.map((arc) => ({ ...arc, on: touches(arc) }));
    chart.data("rows", shown).data("arcs", arcs).height(bottom);
    await chart.runAsync();
    at("key").hidden = related;
    at("relation-key").hidden = !related;
    const keys = new Set(shown.map((row) => row.key));
    for (const line of document.querySelectorAll("#words tr[data-key]")) {
      const key = Number(line.dataset.key);
      line.hidden = !keys.has(key);
      line.classList.toggle("picked", picked !== null && data.rows[key].fact === data.facts[picked].id);
    }
  };

  const move = async (lo, hi) => {
    const least = 60 * 1000, most = 8e15;
    if (hi - lo < least || hi - lo > most || lo < -most || hi > most) return;
    frame = [lo, hi];
    for (const view of [chart, axis]) view.signal("lo", lo).signal("hi", hi);
    await Promise.all([chart.runAsync(), axis.runAsync()]);
  };
  const zoom = (by, around = 0.5) => {
    const [lo, hi] = frame, middle = lo + (hi - lo) * around;
    return move(middle - (middle - lo) * by, middle + (hi - middle) * by);
  };
  const shift = (by) => move(frame[0] + (frame[1] - frame[0]) * by, frame[1] + (frame[1] - frame[0]) * by);

  const fit = async () => {
    const margins = data.margins.left + data.margins.right + 40;
    const width = Math.max(260, at("left").clientWidth - margins);
    for (const view of [chart, axis]) view.width(width);
    await Promise.all([chart.runAsync(), axis.runAsync()]);
  };

  // --- the panel ---

  const citation = (said) =>
    element("div", { class: `cite ${said.stance}` },
      element("div", {}, `${said.stance}: ${said.chain}${said.details ? ` (${said.details})` : ""}`),
      element("blockquote", {}, said.quote ? `“${said.quote}”` : "(no quote)"),
      element("div", { class: "small" }, said.document),
      said.link ? element("div", { class: "small" }, element("a", { href: said.link, rel: "noopener noreferrer", target: "_blank" }, said.link))
        : said.url ? element("div", { class: "small" }, said.url) : null,
      element("div", { class: "small" }, said.id));

  const conflict = (told) =>
    element("div", { class: "red" }, `${told.kind}: ${told.text}`,
      element("ol", {}, ...told.chain.map((step) => element("li", {}, step))));

  const order = (stated, fact) =>
    element("div", { class: stated.aside ? "red" : "" },
      stated.a === fact.id ? "this " : goTo(index.get(stated.a)), ` ${stated.relation} `,
      stated.b === fact.id ? "this" : goTo(index.get(stated.b)),
      stated.phrase ? ` (“${stated.phrase}”)` : null, stated.aside ? " (set aside)" : null,
      ...stated.evidence.map(citation), ...stated.conflicts.map(conflict));

  const change = (entry) =>
    element("div", {}, element("div", {}, entry.what), element("div", { class: "small" }, entry.who),
      element("ul", {}, ...entry.changes.map(([name, old, now]) => element("li", {}, `${name}: ${old} → ${now}`))));

  const related = (words, way, certainty, number) => {
    // Those that the library answers with: what is withdrawn, denied or foretold is in no answer that does not ask for it.
    const found = data.facts.map((_, other) => other)
      .filter((other) => other !== number && data.facts[other].answers && relation(other, number)[way] === certainty);
    return found.length ? element("details", {}, element("summary", {}, `${words}: ${found.length}`),
      element("ul", {}, ...found.map((other) => element("li", {}, goTo(other))))) : null;
  };

  const part = (title, ...inside) => (inside.length ? [element("h3", {}, title), ...inside] : []);

  const tell = (number) => {
    const fact = data.facts[number];
    const orders = data.orders.filter((stated) => stated.a === fact.id || stated.b === fact.id);
    const close = element("button", { type: "button", class: "close", "aria-label": "Close", click: () => pick(null) }, "×");
    at("panel").replaceChildren(
      close,
      element("h2", {}, fact.title),
      element("div", { class: "small" }, `${fact.id}, ${fact.status}`),
      element("dl", {}, ...fact.about.flatMap(([name, value]) => [element("dt", {}, name), element("dd", {}, value)])),
      ...fact.conflicts.map(conflict),
      ...part("Evidence", ...fact.evidence.map(citation)),
      ...part("Before and after",
        ...[related("Certainly before", 0, "c", number), related("Possibly before", 0, "p", number),
          related("Possibly after", 1, "p", number), related("Certainly after", 1, "c", number)].filter(Boolean)),
      ...part("Stated orders", ...orders.map((stated) => order(stated, fact))),
      ...part("Corrections", ...fact.history.map(change)));
    at("panel").scrollTop = 0;
  };

  // Puts a fact's id, or none, into the address. A bare # is never left there: gradients are looked up by the address without
  // its fragment, and one that is empty is not taken off.
  const name = (id) => window.history.replaceState(null, "", window.location.href.split("#")[0] + (id === null ? "" : `#${id}`));

  const pick = async (number, lead = false) => {
    picked = number;
    at("panel").hidden = number === null;
    if (number !== null) {
      tell(number);
      at("said").textContent = data.facts[number].title;
      name(data.facts[number].id);
    } else {
      at("said").textContent = "";
      name(null);
    }
    await redraw();
    await fit();
    if (lead) show(number);
  };

  // Brings a fact's row into sight.
  const show = (number) => {
    const row = shown.find((other) => other.fact === data.facts[number].id);
    if (!row) return;
    const top = at("chart").getBoundingClientRect().top + row.y;
    if (top < 80 || top > window.innerHeight - 60) window.scrollBy(0, top - window.innerHeight / 2);
  };

  // --- what a reader does ---

  const search = async () => {
    wanted = at("search").value.toLowerCase().split(/\s+/).filter(Boolean);
    await redraw();
    const count = new Set(shown.filter((row) => row.fact !== null).map((row) => row.fact)).size;
    at("said").textContent = wanted.length ? `${count} of ${data.facts.length} facts` : "";
  };

  const step = (by) => {
    const facts = shown.filter((row) => row.fact !== null);
    if (!facts.length) return;
    const place = facts.findIndex((row) => picked !== null && row.fact === data.facts[picked].id);
    const next = place < 0 ? 0 : Math.max(0, Math.min(facts.length - 1, place + by));
    return pick(index.get(facts[next].fact), true);
  };

  let timer;
  at("search").addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(search, 120); });
  at("in").addEventListener("click", () => zoom(0.6));
  at("out").addEventListener("click", () => zoom(1 / 0.6));
  at("back").addEventListener("click", () => shift(-0.3));
  at("on").addEventListener("click", () => shift(0.3));
  at("all").addEventListener("click", () => move(...data.frame));
  at("relate").addEventListener("change", redraw);
  at("theme").addEventListener("change", () => {
    if (at("theme").value) document.documentElement.dataset.theme = at("theme").value;
    else delete document.documentElement.dataset.theme;
  });
  at("words").addEventListener("click", (event) => {
    const line = event.target.closest("tr[data-key]");
    if (line && event.target.closest("button")) pick(index.get(data.rows[Number(line.dataset.key)].fact), true);
  });

  const keys = {
    ArrowDown: () => step(1), ArrowUp: () => step(-1), ArrowLeft: () => shift(-0.15), ArrowRight: () => shift(0.15),
    "+": () => zoom(0.8), "=": () => zoom(0.8), "-": () => zoom(1.25), 0: () => move(...data.frame), Escape: () => pick(null),
  };
  at("chart").addEventListener("keydown", (event) => {
    if (!keys[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    keys[event.key]();
  });

  // Dragging moves in time; the wheel with Ctrl or Shift zooms where the pointer is, and alone it scrolls the page.
  let held = null, dragged = false;
  at("chart").addEventListener("pointerdown", (event) => { held = { x: event.clientX, frame: frame.slice() }; dragged = false; });
  window.addEventListener("pointermove", (event) => {
    if (!held || (!dragged && Math.abs(event.clientX - held.x) < 5)) return;
    dragged = true;
    at("chart").classList.add("moving");
    const by = ((held.x - event.clientX) / chart.width()) * (held.frame[1] - held.frame[0]);
    move(held.frame[0] + by, held.frame[1] + by);
  });
  window.addEventListener("pointerup", () => { held = null; at("chart").classList.remove("moving"); });
  at("chart").addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.shiftKey) return;
    event.preventDefault();
    const start = at("chart").getBoundingClientRect().left + data.drawing.padding.left;
    const around = Math.max(0, Math.min(1, (event.clientX - start) / chart.width()));
    zoom((event.deltaY || event.deltaX) > 0 ? 1.2 : 1 / 1.2, around);
  }, { passive: false });
  chart.addEventListener("click", (event, item) => {
    if (!dragged && item && item.datum && item.datum.fact) pick(index.get(item.datum.fact));
  });
  let resizing;
  window.addEventListener("resize", () => { clearTimeout(resizing); resizing = setTimeout(fit, 100); });

  if (!window.location.hash) name(null);
  await fit();
  const named = decodeURIComponent(window.location.hash.slice(1));
  if (index.has(named)) await pick(index.get(named), true);
  document.documentElement.dataset.ready = "yes";
})();
