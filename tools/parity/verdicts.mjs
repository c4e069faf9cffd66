// What the scores of both sides say: a verdict for each table, algorithm and score.

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const variance = (values) => {
  const centre = mean(values);
  return values.length < 2 ? 0 : values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1);
};

/** Scores by table, algorithm and name of the score: of each split ours, and the oracle's for each of its random states. */
function gather(splits) {
  const groups = new Map();
  for (const { table, algorithm, scores } of splits)
    for (const [score, [ours, ...theirs]] of Object.entries(scores)) {
      const key = [algorithm, table, score].join("\t");
      if (!groups.has(key)) groups.set(key, { algorithm, table, score, splits: [] });
      groups.get(key).splits.push({ ours, theirs });
    }
  return [...groups.values()];
}

/**
 * One verdict: both means, the oracle's spread (its mean ± 2 standard deviations, over random states on one split where it draws, else over
 * splits), how far below the spread ours is, and t of the paired differences.
 */
function judge({ splits, ...what }) {
  const differences = splits.map(({ ours, theirs }) => ours - mean(theirs));
  const theirs = mean(splits.map((split) => mean(split.theirs)));
  const ours = mean(splits.map((split) => split.ours));
  const byState = Math.sqrt(mean(splits.map((split) => variance(split.theirs))));
  const draws = byState > 1e-9;
  const deviation = draws ? byState : Math.sqrt(variance(splits.map((split) => split.theirs[0])));
  const difference = mean(differences);
  const error = Math.sqrt(variance(differences) / splits.length);
  const below = Math.max(0, -difference - 2 * deviation);
  const isSame = Math.abs(difference) < 1e-9;
  const verdict = below > 1e-9 ? "MISS" : difference > 2 * deviation + 1e-9 ? "better" : isSame ? "same" : "inside";
  return {
    ...what,
    ours,
    theirs,
    deviation,
    draws,
    difference,
    below,
    t: isSame || error === 0 ? 0 : difference / error,
    verdict,
  };
}

/** Verdicts of everything that was scored. */
export function verdicts(splits) {
  return gather(splits).map(judge);
}

/** Whether a verdict inside the spread is lower on nearly every split: worth a look, and no miss. */
export function isLower({ verdict, t, difference }) {
  return verdict === "inside" && t < -3 && difference < -0.001;
}
