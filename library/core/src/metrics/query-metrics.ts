import { type Metric, metric, numbersOf, type Scored } from "./metric.ts";
import { averagePrecisionByQuery, ndcgByQuery, reciprocalRankByQuery, rowsOfQueries } from "./ranking.ts";
import { weightedMean } from "./row-mean.ts";

/** Metrics of scores that order the rows of queries, the usual ones first. A query weighs as much as its rows on average. */
export const queryMetrics: readonly Metric[] = [
  overQueries("ndcg", "nDCG", true, (scored) => ndcgByQuery(...numbersOf(scored), { groups: scored.groups })),
  overQueries("ndcg@10", "nDCG of the first 10", true, (scored) =>
    ndcgByQuery(...numbersOf(scored), { groups: scored.groups, k: 10 }),
  ),
  overQueries("map", "Mean average precision", true, (scored) =>
    averagePrecisionByQuery(...numbersOf(scored), { groups: scored.groups }),
  ),
  overQueries("mrr", "Mean reciprocal rank", true, (scored) =>
    reciprocalRankByQuery(...numbersOf(scored), { groups: scored.groups }),
  ),
  overQueries("ndcg@5", "nDCG of the first 5", false, (scored) =>
    ndcgByQuery(...numbersOf(scored), { groups: scored.groups, k: 5 }),
  ),
];

function overQueries(name: string, title: string, isUsual: boolean, byQuery: (scored: Scored) => Float64Array): Metric {
  return metric({ name, title, task: "ranking", isUsual }, (scored) => {
    const values = byQuery(scored);
    const queries = rowsOfQueries(name, scored.groups, scored.yTrue.length);
    return (weights) => {
      if (weights === undefined) return weightedMean(name, values, undefined);
      const own = queries.map((rows) => rows.reduce((sum, i) => sum + weights[i]!, 0) / rows.length);
      return weightedMean(name, values, own);
    };
  });
}
