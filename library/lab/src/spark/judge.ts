import { type Metric, metricByName } from "assay";
import type { EngineRow } from "../engine/index.ts";
import { type MessageJson, type MlStage, ofInteger, ofText } from "../engine/spark/index.ts";
import { made } from "./columns.ts";
import type { FittedPipeline } from "./pipeline.ts";
import type { Class, Part, PreparedRows } from "./prepare-rows.ts";
import type { Workspace } from "./workspace.ts";

/** Figures of a fit by their names. */
export type Figures = Readonly<Record<string, number>>;

/** Classes for which an area under the curve is computed each, at most: every one sorts the rows. */
const areaClassesMost = 10;

/**
 * Judges the predictions for a part of the rows on the server, under the names and by the definitions of `ml.evaluate`; only counts and sums
 * come here. One pass over the rows, and a sort for each class of the area under the ROC curve (two classes: one). Empty for no rows.
 */
export async function judge(work: Workspace, fitted: FittedPipeline, rows: PreparedRows, part: Part): Promise<Figures> {
  if (part.rows === 0) return {};
  const predicted = fitted.apply(part.relation);
  if (rows.task === "clustering") return ofClusters(work, part, predicted);
  const answers = [made.label, made.prediction].map((name) => ({ unresolvedAttribute: { unparsedIdentifier: name } }));
  const view = `${part.name}_judged`;
  if (rows.task !== "classification") {
    await work.view(view, { project: { input: predicted, expressions: answers } });
    return ofNumbers(work, view);
  }
  const shares = {
    unresolvedFunction: {
      functionName: "vector_to_array",
      arguments: [{ unresolvedAttribute: { unparsedIdentifier: made.probability } }, { literal: { string: "float64" } }],
    },
  };
  const expressions = [...answers, { alias: { expr: shares, name: ["shares"] } }];
  await work.view(view, { project: { input: predicted, expressions } });
  return ofClasses(work, view, rows.classes!);
}

/** No silhouette where all rows are of one cluster: then it is not defined. */
async function ofClusters(work: Workspace, part: Part, predicted: MessageJson): Promise<Figures> {
  const view = `${part.name}_judged`;
  await work.view(view, predicted);
  const [row] = await work.rows(`select count(distinct ${made.prediction}) as n from ${view}`);
  if (Number(row!["n"]) < 2) return {};
  return { silhouette: await work.ml.evaluate(evaluator("ClusteringEvaluator", made.features), predicted) };
}

async function ofNumbers(work: Workspace, view: string): Promise<Figures> {
  const error = `(${made.label} - ${made.prediction})`;
  const [row] = await work.rows(
    `select count(*) as n, count_if(known) as known, avg(if(known, ${error} * ${error}, null)) as mse, avg(if(known, abs(${error}), null)) as mae, var_pop(if(known, ${made.label}, null)) as spread from (select *, not isnan(${made.prediction}) as known from ${view})`,
  );
  const [n, known, mse, mae, spread] = ["n", "known", "mse", "mae", "spread"].map((name) => Number(row![name])) as [
    ...[number, number, number, number, number],
  ];
  if (known === 0) return { coverage: 0 };
  // a user or an item that was not there at the training has no prediction
  return { rmse: Math.sqrt(mse), mae, mse, ...shareOf(mse, spread, known), ...(known < n ? { coverage: known / n } : {}) };
}

/** R² as `ml.r2` has it: of a target without spread 1 where it is met, else 0; none of one row. */
function shareOf(mse: number, spread: number, rows: number): Figures {
  if (rows < 2) return {};
  if (spread > 0) return { r2: 1 - mse / spread };
  return { r2: mse === 0 ? 1 : 0 };
}

async function ofClasses(work: Workspace, view: string, classes: readonly Class[]): Promise<Figures> {
  const own = `shares[cast(${made.label} as int)]`;
  const cells = await work.rows(
    `select ${made.label} as truth, ${made.prediction} as answer, count(*) as n, sum(-ln(least(greatest(${own}, ${2 ** -52}D), 1D - ${2 ** -52}D))) as loss from ${view} group by truth, answer order by truth, answer`,
  );
  const count = (row: EngineRow): number => Number(row["n"]);
  const total = cells.reduce((sum, row) => sum + count(row), 0);
  const label = (row: EngineRow, name: string): Class => classes[Number(row[name])]!;
  const scored = {
    yTrue: cells.map((row) => label(row, "truth")),
    yPred: cells.map((row) => label(row, "answer")),
    weights: cells.map(count),
    classes,
  };
  const names = [
    "accuracy",
    "balanced_accuracy",
    "f1_macro",
    "mcc",
    ...(classes.length === 2 ? ["f1", "precision", "recall"] : []),
  ];
  const counted = names.map((name): [string, number] => [name, (metricByName(name, "classification") as Metric).compute(scored)]);
  const area = new Set(scored.yTrue).size === classes.length ? await areaOf(work, view, classes) : undefined;
  return {
    ...Object.fromEntries(counted),
    log_loss: cells.reduce((sum, row) => sum + Number(row["loss"]), 0) / total,
    ...(area === undefined ? {} : { roc_auc: area }),
  };
}

/** Area under the ROC curve of the last of two classes, or the mean over more, each against the rest. */
async function areaOf(work: Workspace, view: string, classes: readonly Class[]): Promise<number | undefined> {
  if (classes.length > areaClassesMost) return undefined;
  const places = classes.length === 2 ? [1] : classes.map((_, k) => k);
  let sum = 0;
  for (const k of places) {
    const query = `select if(${made.label} = ${k}, 1D, 0D) as ${made.label}, shares[${k}] as ${made.raw} from ${view}`;
    sum += await work.ml.evaluate(
      {
        ...evaluator("BinaryClassificationEvaluator"),
        params: { labelCol: ofText(made.label), rawPredictionCol: ofText(made.raw), numBins: ofInteger(0) },
      },
      { sql: { query } },
    );
  }
  return sum / places.length;
}

function evaluator(name: string, featuresCol?: string): MlStage {
  const columns = featuresCol === undefined ? {} : { featuresCol: ofText(featuresCol), predictionCol: ofText(made.prediction) };
  return { className: `org.apache.spark.ml.evaluation.${name}`, uid: name, params: columns };
}
