import { isDeepStrictEqual } from "node:util";
import { ConflictError, NotFoundError } from "assay";
import { sql } from "kysely";
import { z } from "zod";
import type { ReplayReport } from "../contract/runs.ts";
import { systemSplit } from "../contract/system-metrics.ts";
import type { RunInfo, TrainRequest } from "../contract/training.ts";
import { id, toMetricValue } from "../contract/values.ts";
import type { Session } from "../projects/session.ts";
import { createRun, environmentOf, finishRun, getRun, holdRun, saveArtifact } from "../tracking/index.ts";
import { defineJobKind } from "./kinds.ts";
import { planTraining, type Training, train } from "./training.ts";

type Difference = ReplayReport["differences"][number];

/** A training that is to be done again. */
interface Replay {
  readonly recorded: RunInfo;
  readonly training: Training;
}

/**
 * Does a training again from its record and compares every metric to the bit; what is not as it was is named. The replay is a run of its own in the
 * same experiment. Where an input is gone, nothing is trained and the report says what. Throws ConflictError for a run that no job trained.
 */
export async function replayRun(
  session: Session,
  runId: string,
  { signal = new AbortController().signal }: { readonly signal?: AbortSignal } = {},
): Promise<ReplayReport> {
  const replay = await planReplay(session, runId);
  if ("differences" in replay) return replay;
  const { recorded } = replay;
  const replayId = await createRun(session, { ...newRun(replay), experiment: recorded.experiment, status: "training" });
  const release = await holdRun(replayId);
  try {
    await train(session, replay.training, replayId, signal);
    await finishRun(session, replayId, "completed");
  } catch (error) {
    const { name, message, stack } = error as Error;
    await finishRun(session, replayId, name === "AbortError" ? "cancelled" : "failed", { error: message, stack });
    throw error;
  } finally {
    await release();
  }
  return compareReplay(session, recorded.id, replayId);
}

/** The same as a job: its run is the replay, the report its result and its run's artifact "replay". */
defineJobKind({
  name: "replay",
  request: z.strictObject({ run_id: id }),
  async plan(session, request) {
    const planned = await planReplay(session, request.run_id);
    if ("differences" in planned) throw new ConflictError(`replay: ${goneOf(planned)}`);
    return { request, run: newRun(planned) };
  },
  async run(session, { run_id }, job) {
    const planned = await planReplay(session, run_id);
    if ("differences" in planned) throw new ConflictError(`replay: ${goneOf(planned)}`);
    await train(session, planned.training, job.runId!, job.signal);
    return compareReplay(session, run_id, job.runId!);
  },
});

function newRun({ recorded, training }: Replay) {
  return { ...training.run, name: `replay of ${recorded.name}`, replayOf: recorded.id, tags: { replay: recorded.id } };
}

function goneOf({ differences }: ReplayReport): string {
  return differences
    .map(({ input, recorded, now }) => `${input} was ${JSON.stringify(recorded)}, is ${JSON.stringify(now)}`)
    .join("; ");
}

/** The training of a record, or a report of what it lacks. */
async function planReplay(session: Session, runId: string): Promise<Replay | ReplayReport> {
  const recorded = await getRun(session, runId);
  if (!recorded.request)
    throw new ConflictError(
      `replay: run ${runId} was tracked by a program: run.toCell() gives the cell that made it, where one did`,
    );
  const gone = (input: string, was: unknown, now: unknown): ReplayReport => ({
    run_id: recorded.id,
    replay_id: null,
    equal: false,
    metrics: [],
    differences: [{ input, recorded: was, now, matters: true }],
  });
  const request = recorded.request as TrainRequest;
  if (recorded.dataset_version_id === null) return gone("dataset", recorded.dataset, "deleted");
  try {
    const training = await planTraining(session, request);
    if (training.run.datasetVersionId !== recorded.dataset_version_id)
      return gone("dataset", recorded.dataset, "another version under the same name");
    return { recorded, training };
  } catch (error) {
    if (error instanceof NotFoundError) return gone("dataset or split", request.split_id ?? recorded.dataset, error.message);
    throw error;
  }
}

/** Every metric of two runs side by side, and the inputs that differ. */
async function compareReplay(session: Session, recordedId: string, replayId: string): Promise<ReplayReport> {
  const [recorded, replayed] = await Promise.all([getRun(session, recordedId), getRun(session, replayId)]);
  const metrics = await compareMetrics(session, recordedId, replayId);
  const report = {
    run_id: recorded.id,
    replay_id: replayed.id,
    equal: metrics.every(({ equal }) => equal),
    metrics,
    differences: inputDifferences(recorded, replayed),
  };
  const file = { name: "replay", kind: "replay", contentType: "application/json", bytes: JSON.stringify(report, null, 2) };
  await saveArtifact(session, replayId, file);
  return report;
}

/** Values at the steps that both runs have: which steps of a fit are told depends on how fast it is, what they say does not. */
async function compareMetrics(session: Session, recordedId: string, replayId: string): Promise<ReplayReport["metrics"]> {
  const points = (run: string) => sql`
    select distinct on (split, name, step) split, name, step, value from run_metrics where run_id = ${run} and split <> ${systemSplit} order by split, name, step, id desc`;
  const { rows } = await sql<{ name: string; recorded: number | null; replayed: number | null; equal: boolean; final: boolean }>`
    with pairs as (
      select split || '.' || name as name, step, a.value as recorded, b.value as replayed, a.step is not null and b.step is not null as shared
      from (${points(recordedId)}) a full join (${points(replayId)}) b using (split, name, step)
    )
    select name, (array_agg(recorded order by shared desc, step desc))[1] as recorded, (array_agg(replayed order by shared desc, step desc))[1] as replayed,
      coalesce(bool_and(float8send(recorded) = float8send(replayed)) filter (where shared), max(step) > 0) as equal
    from pairs group by name order by name`.execute(session.db);
  const metricOf = (value: number | null) => (value === null ? null : toMetricValue(value));
  return rows.map(({ name, recorded, replayed, equal }) => ({
    name,
    recorded: metricOf(recorded),
    replayed: metricOf(replayed),
    equal,
  }));
}

/** What the two runs were made from; threads never matter. */
function inputDifferences(recorded: RunInfo, replayed: RunInfo): Difference[] {
  const major = (version: unknown): string => String(version).split(".")[0]!;
  const rows = ({ split }: RunInfo): unknown => {
    const { train, validation, test } = (split ?? {}) as Record<string, unknown>;
    return { train, validation, test };
  };
  const now = environmentOf();
  const was = recorded.environment;
  const inputs: readonly (readonly [input: string, recorded: unknown, now: unknown, matters: boolean])[] = [
    ["assay", was["assay"], now["assay"], true],
    ["node", major(was["node"]), major(now["node"]), true],
    ["architecture", was["arch"], was["arch"] === undefined ? undefined : now["arch"], true],
    ["seed", recorded.random_seed, replayed.random_seed, true],
    ["hyperparameters", recorded.hyperparameters, replayed.hyperparameters, true],
    ["columns", recorded.feature_columns, replayed.feature_columns, true],
    ["threads", was["threads"], now["threads"], false],
  ];
  const found = inputs
    .filter(([, a, b]) => !isDeepStrictEqual(a, b))
    .map(([input, a, b, matters]) => ({ input, recorded: a ?? null, now: b ?? null, matters }));
  if (isDeepStrictEqual(rows(recorded), rows(replayed))) return found;
  return [...found, { input: "split", recorded: "its rows", now: "other rows", matters: true }];
}
