import { randomFillSync } from "node:crypto";
import { v7 as uuidv7 } from "uuid";

const pool = new Uint8Array(4096);
let at = pool.length;

/** Random bytes of one id; drawn for many at once, because a draw costs more than the id. */
function rng(): Uint8Array {
  if (at === pool.length) {
    randomFillSync(pool);
    at = 0;
  }
  at += 16;
  return pool.slice(at - 16, at);
}

/** A new UUIDv7: ids of later milliseconds are greater. */
export function predictionId(): string {
  return uuidv7({ rng });
}
