import { checkKeys } from "../base/check-keys.ts";
import type { TableLike } from "../base/columns.ts";
import type { Fitted, MatrixInput } from "../base/contract.ts";
import { displayable } from "../base/display.ts";
import { DataError, ShapeError } from "../base/errors.ts";
import { assertModel } from "../base/estimator.ts";
import { readPredict } from "../base/inputs.ts";
import { definitionOf } from "../base/registry.ts";
import { checkPredict } from "../base/run.ts";
import { columnMeans, type Matrix, toShared } from "../numeric/matrix.ts";
import { linearExplainer, linearModels } from "./explain-linear.ts";
import { explainSampled, type SampledOptions } from "./explain-sampled.ts";
import { type Explainer, type OwnContributions, treeExplainers } from "./explain-trees.ts";
import type { JudgedModel } from "./judged-rows.ts";
import { type AskOptions, askKeys, askOnThreads, defineQuestion, plainModel } from "./on-threads.ts";
import { outputsOf } from "./partial-dependence.ts";
import { beforeLast, type SteppedRows } from "./source-columns.ts";
import { unwrapThreshold } from "./threshold-classifier.ts";

/** What contributions are measured in: log-odds, logarithms and scores are what the model adds up before its last step to an answer. */
export type ContributionUnit = "target" | "probability" | "log-odds" | "logarithm" | "score";

/** How a model's answers are explained. */
export interface ExplainOptions extends AskOptions, SampledOptions {
  /**
   * `tree` and `linear` look into the model and are exact; `sampled` asks any model as a whole, against a background. Default: the exact one
   * where the model has one.
   */
  readonly method?: "auto" | "tree" | "linear" | "sampled";
  /** Rows that stand for "not known": their mean for a linear model, 50 of them for `sampled`. Default the rows that are explained. Trees have their own. */
  readonly background?: TableLike | MatrixInput;
}

/** What each column adds to each answer of a model: base + Σ contributions = prediction. */
export interface Explanation {
  /** Name of the model's last step. */
  readonly model: string;
  readonly method: "tree" | "linear" | "sampled";
  readonly unit: ContributionUnit;
  /** The model's classes (for two only the second), or its target. */
  readonly outputs: readonly string[];
  /** Columns of the input; where a pipeline mixes columns, those that its last step sees. */
  readonly features: readonly string[];
  /** Prediction where no column is known (outputs). */
  readonly base: Float64Array;
  /** For each output what the features add (n × features). */
  readonly contributions: readonly Matrix[];
  /** What is explained (n × outputs), in `unit`. */
  readonly predictions: Matrix;
  /** Cells of the features; codes where they have levels (n × features). */
  readonly values: Matrix;
}

/**
 * Shapley values: what each column adds to each of a model's answers. Trees (decision tree, random forest, extra trees, both gradient
 * boostings) by path-dependent TreeSHAP over the rows that they were grown on; linear models exactly; any other model by asking it with
 * columns taken from background rows. Through a pipeline the parts of a column (its indicators, its scaled form) are summed to it.
 * O(n · trees · leaves · depth²) for trees, on all threads. Throws DataError for a method that does not fit the model.
 * Source: Lundberg & Lee (2017); Lundberg, Erion, Lee (2018), arXiv:1802.03888. Oracle: shap.TreeExplainer, shap.LinearExplainer.
 * @example
 * const why = await ml.explain(model, test.head(100));
 * ml.shapSummary(why);                                   // which columns matter, and in which direction
 * ml.explainRow(why, 0);                                 // one prediction, largest contribution first
 */
export async function explain(
  model: JudgedModel,
  data: TableLike | MatrixInput,
  options: ExplainOptions = {},
): Promise<Explanation> {
  const who = "explain";
  assertModel(who, model);
  checkKeys(who, options, ["method", "background", "permutations", "seed", ...askKeys]);
  const asked = unwrapThreshold(model);
  const x = readRows(who, asked, data);
  const background = options.background === undefined ? undefined : readRows(who, asked, options.background);
  const own = beforeLast(asked, x);
  const method = methodOf(own.last, options.method ?? "auto");
  const found =
    method === "sampled" ? await explainSampled(asked, x, background ?? x, options) : await explainExactly(own, method, options);
  const outputs = outputsOf(model);
  // a classifier of two classes has one answer, and one or two scores
  const places = found.contributions.length > outputs.length ? outputs.map(({ place }) => place) : outputs.map((_, k) => k);
  const base = Float64Array.from(places, (k) => found.base[k]!);
  const contributions = places.map((k) => found.contributions[k]!);
  const names = method === "sampled" ? asked.columns.map(({ name }) => name) : own.features;
  const values = method === "sampled" ? { ...x, names, levels: asked.columns.map(({ levels }) => levels) } : own.values;
  const explanation: Explanation = {
    model: own.last.name,
    method,
    unit: unitOf(own.last, method),
    outputs: outputs.map(({ name }) => name),
    features: names,
    base,
    contributions: contributions.map((cells) => ({ rows: x.rows, columns: names.length, data: cells, names })),
    predictions: predictionsOf(base, contributions, x.rows, names.length),
    values,
  };
  return displayable("explanation", explanation);

  async function explainExactly(stepped: SteppedRows, how: "tree" | "linear", ask: AskOptions): Promise<OwnContributions> {
    const means = how === "linear" ? columnMeans(background ? beforeLast(asked, background).x : stepped.x) : undefined;
    const blockRows = Math.max(16, Math.ceil(stepped.x.rows / 64));
    const last = plainModel(stepped.last);
    const shared: Asked = {
      last,
      x: { ...stepped.x, data: toShared(stepped.x.data) },
      sources: stepped.sources,
      width: stepped.features.length,
      means,
      blockRows,
    };
    const blocks = await askOnThreads<OwnContributions>("explanation", [], shared, Math.ceil(stepped.x.rows / blockRows), ask);
    return joined(blocks, stepped.x.rows * stepped.features.length, blockRows * stepped.features.length);
  }
}

