import type { z } from "zod";
import { ParamsError } from "../base/errors.ts";
import { suggest } from "../base/near-name.ts";
import { definitionOf } from "../base/registry.ts";
import { snakeCase } from "../base/snake-case.ts";
import { als } from "./als.ts";
import { bpr } from "./bpr.ts";
import { ease } from "./ease.ts";
import { itemKnn } from "./item-knn.ts";
import { popularity } from "./popularity.ts";
import { randomRecommender } from "./random-recommender.ts";
import type { Recommender, RecommenderFactory } from "./recommender-model.ts";
import { segmentPopularity } from "./segment-popularity.ts";
import { twoTower } from "./two-tower.ts";

/** A recommender as forms and HTTP name it. */
export interface RecommenderAlgorithm {
  readonly name: string;
  readonly title: string;
  /** One sentence for people. */
  readonly description: string;
  /** Other names that are taken. */
  readonly aliases: readonly string[];
  /** What its fit takes beside the interactions: `userFeatures`, `itemFeatures`. */
  readonly features: readonly ("user" | "item")[];
  readonly factory: RecommenderFactory<never, unknown, unknown>;
}

const entry = (
  factory: unknown,
  title: string,
  aliases: readonly string[],
  description: string,
  features: RecommenderAlgorithm["features"] = [],
): RecommenderAlgorithm => ({
  name: (factory as RecommenderAlgorithm["factory"]).estimator,
  title,
  description,
  aliases,
  features,
  factory: factory as RecommenderAlgorithm["factory"],
});

/** Every recommender that can be trained by name; simple ones first. */
export const recommenders: readonly RecommenderAlgorithm[] = [
  entry(popularity, "Popularity", ["most_popular"], "The same items for everybody: the baseline that a recommender must beat."),
  entry(
    segmentPopularity,
    "Popularity in the segment",
    ["rules"],
    "What most people of the user's segment took: how applications recommend by rule.",
    ["user"],
  ),
  entry(randomRecommender, "Chance", [], "Items at random: what no knowledge at all would give."),
  entry(itemKnn, "Item neighbours", ["item_item"], "Items that the same users took; quick, and says why."),
  entry(ease, "EASE", [], "Weights between items in closed form; often the best on up to some 20,000 items or users."),
  entry(
    als,
    "Implicit ALS",
    ["implicit_als"],
    "Vectors of users and items by alternating least squares; fast on millions of interactions.",
  ),
  entry(bpr, "BPR", [], "Vectors that put what was taken before what was not, by gradient steps."),
  entry(twoTower, "Two towers", [], "Vectors from names and features of users and items: knows what to say of new ones.", [
    "user",
    "item",
  ]),
];

/** A recommender's entry by name or alias. Throws ParamsError with the nearest name. */
export function recommenderEntry(name: string): RecommenderAlgorithm {
  const wanted = name.toLowerCase();
  const found = recommenders.find((each) => each.name === wanted || each.aliases.includes(wanted));
  if (found) return found;
  const known = recommenders.flatMap((each) => [each.name, ...each.aliases]);
  throw new ParamsError(`no recommender "${name}"${suggest(name, known)}`);
}

/** A recommender by name, of hyperparameters in snake_case as HTTP and forms write them. Throws ParamsError. */
export function recommenderByName(name: string, hyperparameters: Readonly<Record<string, unknown>> = {}): Recommender {
  const { factory } = recommenderEntry(name);
  const names = new Map(Object.keys(shapeOf(factory)).map((key) => [snakeCase(key), key]));
  const params = Object.fromEntries(
    Object.entries(hyperparameters).map(([key, value]) => {
      const camel = names.get(key);
      if (camel !== undefined) return [camel, value];
      throw Object.assign(new ParamsError(`${factory.estimator}: no parameter ${key}${suggest(key, [...names.keys()])}`), {
        field: key,
        value,
      });
    }),
  );
  return factory(params as never);
}

/** JSON Schema of a recommender's hyperparameters, names in snake_case. Throws ParamsError. */
export function recommenderSchema(name: string): Record<string, unknown> {
  const schema = recommenderEntry(name).factory.jsonSchema() as { readonly properties: Record<string, unknown> };
  return {
    ...schema,
    properties: Object.fromEntries(Object.entries(schema.properties).map(([key, value]) => [snakeCase(key), value])),
  };
}

function shapeOf({ task, estimator: name }: RecommenderAlgorithm["factory"]): object {
  return (definitionOf({ task, name }).params as z.ZodObject).shape;
}
