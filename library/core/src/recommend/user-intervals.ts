import { bootstrapWeights } from "../metrics/bootstrap.ts";
import { resampledInterval } from "../metrics/interval.ts";
import { mean, sum } from "../numeric/statistics.ts";

/** A mean over users with its interval. */
interface UserMean {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** How users are drawn again. */
interface Drawing {
  readonly confidence: number;
  readonly resamples: number;
  readonly seed: number;
}

/**
 * The means of every model's measures over users, and of the differences of every pair of models, all on the same resamples. `tables` holds by model
 * and measure a number a user. O(resamples · users · measures · models). BCa; source: Efron (1987), JASA 82(397).
 */
export function userIntervals(
  tables: ReadonlyMap<string, ReadonlyMap<string, Float64Array>>,
  drawing: Drawing,
): {
  readonly measures: ReadonlyMap<string, Readonly<Record<string, UserMean>>>;
  readonly differences: readonly (UserMean & { readonly a: string; readonly b: string; readonly measure: string })[];
} {
  const columns = [...tables].flatMap(([model, own]) => [...own].map(([measure, values]) => ({ model, measure, values })));
  const drawn = drawnMeans(
    columns.map(({ values }) => values),
    drawing,
  );
  const measures = new Map<string, Record<string, UserMean>>();
  const differences: (UserMean & { a: string; b: string; measure: string })[] = [];
  for (const [k, { model, measure, values }] of columns.entries()) {
    const own = measures.get(model) ?? {};
    own[measure] = intervalOf(values, drawn[k]!, drawing);
    measures.set(model, own);
    for (const [l, other] of columns.entries()) {
      if (l <= k || other.measure !== measure) continue;
      const values2 = values.map((value, user) => value - other.values[user]!);
      const means = drawn[k]!.map((value, r) => value - drawn[l]![r]!);
      differences.push({ a: model, b: other.model, measure, ...intervalOf(values2, means, drawing) });
    }
  }
  return { measures, differences };
}

/** The mean of each column in each resample (columns × resamples). */
function drawnMeans(columns: readonly Float64Array[], { resamples, seed }: Drawing): Float64Array[] {
  const users = columns[0]!.length;
  const means = columns.map(() => new Float64Array(resamples));
  let r = 0;
  for (const weights of bootstrapWeights(users, { resamples, seed })) {
    for (const [k, values] of columns.entries()) {
      let total = 0;
      for (let user = 0; user < users; user++) total += weights[user]! * values[user]!;
      means[k]![r] = total / users;
    }
    r++;
  }
  return means;
}

function intervalOf(values: Float64Array, means: Float64Array, { confidence }: Drawing): UserMean {
  const value = mean(values);
  const total = sum(values);
  const left = values.length > 1 ? values.map((each) => (total - each) / (values.length - 1)) : new Float64Array(0);
  return { value, ...resampledInterval(means, value, left, { method: "bca", confidence }) };
}
