import { z } from "zod";
import { workoutUser } from "../../contract/workout.ts";
import type { WorkoutBacktest } from "../../contract/workout-backtest.ts";
import { datasetTable, datasetVersion } from "../../datasets/index.ts";
import { defineJobKind } from "../../jobs/index.ts";
import { deployRun } from "../../registry/index.ts";
import { ActiveRun, environmentOf } from "../../tracking/index.ts";
import { backtestArtifact } from "./backtest-service.ts";
import { workoutFeatures } from "./features.ts";
import { backtestFigure } from "./figures.ts";
import { type History, historyOf } from "./history.ts";
import { type LearnedWorkouts, learnWorkouts, type WorkoutModel, workoutEnsemble } from "./model.ts";
import { storedSetsOf } from "./sets-table.ts";
import { nameOf } from "./stored-log.ts";
import { trainingRows } from "./training-rows.ts";
import { wireBacktest } from "./wire.ts";

const request = z
  .object({
    user_id: workoutUser,
    dataset: z.string().min(1).max(300).optional().describe("The log, name@version; default the newest of the user's."),
    random_seed: z.number().int().min(0).default(42),
  })
  .strict();

/**
 * Trains somebody's ensemble on their stored log and registers it: the next prediction is its. The run has the errors of training, of forecasts that no fit
 * had seen (validation) and of the last 30 % of each exercise (test), each beside "the same as last time", and the backtest whole.
 */
defineJobKind({
  name: "workout",
  request,
  plan: async (session, asked) => {
    const version = await datasetVersion(session, asked.dataset ?? nameOf(asked.user_id));
    const dataset = `${version.name}@${version.version}`;
    return {
      request: { ...asked, dataset },
      run: {
        name: nameOf(asked.user_id),
        algorithm: workoutEnsemble.estimator,
        task: "regression",
        params: { seed: asked.random_seed },
        datasetVersionId: version.id,
        datasetName: dataset,
        target: "change",
        features: workoutFeatures.map(({ name }) => name),
        request: { ...asked, dataset },
        seed: asked.random_seed,
        environment: environmentOf(),
      },
    };
  },
  run: async (session, { user_id, dataset, random_seed: seed }, { runId, signal }) => {
    const run = new ActiveRun(session, runId!);
    try {
      const history = historyOf(storedSetsOf(await datasetTable(session, dataset!)));
      const began = performance.now();
      const progress = (step: number, steps: number): void =>
        run.progress({ step, steps, metrics: {}, elapsedMs: performance.now() - began });
      const learned = await learnWorkouts(history, { seed, signal, progress });
      const backtest = wireBacktest(learned.backtest, history.unit);
      await tell(run, learned, history, backtest);
      await run.saveModel(learned.model);
      await run.flush();
      const version = new Date().toISOString().replaceAll(/[-:]/g, "").replace("T", "_").slice(0, 15);
      const deployed = await deployRun(session, runId!, { name: nameOf(user_id), version, tags: { user: user_id } });
      const { error, lastError } = learned.model.state;
      const verdict = backtest?.verdict_text ?? "Too few sessions for a backtest.";
      return { model: `${nameOf(user_id)}@${deployed.version}`, error, last_error: lastError, verdict };
    } catch (error) {
      run.error((error as Error).message);
      await run.flush().catch(() => {});
      throw error;
    }
  },
});

/** Writes what was learned into the run: metrics of each part, shares, backtest, figures. */
async function tell(
  run: ActiveRun,
  { model, backtest: found }: LearnedWorkouts,
  history: History,
  backtest: WorkoutBacktest | undefined,
): Promise<void> {
  const { error, lastError, hits, shares, rows } = model.state;
  run.log(trainingErrors(model, history), { split: "train" });
  run.log({ mae: error, mae_last: lastError, hits }, { split: "validation" });
  run.info(`${rows} sessions; shares: ${JSON.stringify(shares)}`);
  if (!backtest) return;
  const { gain, coverage, baselineErrors } = found;
  run.log(
    {
      mae: backtest.error,
      mae_exercises: backtest.exercise_error,
      ...Object.fromEntries(Object.entries(baselineErrors).map(([name, value]) => [`mae_${name}`, value])),
      gain: gain.value,
      gain_low: gain.low,
      gain_high: gain.high,
      coverage: coverage.value,
    },
    { split: "test" },
  );
  run.info(backtest.verdict_text);
  await run.artifact(backtestArtifact, JSON.stringify(backtest));
  await run.figure("backtest", backtestFigure(backtest));
}

/** Errors on the sessions that the members learned from: what they remember, not what they foretell. */
function trainingErrors({ predict, state }: WorkoutModel, history: History): { readonly mae: number; readonly mae_last: number } {
  const { x, top, last } = trainingRows(history);
  const changes = predict(x);
  const mean = (read: (i: number) => number): number =>
    top.reduce((sum, load, i) => sum + Math.abs(read(i) - load), 0) / state.rows;
  return { mae: mean((i) => last[i]! * Math.exp(changes[i]!)), mae_last: mean((i) => last[i]!) };
}
