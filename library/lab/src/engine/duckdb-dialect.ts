import type { Dialect } from "./engine.ts";
import { literal } from "./sql-text.ts";

const blockBytes = 64;

/** How DuckDB spells what engines spell differently. */
export const duckdbDialect: Dialect = {
  fraction: (text) => `(('0x' || left(md5(${text}), 8))::ubigint / 4294967296.0)`,
  // RFC 2104: H(K ⊕ opad ‖ H(K ⊕ ipad ‖ text)), for keys no longer than a block
  keyedHash(text, key) {
    if (key.length > blockBytes)
      throw new RangeError(`keyedHash: the key must have at most ${blockBytes} bytes, got ${key.length}`);
    const padded = (pad: number): string => {
      const bytes = Buffer.alloc(blockBytes, pad);
      for (const [k, byte] of key.entries()) bytes[k] = byte ^ pad;
      return `unhex(${literal(bytes.toString("hex"))})`;
    };
    return `sha256(${padded(0x5c)} || unhex(sha256(${padded(0x36)} || encode(${text}))))`;
  },
  milliseconds: (instant) => `epoch_ms(${instant})`,
};
