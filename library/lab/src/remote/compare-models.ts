import * as ml from "assay";
import { toNumber } from "../contract/values.ts";
import { pointsOf } from "../jobs/compare-runs.ts";
import type { CompareModelsOptions, TrackedLeaderboard } from "../jobs/index.ts";
import { describeSteps } from "../tracking/describe-model.ts";
import { ActiveRun, type RunSink, trackRun } from "../tracking/index.ts";
import { remoteTable } from "./datasets.ts";
import { remoteSink } from "./run-sink.ts";
import type { Service } from "./service.ts";

/**
 * Compares models on a service's dataset in this process, as a run of the experiment whose parts are the models' runs. An abort cancels the run, and keeps
 * the runs that are done.
 */
export async function remoteModelComparison(
  service: Service,
  experiment: string,
  dataset: string,
  { name, models = "all", observer, ...options }: CompareModelsOptions,
): Promise<TrackedLeaderboard> {
  const sink = remoteSink(service);
  const stored = (await service.client.datasets.get({ id: dataset })).dataset;
  const version = dataset.includes("@") ? dataset : `${stored.name}@${stored.version}`;
  const table = await remoteTable(service, version);
  const values = table.values(options.target);
  const known = table.take(Int32Array.from(values.keys()).filter((i) => values[i] !== null));
  const runs: Record<string, string> = Object.create(null);
  let board: ml.Leaderboard | undefined;
  const facts = { dataset: version, target: options.target, ...(options.features && { features: options.features }) };
  const track = { name: name ?? `compare on ${version}`, experiment, tags: { comparison: "models" }, datasetName: version };
  await trackRun(
    sink,
    track,
    (id) => new ActiveRun(sink, id),
    async (run) => {
      await run.data({ ...facts, seed: options.seed ?? 42 });
      if (known.rows < table.rows) run.warn(`${table.rows - known.rows} rows have no ${options.target} and were left out`);
      board = await ml.compareModels(known, {
        ...options,
        models,
        observer: {
          progress(event) {
            run.progress({ ...event, metrics: {} });
            observer?.progress?.(event);
          },
        },
        async onCandidate(candidate) {
          if (options.signal?.aborted && !candidate.result) return; // it was not let finish
          const id = await keepCandidate(sink, run, candidate, facts);
          if (id !== undefined) runs[candidate.name] = id;
        },
      });
      options.signal?.throwIfAborted();
      for (const warning of board.warnings) run.warn(warning);
      const best = board.rows.find(({ rank }) => rank === 1);
      if (best) run.log({ [board.metric]: best.mean[board.metric]! }, { split: "cv_mean" });
    },
  );
  return Object.defineProperty(board!, "runs", { value: { ...runs }, enumerable: true }) as TrackedLeaderboard;
}

/** A model that has ended becomes a part of the comparison's run; gives its id. */
async function keepCandidate(
  sink: RunSink,
  run: ActiveRun,
  { name, estimator, preset, result, error }: ml.ComparedCandidate,
  facts: Parameters<ActiveRun["data"]>[0],
): Promise<string | undefined> {
  const tags = { comparison: "models", ...(preset !== null && { preset }) };
  let id: string | undefined;
  const kept = run.child(
    name,
    async (part) => {
      id = part.id;
      await part.data(facts);
      await describeSteps(sink, part.id, estimator);
      if (!result) throw new ml.DataError(error ?? `${name}: has no result`);
      for (const { name: metric, split = "cv", step = 0, value } of pointsOf(result))
        part.log({ [metric]: toNumber(value) }, { split, step });
    },
    { tags },
  );
  await kept.catch(() => run.warn(`${name}: ${error ?? "failed"}`));
  return id;
}
