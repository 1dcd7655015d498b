// Copies the fact picked, or all that are shown, as Markdown.
const COPYING = (() => {
  const { at, element } = ELEMENTS;

  // The fact picked, or all that are shown, as Markdown with footnotes; undated ones in a list of their own.
  const markdown = () => {
    const seen = NOW.shown.filter(({ row }) => row.fact !== null).map(({ row }) => row.fact);
    const chosen = NOW.picked !== null ? [NOW.picked] : [...new Set(NOW.wanted.length ? seen : DATA.facts.map((_, number) => number))];
    let count = 0;
    const lists = { dated: [], undated: [] }, notes = [];
    for (const fact of chosen.map((number) => DATA.facts[number])) {
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

  return { copy };
})();
