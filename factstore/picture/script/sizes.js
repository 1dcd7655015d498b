// Sizes, in pixels, and an opacity, as in layout.py, marks.py and drawing.py.
const SIZES = {
  // Columns: signs, titles, arcs and dates; the total width below which these are one below the other.
  GUTTER: 22, TITLE: 330, ARCS: 84, DATE: 250, NARROW: 940,
  // Lines: of text, with air between facts; headings; packed lines.
  LINE: 15, AIR: 9, HEAD: 30, PACK: 17,
  // Bars: their height, that of one with its label over it, the least width, shades of a fade, how far outlines extend.
  BAR: 12, SLIM: 3, LEAST: 4, STEPS: 8, BEYOND: 9,
  // Labels of packed facts: the room for a title, the distances from a bar and from a neighbour, the base line beside a bar and
  // over it; the width of a column of titles without bars.
  LABEL: 236, NEAR: 6, GAP: 14, BASE: 4, RAISED: 2, COLUMN: 310,
  // The opacity of what is possible.
  MAY: 0.4,
  // The key: the height of a line, the width of a sample; the size of small text.
  KEY: 21, SWATCH: 42, SMALL: 11,
};
