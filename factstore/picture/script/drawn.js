// The elements of the drawing, as the page comes with them.
const DRAWN = (() => {
  const { at, svg } = ELEMENTS;

  const rows = at("rows"), sheet = rows.firstElementChild, ground = sheet.querySelector(".ground");
  const nodes = new Map([...sheet.querySelectorAll("[data-key]")].map((node) => [Number(node.dataset.key), node]));
  const arcs = [...sheet.querySelectorAll(".arc")].map((line) => {
    const head = line.nextElementSibling;
    return { a: Number(line.dataset.a), b: Number(line.dataset.b), line, head: head && head.matches("path.head") ? head : null };
  });
  const parts = new Map();
  for (const row of DATA.rows) {
    const node = nodes.get(row.key), one = (name) => node.querySelector(name);
    parts.set(row.key, row.fact === null ? { node, t: one(".t"), band: one(".band") } : {
      node, rule: one(".rule"), t: one(".t"), p: one(".p"), d: one(".d"), sign: one(".sign"),
      fadeLeft: one(".fade.left"), fadeRight: one(".fade.right"), may: one(".may"), shell: one(".shell"),
      sure: [...node.querySelectorAll(".sure")], tips: { left: one(".tip.left"), right: one(".tip.right") },
      outs: { left: one(".out.left"), right: one(".out.right") }, marks: one(".marks"), strike: one(".p > .strike"), l: one(".l"), back: one(".back"), label: one(".label"),
    });
    if (row.fact === null) {
      parts.get(row.key).fold = node.appendChild(svg("text", { class: "fold", x: -14, y: 4 }));
      parts.get(row.key).beside = node.appendChild(svg("text", { class: "out", y: 4, "text-anchor": "end" }));
    } else parts.get(row.key).hit = node.appendChild(svg("rect", { class: "hit" }));
  }

  return { rows, sheet, ground, arcs, parts };
})();
