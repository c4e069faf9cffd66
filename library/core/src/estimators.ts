import type { z } from "zod";
import type { Classifier, ClassifierFactory, Regressor, RegressorFactory, Spec } from "./base/contract.ts";
import { ParamsError } from "./base/errors.ts";
import { estimatorFromSpec } from "./base/estimator.ts";
import { suggest } from "./base/near-name.ts";
import { definitionOf } from "./base/registry.ts";
import { dummyClassifier, dummyRegressor } from "./dummy/index.ts";
import { randomForestClassifier, randomForestRegressor } from "./ensemble/index.ts";
import { logisticRegression, ridge } from "./linear/index.ts";
import { decisionTreeClassifier, decisionTreeRegressor } from "./tree/index.ts";

/** What is predicted: labels or numbers. */
export type PredictTask = "classification" | "regression";

/** An algorithm as forms, HTTP and leaderboards name it; one name serves both tasks. */
export interface Algorithm {
  readonly name: string;
  readonly title: string;
  /** One sentence for people. */
  readonly description: string;
  /** Other names that are taken. */
  readonly aliases: readonly string[];
  readonly factories: { readonly classification?: AnyFactory; readonly regression?: AnyFactory };
}

// biome-ignore lint/suspicious/noExplicitAny: a list of factories of every parameter and state type
type AnyFactory = ClassifierFactory<any, any, any> | RegressorFactory<any, any, any>;

/** Every algorithm that can be trained by name. */
export const algorithms: readonly Algorithm[] = [
  {
    name: "dummy",
    title: "Dummy",
    description: "Looks at the target only: the baseline that a model must beat.",
    aliases: ["baseline"],
    factories: { classification: dummyClassifier, regression: dummyRegressor },
  },
  {
    name: "logistic_regression",
    title: "Logistic regression",
    description: "A linear score for each class, with an L2 penalty; fast, and easy to read.",
    aliases: ["logistic"],
    factories: { classification: logisticRegression },
  },
  {
    name: "ridge",
    title: "Ridge regression",
    description: "Least squares with an L2 penalty; fast, and easy to read.",
    aliases: [],
    factories: { regression: ridge },
  },
  {
    name: "decision_tree",
    title: "Decision tree",
    description: "Questions about one column at a time; readable, and prone to learn by heart without a limit.",
    aliases: ["cart"],
    factories: { classification: decisionTreeClassifier, regression: decisionTreeRegressor },
  },
  {
    name: "random_forest",
    title: "Random forest",
    description: "The mean of many trees that each saw other rows and columns; strong with its defaults.",
    aliases: [],
    factories: { classification: randomForestClassifier, regression: randomForestRegressor },
  },
];

/** An algorithm by name or alias. Throws ParamsError with the nearest name. */
export function algorithmByName(name: string): Algorithm {
  const wanted = name.toLowerCase();
  const found = algorithms.find((algorithm) => algorithm.name === wanted || algorithm.aliases.includes(wanted));
  if (found) return found;
  throw new ParamsError(
    `no algorithm "${name}"${suggest(
      name,
      algorithms.flatMap((algorithm) => [algorithm.name, ...algorithm.aliases]),
    )}`,
  );
}

/** An algorithm's factory for a task. Throws ParamsError where it has none. */
export function factoryByName(name: string, task: PredictTask): AnyFactory {
  const algorithm = algorithmByName(name);
  const factory = algorithm.factories[task];
  if (!factory)
    throw new ParamsError(
      `${algorithm.name} is no ${task} algorithm, there are ${algorithms
        .filter((each) => each.factories[task])
        .map((each) => each.name)
        .join(", ")}`,
    );
  return factory;
}

/** An estimator by name, of hyperparameters in snake_case as HTTP and forms write them. Throws ParamsError. */
export function estimatorByName(
  name: string,
  task: PredictTask,
  hyperparameters: Readonly<Record<string, unknown>> = {},
): Classifier | Regressor {
  const factory = factoryByName(name, task);
  const names = paramNames(factory);
  const params: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(hyperparameters)) {
    const camel = names.get(key) ?? key;
    if (!names.has(key) && ![...names.values()].includes(key))
      throw Object.assign(new ParamsError(`${factory.estimator}: no parameter ${key}${suggest(key, [...names.keys()])}`), {
        field: key,
        value,
      });
    params[camel] = value;
  }
  return estimatorFromSpec<Classifier | Regressor>({ task, name: factory.estimator, params });
}

/** The parameters of a specification in snake_case. */
export function hyperparametersOf(spec: Spec): Record<string, unknown> {
  const names = new Map(
    [...paramNames(factoryByName(spec.name, spec.task as PredictTask))].map(([snake, camel]) => [camel, snake]),
  );
  return Object.fromEntries(Object.entries(spec.params).map(([key, value]) => [names.get(key) ?? key, value]));
}

/** JSON Schema of an algorithm's hyperparameters, names in snake_case. */
export function hyperparameterSchema(name: string, task: PredictTask): Record<string, unknown> {
  const factory = factoryByName(name, task);
  const schema = factory.jsonSchema() as { properties: Record<string, unknown> };
  return {
    ...schema,
    properties: Object.fromEntries(Object.entries(schema.properties).map(([key, value]) => [snakeCase(key), value])),
  };
}

/** What an algorithm bears and gives. */
export function capabilities(
  name: string,
  task: PredictTask,
): { readonly missing: boolean; readonly categories: boolean; readonly probabilities: boolean } {
  const { missing, categories, predictProba } = definitionOf({ task, name: factoryByName(name, task).estimator });
  return { missing, categories, probabilities: predictProba !== undefined };
}

/** Declared names only: snake_case to camelCase. */
function paramNames(factory: AnyFactory): Map<string, string> {
  const { params } = definitionOf({ task: factory.task, name: factory.estimator });
  return new Map(Object.keys((params as z.ZodObject).shape).map((key) => [snakeCase(key), key]));
}

function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
