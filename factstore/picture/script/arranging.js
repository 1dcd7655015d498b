// Where everything that is shown is placed: the columns, and the rows from the top down.
const ARRANGING = (() => {
  const { SIGNS, TITLE, ARCS, DATES, LINE, AIR, HEAD, PACK, BAR, LEAST, LABEL, NEAR, GAP, COLUMN } = SIZES;
  const NARROW = 940; // pixels: a total width below which titles, bars and dates are one below the other
  const { parts } = DRAWN;
  const { widest, measured } = LETTERING;

  const x = (time) => (NOW.axis.at(time) - NOW.view[0]) / (NOW.view[1] - NOW.view[0]) * NOW.columns.width;
  const within = (time) => Math.min(Math.max(x(time), 0), NOW.columns.width);
  const span = (start, end) => {
    const left = start === null ? 0 : within(start), right = end === null ? NOW.columns.width : within(end);
    return [left, Math.max(right, left + LEAST)];
  };
  const away = ({ times: [first, past] }) =>
    past !== null && x(past) <= 0 ? "left" : first !== null && x(first) >= NOW.columns.width ? "right" : "";

  const columnsFor = (total, how) => {
    const room = total - SIGNS, lines = { total: room, room: LABEL, pitch: PACK, ...how };
    if (NOW.packed) return { ...lines, plot: 0, width: room - 12, packed: true };
    if (total < NARROW) return { ...lines, plot: 6, width: room - 20, narrow: true };
    const dates = Math.max(DATES, widest() + 18);
    return { ...lines, plot: TITLE + ARCS, width: room - TITLE - ARCS - dates, dates: room - dates + 16 };
  };
  const heightOf = (row) => {
    if (row.fact === null) return HEAD;
    const [title, date] = row.lines;
    return NOW.columns.narrow ? LINE * title + 14 * date + BAR + 14 : LINE * Math.max(title, date) + AIR;
  };

  // Whether a label includes the date: if it is short, or if the fact lies beyond the axis, where no bar shows it.
  const showsDate = (row) => away(row) !== "" || row.brief;

  // The possible places of a label on a packed line, with the room that it and its bar take: over the bar if it fits there,
  // else right and left of it. A bar that has its label over it is drawn slim.
  const spots = (row) => {
    const [title, date] = measured(row);
    const out = away(row), width = Math.min(title, NOW.columns.room) + (showsDate(row) ? date : 0), [left, right] = span(row.times[0], row.times[1]);
    if (out === "left") return [{ left: 0, right: 12 + width, x: 12, anchor: "start" }];
    if (out === "right") return [{ left: NOW.columns.width - 12 - width, right: NOW.columns.width, x: NOW.columns.width - 12, anchor: "end" }];
    const end = right + (parts.get(row.key).marks ? 16 : 0), beside = [];
    if (left + NEAR + width <= right) return [{ left, right: end, x: left + NEAR, anchor: "start", over: true }];
    if (end + NEAR + width <= NOW.columns.width) beside.push({ left, right: end + NEAR + width, x: end + NEAR, anchor: "start" });
    if (left - NEAR - width >= 0) beside.push({ left: left - NEAR - width, right: end, x: left - NEAR, anchor: "end" });
    const over = Math.max(0, Math.min(left + NEAR, NOW.columns.width - width));
    return beside.length ? beside : [{ left: Math.min(left, over), right: Math.max(end, over + width), x: over, anchor: "start", over: true }];
  };

  // The places of the facts that share packed lines; a title may extend over the free space as far as the next fact.
  const packedLines = (members) => PACKING.lines(members.map(spots), NOW.columns.width, GAP).flatMap((line, at) => {
    let taken = -GAP;
    return line.map(({ number, spot }, n) => {
      const row = members[number], start = spot.anchor === "start", [title, wide] = measured(row);
      const next = n + 1 < line.length ? line[n + 1].spot.left : NOW.columns.width + GAP;
      const free = start ? next - GAP - spot.x : spot.x - taken - GAP;
      const dated = showsDate(row) || wide + Math.min(title, NOW.columns.room) <= free, date = dated ? wide : 0;
      const room = Math.max(NOW.columns.room, free - date);
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
  const found = (row) => NOW.wanted.every((word) => DATA.facts[row.fact].words.includes(word));
  const arrange = () => {
    const listed = [];
    let top = 0;
    const put = (row, height, more) => listed.push({ row, top, height, y: top + height / 2, ...more });
    // Titles in columns, of facts that have nothing to draw; and where the columns end.
    const putNames = (members, first) => {
      const pitch = NOW.columns.pitch, aside = Math.max(1, Math.floor(NOW.columns.total / COLUMN)), wide = NOW.columns.total / aside;
      members.forEach((row, number) => {
        const y = first + Math.floor(number / aside) * pitch, when = /^(|[(]undated[)])$/.test(row.short) ? 0 : measured(row)[1];
        const where = { x: (number % aside) * wide, anchor: "start", bare: true, dated: when > 0, wide, room: wide - 20 - when };
        listed.push({ row, top: y, height: pitch, y: y + pitch / 2, where });
      });
      return first + Math.ceil(members.length / aside) * pitch;
    };
    for (let n = 0; n < DATA.rows.length;) {
      const head = DATA.rows[n].fact === null ? DATA.rows[n] : null;
      let end = head ? n + 1 : n;
      while (end < DATA.rows.length && DATA.rows[end].fact !== null) end++;
      const members = DATA.rows.slice(head ? n + 1 : n, end).filter(found);
      n = end;
      if (!members.length) continue;
      const undated = (row) => DATA.facts[row.fact].undated || (row.times[2] === null && !row.sure.length);
      if (head && NOW.folded.has(head.key) && !NOW.wanted.length) {
        // What a folded group holds is drawn on its heading, or below it where the plot has the whole width; on paper, which
        // nobody unfolds, the undated are named below it.
        const drawn = members.filter((row) => !undated(row)), below = drawn.length && !NOW.columns.dates ? NOW.columns.pitch : 0;
        const place = { top, height: HEAD + below, y: top + HEAD / 2 };
        listed.push({ row: head, ...place, beside: drawn.length ? besideBars(drawn, members.length - drawn.length) : "" });
        for (const row of drawn) listed.push({ row, ...place, y: place.y + (below && place.height / 2), where: { folded: true } });
        top += place.height;
        if (NOW.columns.paper && !drawn.length) top = putNames(members, top);
        continue;
      }
      if (head) { put(head, HEAD); top += HEAD; }
      if (!NOW.columns.packed) {
        for (const row of members) { const height = heightOf(row); put(row, height); top += height; }
        continue;
      }
      const pitch = NOW.columns.pitch, placed = packedLines(members.filter((row) => !undated(row)));
      for (const { row, at, where } of placed)
        listed.push({ row, top: top + at * pitch, height: pitch, y: top + at * pitch + pitch / 2, where });
      top += placed.reduce((lines, { at }) => Math.max(lines, at + 1), 0) * pitch;
      top = putNames(members.filter(undated), top);
    }
    return [listed, top];
  };

  return { x, within, span, away, columnsFor, arrange };
})();
