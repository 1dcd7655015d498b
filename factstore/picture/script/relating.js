// How facts relate to the one picked, as the library answers.
const RELATING = (() => {
  const { at } = ELEMENTS;

  const sets = (listed) => new Map(Object.entries(listed).map(([fact, others]) => [Number(fact), new Set(others)]));
  const certain = sets(DATA.before.certain), barred = sets(DATA.before.barred), ranks = DATA.before.ranks;
  const before = (a, b) => { // whether a was over when b began
    if (ranks[a][3] <= ranks[b][0] || (certain.has(b) && certain.get(b).has(a))) return "c";
    return ranks[a][2] <= ranks[b][1] && !(barred.has(b) && barred.get(b).has(a)) ? "p" : ".";
  };
  const toneOf = (row) => {
    if (NOW.picked === null || !at("relate").checked) return row.tone;
    if (row.fact === NOW.picked) return "asked";
    const was = before(row.fact, NOW.picked), came = before(NOW.picked, row.fact);
    if (was === "c" || came === "c") return was === "c" ? "before-certain" : "after-certain";
    if (was === "p" && came === "p") return "either-possible";
    return was === "p" ? "before-possible" : came === "p" ? "after-possible" : "neither";
  };

  return { before, toneOf };
})();
