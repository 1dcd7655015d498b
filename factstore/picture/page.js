
// The page's script: it moves the drawing and shows the data as text alone; it changes only what is shown.
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const at = (id) => document.getElementById(id);
  const numbers = new Map(data.facts.map((fact, number) => [fact.id, number]));
  const GUTTER = 22, TITLE = 330, ARCS = 84, DATE = 250, NARROW = 940, KEY = 21; // pixels
  const MANY = 400; // rows, as in drawing.py
  const LINE = 15, AIR = 9, HEAD = 30, PACK = 17, BAR = 12, SLIM = 3, LEAST = 4, STEPS = 8, BEYOND = 9, NEAR = 6, GAP = 14, COLUMN = 310, LABEL = 236, SMALL = 11, SWATCH = 42, BASE = 4, RAISED = 2;
  const SPACE = "\u00a0 "; // between a date and a title
  const letters = new Intl.Segmenter();
  // The printable area, within the margins, in points; and choices for packed lines as in drawing.py: text size in points, the
  // room for a title and the line height in pixels.
  const PAPERS = { a4: [796, 549], letter: [746, 566] }, PRINTED = 1286;
  const DENSER = [[8, 236, 17], [7, 236, 15], [6.2, 236, 14], [5.5, 236, 13], [5.5, 200, 13], [5.5, 170, 13], [5.5, 140, 13], [5.5, 140, 12], [5.5, 120, 12]];

  let kind = data.axis, axis = TIME.axis(data.axes[kind]);
  let view = [0, 1]; // the part of the axis that is shown
  let wanted = []; // the words searched for
  let picked = null; // the number of the fact picked
  let packed = data.packed;
  let shown = []; // the rows shown, as laid out
  const folded = new Set(data.rows.filter((row) => row.folded).map((row) => row.key));
  let columns = {}; // the places of the columns

  // --- elements; their contents are always text ---

  const WRITTEN = ["h2", "blockquote", "dd", "button", "li"]; // elements with text by others, in any direction
  const element = (name, options, ...inside) => {
    const made = document.createElement(name);
    if (WRITTEN.includes(name)) made.dir = "auto";
    for (const [key, value] of Object.entries(options || {})) {
      if (key === "class") made.className = value;
      else if (key === "click") made.addEventListener("click", value);
      else made.setAttribute(key, value);
    }
    made.append(...inside.filter((part) => part !== null && part !== undefined && part !== ""));
    return made;
  };
  const svg = (name, attributes, ...inside) => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", name);
    set(made, attributes);
    made.append(...inside);
    return made;
  };
  const round = (value) => Math.round(value * 10) / 10;
  const set = (node, attributes) => {
    for (const [key, value] of Object.entries(attributes)) {
      if (value === null) node.removeAttribute(key);
      else node.setAttribute(key, typeof value === "number" ? round(value) : value);
    }
  };
  const move = (node, x, y) => node.setAttribute("transform", `translate(${round(x)},${round(y)})`);
  const show = (node, yes) => node && set(node, { display: yes ? null : "none" });

  // --- the drawing, as the page has it ---

  const rows = at("rows"), sheet = rows.firstElementChild, ground = sheet.querySelector(".ground");
  const nodes = new Map([...sheet.querySelectorAll("[data-key]")].map((node) => [Number(node.dataset.key), node]));
  const arcs = [...sheet.querySelectorAll(".arc")].map((line) => {
    const head = line.nextElementSibling;
    return { a: Number(line.dataset.a), b: Number(line.dataset.b), line, head: head && head.matches("path.head") ? head : null };
  });
  const parts = new Map();
  for (const row of data.rows) {
    const node = nodes.get(row.key), one = (name) => node.querySelector(name);
    parts.set(row.key, row.fact === null ? { node, t: one(".t"), band: one(".band") } : {
      node, rule: one(".rule"), t: one(".t"), p: one(".p"), d: one(".d"), sign: one(".sign"),
      fadeLeft: one(".fade.left"), fadeRight: one(".fade.right"), may: one(".may"), shell: one(".shell"),
      sure: [...node.querySelectorAll(".sure")], tips: { left: one(".tip.left"), right: one(".tip.right") },
      outs: { left: one(".out.left"), right: one(".out.right") }, marks: one(".marks"), strike: one(".p > .strike"), l: one(".l"), label: one(".label"),
    });
    if (row.fact === null) {
      parts.get(row.key).fold = node.appendChild(svg("text", { class: "fold", x: -14, y: 4 }));
      parts.get(row.key).beside = node.appendChild(svg("text", { class: "out", y: 4, "text-anchor": "end" }));
      node.addEventListener("click", () => fold(row.key));
    } else {
      parts.get(row.key).hit = node.appendChild(svg("rect", { class: "hit" }));
      node.addEventListener("click", () => { if (!dragged) pick(row.fact); });
    }
  }

  // --- places ---

  const x = (time) => (axis.at(time) - view[0]) / (view[1] - view[0]) * columns.width;
  const within = (time) => Math.min(Math.max(x(time), 0), columns.width);
  const span = (start, end) => {
    const left = start === null ? 0 : within(start), right = end === null ? columns.width : within(end);
    return [left, Math.max(right, left + LEAST)];
  };
  const away = ({ times: [first, past] }) =>
    past !== null && x(past) <= 0 ? "left" : first !== null && x(first) >= columns.width ? "right" : "";

  const columnsFor = (total, how) => {
    const room = total - GUTTER, lines = { total: room, room: LABEL, pitch: PACK, ...how };
    if (packed) return { ...lines, plot: 0, width: room - 12, packed: true };
    if (total < NARROW) return { ...lines, plot: 6, width: room - 20, narrow: true };
    const dates = Math.max(DATE, widest() + 18);
    return { ...lines, plot: TITLE + ARCS, width: room - TITLE - ARCS - dates, dates: room - dates + 16 };
  };
  const heightOf = (row) => {
    if (row.fact === null) return HEAD;
    const [title, date] = row.lines;
    return columns.narrow ? LINE * title + 14 * date + BAR + 14 : LINE * Math.max(title, date) + AIR;
  };

  // Whether a label includes the date: if it is short, or if the fact lies beyond the axis, where no bar shows it.
  const showsDate = (row) => away(row) !== "" || row.brief;

  // Widths in this browser's font, which was not known when the page was made.
  const pen = document.createElement("canvas").getContext("2d");
  let font = "";
  const measure = (text) => {
    if (!font) {
      const { fontStyle, fontWeight, fontSize, fontFamily } = getComputedStyle(sheet.querySelector(".label, .date") || document.body);
      font = `${fontStyle} ${fontWeight} ${fontSize} ${fontFamily}`;
    }
    pen.font = font;
    return pen.measureText(text).width;
  };
  // The widest line of a date.
  let dates = 0;
  const widest = () => dates ||= Math.max(0, ...[...sheet.querySelectorAll(".date")].flatMap((date) =>
    (date.children.length ? [...date.children] : [date]).map((line) => measure(line.textContent))));
  const widths = new Map();
  const measured = (row) => {
    if (!widths.has(row.key)) widths.set(row.key, [measure(data.facts[row.fact].title + row.status), measure(row.short) + measure(SPACE), measure(row.status)]);
    return widths.get(row.key);
  };

  // A title on one line of so many pixels, shortened with an ellipsis if need be; its status is never cut.
  const cut = (row, room) => {
    const title = data.facts[row.fact].title, [whole, , status] = measured(row);
    if (whole <= room) return title;
    const left = room - status - measure("…"), signs = [...letters.segment(title)].map(({ segment }) => segment);
    let fits = 1, over = signs.length;
    while (over - fits > 1) {
      const middle = (fits + over) >> 1;
      if (measure(signs.slice(0, middle).join("")) <= left) fits = middle;
      else over = middle;
    }
    return `${signs.slice(0, fits).join("").trimEnd()}…`;
  };

  // A label of a fact on a shared line; its date is on the side of the bar.
  const write = (row, anchor, room, dated) => {
    const { label } = parts.get(row.key), title = row.mark + cut(row, room) + row.status + row.mark, end = anchor === "end";
    const when = svg("tspan", { class: "when" });
    // A left-to-right mark, without which digits after right-to-left text would be drawn on its other side.
    when.textContent = end ? (row.mark && "\u200e") + SPACE.split("").reverse().join("") + row.short : row.short + SPACE;
    label.replaceChildren(...(end ? [title, when] : [when, title]).filter((part) => dated || part !== when));
  };

  // The possible places of a label on a packed line, with the room that it and its bar take: over the bar if it fits there,
  // else right and left of it. A bar that has its label over it is drawn slim.
  const spots = (row) => {
    const [title, date] = measured(row);
    const out = away(row), width = Math.min(title, columns.room) + (showsDate(row) ? date : 0), [left, right] = span(row.times[0], row.times[1]);
    if (out === "left") return [{ left: 0, right: 12 + width, x: 12, anchor: "start" }];
    if (out === "right") return [{ left: columns.width - 12 - width, right: columns.width, x: columns.width - 12, anchor: "end" }];
    const end = right + (parts.get(row.key).marks ? 16 : 0), beside = [];
    if (left + NEAR + width <= right) return [{ left, right: end, x: left + NEAR, anchor: "start", over: true }];
    if (end + NEAR + width <= columns.width) beside.push({ left, right: end + NEAR + width, x: end + NEAR, anchor: "start" });
    if (left - NEAR - width >= 0) beside.push({ left: left - NEAR - width, right: end, x: left - NEAR, anchor: "end" });
    const over = Math.max(0, Math.min(left + NEAR, columns.width - width));
    return beside.length ? beside : [{ left: Math.min(left, over), right: Math.max(end, over + width), x: over, anchor: "start", over: true }];
  };

  // The places of the facts that share packed lines; a title may extend over the free space as far as the next fact.
  const packedLines = (members) => PACKING.lines(members.map(spots), columns.width, GAP).flatMap((line, at) => {
    let taken = -GAP;
    return line.map(({ number, spot }, n) => {
      const row = members[number], start = spot.anchor === "start", dated = showsDate(row), [title, wide] = measured(row), date = dated ? wide : 0;
      const next = n + 1 < line.length ? line[n + 1].spot.left : columns.width + GAP;
      const room = Math.max(columns.room, (start ? next - GAP - spot.x : spot.x - taken - GAP) - date);
      taken = start ? Math.max(spot.right, spot.x + date + Math.min(room, title)) : spot.right;
      return { row, at, where: { ...spot, dated, room } };
    });
  });

  // What the bars of a folded group don't show: dates of facts beyond an edge, the number of the undated.
  const besideBars = (drawn, undated) => {
    const told = [["before", "left"], ["after", "right"]].map(([way, side]) => {
      const dates = drawn.filter((row) => away(row) === side).map((row) => row.short);
      return dates.length && `${way}: ${dates[0]}${dates.length > 1 ? ` and ${(dates.length - 1).toLocaleString("en")} more` : ""}`;
    });
    return [...told, undated && `${undated.toLocaleString("en")} undated`].filter(Boolean).join("; ");
  };

  // The rows that are shown, from the top down, each with its height and its middle.
  const found = (row) => wanted.every((word) => data.facts[row.fact].words.includes(word));
  const arrange = () => {
    const listed = [];
    let top = 0;
    const put = (row, height, more) => listed.push({ row, top, height, y: top + height / 2, ...more });
    // Titles in columns, of facts that have nothing to draw; and where the columns end.
    const putNames = (members, first) => {
      const pitch = columns.pitch, aside = Math.max(1, Math.floor(columns.total / COLUMN)), wide = columns.total / aside;
      members.forEach((row, number) => {
        const y = first + Math.floor(number / aside) * pitch, when = /^(|[(]undated[)])$/.test(row.short) ? 0 : measured(row)[1];
        const where = { x: (number % aside) * wide, anchor: "start", bare: true, dated: when > 0, wide, room: wide - 20 - when };
        listed.push({ row, top: y, height: pitch, y: y + pitch / 2, where });
      });
      return first + Math.ceil(members.length / aside) * pitch;
    };
    for (let n = 0; n < data.rows.length;) {
      const head = data.rows[n].fact === null ? data.rows[n] : null;
      let end = head ? n + 1 : n;
      while (end < data.rows.length && data.rows[end].fact !== null) end++;
      const members = data.rows.slice(head ? n + 1 : n, end).filter(found);
      n = end;
      if (!members.length) continue;
      const undated = (row) => data.facts[row.fact].undated || (row.times[2] === null && !row.sure.length);
      if (head && folded.has(head.key) && !wanted.length) {
        // What a folded group holds is drawn on its heading, or below it where the plot has the whole width; on paper, which
        // nobody unfolds, the undated are named below it.
        const drawn = members.filter((row) => !undated(row)), below = drawn.length && !columns.dates ? columns.pitch : 0;
        const place = { top, height: HEAD + below, y: top + HEAD / 2 };
        listed.push({ row: head, ...place, beside: drawn.length ? besideBars(drawn, members.length - drawn.length) : "" });
        for (const row of drawn) listed.push({ row, ...place, y: place.y + (below && place.height / 2), where: { folded: true } });
        top += place.height;
        if (columns.paper && !drawn.length) top = putNames(members, top);
        continue;
      }
      if (head) { put(head, HEAD); top += HEAD; }
      if (!columns.packed) {
        for (const row of members) { const height = heightOf(row); put(row, height); top += height; }
        continue;
      }
      const pitch = columns.pitch, placed = packedLines(members.filter((row) => !undated(row)));
      for (const { row, at, where } of placed)
        listed.push({ row, top: top + at * pitch, height: pitch, y: top + at * pitch + pitch / 2, where });
      top += placed.reduce((lines, { at }) => Math.max(lines, at + 1), 0) * pitch;
      top = putNames(members.filter(undated), top);
    }
    return [listed, top];
  };

  // --- drawing ---

  // Where a bar is drawn: how far below the middle of its line, and how high.
  const bandOf = (slim) => {
    const height = columns.packed ? Math.min(BAR, columns.pitch - 1) : BAR;
    return slim ? { y: height / 2 - SLIM, height: SLIM } : { y: -height / 2, height };
  };
  const bar = (node, [left, right], band, yes) => { if (node) { set(node, { x: left, width: right - left, ...band }); show(node, yes); } };
  const fade = (node, left, right, band, yes) => {
    if (!node) return;
    const by = (right - left) / STEPS;
    [...node.children].forEach((one, n) => set(one, { x: left + n * by, width: by, ...band }));
    show(node, yes);
  };
  const outline = ([left, right], openLeft, openRight, { y, height }) => {
    const a = round(openLeft ? -BEYOND : left), b = round(openRight ? right + BEYOND : right), top = round(y), low = round(y + height);
    if (openLeft && openRight) return `M${a} ${top}H${b}M${a} ${low}H${b}`;
    if (openLeft) return `M${a} ${top}H${b}V${low}H${a}`;
    return openRight ? `M${b} ${top}H${a}V${low}H${b}` : `M${a} ${top}H${b}V${low}H${a}Z`;
  };

  const drawBar = (row, bare, band) => {
    const part = parts.get(row.key), [first, past, flat, ebb] = row.times, out = away(row), seen = !out && !bare;
    fade(part.fadeLeft, 0, flat === null ? 0 : within(flat), band, seen);
    fade(part.fadeRight, ebb === null ? 0 : within(ebb), columns.width, band, seen);
    bar(part.may, span(flat, ebb), band, seen);
    if (part.shell) { set(part.shell, { d: outline(span(first, past), first === null, past === null, band) }); show(part.shell, seen); }
    row.sure.forEach(([since, until], n) =>
      bar(part.sure[n], span(since, until), band, seen && (until === null || x(until) > 0) && (since === null || x(since) < columns.width)));
    for (const [side, limit, cut] of [["left", first, first !== null && x(first) < 0], ["right", past, past !== null && x(past) > columns.width]]) {
      const tip = part.tips[side], here = out === side;
      set(tip, { class: `tip ${side} ${here ? "off" : limit === null ? "open" : "more"}` });
      move(tip, side === "left" ? -5 : columns.width + 5, 0);
      show(tip, !bare && (here || (!out && (limit === null || cut))));
      if (side === "right") set(part.outs.right, { x: columns.width - 5 });
      show(part.outs[side], here && !columns.packed);
    }
    const end = ebb === null ? columns.width : within(ebb);
    if (part.marks) { set(part.marks, { x: end + 6 }); show(part.marks, seen && (ebb === null || (x(ebb) >= 0 && x(ebb) <= columns.width))); }
    if (part.strike) { const [left, right] = span(flat, ebb); set(part.strike, { d: `M${round(left - 6)} 0H${round(right + 6)}` }); show(part.strike, seen); }
  };

  // --- before and after what is picked ---

  const sets = (listed) => new Map(Object.entries(listed).map(([fact, others]) => [Number(fact), new Set(others)]));
  const certain = sets(data.before.certain), barred = sets(data.before.barred), ranks = data.before.ranks;
  const before = (a, b) => { // whether a was over when b began
    if (ranks[a][3] <= ranks[b][0] || (certain.has(b) && certain.get(b).has(a))) return "c";
    return ranks[a][2] <= ranks[b][1] && !(barred.has(b) && barred.get(b).has(a)) ? "p" : ".";
  };
  const toneOf = (row) => {
    if (picked === null || !at("relate").checked) return row.tone;
    if (row.fact === picked) return "asked";
    const was = before(row.fact, picked), came = before(picked, row.fact);
    if (was === "c" || came === "c") return was === "c" ? "before-certain" : "after-certain";
    if (was === "p" && came === "p") return "either-possible";
    return was === "p" ? "before-possible" : came === "p" ? "after-possible" : "neither";
  };

  const drawRow = ({ row, y, height, where, beside }) => {
    const part = parts.get(row.key);
    move(part.node, where && where.bare ? where.x : 0, y);
    show(part.node, true);
    if (row.fact === null) {
      set(part.band, { width: columns.total });
      part.fold.textContent = folded.has(row.key) && !wanted.length ? "▸" : "▾";
      part.beside.textContent = beside || "";
      set(part.beside, { x: columns.total - 6 });
      show(part.beside, Boolean(beside));
      return;
    }
    const [title, date] = row.lines, bare = Boolean(where && where.bare), on = Boolean(where && where.folded), labelled = (columns.packed || bare) && !on;
    for (const piece of [part.rule, part.t, part.d]) show(piece, !labelled && !on);
    show(part.l, labelled);
    if (labelled) {
      move(part.p, 0, 0);
      write(row, where.anchor, where.room, where.dated);
      set(part.label, { x: bare ? 6 : where.x, y: where.over ? RAISED : BASE, "text-anchor": where.anchor });
    }
    else if (on) move(part.p, columns.plot, 0);
    else if (columns.narrow) {
      const top = -height / 2 + AIR / 2;
      move(part.t, 0, top + LINE * title / 2);
      move(part.p, columns.plot, top + LINE * title + BAR / 2 + 3);
      move(part.d, 0, height / 2 - 4 - 7 * date);
    } else { move(part.t, 0, 0); move(part.p, columns.plot, 0); move(part.d, columns.dates, 0); }
    set(part.rule, { d: `M0 ${round(height / 2)}H${round(columns.total)}` });
    set(part.hit, { x: bare ? 0 : -GUTTER, y: -height / 2, width: bare ? where.wide : columns.total + GUTTER, height });
    if (labelled && !bare) set(part.hit, { x: where.left, width: where.right - where.left });
    if (on) set(part.hit, { x: columns.plot, width: 0 });
    drawBar(row, bare, bandOf(where && where.over));
    if (on) for (const piece of [part.marks, part.outs.left, part.outs.right]) show(piece, false);
    const tone = toneOf(row), [which, sure] = tone.split("-"), shape = data.shapes[which];
    part.node.setAttribute("class", `row ${tone}`);
    set(part.sign, { class: shape ? `sign ${sure === "certain" || tone === "asked" ? "full" : "hollow"}` : "sign", d: shape || "M0 0" });
    move(part.sign, columns.packed && !bare && !on ? (where.anchor === "end" ? span(row.times[0], row.times[1])[0] : where.left) - 8 : -12, 0);
    show(part.sign, !on);
    for (const old of part.node.querySelectorAll(":scope > .picked")) old.remove();
    if (row.fact === picked && picked !== null)
      part.node.prepend(svg("rect", { class: "picked", x: part.hit.getAttribute("x"), y: -height / 2, width: part.hit.getAttribute("width"), height }));
  };

  const drawArcs = (height) => {
    const lies = new Map(shown.map((one) => [one.row.key, one]));
    for (const { a, b, line, head } of arcs) {
      const from = lies.get(a), to = lies.get(b), here = [from, to].every((one) => one && !(one.where && (one.where.bare || one.where.folded)));
      for (const piece of [line, head]) show(piece, here);
      if (!here) continue;
      const on = picked !== null && [from, to].some((one) => one.row.fact === picked);
      for (const piece of [line, head]) if (piece) piece.classList.toggle("on", on);
      if (columns.packed) {
        const start = span(from.row.times[0], from.row.times[1]), left = head ? start[1] : start[0], right = span(to.row.times[0], to.row.times[1])[0];
        set(line, { d: `M${round(left)} ${round(from.y)}L${round(right)} ${round(to.y)}` });
        if (head) set(head, { transform: `translate(${round(right)},${round(to.y)}) rotate(${round(Math.atan2(to.y - from.y, right - left) * 180 / Math.PI)})` });
        continue;
      }
      const edge = columns.narrow ? -4 : columns.plot - 10, most = columns.narrow ? 10 : ARCS - 20;
      const reach = 4 + most * Math.sqrt(Math.min(1, Math.abs(to.y - from.y) / Math.min(height, 1500)));
      set(line, { d: `M${round(edge)} ${round(from.y)}A${round(reach)} ${round(Math.abs(to.y - from.y) / 2)} 0 0 ${to.y < from.y ? 1 : 0} ${round(edge)} ${round(to.y)}` });
      if (head) move(head, edge + 4, to.y);
    }
  };

  const drawAxis = (height) => {
    const marks = axis.marks(view[0], view[1], columns.width);
    const gaps = axis.breaks.map((one) => (one - view[0]) / (view[1] - view[0]) * columns.width).filter((one) => one > 0 && one < columns.width);
    const scale = svg("g", { class: "axis" },
      ...marks.map(([place, told]) => { const made = svg("text", { class: "tick", x: place, y: 12, "text-anchor": "middle" }); made.textContent = told; return made; }),
      ...gaps.map((place) => svg("path", { class: "slashes", d: "M-4 6L0-6M1 6L5-6", transform: `translate(${round(place)},8)` })));
    move(scale, columns.plot, 0);
    at("axis").firstElementChild.replaceChildren(scale);
    const lines = [svg("path", { class: "grid", d: marks.map(([place]) => `M${round(place)} 0V${round(height)}`).join("") || "M0 0" })];
    if (gaps.length) lines.push(svg("path", { class: "gap", d: gaps.map((place) => `M${round(place - 3)} 0V${round(height)}M${round(place + 3)} 0V${round(height)}`).join("") }));
    if (data.asked) { const [left, right] = span(...data.asked); lines.push(svg("rect", { class: "asked", x: left, y: 0, width: right - left, height })); }
    ground.replaceChildren(...lines);
    move(ground, columns.plot, 0);
  };

  // The samples of the keys, in lines of a width.
  const drawKeys = (width) => {
    for (const key of document.querySelectorAll(".key svg")) {
      let left = 0, line = 0;
      for (const sample of key.querySelectorAll(".sample")) {
        const room = Math.max(Number(sample.dataset.room), SWATCH + measure(sample.querySelector(".meaning").textContent) * 12 / SMALL);
        if (left && left + room > width) { left = 0; line += 1; }
        move(sample, left, line * KEY + KEY / 2);
        left += room + 22;
      }
      set(key, { width, height: (line + 1) * KEY });
    }
  };

  const told = (count, way) => (count ? `${count.toLocaleString("en")} fact${count > 1 ? "s" : ""} ${way} it` : "");
  const drawCut = () => {
    const sides = new Map(shown.filter(({ row }) => row.fact !== null).map(({ row }) => [row.fact, away(row)]));
    const count = (side) => [...sides.values()].filter((one) => one === side).length;
    const outside = [told(count("left"), "before"), told(count("right"), "after")].filter(Boolean).join(" and ");
    const text = [outside && `The axis is cut: ${outside}, dated at the edge`, axis.caption].filter(Boolean).join(". ");
    at("cut-text").textContent = text;
    at("widen").hidden = !outside;
    at("cut").hidden = !text;
    return text;
  };

  const draw = (total, how) => {
    columns = columnsFor(total, how);
    let height;
    [shown, height] = arrange();
    for (const { node } of parts.values()) show(node, false);
    shown.forEach(drawRow);
    drawArcs(height);
    drawAxis(height);
    set(rows, { width: total, height: Math.max(height, 1) });
    set(at("axis"), { width: total });
    return [height, drawCut()];
  };

  const room = (node) => {
    const style = getComputedStyle(node);
    return node.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
  };
  const redraw = () => {
    draw(Math.max(300, room(at("chart"))));
    drawKeys(Math.max(200, room(at("cut").parentNode) - 48));
    const related = picked !== null && at("relate").checked, keys = new Set(shown.map(({ row }) => row.key));
    at("key").hidden = related;
    at("relation-key").hidden = !related;
    for (const line of document.querySelectorAll("#words tr[data-key]")) {
      const row = data.rows[Number(line.dataset.key)];
      line.hidden = wanted.length > 0 && !keys.has(row.key);
      line.classList.toggle("picked", row.fact === picked && picked !== null);
    }
  };

  // --- time ---

  // If there are many rows, those in sight move at once, and the others when the movement has stopped.
  let resting;
  const look = (lo, hi) => {
    if (hi - lo <= 1e-9 || hi - lo >= 1e6) return;
    view = [lo, hi];
    if (shown.length <= MANY || columns.packed) { redraw(); return; }
    const top = rows.getBoundingClientRect().top;
    for (const one of shown) if (top + one.y > -100 && top + one.y < window.innerHeight + 100) drawRow(one);
    drawAxis(Number(rows.getAttribute("height")));
    clearTimeout(resting);
    resting = setTimeout(redraw, 150);
  };
  const zoom = (by, around = 0.5) => {
    const middle = view[0] + (view[1] - view[0]) * around;
    look(middle - (middle - view[0]) * by, middle + (view[1] - middle) * by);
  };
  const shift = (by) => look(view[0] + (view[1] - view[0]) * by, view[1] + (view[1] - view[0]) * by);
  const choose = (which) => { kind = which; axis = TIME.axis(data.axes[kind]); at("axis-kind").value = kind; look(0, 1); };
  const heads = data.rows.filter((row) => row.fact === null);
  const fold = (...keys) => {
    const open = keys.some((key) => !folded.has(key));
    for (const key of keys) folded[open ? "add" : "delete"](key);
    at("fold").textContent = heads.every((row) => folded.has(row.key)) ? "Unfold groups" : "Fold groups";
    redraw();
  };

  // --- the panel ---

  const goTo = (number) =>
    element("button", { type: "button", class: "plain", click: () => pick(number, true) }, data.facts[number].title);

  const citation = (said) =>
    element("div", { class: `cite ${said.stance}` },
      element("div", {}, `${said.stance}: ${said.chain}${said.details ? ` (${said.details})` : ""}`),
      element("blockquote", {}, said.quote ? `“${said.quote}”` : "(no quote)"),
      said.passage ? element("details", {}, element("summary", {}, "in its text"),
        element("blockquote", {}, said.passage[0], element("mark", {}, said.passage[1]), said.passage[2])) : null,
      element("div", { class: "small" }, said.document),
      said.link ? element("div", { class: "small" }, element("a", { href: said.link, rel: "noopener noreferrer", target: "_blank" }, said.link))
        : said.url ? element("div", { class: "small" }, said.url) : null,
      element("div", { class: "small" }, said.id));

  const conflict = (told) =>
    element("div", { class: "red" }, `${told.kind}: ${told.text}`,
      element("ol", {}, ...told.chain.map((step) => element("li", {}, step))));

  const order = (stated, fact) =>
    element("div", { class: stated.aside ? "red" : "" },
      stated.a === fact.id ? "this " : goTo(numbers.get(stated.a)), ` ${stated.relation} `,
      stated.b === fact.id ? "this" : goTo(numbers.get(stated.b)),
      stated.phrase ? ` (“${stated.phrase}”)` : null, stated.aside ? " (set aside)" : null,
      ...stated.evidence.map(citation), ...stated.conflicts.map(conflict));

  const change = (entry) =>
    element("div", {}, element("div", {}, entry.what), element("div", { class: "small" }, entry.who),
      element("ul", {}, ...entry.changes.map(([name, old, now]) => element("li", {}, `${name}: ${old} → ${now}`))));

  const related = (words, relation) => {
    // The ones that the library lists: facts withdrawn, denied or foretold are in no answer that does not ask for them.
    const some = data.facts.map((_, other) => other).filter((other) => other !== picked && data.facts[other].answers && relation(other));
    return some.length ? element("details", {}, element("summary", {}, `${words}: ${some.length}`),
      element("ul", {}, ...some.map((other) => element("li", {}, goTo(other))))) : null;
  };

  const section = (title, ...inside) => (inside.length ? [element("h3", {}, title), ...inside] : []);

  const tell = (number) => {
    const fact = data.facts[number];
    const orders = data.orders.filter((stated) => stated.a === fact.id || stated.b === fact.id);
    at("panel").replaceChildren(
      element("button", { type: "button", class: "close", "aria-label": "Close", click: () => pick(null) }, "×"),
      element("h2", {}, fact.title),
      element("div", { class: "small" }, `${fact.id}, ${fact.status}`),
      element("dl", {}, ...fact.about.flatMap(([name, value]) => [element("dt", {}, name), element("dd", {}, value)])),
      ...fact.conflicts.map(conflict),
      ...section("Evidence", ...fact.evidence.map(citation)),
      ...section("Before and after", ...[
        related("Certainly before", (other) => before(other, number) === "c"), related("Possibly before", (other) => before(other, number) === "p"),
        related("Possibly after", (other) => before(number, other) === "p"), related("Certainly after", (other) => before(number, other) === "c"),
      ].filter(Boolean)),
      ...section("Stated orders", ...orders.map((stated) => order(stated, fact))),
      ...section("Corrections", ...fact.history.map(change)));
    at("panel").scrollTop = 0;
  };

  // The address names the fact picked, so that going back returns to the one before. A bare # is never left in it.
  const address = (id) => window.location.href.split("#")[0] + (id === null ? "" : `#${id}`);
  const pick = (number, lead = false, name = true) => {
    if (name && number !== picked) window.history.pushState(null, "", address(number === null ? null : data.facts[number].id));
    picked = number;
    at("panel").hidden = number === null;
    if (number !== null) tell(number);
    at("said").textContent = number === null ? "" : data.facts[number].title;
    redraw();
    if (lead) bring(number);
  };
  const named = () => {
    const id = decodeURIComponent(window.location.hash.slice(1));
    return numbers.has(id) ? numbers.get(id) : null;
  };

  // Scrolls a fact's row into sight.
  const bring = (number) => {
    if (!shown.some(({ row, where }) => row.fact === number && !(where && where.folded))) {
      for (const row of data.rows) if (row.fact === number && row.group !== null) folded.delete(row.group);
      redraw();
    }
    const one = shown.find(({ row, where }) => row.fact === number && !(where && where.folded));
    if (!one) return;
    const top = rows.getBoundingClientRect().top + one.y;
    if (top < 80 || top > window.innerHeight - 60) window.scrollBy(0, top - window.innerHeight / 2);
  };

  // --- what a reader does ---

  const search = () => {
    wanted = at("search").value.toLowerCase().split(/\s+/).filter(Boolean);
    redraw();
    const count = new Set(shown.filter(({ row }) => row.fact !== null).map(({ row }) => row.fact)).size;
    at("said").textContent = wanted.length ? `${count} of ${data.facts.length} facts` : "";
  };

  const step = (by) => {
    const facts = shown.filter(({ row, where }) => row.fact !== null && !(where && where.folded));
    if (!facts.length) return;
    const place = facts.findIndex(({ row }) => picked !== null && row.fact === picked);
    pick(facts[place < 0 ? 0 : Math.max(0, Math.min(facts.length - 1, place + by))].row.fact, true);
  };

  // The fact picked, or all that are shown, as Markdown with footnotes; undated ones in a list of their own.
  const markdown = () => {
    const seen = shown.filter(({ row }) => row.fact !== null).map(({ row }) => row.fact);
    const chosen = picked !== null ? [picked] : [...new Set(wanted.length ? seen : data.facts.map((_, number) => number))];
    let count = 0;
    const lists = { dated: [], undated: [] }, notes = [];
    for (const fact of chosen.map((number) => data.facts[number])) {
      const from = count, renumbered = (text) => text.replace(/\[\^(\d+)\]/g, (_, number) => `[^${from + Number(number)}]`);
      lists[fact.undated ? "undated" : "dated"].push(renumbered(fact.item));
      if (fact.notes) { notes.push(renumbered(fact.notes)); count += fact.notes.split("\n").length; }
    }
    const undated = lists.undated.length ? [`Undated (${lists.undated.length}):\n\n${lists.undated.join("\n")}`] : [];
    const whole = [lists.dated.join("\n"), ...undated, notes.join("\n")].filter(Boolean).join("\n\n");
    return [`${whole}\n`, chosen.length];
  };
  const copy = async () => {
    const [text, count] = markdown();
    const field = document.body.appendChild(element("textarea", { "aria-hidden": "true" }));
    field.value = text;
    try {
      if (navigator.clipboard && window.isSecureContext) await navigator.clipboard.writeText(text);
      else throw new Error("no clipboard");
    } catch {
      field.select();
      document.execCommand("copy"); // if the browser does not let the page write to the clipboard
    }
    field.remove();
    at("said").textContent = `${count} fact${count === 1 ? "" : "s"} copied as Markdown`;
  };

  // --- on paper: the rows that are shown, cut into pages, each with the title, the key and the axis ---

  // How to draw the rows on a paper, and which go on each page: as few pages as possible, with text as large as possible.
  const paged = ([wide, high]) => {
    const ways = packed ? DENSER.map(([size, room, pitch]) => [wide * SMALL / size, { paper: true, room, pitch }]) : [[PRINTED, { paper: true }]];
    let best = null;
    for (const [width, how] of ways) {
      const [, caption] = draw(width, how);
      drawKeys(width - GUTTER);
      const key = at(picked !== null && at("relate").checked ? "relation-key" : "key").querySelector("svg");
      const notes = [document.querySelector("header .note").textContent, caption].filter(Boolean);
      const keyAt = 30 + 16 * notes.length, axisAt = keyAt + Number(key.getAttribute("height")) + 4, top = axisAt + 24;
      const pages = cutIn(width * high / wide - top - 2);
      if (!best || pages.length < best.pages.length) best = { width, how, notes, key, keyAt, axisAt, top, pages };
      if (best.pages.length === 1) break;
    }
    draw(best.width, best.how);
    drawKeys(best.width - GUTTER);
    return best;
  };
  const cutIn = (room) => {
    const tops = [...new Map(shown.filter(({ where }) => !(where && where.folded)).map((one) => [one.top, one])).values()].sort((a, b) => a.top - b.top);
    const pages = [];
    for (const one of tops) {
      const page = pages[pages.length - 1];
      if (!page || one.top + one.height - page.from > room) {
        const last = page && tops.filter((other) => other.top < one.top).pop();
        if (last && last.row.fact === null && last.top > page.from) { page.to = last.top; pages.push({ from: last.top, to: one.top + one.height }); }
        else pages.push({ from: one.top, to: one.top + one.height });
      } else page.to = one.top + one.height;
    }
    return pages;
  };
  const printed = (paper) => {
    const { width, notes, key, keyAt, axisAt, top, pages } = paged(PAPERS[paper]);
    const clone = (node, left, y) => { const made = node.cloneNode(true); move(made, left, y); return made; };
    const line = (text, y, name) => { const made = svg("text", { class: name, x: GUTTER, y }); made.textContent = text; return made; };
    return element("div", { class: paper }, ...pages.map(({ from, to }, number) => {
      const cut = svg("svg", { x: 0, y: top, width, height: to - from, viewBox: `0 ${round(from)} ${round(width)} ${round(to - from)}`, overflow: "hidden" });
      const inside = svg("g", { transform: `translate(${GUTTER},0)` }, ground.cloneNode(true));
      for (const { a, b, line: path, head } of arcs) {
        const ends = [a, b].map((which) => shown.find(({ row }) => row.key === which));
        if (ends.some((end) => !end) || Math.min(...ends.map((end) => end.y)) > to || Math.max(...ends.map((end) => end.y)) < from) continue;
        inside.append(path.cloneNode(true), ...(head ? [head.cloneNode(true)] : []));
      }
      for (const { row, top: first } of shown) if (first >= from && first < to) inside.append(parts.get(row.key).node.cloneNode(true));
      cut.append(inside);
      const count = svg("text", { class: "note", x: width, y: 20, "text-anchor": "end" });
      count.textContent = `${number + 1} of ${pages.length}`;
      return svg("svg", { class: "picture", viewBox: `0 0 ${round(width)} ${round(top + to - from + 2)}` },
        line(document.title, 20, "name"), count, ...notes.map((note, n) => line(note, 40 + 16 * n, "note")),
        clone(key.firstElementChild, GUTTER, keyAt), clone(at("axis").firstElementChild, GUTTER, axisAt), cut);
    }));
  };
  window.addEventListener("beforeprint", () => at("paper").replaceChildren(...Object.keys(PAPERS).map(printed)));
  window.addEventListener("afterprint", () => { at("paper").replaceChildren(); redraw(); });

  let timer;
  at("search").addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(search, 120); });
  at("in").addEventListener("click", () => zoom(0.6));
  at("out").addEventListener("click", () => zoom(1 / 0.6));
  at("back").addEventListener("click", () => shift(-0.3));
  at("on").addEventListener("click", () => shift(0.3));
  at("all").addEventListener("click", () => choose(data.axis));
  at("widen").addEventListener("click", () => choose("whole"));
  at("axis-kind").addEventListener("change", () => choose(at("axis-kind").value));
  at("packed").addEventListener("change", () => { packed = at("packed").checked; redraw(); });
  at("fold").addEventListener("click", () => fold(...heads.map((row) => row.key)));
  at("relate").addEventListener("change", redraw);
  at("copy").addEventListener("click", copy);
  at("skip").addEventListener("click", (event) => { event.preventDefault(); at("words").open = true; at("words").querySelector("summary").focus(); });
  at("theme").addEventListener("change", () => {
    if (at("theme").value) document.documentElement.dataset.theme = at("theme").value;
    else delete document.documentElement.dataset.theme;
  });
  at("words").addEventListener("click", (event) => {
    const line = event.target.closest("tr[data-key]");
    if (line && event.target.closest("button")) pick(data.rows[Number(line.dataset.key)].fact, true);
  });

  const keys = {
    ArrowDown: () => step(1), ArrowUp: () => step(-1), ArrowLeft: () => shift(-0.15), ArrowRight: () => shift(0.15),
    "+": () => zoom(0.8), "=": () => zoom(0.8), "-": () => zoom(1.25), 0: () => choose(data.axis), Escape: () => pick(null),
  };
  at("chart").addEventListener("keydown", (event) => {
    if (!keys[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    keys[event.key]();
  });

  // Dragging moves in time. The wheel zooms at the pointer with Ctrl or Shift, and otherwise scrolls the page.
  let held = null, dragged = false;
  rows.addEventListener("pointerdown", (event) => { held = { x: event.clientX, view: view.slice() }; dragged = false; });
  window.addEventListener("pointermove", (event) => {
    if (!held || (!dragged && Math.abs(event.clientX - held.x) < 5)) return;
    dragged = true;
    at("chart").classList.add("moving");
    const by = (held.x - event.clientX) / columns.width * (held.view[1] - held.view[0]);
    look(held.view[0] + by, held.view[1] + by);
  });
  const release = () => { held = null; at("chart").classList.remove("moving"); };
  window.addEventListener("pointerup", release);
  window.addEventListener("pointercancel", release);
  rows.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.shiftKey) return;
    event.preventDefault();
    const start = rows.getBoundingClientRect().left + GUTTER + columns.plot;
    zoom((event.deltaY || event.deltaX) > 0 ? 1.2 : 1 / 1.2, Math.max(0, Math.min(1, (event.clientX - start) / columns.width)));
  }, { passive: false });
  let resizing;
  window.addEventListener("resize", () => { clearTimeout(resizing); resizing = setTimeout(redraw, 100); });
  window.addEventListener("popstate", () => pick(named(), true, false));

  if (window.matchMedia("(max-width: 900px)").matches) at("more").open = at("keys").open = false;
  at("axis-kind").value = kind;
  at("packed").checked = packed;
  at("fold").hidden = !heads.length;
  if (!window.location.hash) window.history.replaceState(null, "", address(null));
  if (named() !== null) pick(named(), true, false);
  else redraw();
  document.documentElement.dataset.ready = "yes";
})();
