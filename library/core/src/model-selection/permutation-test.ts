import type { Classifier, Label, MatrixInput, Regressor } from "../base/contract.ts";
import { displayable } from "../base/display.ts";
import { ParamsError } from "../base/errors.ts";
import { isTable } from "../base/inputs.ts";
import type { Table } from "../data/table.ts";
import { metricByName } from "../metrics/registry.ts";
import { meanOf } from "./chosen-metrics.ts";
import type { ArrayCrossValidateOptions, CrossValidateOptions } from "./cross-validate.ts";
import { type FoldFit, foldFitsOnPool } from "./fold-fits.ts";
import { readValidation } from "./validation-rows.ts";

type TestOptions<O> = Omit<O, "metrics" | "returnTrain" | "outOfFold" | "errorScore"> & {
  /** Default accuracy, or R². */
  readonly metric?: string;
  /** How often the target is put in another order; default 100. */
  readonly permutations?: number;
};

/** Whether a score could be luck. */
export interface PermutationTest {
  readonly metric: string;
  /** Mean over the folds. */
  readonly score: number;
  /** The same with the target in another order, one a permutation. */
  readonly permuted: readonly number[];
  /** Share of the permutations that were as good, the true order counted as one. */
  readonly pValue: number;
}

/**
 * Is an estimator's cross-validated score better than what it reaches when the target has nothing to do with the columns? Fits it on all folds again with
 * the target in random order (within groups where they are given). (permutations + 1) × folds fits, in parallel.
 * Source: Ojala & Garriga (2010), JMLR 11, test 1. Oracle: sklearn.model_selection.permutation_test_score.
 */
export async function permutationTestScore(
  estimator: Classifier | Regressor,
  table: Table,
  options: TestOptions<CrossValidateOptions>,
): Promise<PermutationTest>;
export async function permutationTestScore(
  estimator: Classifier | Regressor,
  x: MatrixInput,
  y: ArrayLike<Label>,
  options?: TestOptions<ArrayCrossValidateOptions>,
): Promise<PermutationTest>;
export async function permutationTestScore(
  estimator: Classifier | Regressor,
  data: Table | MatrixInput,
  second: unknown,
  third?: unknown,
): Promise<PermutationTest> {
  const rows = readValidation("permutationTestScore", estimator, data, second, third, ["metric", "permutations"]);
  const options = ((isTable(data) ? second : third) ?? {}) as TestOptions<CrossValidateOptions>;
  const { permutations = 100, seed } = options;
  if (!(Number.isInteger(permutations) && permutations >= 1))
    throw new ParamsError(`permutationTestScore: permutations must be a whole number ≥ 1, got ${permutations}`);
  const { task } = estimator;
  const metric = metricByName(options.metric ?? (task === "classification" ? "accuracy" : "r2"), task);
  const fits = Array.from({ length: permutations + 1 }, (_, p) =>
    rows.folds.map(({ train, test }, f): FoldFit => {
      const shuffle = { seed: seed ?? 42, stream: `permutation-test/${p}`, ...(rows.groups && { groups: rows.groups }) };
      return { spec: 0, train, test, name: `fold ${f + 1}`, ...(p > 0 && { shuffle }) };
    }),
  );
  const questions = {
    specs: [estimator],
    fits: fits.flat(),
    metrics: [metric.name],
    onTrain: false,
    answers: false,
    keepErrors: false,
  };
  const answers = await foldFitsOnPool(rows.input, questions, rows.options);
  const k = rows.folds.length;
  const [score, ...permuted] = fits.map((_, p) => meanOf(answers.slice(p * k, (p + 1) * k).map(({ scores }) => scores[0]!))) as [
    number,
    ...number[],
  ];
  const isAsGood = (value: number): boolean => (metric.greaterIsBetter ? value >= score : value <= score);
  return displayable("permutation-test", {
    metric: metric.name,
    score,
    permuted,
    pValue: (permuted.filter(isAsGood).length + 1) / (permutations + 1),
  });
}
