/** The known name nearest to a word: the shortest that begins with it, else that of the fewest edits; undefined when more than a third of the letters differ. */
export function nearName(word: string, known: readonly string[]): string | undefined {
  const begun = word.length < 3 ? [] : known.filter((name) => name.toLowerCase().startsWith(word.toLowerCase()));
  if (begun.length > 0) return begun.reduce((shortest, name) => (name.length < shortest.length ? name : shortest));
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.ceil(word.length / 3)) + 0.5;
  for (const name of known) {
    const distance = editDistance(word.toLowerCase(), name.toLowerCase());
    if (distance < bestDistance) {
      best = name;
      bestDistance = distance;
    }
  }
  return best;
}

/** ", did you mean x" for the nearest of the known names, or the list of them when none is near. */
export function suggest(word: string, known: readonly string[]): string {
  const near = nearName(word, known);
  if (near !== undefined) return `, did you mean ${near}`;
  return known.length > 0 ? `, there are ${known.slice(0, 20).join(", ")}${known.length > 20 ? ", …" : ""}` : "";
}

/** Edits (insert, delete, replace, swap of neighbours) from one word to the other: Damerau–Levenshtein, O(n m). */
function editDistance(a: string, b: string): number {
  const width = b.length + 1;
  const cost = new Int32Array((a.length + 1) * width);
  for (let i = 0; i <= a.length; i++) cost[i * width] = i;
  for (let j = 0; j <= b.length; j++) cost[j] = j;
  for (let i = 1; i <= a.length; i++)
    for (let j = 1; j <= b.length; j++) {
      const replace = cost[(i - 1) * width + j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      let least = Math.min(replace, cost[(i - 1) * width + j]! + 1, cost[i * width + j - 1]! + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, cost[(i - 2) * width + j - 2]! + 1);
      cost[i * width + j] = least;
    }
  return cost[a.length * width + b.length]!;
}
