// Cuts the rows that are shown into pages of paper, each with the title, the key and the axis.
const PRINTING = (() => {
  const { SIGNS, SMALL } = SIZES;
  const { at, element, svg, round, move } = ELEMENTS;
  const { ground, arcs, parts } = DRAWN;
  const { draw, drawKeys } = DRAWING;

  const PAPERS = { a4: [796, 549], letter: [746, 566] }, PRINTED = 1286; // the printable area in points, and its width in pixels

  // How to draw the rows on a paper, and which go on each page: as few pages as possible, with text as large as possible.
  const paged = ([wide, high]) => {
    const ways = NOW.packed ? DATA.packings.map(([size, room, pitch]) => [wide * SMALL / size, { paper: true, room, pitch }]) : [[PRINTED, { paper: true }]];
    let best = null;
    for (const [width, how] of ways) {
      const [, caption] = draw(width, how);
      drawKeys(width - SIGNS);
      const key = at(NOW.picked !== null && at("relate").checked ? "relation-key" : "key").querySelector("svg");
      const notes = [document.querySelector("header .note").textContent, caption].filter(Boolean);
      const keyAt = 30 + 16 * notes.length, axisAt = keyAt + Number(key.getAttribute("height")) + 4, top = axisAt + 24;
      const pages = cutIn(width * high / wide - top - 2);
      if (!best || pages.length < best.pages.length) best = { width, how, notes, key, keyAt, axisAt, top, pages };
      if (best.pages.length === 1) break;
    }
    draw(best.width, best.how);
    drawKeys(best.width - SIGNS);
    return best;
  };
  const cutIn = (room) => {
    const tops = [...new Map(NOW.shown.filter(({ where }) => !(where && where.folded)).map((one) => [one.top, one])).values()].sort((a, b) => a.top - b.top);
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
    const line = (text, y, name) => { const made = svg("text", { class: name, x: SIGNS, y }); made.textContent = text; return made; };
    return element("div", { class: paper }, ...pages.map(({ from, to }, number) => {
      const cut = svg("svg", { x: 0, y: top, width, height: to - from, viewBox: `0 ${round(from)} ${round(width)} ${round(to - from)}`, overflow: "hidden" });
      const inside = svg("g", { transform: `translate(${SIGNS},0)` }, ground.cloneNode(true));
      const here = NOW.shown.filter(({ top: first }) => first >= from && first < to);
      const put = (shown) => inside.append(...shown.map(({ row }) => parts.get(row.key).node.cloneNode(true)));
      put(here.filter(({ row }) => row.fact === null)); // arcs pass over the bands of headings
      for (const { a, b, line: path, head } of arcs) {
        const ends = [a, b].map((which) => NOW.shown.find(({ row }) => row.key === which));
        if (ends.some((end) => !end) || Math.min(...ends.map((end) => end.y)) > to || Math.max(...ends.map((end) => end.y)) < from) continue;
        inside.append(path.cloneNode(true), ...(head ? [head.cloneNode(true)] : []));
      }
      put(here.filter(({ row }) => row.fact !== null));
      cut.append(inside);
      const count = svg("text", { class: "note", x: width, y: 20, "text-anchor": "end" });
      count.textContent = `${number + 1} of ${pages.length}`;
      return svg("svg", { class: "picture", viewBox: `0 0 ${round(width)} ${round(top + to - from + 2)}` },
        line(document.title, 20, "name"), count, ...notes.map((note, n) => line(note, 40 + 16 * n, "note")),
        clone(key.firstElementChild, SIGNS, keyAt), clone(at("axis").firstElementChild, SIGNS, axisAt), cut);
    }));
  };
  const sheets = () => Object.keys(PAPERS).map(printed);

  return { sheets };
})();
