import type { z } from "zod";
import type { TableLike } from "../base/columns.ts";
import type { FitContext, FitOptions, Fitted, Plain, Spec } from "../base/contract.ts";
import { DataError, ParamsError } from "../base/errors.ts";
import { recommending } from "../base/estimator.ts";
import { type FitInput, isTable } from "../base/inputs.ts";
import type { Matrix } from "../numeric/matrix.ts";
import { toShared } from "../numeric/matrix.ts";
import { checkKnown } from "./check-known.ts";
import { countOf } from "./ids.ts";
import { type InteractionColumns, type Interactions, interactions } from "./interactions.ts";
import { recommenderMethods } from "./recommender-methods.ts";
import type { KnownInteractions, RecommenderFactory, RecommenderState } from "./recommender-model.ts";
import type { Scorer } from "./scorer.ts";

/** What an algorithm says of itself. */
interface RecommenderDefinition<In, P, L, F = undefined> {
  readonly name: string;
  /** Schema of the parameters, made when it is first asked for. */
  readonly params: () => z.ZodType<P, In>;
  /** Whether it has nothing to say of a user without items; default true. */
  readonly needsHistory?: boolean;
  /** Learns from who took what. */
  fit(interactions: Interactions, params: P, context: FitContext, features: F): L & Plain<L>;
  /** What it answers, opened once a model. */
  scorer(known: KnownInteractions, learned: L, params: P): Scorer;
  /** Throws StoreError when a loaded state cannot be one of this algorithm on so many users and items. */
  check(learned: L, users: number, items: number): void;
  /** Reads what the fit takes beside the interactions. */
  readFeatures?(who: string, interactions: Interactions, options: Readonly<Record<string, unknown>>): F;
}

/** The sparse matrix of a fit in the place of a dense one. */
interface InteractionMatrix extends Matrix {
  readonly interactions: Interactions;
  readonly features: unknown;
}

const fitKeys = ["signal", "observer", "threads", "snapshots"] as const;
const columnKeys = ["user", "item", "value", "time", "timeUnit"] as const;

/** Defines a recommender. The interactions of the fit are part of its model: they hide what a user has, explain, and fold new users in. */
export function recommender<In, P, L, O = unknown, F = undefined>(
  definition: RecommenderDefinition<In, P, L, F>,
): RecommenderFactory<In, P, L, O> {
  const { name, params, fit, scorer, check, readFeatures, needsHistory = true } = definition;
  return recommending<In, P, RecommenderState<unknown>>({
    name,
    params,
    fit(x, _, checked, context) {
      const { interactions: given, features } = x as InteractionMatrix;
      const { users, items, offsets, codes, values } = given;
      return { known: { users, items, offsets, codes, values }, learned: fit(given, checked, context, features as F) } as never;
    },
    readFit: (spec: Spec, data: never, second: unknown) =>
      readFit(spec, data, (second ?? {}) as Record<string, unknown>, readFeatures),
    methods({ state, params: checked }: Fitted) {
      const { known, learned } = state as RecommenderState<L>;
      return recommenderMethods(name, known, () => scorer(known, learned, checked as P), needsHistory);
    },
    check(state) {
      const { known, learned } = (state ?? {}) as RecommenderState<L>;
      checkKnown(name, known);
      check(learned, countOf(known.users), countOf(known.items));
    },
  }) as unknown as RecommenderFactory<In, P, L, O>;
}

/** Reads the arguments of `fit(interactions, options)` or `fit(table, options)`. */
function readFit(
  spec: Spec,
  data: Interactions | TableLike,
  options: Readonly<Record<string, unknown>>,
  readFeatures: RecommenderDefinition<unknown, unknown, unknown, unknown>["readFeatures"],
): FitInput {
  const who = `${spec.name}.fit`;
  const given = isTable(data) ? interactions(data, pick(options, columnKeys) as InteractionColumns) : shared(who, data);
  const features = readFeatures?.(who, given, options);
  const taken: readonly string[] = [
    ...fitKeys,
    ...(isTable(data) ? columnKeys : []),
    ...(readFeatures ? ["userFeatures", "itemFeatures"] : []),
  ];
  for (const key of Object.keys(options))
    if (!taken.includes(key)) throw new ParamsError(`${who}: no option ${key}, there are ${taken.join(", ")}`);
  const { threads } = options as FitOptions;
  if (threads !== undefined && !(Number.isInteger(threads) && threads > 0))
    throw new ParamsError(`${who}: threads must be a whole number ≥ 1, got ${threads}`);
  const { user, item, value, time } = given.columns;
  const names = [user, item, value, time].filter((name) => name !== undefined);
  const x: InteractionMatrix = {
    rows: given.codes.length,
    columns: names.length,
    data: new Float64Array(0),
    names,
    interactions: given,
    features,
  };
  return {
    input: { x, y: new Float64Array(0), weights: undefined, classes: 0 },
    options: pick(options, fitKeys) as FitOptions,
    classes: undefined,
    target: undefined,
  };
}

function pick(options: Readonly<Record<string, unknown>>, keys: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(keys.filter((key) => options[key] !== undefined).map((key) => [key, options[key]]));
}

/** Plain interactions with their numbers in shared memory. Throws DataError for what are none. */
function shared(who: string, data: Interactions): Interactions {
  if (!(data?.offsets instanceof Int32Array && data.codes instanceof Int32Array && data.values instanceof Float64Array))
    throw new DataError(
      `${who}: needs ml.interactions(…) or a table, got ${typeof data === "object" ? JSON.stringify(data)?.slice(0, 60) : typeof data}`,
    );
  if (data.codes.length === 0) throw new DataError(`${who}: needs one interaction at least, got 0`);
  const { columns, users, items, offsets, codes, values, times } = data;
  return { columns, users, items, offsets, codes, values: toShared(values), ...(times && { times: toShared(times) }) };
}
