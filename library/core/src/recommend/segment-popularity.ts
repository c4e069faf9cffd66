import { z } from "zod";
import { StoreError } from "../base/errors.ts";
import { type EntityFeatures, type FeatureRows, noFeatures, readEntityFeatures } from "./entity-features.ts";
import { countOf } from "./ids.ts";
import { recommender } from "./recommender.ts";

/** What popularity in segments learns. */
export interface SegmentPopularityState {
  /** Segments × items, row-major: the smoothed share of each item among what the segment's users took; the last row is that of everybody. */
  readonly shares: Float64Array;
  /** Each user's segment; of a user of none, that of everybody (users). */
  readonly segments: Int32Array;
}

/** What popularity in segments takes beside the interactions. */
export interface SegmentPopularityOptions {
  /** One column of texts or categories that names each user's segment: `{ table, key, columns: ["primary_segment"] }`; without it all are one segment. */
  readonly userFeatures?: EntityFeatures | undefined;
}

/**
 * The same items for everybody of a segment: those that most of its users took, as rules of applications have it; the arm that a model is tested against. A
 * segment of n interactions counts with what everybody takes by the share (c + m p) / (n + m), c of them with the item, p the item's share among all and m
 * the smoothing; a user of no segment gets p. O(n + segments · items).
 * @example
 * const rules = await ml.segmentPopularity().fit(taken, { userFeatures: { table: users, key: "user", columns: ["segment"] } });
 */
export const segmentPopularity = recommender<
  { readonly smoothing?: number | undefined },
  { smoothing: number },
  SegmentPopularityState,
  SegmentPopularityOptions,
  FeatureRows
>({
  name: "segment_popularity",
  params: () =>
    z.strictObject({
      smoothing: z.number().min(0).max(1e6).default(20).meta({
        title: "Smoothing",
        description: "Interactions of everybody that count beside the segment's own; 0: the segment alone.",
        search: "log",
      }),
    }),
  needsHistory: false,
  readFeatures(who, { users }, options) {
    const { userFeatures } = options as SegmentPopularityOptions;
    return userFeatures ? readEntityFeatures(who, "userFeatures", userFeatures, users) : noFeatures(countOf(users));
  },
  fit({ users, items, offsets, codes }, { smoothing }, _, features): SegmentPopularityState {
    const [rows, width, everybody] = [countOf(users), countOf(items), features.features];
    const segments = Int32Array.from({ length: rows }, (_, user) => segmentOf(features, user, everybody));
    const shares = new Float64Array((everybody + 1) * width);
    const sizes = new Float64Array(everybody + 1);
    for (let user = 0; user < rows; user++)
      for (let k = offsets[user]!; k < offsets[user + 1]!; k++)
        for (const segment of segments[user] === everybody ? [everybody] : [segments[user]!, everybody]) {
          shares[segment * width + codes[k]!]! += 1;
          sizes[segment]! += 1;
        }
    const whole = shares.subarray(everybody * width);
    for (let item = 0; item < width; item++) whole[item]! /= sizes[everybody]!;
    for (let segment = 0; segment < everybody; segment++) {
      const size = sizes[segment]! + smoothing;
      for (let at = segment * width, item = 0; item < width; item++, at++)
        shares[at] = size === 0 ? whole[item]! : (shares[at]! + smoothing * whole[item]!) / size;
    }
    return { shares, segments };
  },
  scorer({ items }, { shares, segments }) {
    const width = countOf(items);
    const last = shares.length / width - 1;
    return {
      scores({ user }) {
        const segment = user < 0 ? last : segments[user]!;
        return shares.subarray(segment * width, (segment + 1) * width);
      },
    };
  },
  check({ shares, segments }, users, items) {
    const rows = shares instanceof Float64Array ? shares.length / items : 0;
    if (!(Number.isInteger(rows) && rows >= 1 && shares.every((share) => share >= 0 && share <= 1)))
      throw new StoreError(`loadModel: segment_popularity's shares must be rows of ${items} numbers from 0 to 1`);
    const isSegment = (segment: number) => segment >= 0 && segment < rows;
    if (!(segments instanceof Int32Array && segments.length === users && segments.every(isSegment)))
      throw new StoreError(`loadModel: segment_popularity's segments must be ${users} numbers below ${rows}`);
  },
});

/** The first feature of a user, as one column of texts has one; `none` where there is none. */
function segmentOf({ offsets, codes }: FeatureRows, user: number, none: number): number {
  return offsets[user + 1]! > offsets[user]! ? codes[offsets[user]!]! : none;
}
