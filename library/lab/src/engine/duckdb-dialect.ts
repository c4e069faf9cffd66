import type { Dialect } from "./engine.ts";
import { hmacPads } from "./hmac-pads.ts";
import { literal } from "./sql-text.ts";

/** How DuckDB spells what engines spell differently. */
export const duckdbDialect: Dialect = {
  literal,
  fraction: (text) => `(('0x' || left(md5(${text}), 8))::ubigint / 4294967296.0)`,
  keyedHash(text, key) {
    const [inner, outer] = hmacPads(key).map((pad) => `unhex('${pad}')`);
    return `sha256(${outer} || unhex(sha256(${inner} || encode(${text}))))`;
  },
  milliseconds: (instant) => `epoch_ms(${instant})`,
};
