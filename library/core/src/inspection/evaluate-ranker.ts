import { ParamsError } from "../base/errors.ts";
import { metricByName } from "../metrics/registry.ts";
import { quantilesOf } from "./evaluate-regressor.ts";
import { blank, type QuerySummary, type TaskEvaluation } from "./evaluation.ts";
import type { Truth, Verdict } from "./judge.ts";

/** What is told of a ranking: how single queries did. O(n log n). */
export function evaluateRanker({ predicted }: Verdict, { y, groups }: Truth): TaskEvaluation {
  if (!groups)
    throw new ParamsError(
      "evaluate: a ranking needs to know which rows belong together: { group } with a table, { groups } with arrays",
    );
  return { ...blank, queries: querySummary(predicted, y, groups) };
}

function querySummary(predicted: Float64Array, y: Float64Array, groups: Int32Array): QuerySummary {
  const ndcg = metricByName("ndcg", "ranking");
  const members = new Map<number, number[]>();
  for (const [i, group] of groups.entries()) {
    if (!members.has(group)) members.set(group, []);
    members.get(group)!.push(i);
  }
  const queries = Array.from(members.values(), (rows) => {
    const own = { yTrue: rows.map((i) => y[i]!), yPred: rows.map((i) => predicted[i]!), groups: rows.map(() => 0) };
    return { firstRow: rows[0]!, rows: rows.length, ndcg: ndcg.compute(own) };
  });
  const worst = queries.toSorted((a, b) => a.ndcg - b.ndcg || a.firstRow - b.firstRow).slice(0, 10);
  return { queries: queries.length, quantiles: quantilesOf(Float64Array.from(queries, (query) => query.ndcg)), worst };
}
