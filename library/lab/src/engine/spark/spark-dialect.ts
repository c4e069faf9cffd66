import type { Dialect } from "../engine.ts";
import { hmacPads } from "../hmac-pads.ts";
import { literal } from "../sql-text.ts";

/** How Spark spells what engines spell differently. */
export const sparkDialect: Dialect = {
  literal: (text) => literal(text.replaceAll("\\", "\\\\")),
  fraction: (text) => `(cast(conv(left(md5(${text}), 8), 16, 10) as bigint) / 4294967296.0D)`,
  keyedHash(text, key) {
    const [inner, outer] = hmacPads(key).map((pad) => `unhex('${pad}')`);
    return `sha2(concat(${outer}, unhex(sha2(concat(${inner}, encode(${text}, 'UTF-8')), 256))), 256)`;
  },
  milliseconds: (instant) => `unix_millis(${instant})`,
};
