import { v7 as uuidv7 } from "uuid";
import type { RequestOptions } from "../client/index.ts";

/** Makes a request known by a key: the same message may come twice, and does its work once. */
export function once(key: string = uuidv7()): RequestOptions {
  return { headers: { "idempotency-key": key } };
}
