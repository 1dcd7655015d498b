
"use strict";
// The axis and its labels: the same as axis.py and calendar.py, for the part of it that is in view.
const TIME = (() => {
  const SECOND = 1000, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE, DAY = 24 * HOUR, YEAR = 31556952000;
  const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
  const MARGIN = 0.03, APART = 90, SIGN = 6.2, MANY = 500;
  const floor = Math.floor;

  // --- the calendar: proleptic Gregorian, astronomical years ---

  const civil = (number) => {
    const day = number + 719468, era = floor(day / 146097), of = day - era * 146097;
    const year = floor((of - floor(of / 1460) + floor(of / 36524) - floor(of / 146096)) / 365);
    const rest = of - (365 * year + floor(year / 4) - floor(year / 100)), month = floor((5 * rest + 2) / 153);
    const number12 = month < 10 ? month + 3 : month - 9;
    return [year + era * 400 + (number12 <= 2 ? 1 : 0), number12, rest - floor((153 * month + 2) / 5) + 1];
  };
  const dayOf = (year, month, day) => {
    const from = month <= 2 ? year - 1 : year, era = floor(from / 400), of = from - era * 400;
    const rest = floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
    return era * 146097 + of * 365 + floor(of / 4) - floor(of / 100) + rest - 719468;
  };
  const monthStart = (year, month) => dayOf(year + floor((month - 1) / 12), ((month - 1) % 12) + 1, 1);

  const figures = (value) => value.toLocaleString("en");
  const yearText = (year) => {
    if (year > 0) return year > 999 ? String(year) : `AD ${year}`;
    const before = 1 - year;
    if (before >= 1000000) return `${figures(Number((before / 1000000).toPrecision(4)))} million BC`;
    return `${before > 9999 ? figures(before) : before} BC`;
  };

  // --- round moments ---

  const step = (unit, size, length) => ({ unit, size, length });
  const STEPS = [
    ...[1, 10, 100, SECOND, 5 * SECOND, 15 * SECOND, 30 * SECOND].map((size) => step("clock", size, size)),
    ...[1, 5, 15, 30, 60, 180, 360, 720].map((size) => step("clock", size * MINUTE, size * MINUTE)),
    ...[1, 2].map((size) => step("day", size, size * DAY)), ...[1, 2].map((size) => step("week", size, 7 * size * DAY)),
    ...[1, 3, 6].map((size) => step("month", size, size * YEAR / 12)),
  ];
  const stepOf = (span, most) => {
    const least = span / Math.max(most, 1), found = STEPS.find((one) => one.length >= least);
    if (found) return found;
    for (let power = 1; ; power *= 10)
      for (const digit of [1, 2, 5]) if (digit * power * YEAR >= least) return step("year", digit * power, digit * power * YEAR);
  };
  const begins = (number, size) => {
    const year = number * size + (size > 1 && number < 0 ? 1 : 0);
    return dayOf(size > 1 && year === 0 ? 1 : year, 1, 1) * DAY;
  };
  const nth = (lo, { unit, size }) => {
    if (unit === "clock") { const from = floor(lo / size) * size; return (n) => from + n * size; }
    const day = floor(lo / DAY), [year] = civil(day);
    if (unit === "day") return (n) => (size === 1 || civil(day + n)[2] % size === 1 && civil(day + n)[2] < 31 ? (day + n) * DAY : null);
    if (unit === "week") { const from = floor((day - 4) / (7 * size)) * 7 * size + 4; return (n) => (from + n * 7 * size) * DAY; }
    if (unit === "month") return (n) => monthStart(year, 1 + n * size) * DAY;
    const from = floor(year / size) - 1;
    return (n) => begins(from + n, size);
  };
  const moments = (lo, hi, by) => {
    const found = [], at = nth(lo, by);
    for (let n = 0; n < MANY; n++) {
      const moment = at(n);
      if (moment !== null && moment > hi) break;
      if (moment !== null && moment >= lo) found.push(moment);
    }
    return found;
  };
  const two = (value) => String(value).padStart(2, "0");
  const label = (moment, { unit, size }, whole) => {
    const [year, month, day] = civil(floor(moment / DAY)), clock = moment - floor(moment / DAY) * DAY;
    if (unit === "year") return yearText(year);
    if (unit === "month") return month === 1 && !whole ? yearText(year) : `${MONTHS[month - 1]} ${yearText(year)}`;
    const date = `${day} ${MONTHS[month - 1]}${whole ? ` ${yearText(year)}` : ""}`;
    if (unit !== "clock") return date;
    const minutes = floor(clock / MINUTE), rest = clock % MINUTE;
    let told = `${two(floor(minutes / 60))}:${two(minutes % 60)}`;
    if (size < MINUTE) told += `:${two(floor(rest / SECOND))}`;
    if (size < SECOND) told += `.${String(floor(rest % SECOND)).padStart(3, "0")}`;
    return whole ? `${date}, ${told}` : clock ? told : date;
  };
  const AGES = [
    ...[[1, "1 day"], [7, "1 week"], [30.4, "1 month"]].map(([days, name]) => [DAY * days, name]),
    ...[0, 1, 2, 3, 4, 5].map((power) => [YEAR * 10 ** power, `${figures(10 ** power)} year${power ? "s" : ""}`]),
    ...[0, 1, 2, 3, 4].map((power) => [YEAR * 10 ** (power + 6), `${figures(10 ** power)} million years`]),
  ];

  // --- an axis, from 0 to 1 ---

  const within = ([lo, hi, left, right], time) => left + (time - lo) / (hi - lo) * (right - left);
  const back = ([lo, hi, left, right], at) => lo + (at - left) / (right - left) * (hi - lo);

  const axis = ({ kind, pieces, unit, caption }) => {
    const lo = pieces[0][0], hi = pieces[pieces.length - 1][1];
    const at = (time) => {
      if (kind === "age") {
        const age = hi - time, part = Math.log1p(Math.abs(age) / unit) / Math.log1p((hi - lo) / unit);
        return 1 - MARGIN - (1 - 2 * MARGIN) * (age > 0 ? part : -part);
      }
      for (let n = 0; n + 1 < pieces.length; n++) {
        const here = pieces[n], next = pieces[n + 1];
        if (time < next[0]) return time <= here[1] ? within(here, time) : within([here[1], next[0], here[3], next[2]], time);
      }
      return within(pieces[pieces.length - 1], time);
    };
    // The labels from `from` to `to`, which are places as `at` returns them, on so many pixels.
    const marks = (from, to, width) => {
      const found = [];
      if (kind === "age") {
        for (const [age, name] of AGES.slice().reverse())
          if (unit / 2 < age && age <= (hi - lo) * 1.3) found.push([at(hi - age), name]);
      } else {
        pieces.forEach((piece, n) => {
          const left = n ? Math.max(piece[2], from) : from, right = n + 1 < pieces.length ? Math.min(piece[3], to) : to;
          if (right <= left) return;
          const first = back(piece, left), last = back(piece, right);
          const by = stepOf(last - first, (right - left) / (to - from) * width / APART);
          const px = (where) => (where - from) / (to - from) * width, some = [];
          let year = null;
          for (const moment of moments(first, last, by)) {
            const [which] = civil(floor(moment / DAY));
            some.push([within(piece, moment), label(moment, by, which !== year)]);
            year = which;
          }
          // Labels keep clear of the breaks, and each piece has at least one.
          const clear = pieces.length < 2 ? some : some.filter(([where, text]) =>
            px(left) <= px(where) - SIGN * text.length / 2 + 4 && px(where) + SIGN * text.length / 2 - 4 <= px(right));
          if (!clear.length && pieces.length > 1) {
            const [middle, month, day] = civil(floor((first + last) / 2 / DAY));
            const told = last - first > YEAR / 2 ? yearText(middle) : `${day} ${MONTHS[month - 1]} ${yearText(middle)}`;
            clear.push([(left + right) / 2, told]);
          }
          found.push(...clear);
        });
      }
      let taken = -100;
      return found.map(([where, text]) => [(where - from) / (to - from) * width, text]).filter(([x, text]) => {
        const half = SIGN * text.length / 2 + 4;
        if (x < -1 || x > width + 1 || x - half < taken) return false;
        taken = x + half;
        return true;
      });
    };
    const breaks = pieces.slice(1).map((piece, n) => (pieces[n][3] + piece[2]) / 2);
    return { kind, at, marks, breaks, caption };
  };
  return { axis };
})();
