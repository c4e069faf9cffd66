import type { Label } from "../base/contract.ts";
import { DataError, ParamsError } from "../base/errors.ts";
import { checkLengths, checkWeights, truthCodes, type WeightOptions } from "./inputs.ts";
import { precisionRecallArea, rocArea } from "./ranking-curves.ts";
import { type ScoreOrder, type ScoreSteps, scoreOrder, scoreSteps, stepsFor, stepsOf } from "./score-order.ts";

/** Options of metrics on class probabilities. */
export interface ProbabilityOptions extends WeightOptions {
  /** Labels of the probability columns (k). */
  readonly classes: readonly Label[];
}

/** How the areas of several classes become one: their mean, weighted by the rows of the class, or of all cells as one curve. */
export type AreaAverage = "macro" | "weighted" | "micro";

/** Options of the area under the ROC curve. */
export interface RocAucOptions extends ProbabilityOptions {
  /** Each class against the rest (default), or each pair of classes on their own rows. */
  readonly multiClass?: "ovr" | "ovo" | undefined;
  /** Default macro. */
  readonly average?: AreaAverage | undefined;
  /** Of two classes: only the part up to this false positive rate, standardised so that chance is ½ (McClish, 1989). */
  readonly maxFpr?: number | undefined;
}

/**
 * Area under the ROC curve from class scores (n × k, row-major; probabilities or any scores): of the last class for two, over the classes
 * for more. NaN where a class has no row. O(n k), of pairs O(n k²). Throws DataError for a label that is not a class.
 * Source: Hand & Till (2001), Machine Learning 45(2), for pairs. Oracle: sklearn.metrics.roc_auc_score.
 * @example
 * ml.rocAuc(["no", "yes", "yes"], [0.9, 0.1, 0.4, 0.6, 0.7, 0.3], { classes: ["no", "yes"] })   // 1
 */
export function rocAuc(yTrue: ArrayLike<Label>, scores: ArrayLike<number>, options: RocAucOptions): number {
  const { multiClass = "ovr", average = "macro", maxFpr, classes, weights } = options;
  oneOf("rocAuc", "multiClass", multiClass, ["ovr", "ovo"]);
  oneOf("rocAuc", "average", average, ["macro", "weighted", "micro"]);
  if (maxFpr !== undefined && !(maxFpr > 0 && maxFpr <= 1))
    throw new ParamsError(`rocAuc: maxFpr must be above 0 and ≤ 1, got ${maxFpr}`);
  if (maxFpr !== undefined && maxFpr < 1 && classes.length > 2)
    throw new ParamsError(`rocAuc: maxFpr is for two classes, got ${classes.length}`);
  if (classes.length > 2 && multiClass === "ovo") return pairsArea(yTrue, scores, classes, average, weights);
  const area = maxFpr === undefined || maxFpr === 1 ? rocArea : (steps: ScoreSteps) => partialArea(steps, maxFpr);
  return classAreas("rocAuc", yTrue, scores, classes, average, area)(weights);
}

/**
 * Mean precision over the steps of recall, as `rocAuc` over the classes; 0 for a class without rows. O(n k).
 * Oracle: sklearn.metrics.average_precision_score.
 */
export function averagePrecision(
  yTrue: ArrayLike<Label>,
  scores: ArrayLike<number>,
  { classes, weights, average = "macro" }: ProbabilityOptions & { readonly average?: AreaAverage | undefined },
): number {
  oneOf("averagePrecision", "average", average, ["macro", "weighted", "micro"]);
  return classAreas("averagePrecision", yTrue, scores, classes, average, precisionRecallArea)(weights);
}

