import { NotFoundError } from "assay";
import type { Comparison, Run } from "../contract/training.ts";
import type { Session } from "../projects/session.ts";
import { metricSeries } from "./metrics.ts";
import { getRun } from "./runs.ts";

/** Runs side by side: parameters and metrics with whether they differ, and the curves. Throws NotFoundError for an id that is not there. */
export async function compareRuns(session: Session, ids: readonly string[]): Promise<Omit<Comparison, "status">> {
  const distinct = [...new Set(ids)];
  const infos = await Promise.all(distinct.map((id) => getRun(session, id)));
  if (infos.length < 2) throw new NotFoundError("compare: needs two runs at least");
  const runs: Run[] = infos.map(
    ({
      description,
      notes,
      feature_columns,
      preprocessing,
      random_seed,
      split,
      code,
      environment,
      evaluation,
      artifacts,
      job_id,
      ...run
    }) => run,
  );
  const rowsOf = <T>(of: (run: Run) => Readonly<Record<string, T>>) => {
    const names = [...new Set(runs.flatMap((run) => Object.keys(of(run))))].sort();
    return names.map((name) => {
      const values = runs.map((run) => of(run)[name] ?? null);
      return { name, values, differs: new Set(values.map((value) => JSON.stringify(value))).size > 1 };
    });
  };
  return {
    runs,
    params: rowsOf((run) => ({
      algorithm: run.algorithm,
      dataset: run.dataset,
      target_column: run.target_column,
      ...run.hyperparameters,
    })),
    metrics: rowsOf((run) => run.metrics),
    series: await metricSeries(session, distinct),
  };
}
