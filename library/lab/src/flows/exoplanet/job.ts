import * as ml from "assay";
import type { z } from "zod";
import { sessionStart } from "../../contract/exoplanet.ts";
import { datasetTable } from "../../datasets/index.ts";
import { defineJobKind, followFit, type JobContext } from "../../jobs/index.ts";
import type { Session } from "../../projects/session.ts";
import { defineModelOutputs } from "../../registry/index.ts";
import { ActiveRun, changeRun, environmentOf } from "../../tracking/index.ts";
import { compareWithIntervals, fitBaselines } from "./baselines.ts";
import { quantities } from "./columns.ts";
import { trainableVersion } from "./datasets.ts";
import { deploySession } from "./deploy-session.ts";
import { type ExoplanetModel, exoplanetNetwork, predictSignals, trainExoplanets, trainingHistory } from "./network.ts";
import { regressionErrors } from "./regression-errors.ts";

const request = sessionStart.omit({ workspace_key: true }).strict();
type Request = z.output<typeof request>;

/** A session is kept so often: its epochs take seconds, its state a megabyte. */
const checkpointMs = 3000;

/**
 * A training session: split by star, network epoch by epoch, evaluation beside boosting, model in the registry. A worker that ends in the middle is
 * followed by another, which goes on behind the last epoch that was kept.
 */
defineJobKind({
  name: "exoplanet",
  request,
  plan: async (session, asked) => {
    const version = await trainableVersion(session, asked.dataset_id);
    const dataset = `${version.name}@${version.version}`;
    const planned = { ...asked, dataset_id: dataset };
    const { model_name, epochs, architecture, learning_rate, random_seed } = asked;
    return {
      request: planned,
      run: {
        name: model_name,
        algorithm: exoplanetNetwork.estimator,
        task: "classification",
        params: { architecture, epochs, learningRate: learning_rate, modelName: model_name },
        datasetVersionId: version.id,
        datasetName: dataset,
        target: "label",
        features: quantities,
        request: planned,
        seed: random_seed,
        environment: environmentOf(),
      },
    };
  },
  run: async (session, asked, job) => {
    const run = new ActiveRun(session, job.runId!);
    try {
      return await trainSession(session, asked, job, run);
    } catch (error) {
      run.error((error as Error).message);
      await run.flush().catch(() => {});
      throw error;
    }
  },
});

async function trainSession(session: Session, asked: Request, { signal, checkpoints, runId }: JobContext, run: ActiveRun) {
  const { random_seed: seed, epochs, architecture, learning_rate: learningRate } = asked;
  const table = await datasetTable(session, asked.dataset_id);
  const recipe = { test: 0.2, stratify: "label", group: "star", seed };
  const { train, test, indices } = ml.split(table, recipe);
  await changeRun(session, runId!, { split: { ...indices, recipe } });
  run.info(`${table.rows} signals: ${train.rows} to train on, ${test.rows} of other stars to test on`);
  const often = { ...checkpoints, everyMs: Math.min(checkpoints.everyMs, checkpointMs) };
  const followed = followFit(run, { signal, checkpoints: often, metricsOf: epochMetrics });
  const model = await trainExoplanets(train, { architecture, epochs, learningRate, seed, ...followed });
  const { bestEpoch, backend, stopped } = trainingHistory(model);
  run.info(`trained on ${backend}, ended by ${stopped}; the weights are those of epoch ${bestEpoch}`);
  await judgeSession(model, train, test, { seed, signal }, run);
  await run.saveModel(model);
  await run.flush();
  return deploySession(session, runId!, asked.model_name, run);
}

/** The metrics of an epoch as sessions name them; errors of period and depth are those of the rows kept back. */
function epochMetrics(told: Readonly<Record<string, number>>): Record<string, number> {
  const names = {
    accuracy: ["accuracy"],
    loss: ["loss"],
    val_accuracy: ["val_accuracy"],
    val_loss: ["val_loss"],
    period_mae: ["val_period_out_mae_dex", "period_out_mae_dex"],
    period_mae_days: ["val_period_out_mae", "period_out_mae"],
    depth_mae: ["val_depth_out_mae_dex", "depth_out_mae_dex"],
    depth_mae_ppm: ["val_depth_out_mae", "depth_out_mae"],
    learning_rate: ["learning_rate"],
  };
  return Object.fromEntries(
    Object.entries(names).flatMap(([name, sources]) => {
      const source = sources.find((each) => told[each] !== undefined);
      return source === undefined ? [] : [[name, told[source]!]];
    }),
  );
}

/** What the test rows say: the network, its other outputs, and boosting beside it with intervals. */
async function judgeSession(
  network: ExoplanetModel,
  train: ml.Table,
  test: ml.Table,
  options: { readonly seed: number; readonly signal: AbortSignal },
  run: ActiveRun,
): Promise<void> {
  await run.evaluate(network, test);
  run.log({ ...regressionErrors(test, predictSignals(network, test)) }, { split: "test" });
  const models = new Map<string, ml.ClassifierModel>([
    ["network", network as unknown as ml.ClassifierModel],
    ...(await fitBaselines(train, options)),
  ]);
  const compared = await compareWithIntervals(models, test, options);
  for (const { model, metric, value, low, high } of compared) {
    const split = model === "network" ? "test" : model;
    run.log({ ...(model !== "network" && { [metric]: value }), [`${metric}_low`]: low, [`${metric}_high`]: high }, { split });
  }
  await run.table(
    "comparison",
    compared.map((row) => ({ ...row })),
  );
}

defineModelOutputs(exoplanetNetwork.estimator, (model, rows) => {
  const { probabilities, period, depth } = predictSignals(model, rows);
  const classes = model.classes!.map(String);
  return Array.from({ length: rows.rows }, (_, i) => {
    const shares = [...probabilities.data.subarray(i * classes.length, (i + 1) * classes.length)];
    const label = classes[shares.indexOf(Math.max(...shares))]!;
    return {
      label,
      label_proba: Object.fromEntries(classes.map((name, k) => [name, shares[k]!])),
      period: period[i]!,
      depth: depth[i]!,
    };
  });
});
