// Widths of texts in this browser's font, which was not known when the page was made.
const LETTERING = (() => {
  const { sheet } = DRAWN;

  const SPACE = "\u00a0 "; // between a date and a title
  const letters = new Intl.Segmenter();
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
    if (!widths.has(row.key)) widths.set(row.key, [measure(DATA.facts[row.fact].title + row.status), measure(row.short) + measure(SPACE), measure(row.status)]);
    return widths.get(row.key);
  };

  // A title on one line of so many pixels, shortened with an ellipsis if need be; its status is never cut.
  const cut = (row, room) => {
    const title = DATA.facts[row.fact].title, [whole, , status] = measured(row);
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

  return { SPACE, measure, widest, measured, cut };
})();
