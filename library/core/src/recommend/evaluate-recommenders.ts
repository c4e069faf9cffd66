import { checkKeys } from "../base/check-keys.ts";
import { displayable } from "../base/display.ts";
import { DataError, ParamsError } from "../base/errors.ts";
import { checkConfidence } from "../metrics/interval.ts";
import { codeOf, countOf, idsOf } from "./ids.ts";
import type { Interactions } from "./interactions.ts";
import { type ListContext, type Lists, listContext, userMeasures } from "./list-measures.ts";
import { popularity } from "./popularity.ts";
import { randomRecommender } from "./random-recommender.ts";
import type { KnownInteractions, RecommenderModel } from "./recommender-model.ts";
import { userIntervals } from "./user-intervals.ts";

const who = "evaluateRecommenders";

/** How recommenders are judged. */
export interface RecommenderEvaluationOptions {
  /** Lengths of the lists; default [10]. */
  readonly k?: number | readonly number[] | undefined;
  /** Share of intervals that hold the true value; default 0.95. */
  readonly confidence?: number | undefined;
  /** How often users are drawn again; default 1,000. */
  readonly resamples?: number | undefined;
  /** Default 42. */
  readonly seed?: number | undefined;
  /** Whether popularity and chance on the same interactions stand beside; default true. */
  readonly baselines?: boolean | undefined;
}

/** A measure, its mean over users with the interval; a measure of all lists together (coverage) has none. */
export interface MeasuredValue {
  readonly value: number;
  readonly low: number | null;
  readonly high: number | null;
}

/** A model's lists, judged. */
export interface JudgedRecommender {
  readonly name: string;
  /** The algorithm. */
  readonly algorithm: string;
  /** By name and length of list: "ndcg@10", "recall@10", "precision@10", "map@10", "mrr@10", "hit_rate@10", "novelty@10", "diversity@10", "coverage@10". */
  readonly measures: Readonly<Record<string, MeasuredValue>>;
}

