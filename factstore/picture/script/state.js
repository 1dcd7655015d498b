// The data of the page, the sizes with which it was drawn, and what is shown now.
const DATA = JSON.parse(document.getElementById("data").textContent), SIZES = DATA.sizes;

const NOW = {
  kind: DATA.axis,
  axis: TIME.axis(DATA.axes[DATA.axis]),
  view: [0, 1], // the part of the axis that is shown
  wanted: [], // the words searched for
  picked: null, // the number of the fact picked
  packed: DATA.packed,
  folded: new Set(DATA.rows.filter((row) => row.folded).map((row) => row.key)),
  shown: [], // the rows shown, as laid out
  columns: {}, // the places of the columns
  timed: false, // whether the axis shows times of day
};