/** Sorts scores once and gives the area of the last of two classes, or over more, under any row weights: O(n k) each time. */
export function classAreas(
  who: string,
  yTrue: ArrayLike<Label>,
  scores: ArrayLike<number>,
  classes: readonly Label[],
  average: AreaAverage,
  area: (steps: ScoreSteps) => number,
): (weights?: ArrayLike<number>) => number {
  const k = classes.length;
  if (k < 1) throw new DataError(`${who}: needs one class at least, got ${k}`);
  checkLengths(who, yTrue.length, scores.length / k);
  const codes = truthCodes(who, yTrue, classes);
  if (k > 2 && average === "micro") return allCells(who, codes, scores, k, area);
  const one = (c: number): ((weights?: ArrayLike<number>) => readonly [area: number, rows: number]) => {
    const own = new Float64Array(codes.length);
    const positive = new Uint8Array(codes.length);
    for (let i = 0; i < codes.length; i++) {
      own[i] = scores[i * k + c]!;
      positive[i] = Number(codes[i] === c);
    }
    let order: ScoreOrder | undefined;
    let room: ScoreSteps | undefined;
    return (weights) => {
      let steps: ScoreSteps;
      if (weights) {
        order ??= scoreOrder(who, own);
        room ??= stepsFor(order.ends.length);
        steps = stepsOf(order, positive, own, weights, room);
      } else steps = scoreSteps(who, positive, own, undefined);
      return [area(steps), steps.truePositives.at(-1)!];
    };
  };
  const counted = k <= 2 ? [one(k - 1)] : classes.map((_, c) => one(c));
  return (weights) => {
    checkWeights(who, weights, codes.length);
    const parts = counted.map((each) => each(weights));
    return mean(parts, k > 2 && average === "weighted");
  };
}

function allCells(who: string, codes: Int32Array, scores: ArrayLike<number>, k: number, area: (steps: ScoreSteps) => number) {
  const cells = Float64Array.from(scores);
  const positive = Uint8Array.from(cells, (_, at) => Number(codes[Math.floor(at / k)] === at % k));
  const order = scoreOrder(who, cells);
  return (weights?: ArrayLike<number>): number => {
    checkWeights(who, weights, codes.length);
    const spread = weights && Float64Array.from(cells, (_, at) => weights[Math.floor(at / k)]!);
    return area(stepsOf(order, positive, cells, spread));
  };
}

/** Mean of both areas of every pair of classes, on the rows of the two. */
function pairsArea(
  yTrue: ArrayLike<Label>,
  scores: ArrayLike<number>,
  classes: readonly Label[],
  average: AreaAverage,
  weights: ArrayLike<number> | undefined,
): number {
  if (average === "micro") throw new ParamsError('rocAuc: average of pairs must be macro or weighted, got "micro"');
  const k = classes.length;
  checkLengths("rocAuc", yTrue.length, scores.length / k);
  checkWeights("rocAuc", weights, yTrue.length);
  const codes = truthCodes("rocAuc", yTrue, classes);
  const parts: (readonly [number, number])[] = [];
  for (let a = 0; a < k; a++)
    for (let b = a + 1; b < k; b++) {
      const rows = [...codes.keys()].filter((i) => codes[i] === a || codes[i] === b);
      const own = weights && rows.map((i) => weights[i]!);
      const of = (c: number): number => {
        if (rows.length === 0) return Number.NaN;
        const part = rows.map((i) => scores[i * k + c]!);
        const positive = rows.map((i) => codes[i] === c);
        return rocArea(stepsOf(scoreOrder("rocAuc", part), positive, part, own));
      };
      parts.push([(of(a) + of(b)) / 2, own ? own.reduce((sum, weight) => sum + weight, 0) : rows.length]);
    }
  return mean(parts, average === "weighted");
}

/** The area up to a false positive rate, standardised: ½ is chance, 1 perfect. Source: McClish (1989), Medical Decision Making 9(3). */
function partialArea({ truePositives, falsePositives }: ScoreSteps, maxFpr: number): number {
  const right = truePositives.at(-1)!;
  const wrong = falsePositives.at(-1)!;
  if (right === 0 || wrong === 0) return Number.NaN;
  let area = 0;
  let [x, y] = [0, 0];
  for (let k = 0; k < truePositives.length && x < maxFpr; k++) {
    const [nextX, nextY] = [falsePositives[k]! / wrong, truePositives[k]! / right];
    const end = Math.min(nextX, maxFpr);
    const endY = nextX > x ? y + ((nextY - y) * (end - x)) / (nextX - x) : nextY;
    area += ((end - x) * (y + endY)) / 2;
    [x, y] = [end, endY];
  }
  const least = 0.5 * maxFpr * maxFpr;
  return 0.5 * (1 + (area - least) / (maxFpr - least));
}

function mean(parts: readonly (readonly [value: number, rows: number])[], byRows: boolean): number {
  const total = parts.reduce((sum, [, rows]) => sum + (byRows ? rows : 1), 0);
  return parts.reduce((sum, [value, rows]) => sum + (byRows ? rows : 1) * value, 0) / total;
}

function oneOf(who: string, name: string, value: string, known: readonly string[]): void {
  if (!known.includes(value)) throw new ParamsError(`${who}: ${name} must be one of ${known.join(", ")}, got ${String(value)}`);
}