/** How much one model's mean exceeds another's on the same users. */
export interface RecommenderDifference {
  readonly a: string;
  readonly b: string;
  readonly measure: string;
  /** Mean of a less mean of b. */
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** Recommenders judged on the same users: plain data. */
export interface RecommenderReport {
  /** Users with held-out items whom the fit knew: means are over these. */
  readonly users: number;
  /** Users with held-out items whom the fit did not know; they are left out. */
  readonly newUsers: number;
  readonly k: readonly number[];
  readonly confidence: number;
  readonly models: readonly JudgedRecommender[];
  /** Every pair of models on every measure of users. */
  readonly differences: readonly RecommenderDifference[];
}

/**
 * Judges recommenders on held-out interactions: all items of the fit are ranked, those that a user took at the fit hidden, nothing is sampled. Popularity and
 * chance stand beside, fitted on the same interactions. Intervals are over users, by drawing users again (BCa); differences are paired. Held-out items that
 * were not at the fit count as missed, and so do those that the user had taken at the fit too, which are hidden. O(users · items) for the lists, O(resamples · users) for the intervals. Throws DataError for models of other interactions.
 * Source: Krichene & Rendle (2020), "On sampled metrics for item recommendation", KDD.
 * @example
 * const report = await ml.evaluateRecommenders({ als: model }, test, { k: [5, 10] });
 */
export async function evaluateRecommenders(
  models: Readonly<Record<string, RecommenderModel>>,
  test: Interactions,
  options: RecommenderEvaluationOptions = {},
): Promise<RecommenderReport> {
  checkKeys(who, options, ["k", "confidence", "resamples", "seed", "baselines"]);
  const { k = 10, confidence = 0.95, resamples = 1000, seed = 42, baselines = true } = options;
  const lengths = [k].flat().toSorted((a, b) => a - b);
  checkConfidence(who, confidence);
  const wrong = lengths.find((each) => !(Number.isInteger(each) && each >= 1));
  if (wrong !== undefined || lengths.length === 0)
    throw new ParamsError(`${who}: k must be whole numbers ≥ 1, got ${wrong ?? "none"}`);
  const first = Object.values(models)[0];
  if (!first) throw new ParamsError(`${who}: needs one model at least, got 0`);
  const judged = { ...models, ...(baselines && (await baselinesOf(first, models))) };
  const { known } = first.state;
  const context = listContext(known, test);
  if (context.users.length === 0) throw new DataError(`${who}: no user of the held-out interactions was at the fit`);
  const tables = new Map<string, ReadonlyMap<string, Float64Array>>();
  const shared = new Map<string, Readonly<Record<string, MeasuredValue>>>();
  for (const [name, model] of Object.entries(judged)) {
    checkSame(name, model, first);
    const lists = await listsOf(model, context, lengths.at(-1)!);
    tables.set(name, userMeasures(context, lists, lengths));
    shared.set(name, coverageOf(lists, lengths, countOf(known.items)));
  }
  const { measures, differences } = userIntervals(tables, { confidence, resamples, seed });
  return shownRecommenderReport({
    users: context.users.length,
    newUsers: context.newUsers,
    k: lengths,
    confidence,
    models: Object.entries(judged).map(([name, model]) => ({
      name,
      algorithm: model.name,
      measures: { ...measures.get(name)!, ...shared.get(name)! },
    })),
    differences,
  });
}

/** The same report, which a notebook shows as a table. */
export function shownRecommenderReport(report: RecommenderReport): RecommenderReport {
  return displayable("recommender-report", report);
}

/** Popularity and chance on what the models were fitted on, where they are not among them. */
async function baselinesOf(
  { state }: RecommenderModel,
  models: Readonly<Record<string, RecommenderModel>>,
): Promise<Record<string, RecommenderModel>> {
  const there = new Set(Object.values(models).map(({ name }) => name));
  const given: Interactions = { columns: { user: "user", item: "item" }, ...state.known };
  const missing = [popularity(), randomRecommender()].filter(({ name }) => !there.has(name) && !(name in models));
  return Object.fromEntries(
    await Promise.all(missing.map(async (spec) => [spec.name, (await spec.fit(given)) as RecommenderModel])),
  );
}

/** Throws DataError for a model of other interactions: its lists would hide other items. */
function checkSame(name: string, model: RecommenderModel, first: RecommenderModel): void {
  const same = (a: ArrayLike<number>, b: ArrayLike<number>): boolean => {
    if (a === b) return true;
    for (let k = 0; k < a.length; k++) if (a[k] !== b[k]) return false;
    return a.length === b.length;
  };
  const own: KnownInteractions = model.state.known;
  const { known } = first.state;
  const isSame = countOf(own.items) === countOf(known.items) && same(own.offsets, known.offsets) && same(own.codes, known.codes);
  if (!isSame) throw new DataError(`${who}: model "${name}" was fitted on other interactions than the first one`);
}

/** The best items of every user of the context, as codes. */
async function listsOf(model: RecommenderModel, { users }: ListContext, k: number): Promise<Lists> {
  const { known } = model.state;
  const names = idsOf(known.users);
  const table = await model.recommendAll(k, { users: Array.from(users, (user) => names[user]!) });
  const codes = new Int32Array(users.length * k).fill(-1);
  const [asked, ranks, items] = ["user", "rank", "item"].map((name) => table.values(name));
  for (let row = 0, place = -1; row < table.rows; row++) {
    if (row === 0 || asked![row] !== asked![row - 1])
      do place++;
      while (names[users[place]!] !== asked![row]);
    codes[place * k + (ranks![row] as number) - 1] = codeOf(known.items, items![row] as string | number)!;
  }
  return { k, codes };
}

/** Share of all items that stand in anybody's list. */
function coverageOf({ k: most, codes }: Lists, lengths: readonly number[], items: number): Record<string, MeasuredValue> {
  return Object.fromEntries(
    lengths.map((k) => {
      const shown = new Set(codes.filter((code, at) => code >= 0 && at % most < k));
      return [`coverage@${k}`, { value: shown.size / items, low: null, high: null }];
    }),
  );
}
