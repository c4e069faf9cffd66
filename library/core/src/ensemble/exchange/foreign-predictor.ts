import type { Fitted, Label, PredictorModel } from "../../base/contract.ts";
import { ParamsError } from "../../base/errors.ts";
import { modelOf } from "../../base/model.ts";
import { definitionOf } from "../../base/registry.ts";
import { checkBoostedTrees, type Link } from "../boosting/boosted-trees.ts";
import { histGradientBoostingClassifier, histGradientBoostingRegressor } from "../boosting/hist-gradient-boosting.ts";
import { histGradientBoostingRanker } from "../boosting/hist-gradient-boosting-ranker.ts";
import { type ForeignModel, type ForeignObjective, joinTrees, pickOutput, takeRounds } from "./foreign-model.ts";

/** What a foreign file does not say. */
export interface ReadModelOptions {
  /** What the model predicts; default as its objective says. Needed for classes of a custom objective, or the sums of `binary:logitraw`. */
  readonly task?: "classification" | "regression" | "ranking";
  /** Labels in the order of the training's codes 0, 1, …; default these numbers. */
  readonly classes?: readonly Label[];
  /** Names of the input columns in order; default those of the file, or x0, x1, … */
  readonly columns?: readonly string[];
  /** Which target of a model of several, from 0. */
  readonly output?: number;
  /** Rounds of boosting to take, the first of them; default all. XGBoost's and LightGBM's own predictors may stop at the best. */
  readonly rounds?: number;
}

/**
 * A model of `hist_gradient_boosting` that predicts as a foreign one. Of several targets `output` takes one; without it all are a
 * regression of several outputs. Throws ParamsError for options that do not fit the file.
 */
export function predictorOf<M extends Fitted = PredictorModel>(who: string, foreign: ForeignModel, options: ReadModelOptions): M {
  const task = options.task ?? naturalTask(foreign, options.output);
  const model = withLink(who, pickedOutput(who, someRounds(who, foreign, options.rounds), options.output), task);
  const state = { ...joinTrees(model), history: new Float64Array(0) };
  checkBoostedTrees(state, model.columns.length);
  const { name, params } = estimators[task]();
  const classes = task === "classification" ? classesOf(who, Math.max(2, model.outputs), options.classes) : undefined;
  const columns = renamed(who, model.columns, options.columns);
  return modelOf(definitionOf({ task, name }), { task, name, params, columns, classes, state }) as M;
}

const estimators = {
  classification: histGradientBoostingClassifier,
  regression: histGradientBoostingRegressor,
  ranking: histGradientBoostingRanker,
};

/** Whether the outputs are several targets, rather than the classes of one. */
function hasTargets({ objective, outputs }: ForeignModel): boolean {
  return outputs > 1 && objective.link !== "softmax" && objective.name !== "multiclassova";
}

/** The task of the objective; the shares of several labels together are numbers. */
function naturalTask(model: ForeignModel, output: number | undefined): ForeignObjective["task"] {
  const all = hasTargets(model) && output === undefined;
  return all ? "regression" : model.objective.task;
}

function someRounds(who: string, model: ForeignModel, rounds: number | undefined): ForeignModel {
  if (rounds === undefined) return model;
  const { length } = model.roundEnds;
  if (Number.isInteger(rounds) && rounds >= 1 && rounds <= length) return takeRounds(model, rounds);
  throw new ParamsError(`${who}: rounds must be a whole number from 1 to ${length}, got ${rounds}`);
}

function pickedOutput(who: string, model: ForeignModel, output: number | undefined): ForeignModel {
  if (output === undefined) return model;
  const targets = hasTargets(model) ? model.outputs : 1;
  if (!(Number.isInteger(output) && output >= 0 && output < targets))
    throw new ParamsError(`${who}: output must be a whole number from 0 to ${targets - 1}, got ${output}`);
  return targets > 1 ? pickOutput(model, output) : model;
}

/** A model that was trained for another task answers plain sums, or classes by the usual links. */
function withLink(who: string, model: ForeignModel, task: ForeignObjective["task"]): ForeignModel {
  const { objective, outputs } = model;
  if (task === "ranking" && (objective.link !== "identity" || outputs > 1))
    throw new ParamsError(`${who}: objective ${objective.name} of ${outputs} outputs predicts no ranking, got task ranking`);
  if (task !== "classification") return objective.name === "binary:logitraw" ? linked(model, "identity") : model;
  if (objective.task === "classification" && !hasTargets(model)) return model;
  if (objective.link === "identity") return linked(model, outputs > 1 ? "softmax" : "sigmoid");
  if (objective.link === "sigmoid") return model;
  throw new ParamsError(`${who}: objective ${objective.name} of ${outputs} outputs predicts no classes, got task classification`);
}

function linked(model: ForeignModel, link: Link): ForeignModel {
  return { ...model, objective: { ...model.objective, link } };
}

function classesOf(who: string, count: number, given: readonly Label[] | undefined): readonly Label[] {
  if (!given) return Array.from({ length: count }, (_, k) => k);
  if (given.length !== count || new Set(given).size !== count)
    throw new ParamsError(`${who}: classes must be ${count} labels that differ, got ${JSON.stringify(given).slice(0, 80)}`);
  return [...given];
}

function renamed(who: string, columns: ForeignModel["columns"], names: readonly string[] | undefined): ForeignModel["columns"] {
  if (!names) return columns;
  if (names.length !== columns.length || new Set(names).size !== names.length)
    throw new ParamsError(
      `${who}: columns must be ${columns.length} names that differ, got ${JSON.stringify(names).slice(0, 80)}`,
    );
  return columns.map((column, j) => ({ ...column, name: names[j]! }));
}
