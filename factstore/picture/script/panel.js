// Tells what is known of the fact picked. `pick` is called with the number of another fact, or null to close the panel.
const PANEL = (pick) => {
  const { at, element } = ELEMENTS, { before } = RELATING;
  const numbers = new Map(DATA.facts.map((fact, number) => [fact.id, number]));

  const goTo = (number) =>
    element("button", { type: "button", class: "plain", click: () => pick(number, true) }, DATA.facts[number].title);

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
    const some = DATA.facts.map((_, other) => other).filter((other) => other !== NOW.picked && relation(other));
    return some.length ? element("details", {}, element("summary", {}, `${words}: ${some.length}`),
      element("ul", {}, ...some.map((other) => element("li", {}, goTo(other))))) : null;
  };

  const section = (title, ...inside) => (inside.length ? [element("h3", {}, title), ...inside] : []);

  const tell = (number) => {
    const fact = DATA.facts[number];
    const orders = DATA.orders.filter((stated) => stated.a === fact.id || stated.b === fact.id);
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

  return { tell };
};
