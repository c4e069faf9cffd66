import { randomUUID } from "node:crypto";
import { ParamsError } from "assay";
import {
  type HeldModel,
  type MessageJson,
  type MlParams,
  type MlStage,
  ofFlag,
  ofText,
  ofTexts,
  transformed,
} from "../engine/spark/index.ts";
import type { SparkAlgorithm, SparkTask } from "./algorithms.ts";
import { type InputColumn, made } from "./columns.ts";
import type { PreparedRows } from "./prepare-rows.ts";
import type { Workspace } from "./workspace.ts";

/** A step of a pipeline: a model that was fitted, or a stage that needs no fit, with the name that it is saved under. */
interface Step {
  /** Of the model, or the stage. */
  readonly className: string;
  readonly uid: string;
  /** Of a stage that needs no fit. */
  readonly params?: MlParams;
  readonly held: HeldModel | MlStage;
}

/** A pipeline that was fitted. */
export interface FittedPipeline {
  readonly steps: readonly Step[];
  /** The last step. */
  readonly model: HeldModel;
  /** Columns as the algorithm sees them (d). */
  readonly features: readonly string[];
  /** The rows that a relation becomes by all steps. */
  apply(input: MessageJson): MessageJson;
}

/** Fits what turns columns into vectors, and the algorithm, to the training rows. */
export async function fitPipeline(
  work: Workspace,
  { categories, className, spelled }: SparkAlgorithm,
  params: Readonly<Record<string, unknown>>,
  rows: PreparedRows,
  seed: number,
): Promise<FittedPipeline> {
  const { task, inputs, train } = rows;
  const steps: Step[] = [];
  let relation = train.relation;
  const add = (step: Step): void => {
    steps.push(step);
    relation = transformed(step.held, relation);
  };
  const fit = async (name: string, stage: MlParams): Promise<HeldModel> => {
    const estimator = stageOf(name, stage);
    const held = await work.ml.fit(estimator, relation);
    add({ className: modelClass(name), uid: estimator.uid, held });
    return held;
  };
  const texts = inputs.filter(({ kind }) => kind === "category").map(({ name }) => name);
  let levels: ReadonlyMap<string, readonly string[]> = new Map();
  if (texts.length > 0) {
    const indexer = await fit("org.apache.spark.ml.feature.StringIndexer", {
      ...{ inputCols: ofTexts(texts), outputCols: ofTexts(texts.map(indexName)) },
      handleInvalid: ofText("keep"), // a level that was not there at the training has a place of its own
    });
    const labels = (await work.ml.ask(indexer, "labelsArray")) as readonly (readonly string[])[];
    levels = new Map(texts.map((name, k) => [name, labels[k]!]));
  }
  const isSpread = categories === "one hot";
  if (isSpread && texts.length > 0)
    await fit("org.apache.spark.ml.feature.OneHotEncoder", {
      ...{ inputCols: ofTexts(texts.map(indexName)), outputCols: ofTexts(texts.map(spreadName)) },
      dropLast: ofFlag(true), // the last is the place of unseen levels, which are 0 everywhere
    });
  if (task !== "recommendation") {
    if (!isSpread) refuseManyLevels(Number(params["maxBins"]), levels);
    const place = ({ name, kind }: InputColumn) => (kind === "number" ? name : isSpread ? spreadName(name) : indexName(name));
    const stage = stageOf("org.apache.spark.ml.feature.VectorAssembler", {
      ...{ inputCols: ofTexts(inputs.map(place)), outputCol: ofText(made.features), handleInvalid: ofText("error") },
    });
    add({ ...stage, held: stage });
  }
  const facts = { task, rows: train.rows, seed };
  const model = await fit(className(task), { ...spelled(params, facts), ...columnParams(task, inputs) });
  const features = inputs.flatMap(({ name, kind }) =>
    kind === "number" || !isSpread ? [name] : levels.get(name)!.map((level) => `${name}=${level}`),
  );
  return {
    ...{ steps, model, features },
    apply: (input) => steps.reduce((rows, { held }) => transformed(held, rows), input),
  };
}

const indexName = (column: string): string => `assay_index_${column}`;
const spreadName = (column: string): string => `assay_levels_${column}`;

/** Which columns an algorithm reads and writes. */
function columnParams(task: SparkTask, inputs: readonly InputColumn[]): MlParams {
  const [label, prediction] = [{ labelCol: ofText(made.label) }, { predictionCol: ofText(made.prediction) }];
  const features = { featuresCol: ofText(made.features) };
  switch (task) {
    case "classification":
      return {
        ...{ ...features, ...label, ...prediction },
        probabilityCol: ofText(made.probability),
        rawPredictionCol: ofText(made.raw),
      };
    case "regression":
      return { ...features, ...label, ...prediction };
    case "clustering":
      return { ...features, ...prediction };
    case "recommendation": {
      const [user, item] = inputs.map(({ name, kind }) => ofText(kind === "number" ? name : indexName(name)));
      return { userCol: user!, itemCol: item!, ratingCol: ofText(made.label), ...prediction, coldStartStrategy: ofText("nan") };
    }
  }
}

/** A stage under a name of its own, as Spark makes them. */
function stageOf(className: string, params: MlParams): MlStage {
  return { className, uid: `${className.split(".").at(-1)}_${randomUUID().replaceAll("-", "").slice(0, 12)}`, params };
}

/** The class of the models that an estimator makes. */
function modelClass(estimator: string): string {
  return `${estimator.replace(/Classifier$/, "Classification").replace(/Regressor$/, "Regression")}Model`;
}

function refuseManyLevels(maxBins: number, levels: ReadonlyMap<string, readonly string[]>): void {
  for (const [name, { length }] of levels)
    if (length + 1 > maxBins)
      throw new ParamsError(
        `spark.fit: maxBins must be ≥ ${length + 1}, since column ${JSON.stringify(name)} has ${length} levels and one for those unseen, got ${maxBins}`,
      );
}
