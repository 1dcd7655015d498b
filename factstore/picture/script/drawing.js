// Moves the drawing: bars, rows, arcs, the axis and the keys.
const DRAWING = (() => {
  const { SIGNS, ARCS, LINE, AIR, BAR, SLIM, STEPS, BEYOND, BASE, RAISED, BACK, KEY, SAMPLE, SMALL, MAY, HIGHEST_ARC } = SIZES;
  const { at, svg, round, set, move, show } = ELEMENTS;
  const { rows, ground, arcs, parts } = DRAWN;
  const { SPACE, measure, cut } = LETTERING;
  const { x, within, span, away, columnsFor, arrange } = ARRANGING;
  const { toneOf } = RELATING;

  // Where a bar is drawn: how far below the middle of its line, and how high.
  const bandOf = (slim) => {
    const most = NOW.columns.packed ? NOW.columns.pitch - 1 : BAR, height = Math.min(BAR, most);
    return slim ? { y: most / 2 - SLIM, height: SLIM } : { y: -height / 2, height };
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
    fade(part.fadeRight, ebb === null ? 0 : within(ebb), NOW.columns.width, band, seen);
    bar(part.may, span(flat, ebb), band, seen);
    if (part.shell) { set(part.shell, { d: outline(span(first, past), first === null, past === null, band) }); show(part.shell, seen); }
    row.sure.forEach(([since, until], n) =>
      bar(part.sure[n], span(since, until), band, seen && (until === null || x(until) > 0) && (since === null || x(since) < NOW.columns.width)));
    for (const [side, limit, cut] of [["left", first, first !== null && x(first) < 0], ["right", past, past !== null && x(past) > NOW.columns.width]]) {
      const tip = part.tips[side], here = out === side;
      set(tip, { class: `tip ${side} ${here ? "off" : limit === null ? "open" : "more"}` });
      move(tip, side === "left" ? -5 : NOW.columns.width + 5, 0);
      show(tip, !bare && (here || (!out && (limit === null || cut))));
      if (side === "right") set(part.outs.right, { x: NOW.columns.width - 5 });
      show(part.outs[side], here && !NOW.columns.packed);
    }
    const end = ebb === null ? NOW.columns.width : within(ebb);
    if (part.marks) { set(part.marks, { x: end + 6 }); show(part.marks, seen && (ebb === null || (x(ebb) >= 0 && x(ebb) <= NOW.columns.width))); }
    if (part.strike) { const [left, right] = span(first, past); set(part.strike, { d: `M${round(left - 6)} ${round(band.y + band.height / 2)}H${round(right + 6)}` }); show(part.strike, seen); }
  };

  // A label of a fact on a shared line; its date is on the side of the bar.
  const write = (row, anchor, room, dated) => {
    const { label } = parts.get(row.key), title = row.mark + cut(row, room) + row.status + row.mark, end = anchor === "end";
    const when = svg("tspan", { class: "when" });
    // A left-to-right mark, without which digits after right-to-left text would be drawn on its other side.
    when.textContent = end ? (row.mark && "\u200e") + SPACE.split("").reverse().join("") + row.short : row.short + SPACE;
    label.replaceChildren(...(end ? [title, when] : [when, title]).filter((part) => dated || part !== when));
  };

  // Draws what is possible of a fact in its folded group, in which it looks no more certain where several meet.
  const share = (row, tone, y) => {
    const part = parts.get(row.key), head = parts.get(row.group), shades = [part.fadeLeft, part.fadeRight, part.may].filter(Boolean);
    const seen = shades.filter((shade) => !shade.matches("[display=none]")).map((shade) => shade.cloneNode(true));
    for (const shade of seen) {
      shade.classList.toggle("shared", shade.matches(".may"));
      for (const step of shade.children) set(step, { "fill-opacity": String(Number(step.getAttribute("fill-opacity")) / MAY) });
    }
    head.possible ||= head.node.insertBefore(svg("g", { class: "possible" }), head.t);
    move(head.possible, NOW.columns.plot, y - head.y);
    head.possible.append(svg("g", { class: tone }, ...seen));
    for (const piece of [...shades, part.marks, part.outs.left, part.outs.right]) show(piece, false);
  };

  const drawRow = ({ row, y, height, where, beside }) => {
    const part = parts.get(row.key);
    move(part.node, where && where.bare ? where.x : 0, y);
    show(part.node, true);
    if (row.fact === null) {
      part.y = y;
      set(part.band, { width: NOW.columns.total });
      part.fold.textContent = NOW.folded.has(row.key) && !NOW.wanted.length ? "▸" : "▾";
      part.beside.textContent = beside || "";
      set(part.beside, { x: NOW.columns.total - 6 });
      show(part.beside, Boolean(beside));
      if (part.possible) part.possible.remove();
      part.possible = null;
      return;
    }
    const [title, date] = row.lines, bare = Boolean(where && where.bare), on = Boolean(where && where.folded), labelled = (NOW.columns.packed || bare) && !on;
    for (const piece of [part.rule, part.t, part.d]) show(piece, !labelled && !on);
    show(part.l, labelled);
    if (labelled) {
      move(part.p, 0, 0);
      write(row, where.anchor, where.room, where.dated);
      const base = where.over ? RAISED : BASE, [top, high] = BACK, width = bare ? 0 : measure(part.label.textContent);
      set(part.label, { x: bare ? 6 : where.x, y: base, "text-anchor": where.anchor });
      set(part.back, { x: where.anchor === "end" ? where.x - width : where.x, y: base + top, width, height: high });
      show(part.back, !bare && row.fact !== NOW.picked);
    }
    else if (on) move(part.p, NOW.columns.plot, 0);
    else if (NOW.columns.narrow) {
      const top = -height / 2 + AIR / 2;
      move(part.t, 0, top + LINE * title / 2);
      move(part.p, NOW.columns.plot, top + LINE * title + BAR / 2 + 3);
      move(part.d, 0, height / 2 - 4 - 7 * date);
    } else { move(part.t, 0, 0); move(part.p, NOW.columns.plot, 0); move(part.d, NOW.columns.dates, 0); }
    set(part.rule, { d: `M0 ${round(height / 2)}H${round(NOW.columns.total)}` });
    set(part.hit, { x: bare ? 0 : -SIGNS, y: -height / 2, width: bare ? where.wide : NOW.columns.total + SIGNS, height });
    if (labelled && !bare) set(part.hit, { x: where.left, width: where.right - where.left });
    if (on) set(part.hit, { x: NOW.columns.plot, width: 0 });
    drawBar(row, bare, bandOf(where && where.over));
    const tone = toneOf(row), [which, sure] = tone.split("-"), shape = DATA.shapes[which];
    part.node.setAttribute("class", `row ${tone}`);
    if (on) share(row, tone, y);
    set(part.sign, { class: shape ? `sign ${sure === "certain" || tone === "asked" ? "full" : "hollow"}` : "sign", d: shape || "M0 0" });
    move(part.sign, NOW.columns.packed && !bare && !on ? (where.anchor === "end" ? span(row.times[0], row.times[1])[0] : where.left) - 8 : -12, 0);
    show(part.sign, !on);
    for (const old of part.node.querySelectorAll(":scope > .picked")) old.remove();
    if (row.fact === NOW.picked && NOW.picked !== null)
      part.node.prepend(svg("rect", { class: "picked", x: part.hit.getAttribute("x"), y: -height / 2, width: part.hit.getAttribute("width"), height }));
  };

  const drawArcs = (height) => {
    const lies = new Map(NOW.shown.map((one) => [one.row.key, one]));
    for (const { a, b, line, head } of arcs) {
      const from = lies.get(a), to = lies.get(b), here = [from, to].every((one) => one && !(one.where && (one.where.bare || one.where.folded)));
      for (const piece of [line, head]) show(piece, here);
      if (!here) continue;
      const on = NOW.picked !== null && [from, to].some((one) => one.row.fact === NOW.picked);
      for (const piece of [line, head]) if (piece) piece.classList.toggle("on", on);
      if (NOW.columns.packed) {
        const start = span(from.row.times[0], from.row.times[1]), left = head ? start[1] : start[0], right = span(to.row.times[0], to.row.times[1])[0];
        set(line, { d: `M${round(left)} ${round(from.y)}L${round(right)} ${round(to.y)}` });
        if (head) set(head, { transform: `translate(${round(right)},${round(to.y)}) rotate(${round(Math.atan2(to.y - from.y, right - left) * 180 / Math.PI)})` });
        continue;
      }
      const edge = NOW.columns.narrow ? -4 : NOW.columns.plot - 10, most = NOW.columns.narrow ? 10 : ARCS - 20;
      const reach = 4 + most * Math.sqrt(Math.min(1, Math.abs(to.y - from.y) / Math.min(height, HIGHEST_ARC)));
      set(line, { d: `M${round(edge)} ${round(from.y)}A${round(reach)} ${round(Math.abs(to.y - from.y) / 2)} 0 0 ${to.y < from.y ? 1 : 0} ${round(edge)} ${round(to.y)}` });
      if (head) move(head, edge + 4, to.y);
    }
  };

  const drawAxis = (height) => {
    const marks = NOW.axis.marks(NOW.view[0], NOW.view[1], NOW.columns.width);
    NOW.timed = marks.some(([, told]) => told.includes(":"));
    const gaps = NOW.axis.breaks.map((one) => (one - NOW.view[0]) / (NOW.view[1] - NOW.view[0]) * NOW.columns.width).filter((one) => one > 0 && one < NOW.columns.width);
    const scale = svg("g", { class: "axis" },
      ...marks.map(([place, told]) => { const made = svg("text", { class: "tick", x: place, y: 12, "text-anchor": "middle" }); made.textContent = told; return made; }),
      ...gaps.map((place) => svg("path", { class: "slashes", d: "M-4 6L0-6M1 6L5-6", transform: `translate(${round(place)},8)` })));
    move(scale, NOW.columns.plot, 0);
    at("axis").firstElementChild.replaceChildren(scale);
    const lines = [svg("path", { class: "grid", d: marks.map(([place]) => `M${round(place)} 0V${round(height)}`).join("") || "M0 0" })];
    if (gaps.length) lines.push(svg("path", { class: "gap", d: gaps.map((place) => `M${round(place - 3)} 0V${round(height)}M${round(place + 3)} 0V${round(height)}`).join("") }));
    if (DATA.asked) { const [left, right] = span(...DATA.asked); lines.push(svg("rect", { class: "asked", x: left, y: 0, width: right - left, height })); }
    ground.replaceChildren(...lines);
    move(ground, NOW.columns.plot, 0);
  };

  // The samples of the keys, in lines of a width.
  const drawKeys = (width) => {
    for (const key of document.querySelectorAll(".key svg")) {
      let left = 0, line = 0;
      for (const sample of key.querySelectorAll(".sample")) {
        const room = Math.max(Number(sample.dataset.room), SAMPLE + measure(sample.querySelector(".meaning").textContent) * 12 / SMALL);
        if (left && left + room > width) { left = 0; line += 1; }
        move(sample, left, line * KEY + KEY / 2);
        left += room + 22;
      }
      set(key, { width, height: (line + 1) * KEY });
    }
  };

  const told = (count, way) => (count ? `${count.toLocaleString("en")} fact${count > 1 ? "s" : ""} ${way} it` : "");
  const drawCut = () => {
    const sides = new Map(NOW.shown.filter(({ row }) => row.fact !== null).map(({ row }) => [row.fact, away(row)]));
    const count = (side) => [...sides.values()].filter((one) => one === side).length;
    const outside = [told(count("left"), "before"), told(count("right"), "after")].filter(Boolean).join(" and ");
    const text = [outside && `The axis is cut: ${outside}, dated at the edge`, NOW.axis.caption, NOW.timed && DATA.clock].filter(Boolean).join(". ");
    at("cut-text").textContent = text;
    at("widen").hidden = !outside;
    at("cut").hidden = !text;
    return text;
  };

  const draw = (total, how) => {
    NOW.columns = columnsFor(total, how);
    let height;
    [NOW.shown, height] = arrange();
    for (const { node } of parts.values()) show(node, false);
    NOW.shown.forEach(drawRow);
    drawArcs(height);
    drawAxis(height);
    set(rows, { width: total, height: Math.max(height, 1) });
    set(at("axis"), { width: total });
    return [height, drawCut()];
  };

  return { draw, drawRow, drawAxis, drawKeys };
})();
