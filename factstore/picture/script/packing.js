// Assigns facts to packed lines, and labels to a side of their bars, as layout.py does, with measured widths.
const PACKING = (() => {
  const STRIP = 8, ROUNDS = 6;

  // Chooses one spot for each fact so that the greatest number of overlaps anywhere is as small as possible.
  const chosen = (choices, width, gap) => {
    const load = new Array(Math.floor(width / STRIP) + 2).fill(0);
    const ends = (spot) => [Math.max(0, Math.floor(spot.left / STRIP)), Math.min(load.length, Math.floor((spot.right + gap) / STRIP) + 1)];
    const add = (spot, by) => { for (let [strip, end] = ends(spot); strip < end; strip++) load[strip] += by; };
    const burden = (spot) => {
      let most = 0, sum = 0;
      for (let [strip, end] = ends(spot); strip < end; strip++) { most = Math.max(most, load[strip]); sum += load[strip]; }
      return [most, sum];
    };
    const found = choices.map(() => null);
    for (let round = 0, moved = true; round < ROUNDS && moved; round++) {
      moved = false;
      choices.forEach((spots, n) => {
        if (found[n]) add(found[n], -1);
        let best = spots[0], least = burden(best);
        for (const spot of spots.slice(1)) {
          const here = burden(spot);
          if (here[0] < least[0] || (here[0] === least[0] && here[1] < least[1])) [best, least] = [spot, here];
        }
        moved = moved || best !== found[n];
        found[n] = best;
        add(best, 1);
      });
    }
    return found;
  };

  // The facts of each line, by their numbers, from left to right, each with its spot.
  const lines = (choices, width, gap) => {
    const found = [];
    const placed = chosen(choices, width, gap).map((spot, number) => ({ number, spot })).sort((a, b) => a.spot.left - b.spot.left);
    for (const one of placed) {
      const line = found.find((taken) => taken[taken.length - 1].spot.right + gap <= one.spot.left);
      if (line) line.push(one);
      else found.push([one]);
    }
    return found;
  };

  return { lines };
})();
