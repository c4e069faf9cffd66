import { z } from "zod";
import { StoreError } from "../base/errors.ts";
import { type EntityFeatures, type FeatureRows, noFeatures, readEntityFeatures } from "./entity-features.ts";
import { areVectors, factorScorer } from "./factor-scores.ts";
import { countOf } from "./ids.ts";
import { recommender } from "./recommender.ts";
import { meanVector, type TowerState, type TwoTowerParams, trainTowers } from "./tower-training.ts";

/** What the fit of two towers takes beside the interactions. */
export interface TwoTowerOptions {
  readonly userFeatures?: EntityFeatures | undefined;
  readonly itemFeatures?: EntityFeatures | undefined;
}

/**
 * Two towers: a user's vector is the mean of learned vectors of the items that they took, plus those of their features; an item's is its own plus those of its
 * features; both of length 1. They learn so that of the items of a batch the one that was taken (not among the mean then) has the largest product, by softmax
 * with the items' frequency taken off (log Q), and AdaGrad. An item without interactions is placed by its features. The order of the interactions and
 * their values do not matter. O(n (batch + taken) f) an epoch, products by kernels.
 * Source: Covington, Adams & Sargin (2016), RecSys, for the user's tower; Yi et al. (2019), "Sampling-bias-corrected neural modeling for large corpus item
 * recommendations", RecSys, for log Q.
 * @example
 * const model = await ml.twoTower({ factors: 32 }).fit(interactions, { itemFeatures: { table: movies, key: "movieId" } });
 */
export const twoTower = recommender<
  { readonly [K in keyof TwoTowerParams]?: TwoTowerParams[K] | undefined },
  TwoTowerParams,
  TowerState,
  TwoTowerOptions,
  TowerFeatures
>({
  name: "two_tower",
  params: () =>
    z.strictObject({
      factors: z
        .number()
        .int()
        .min(2)
        .max(512)
        .default(32)
        .meta({ title: "Factors", description: "Length of the vectors.", search: "log" }),
      epochs: z.number().int().min(1).max(1000).default(10).meta({ title: "Epochs", search: "log" }),
      batchSize: z
        .number()
        .int()
        .min(8)
        .max(4096)
        .default(256)
        .meta({ title: "Batch size", description: "Items that compete with each other.", search: "log" }),
      learningRate: z.number().positive().max(10).default(0.1).meta({ title: "Learning rate", search: "log" }),
      temperature: z
        .number()
        .min(0.001)
        .max(10)
        .default(0.1)
        .meta({ title: "Temperature", description: "Smaller: the best item must stand out more.", search: "log" }),
      seed: z.number().int().min(0).default(42).meta({ title: "Seed" }),
    }),
  readFeatures(who, { users, items }, options) {
    const { userFeatures, itemFeatures } = options as TwoTowerOptions;
    return {
      users: userFeatures ? readEntityFeatures(who, "userFeatures", userFeatures, users) : noFeatures(countOf(users)),
      items: itemFeatures ? readEntityFeatures(who, "itemFeatures", itemFeatures, items) : noFeatures(countOf(items)),
    };
  },
  fit: (x, params, context, features): TowerState => trainTowers(x, features, params, context),
  scorer({ offsets }, { users, items, taken, factors }) {
    const vectorOf = ({ user, codes }: { readonly user: number; readonly codes: Int32Array }): Float32Array =>
      user >= 0 && offsets[user + 1]! > offsets[user]!
        ? users.subarray(user * factors, (user + 1) * factors)
        : unit(meanVector(taken, factors, codes));
    return {
      ...factorScorer({ dimensions: factors, users, items, vectorOf }),
      shares({ codes }, item) {
        const length = Math.hypot(...meanVector(taken, factors, codes)) || 1;
        return Float64Array.from(codes, (code) => {
          let product = 0;
          for (let j = 0; j < factors; j++) product += taken[code * factors + j]! * items[item * factors + j]!;
          return product / (codes.length * length);
        });
      },
    };
  },
  check({ users: own, items: other, taken, factors }, users, items) {
    if (
      !(
        Number.isInteger(factors) &&
        factors > 1 &&
        areVectors(own, users, factors) &&
        areVectors(other, items, factors) &&
        areVectors(taken, items, factors)
      )
    )
      throw new StoreError(`loadModel: two_tower's vectors must be finite, ${users} and twice ${items} rows of them`);
  },
});

/** Features of both sides. */
interface TowerFeatures {
  readonly users: FeatureRows;
  readonly items: FeatureRows;
}

function unit(vector: Float64Array): Float32Array {
  const length = Math.hypot(...vector) || 1;
  return Float32Array.from(vector, (value) => value / length);
}
