import {
  algorithmByName,
  algorithms,
  capabilities,
  defaultSpace,
  factoryByName,
  hyperparameterSchema,
  ParamsError,
  type PredictTask,
  recommenderEntry,
  recommenderSchema,
  recommenders,
} from "assay";
import { algorithmRoutes as routes } from "../contract/algorithm-routes.ts";
import type { Algorithm } from "../contract/training.ts";
import { snakeCase } from "../contract/values.ts";
import type { App } from "./app.ts";
import { handle } from "./handle.ts";
import { validateFeatures } from "./validate-features.ts";

/** What can be trained, with which hyperparameters, on which columns. */
export function algorithmRoutes(app: App): void {
  handle(app, routes.list, async ({ query: { task_type } }) => ({
    items:
      task_type === "recommendation"
        ? recommenderItems()
        : [...predictorItems(task_type), ...(task_type === undefined ? recommenderItems() : [])],
  }));

  handle(app, routes.params, async ({ params: { name }, query }) => {
    if (query.task_type === "recommendation" || (query.task_type === undefined && isRecommender(name)))
      return { algorithm: recommenderEntry(name).name, task_type: "recommendation" as const, schema: recommenderSchema(name) };
    const algorithm = algorithmByName(name);
    const task_type = query.task_type ?? (Object.keys(algorithm.factories)[0] as PredictTask);
    factoryByName(name, task_type);
    const space = usualSpace(name, task_type);
    return { algorithm: algorithm.name, task_type, schema: hyperparameterSchema(name, task_type), ...(space && { space }) };
  });

  handle(app, routes.validateFeatures, async ({ body, session }) => validateFeatures(session, body));
}

/** What predicts columns: of one task, or all. */
function predictorItems(asked: PredictTask | undefined): Algorithm[] {
  return algorithms
    .filter(({ factories }) => asked === undefined || factories[asked])
    .map(({ name, title, description, aliases, factories, isPreset }) => {
      const task_types = Object.keys(factories) as PredictTask[];
      const task = asked ?? task_types[0]!;
      const { missing, categories, probabilities } = capabilities(name, task);
      return {
        name,
        title,
        description,
        task_types,
        aliases: [...aliases],
        preset_of: isPreset ? factories[task]!.estimator : null,
        handles_missing: missing,
        handles_categories: categories,
        has_probabilities: probabilities,
      };
    });
}

/** What recommends items: it reads who took what, no columns. */
function recommenderItems(): Algorithm[] {
  const facts = { preset_of: null, handles_missing: false, handles_categories: false, has_probabilities: false };
  return recommenders.map(({ name, title, description, aliases }) => ({
    ...{ name, title, description, ...facts },
    task_types: ["recommendation"],
    aliases: [...aliases],
  }));
}

function isRecommender(name: string): boolean {
  return recommenders.some((each) => each.name === name || each.aliases.includes(name));
}

/** Where an algorithm's parameters are usually searched, in HTTP's spelling; undefined where it has none. */
function usualSpace(name: string, task: PredictTask): Record<string, Record<string, unknown>> | undefined {
  try {
    const entries = Object.entries(defaultSpace(name, task)).map(([param, { when, ...distribution }]) => {
      const condition = when && { when: Object.fromEntries(Object.entries(when).map(([key, value]) => [snakeCase(key), value])) };
      return [snakeCase(param), { ...distribution, ...condition }] as const;
    });
    return Object.fromEntries(entries);
  } catch (error) {
    if (error instanceof ParamsError) return undefined;
    throw error;
  }
}