function readRows(who: string, model: Fitted, data: TableLike | MatrixInput): Matrix {
  const { x } = readPredict(who, model.columns, data);
  checkPredict(definitionOf(model), model, x);
  if (x.rows === 0) throw new ShapeError(`${who}: needs one row at least, got 0`);
  return { ...x, data: toShared(x.data) };
}

function methodOf(last: Fitted, wanted: NonNullable<ExplainOptions["method"]>): Explanation["method"] {
  const exact = exactMethod(last);
  if (wanted === "sampled" || wanted === exact) return wanted;
  if (wanted === "auto") return exact ?? "sampled";
  throw new DataError(`explain: method "${wanted}" does not fit a model of ${last.name}, take "${exact ?? "sampled"}"`);
}

/** How a model can be looked into; undefined where it cannot. Boosters may have linear leaves, or be linear altogether. */
function exactMethod({ name, state }: Fitted): "tree" | "linear" | undefined {
  if (linearModels.includes(name)) return "linear";
  const { linear, weights } = state as { readonly linear?: unknown; readonly weights?: unknown };
  return Object.hasOwn(treeExplainers, name) && !linear && !weights ? "tree" : undefined;
}

function unitOf(last: Fitted, method: Explanation["method"]): ContributionUnit {
  const isClassifier = last.task === "classification";
  if (method === "sampled") return isClassifier ? "probability" : last.task === "ranking" ? "score" : "target";
  switch (last.name) {
    case "logistic_regression":
      return "log-odds";
    case "gradient_boosting":
      return isClassifier ? "log-odds" : "target";
    case "linear_svm":
      return isClassifier ? "score" : "target";
    case "hist_gradient_boosting": {
      const { link } = last.state as { readonly link: string };
      if (last.task === "ranking") return "score";
      if (link === "identity") return "target";
      if (link === "exp") return "logarithm";
      return isClassifier ? "log-odds" : "score";
    }
    default:
      return isClassifier ? "probability" : "target";
  }
}

function joined(blocks: readonly OwnContributions[], cells: number, blockCells: number): OwnContributions {
  const { base, contributions } = blocks[0]!;
  const whole = contributions.map(() => new Float64Array(cells));
  for (const [b, block] of blocks.entries())
    for (const [k, values] of block.contributions.entries()) whole[k]!.set(values, b * blockCells);
  return { base, contributions: whole };
}

function predictionsOf(base: Float64Array, contributions: readonly Float64Array[], rows: number, width: number): Matrix {
  const data = new Float64Array(rows * base.length);
  for (let i = 0; i < rows; i++)
    for (const [k, cells] of contributions.entries()) {
      let sum = base[k]!;
      for (let j = 0; j < width; j++) sum += cells[i * width + j]!;
      data[i * base.length + k] = sum;
    }
  return { rows, columns: base.length, data };
}

interface Asked {
  readonly last: Fitted;
  readonly x: Matrix;
  /** The feature that each column of x belongs to. */
  readonly sources: Int32Array;
  /** Number of features. */
  readonly width: number;
  /** Background means, for a linear model. */
  readonly means: Float64Array | undefined;
  readonly blockRows: number;
}

/** One block of rows: contributions of the last step's columns, summed to the features. */
defineQuestion("explanation", ({ last, x, sources, width, means, blockRows }: Asked) => {
  const explainer: Explainer = means ? linearExplainer(means) : treeExplainers[last.name]!;
  return (block: number): OwnContributions => {
    const begin = block * blockRows;
    const end = Math.min(x.rows, begin + blockRows);
    const part: Matrix = { ...x, rows: end - begin, data: x.data.subarray(begin * x.columns, end * x.columns) };
    const { base, contributions } = explainer(last, part);
    return { base, contributions: contributions.map((cells) => summed(cells, sources, width)) };
  };
});

function summed(cells: Float64Array, sources: Int32Array, width: number): Float64Array {
  const columns = sources.length;
  const out = new Float64Array((cells.length / columns) * width);
  for (let at = 0; at < cells.length; at++) out[Math.floor(at / columns) * width + sources[at % columns]!]! += cells[at]!;
  return out;
}
