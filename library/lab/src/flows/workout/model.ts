import * as ml from "assay";
import { z } from "zod";
import { type Backtest, judge } from "./backtest.ts";
import { workoutFeatures } from "./features.ts";
import type { History } from "./history.ts";
import { type Member, type MemberState, memberKinds, memberNames, type PerMember } from "./members/index.ts";
import { leastRows, outOfFold } from "./out-of-fold.ts";
import { learnedOf, type Seen, seenOf } from "./seen.ts";
import type { LoadUnit } from "./sets.ts";
import { trainingRows } from "./training-rows.ts";

/** What the ensemble learns of a log; plain data. */
interface WorkoutState {
  readonly unit: LoadUnit;
  readonly members: PerMember<MemberState>;
  /** Share of each member in a forecast; they sum to 1. */
  readonly shares: PerMember<number>;
  /** Medians of the features (d): what "usual" means to the factors. */
  readonly usual: Float64Array;
  /** Errors of forecasts of rows that were not seen, in roots of the load. */
  readonly interval: ml.ConformalRule;
  /** Out-of-fold mean absolute error of the blend, and of "the same as last time" on the same rows. */
  readonly error: number;
  readonly lastError: number;
  /** Share of out-of-fold forecasts that were right to one step. */
  readonly hits: number;
  /** Sessions that the members learned from. */
  readonly rows: number;
  /** The last of them, milliseconds since 1970. */
  readonly trainedUpTo: number;
  /** What was forecast before it was known, then and since. */
  readonly seen: Seen;
  /** The last session in it. */
  readonly seenUpTo: number;
}

/** The flow's ensemble as an estimator of the registry: from the features of a moment to ln(next top load / last). */
export const workoutEnsemble = ml.regressor({
  name: "workout_ensemble",
  params: z.strictObject({ seed: z.number().int().min(0).default(42).meta({ title: "Seed" }) }),
  missing: true,
  fit(): WorkoutState {
    throw new ml.ParamsError(
      "workout_ensemble: is trained by trainWorkouts(history), which walks through the log in order of time",
    );
  },
  predict: (x, state) => blendOf(state)(x),
  check({ members, shares, usual, seen }: WorkoutState, columns: number) {
    const isWhole = memberNames.every(
      (name) => members?.[name] !== undefined && shares?.[name] >= 0 && seen?.loads?.[name]?.length === seen.top.length,
    );
    if (columns !== workoutFeatures.length || !isWhole || usual?.length !== columns)
      throw new ml.StoreError(`workout_ensemble: must have ${workoutFeatures.length} columns and ${memberNames.length} members`);
  },
});

/** A trained ensemble. */
export type WorkoutModel = ml.RegressorModel<{ seed: number }, WorkoutState>;

/** How the ensemble is trained. */
interface TrainWorkoutsOptions {
  /** Default 42. */
  readonly seed?: number;
  readonly signal?: AbortSignal | undefined;
  /** Blocks of the out-of-fold walk; default 14. */
  readonly blocks?: number;
  readonly progress?: ((block: number, blocks: number) => void) | undefined;
}

/** A trained ensemble, and how the same walk through the past would have forecast it. */
export interface LearnedWorkouts {
  readonly model: WorkoutModel;
  readonly backtest: Backtest;
}

/**
 * Trains the six members on a whole history; shares and intervals come from forecasts of blocks that no fit had seen. Throws DataError below 100 sessions
 * to learn from: `predictWeight` answers by trend or rule then. Costs 15 fits of all members.
 */
export async function trainWorkouts(history: History, options: TrainWorkoutsOptions = {}): Promise<WorkoutModel> {
  return (await learnWorkouts(history, options)).model;
}

/** Trains as `trainWorkouts` does, and gives the backtest that comes with it for nothing. */
export async function learnWorkouts(history: History, options: TrainWorkoutsOptions = {}): Promise<LearnedWorkouts> {
  const { seed = 42, signal, blocks = 14, progress } = options;
  const rows = trainingRows(history);
  if (rows.x.rows < leastSessions)
    throw new ml.DataError(
      `workouts: the ensemble needs ${leastSessions} sessions of exercises with load and one before it, got ${rows.x.rows}`,
    );
  const walk = (block: number): void => progress?.(block, blocks + 1);
  const folds = await outOfFold(rows, { seed, signal, blocks, progress: walk });
  const members = {} as Record<(typeof memberNames)[number], MemberState>;
  for (const name of memberNames) members[name] = (await memberKinds[name].fit(rows, { seed, signal })).state;
  const { seen, shares } = seenOf(folds, rows, history.unit);
  const lastTime = rows.moments.at(-1)!.time;
  const state: WorkoutState = {
    unit: history.unit,
    members,
    shares,
    usual: mediansOf(rows.x),
    rows: rows.x.rows,
    trainedUpTo: lastTime,
    seen,
    seenUpTo: lastTime,
    ...learnedOf(seen, history.unit),
  };
  walk(blocks + 1);
  return { model: modelOf(state, seed), backtest: judge(history, rows, folds) };
}

/** The model of a state. */
export function modelOf(state: WorkoutState, seed: number): WorkoutModel {
  const columns = workoutFeatures.map(({ name }) => ({ name }));
  return ml.decodeModel<WorkoutModel>(
    ml.encodeModel({ task: "regression", name: workoutEnsemble.estimator, params: { seed }, columns, target: "change", state }),
  );
}

/** Sessions to learn from, at least. */
export const leastSessions = leastRows + 40;

function mediansOf({ rows, columns, data }: ml.Matrix): Float64Array {
  return Float64Array.from({ length: columns }, (_, j) => {
    const known = Float64Array.from({ length: rows }, (_, i) => data[i * columns + j]!).filter((value) => !Number.isNaN(value));
    return known.length === 0 ? Number.NaN : known.sort()[known.length >> 1]!;
  });
}

const opened = new WeakMap<WorkoutState, readonly { readonly share: number; readonly member: Member }[]>();

/** Answers ln(next / last) of rows of features; members are opened once, those without a share never. */
export function blendOf(state: WorkoutState): (x: ml.Matrix) => Float64Array {
  let parts = opened.get(state);
  if (!parts) {
    const chosen = memberNames.filter((name) => state.shares[name] > 0);
    parts = chosen.map((name) => ({ share: state.shares[name], member: memberKinds[name].open(state.members[name]) }));
    opened.set(state, parts);
  }
  return (x) => {
    const out = new Float64Array(x.rows);
    for (const { share, member } of parts)
      for (const [i, change] of member.predict(x).entries()) out[i]! += share * Math.exp(change);
    return out.map(Math.log);
  };
}
