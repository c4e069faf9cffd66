import { createHash } from "node:crypto";
import type { Arm } from "../contract/ab-tests.ts";

/**
 * The place of a person in a test: the first 53 bits of SHA-256 of `seed:key` in UTF-8, divided by 2⁵³, in [0, 1). Other programs come to the
 * same place; `fixtures/ab-places.json` has vectors. About 1 µs.
 */
export function placeOf(seed: string, userKey: string): number {
  const digest = createHash("sha256").update(`${seed}:${userKey}`, "utf8").digest();
  return (digest.readUInt32BE(0) * 2 ** 21 + (digest.readUInt32BE(4) >>> 11)) / 2 ** 53;
}

/** The arm of a person: B where the place is below B's share. */
export function armOf(seed: string, splitRatio: number, userKey: string): Arm {
  return placeOf(seed, userKey) < splitRatio ? "b" : "a";
}
