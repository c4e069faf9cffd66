import { type ConformalRule, conformalInterval, random, shareInterval } from "assay";
import { usualSteps } from "../../contract/workout-rule.ts";
import { type BaselineName, baselineChange, baselineNames } from "./baselines.ts";
import { mean } from "./feature.ts";
import type { History } from "./history.ts";
import { type PerMember, perMember } from "./members/index.ts";
import { blended, errorScale, type FoldOptions, memberShares, type OutOfFold, outOfFold } from "./out-of-fold.ts";
import { type LoadRules, toBounds, toPlates } from "./plates.ts";
import { intervalOf } from "./seen.ts";
import { type TrainingRows, trainingRows } from "./training-rows.ts";

/** An estimate with its 95 % interval by paired bootstrap. */
export interface Gain {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** One session forecast from the sessions before it. */
export interface BacktestPoint {
  readonly exercise: string;
  readonly time: number;
  /** What was lifted. */
  readonly top: number;
  readonly last: number;
  /** The blend, within bounds, on plates. */
  readonly forecast: number;
  readonly low: number;
  readonly high: number;
  readonly baselines: Readonly<Record<BaselineName, number>>;
  /** Each member's own forecast. */
  readonly members: PerMember<number>;
}

/** An honest look back: every forecast by what was known before its session. */
export interface Backtest {
  /** The last 30 % of the sessions of each exercise with eight or more. */
  readonly points: readonly BacktestPoint[];
  readonly exercises: number;
  /** Mean absolute error of the blend, in the history's unit; the mean over exercises as well, since heavy lifts weigh most. */
  readonly error: number;
  readonly exerciseError: number;
  readonly baselineErrors: Readonly<Record<BaselineName, number>>;
  readonly memberErrors: PerMember<number>;
  readonly bestBaseline: BaselineName;
  /** Error of "the same as last time" less the blend's; above 0 the blend is better. Points, and whole sessions, drawn again. */
  readonly gain: Gain;
  readonly gainBySession: Gain;
  /** The same against the best baseline, chosen on these very points. */
  readonly gainOverBest: Gain;
  /** Share of truths within their interval, with Wilson's interval. */
  readonly coverage: Gain & { readonly points: number; readonly nominal: number };
  /** Mean width of the intervals. */
  readonly width: number;
  /** Shares of the last block. */
  readonly shares: PerMember<number>;
}

/** What a backtest may be told. */
interface BacktestOptions extends Partial<FoldOptions>, LoadRules {
  readonly confidence?: number;
}

/**
 * Forecasts a history's own past: members fitted on what lay before each of 14 blocks, shares and intervals from the blocks before. Costs 14 fits of all
 * members. Throws nothing for a short history: it has no points.
 */
export async function backtest(history: History, options: BacktestOptions = {}): Promise<Backtest> {
  const rows = trainingRows(history);
  const folds = await outOfFold(rows, { seed: 42, ...options });
  return judge(history, rows, folds, options);
}

/** What the folds of a history come to. */
export function judge(history: History, rows: TrainingRows, folds: OutOfFold, options: BacktestOptions = {}): Backtest {
  const { confidence = 0.9, step = usualSteps[history.unit], mostChange } = options;
  const points: BacktestPoint[] = [];
  const raw = new Float64Array(rows.x.rows - folds.first);
  let shares = perMember((name) => Number(name === "last"));
  for (let i = 0, block = -1, rule: ConformalRule | undefined; i < rows.x.rows; i++) {
    const k = i - folds.first;
    if (i === folds.bounds[block + 1] && i < rows.x.rows) {
      block++;
      shares = memberShares(folds, rows, i);
      if (k >= 30)
        rule = intervalOf(
          { top: rows.top.slice(folds.first, i), last: rows.last.slice(folds.first, i), guess: raw.slice(0, k) },
          confidence,
        );
    }
    const [last, moment] = [rows.last[i]!, rows.moments[i]!];
    const members = perMember((name) => (k < 0 ? last : folds.loads[name][k]!));
    const load = toBounds(blended(shares, members), last, step, mostChange);
    if (k >= 0) raw[k] = load;
    const sessions = history.exercises.get(moment.exercise)!.filter(({ top }) => top > 0).length;
    if (sessions < 8 || rows.place[i]! < Math.floor(0.7 * sessions)) continue;
    const interval = rule ? conformalInterval(rule, load, errorScale(last)) : { low: Number.NaN, high: Number.NaN };
    points.push({
      exercise: moment.exercise,
      time: moment.time,
      top: rows.top[i]!,
      last,
      forecast: toPlates(load, last, step),
      ...interval,
      baselines: Object.fromEntries(
        baselineNames.map((name) => [name, toPlates(last * Math.exp(baselineChange(name, moment)), last, step)]),
      ) as Record<BaselineName, number>,
      members: perMember((name) => toPlates(toBounds(members[name], last, step, mostChange), last, step)),
    });
  }
  return summary(points, shares, confidence);
}

function summary(points: readonly BacktestPoint[], shares: PerMember<number>, nominal: number): Backtest {
  const errorOf = (read: (point: BacktestPoint) => number): number =>
    points.reduce((sum, point) => sum + Math.abs(read(point) - point.top), 0) / points.length;
  const baselineErrors = Object.fromEntries(
    baselineNames.map((name) => [name, errorOf(({ baselines }) => baselines[name])]),
  ) as Record<BaselineName, number>;
  const bestBaseline = [...baselineNames].sort((a, b) => baselineErrors[a] - baselineErrors[b])[0]!;
  const over = (name: BaselineName): number[] =>
    points.map(({ baselines, top, forecast }) => Math.abs(baselines[name] - top) - Math.abs(forecast - top));
  const groups = [...new Set(points.map(({ exercise }) => exercise))];
  const perExercise = groups.map((exercise) => {
    const own = points.filter((point) => point.exercise === exercise);
    return own.reduce((sum, { forecast, top }) => sum + Math.abs(forecast - top), 0) / own.length;
  });
  return {
    points,
    exercises: groups.length,
    error: errorOf(({ forecast }) => forecast),
    exerciseError: perExercise.reduce((sum, error) => sum + error, 0) / groups.length,
    baselineErrors,
    memberErrors: perMember((name) => errorOf(({ members }) => members[name])),
    bestBaseline,
    gain: bootstrapMean(
      over("last"),
      points.map((_, i) => i),
    ),
    gainBySession: bootstrapMean(
      over("last"),
      points.map(({ time }) => time),
    ),
    gainOverBest: bootstrapMean(
      over(bestBaseline),
      points.map((_, i) => i),
    ),
    coverage: coverageOf(points, nominal),
    width: mean(points.map(({ low, high }) => high - low)),
    shares,
  };
}

/** How one exercise was forecast. */
export interface ExerciseBacktest {
  readonly exercise: string;
  readonly points: number;
  readonly error: number;
  /** Of "the same as last time". */
  readonly lastError: number;
  /** The difference, its interval by points drawn again. */
  readonly gain: Gain;
}

/** A backtest exercise by exercise, the one with most points first. */
export function backtestByExercise({ points }: Pick<Backtest, "points">): ExerciseBacktest[] {
  const groups = Map.groupBy(points, ({ exercise }) => exercise);
  const found = [...groups].map(([exercise, own]) => {
    const errors = own.map(({ forecast, top }) => Math.abs(forecast - top));
    const lastErrors = own.map(({ baselines, top }) => Math.abs(baselines.last - top));
    const gains = lastErrors.map((error, k) => error - errors[k]!);
    const gain = bootstrapMean(gains, [...gains.keys()]);
    return { exercise, points: own.length, error: mean(errors), lastError: mean(lastErrors), gain };
  });
  return found.sort((a, b) => b.points - a.points || (a.exercise < b.exercise ? -1 : 1));
}

const draws = 4000;

/** The mean of values with its 95 % interval; values of one group are drawn together. O(draws · groups). */
export function bootstrapMean(values: readonly number[], groups: readonly number[]): Gain {
  const sums = new Map<number, [number, number]>();
  for (const [i, value] of values.entries()) {
    const own = sums.get(groups[i]!) ?? [0, 0];
    sums.set(groups[i]!, [own[0] + value, own[1] + 1]);
  }
  const drawn = [...sums.values()];
  const value = values.reduce((sum, each) => sum + each, 0) / values.length;
  if (drawn.length < 2) return { value, low: Number.NaN, high: Number.NaN };
  const stream = random(42, "workout/bootstrap");
  const means = Float64Array.from({ length: draws }, () => {
    let [sum, count] = [0, 0];
    for (let k = 0; k < drawn.length; k++) {
      const [own, size] = drawn[stream.int(drawn.length)]!;
      sum += own;
      count += size;
    }
    return sum / count;
  }).sort();
  return { value, low: means[Math.floor(0.025 * draws)]!, high: means[Math.ceil(0.975 * draws) - 1]! };
}

function coverageOf(points: readonly BacktestPoint[], nominal: number): Backtest["coverage"] {
  const judged = points.filter(({ low }) => !Number.isNaN(low));
  const within = judged.filter(({ top, low, high }) => top >= low && top <= high).length;
  const none = { value: Number.NaN, low: Number.NaN, high: Number.NaN };
  const { value, low, high } = judged.length > 0 ? shareInterval(within, judged.length) : none;
  return { value, low, high, points: judged.length, nominal };
}
