import { StoreError } from "assay";

/** Signs that have a near twin in plain letters. */
const twins: Readonly<Record<string, string>> = {
  "→": "->",
  "←": "<-",
  "↔": "<->",
  "⇒": "=>",
  "✓": "yes",
  "✗": "no",
  "≈": "~",
  "‑": "-",
  "−": "-",
  "\u200c": "",
  "\u200d": "",
};

/**
 * The code points that a TrueType font draws, from its character map. Throws StoreError for a font without one of format 4.
 * Source: OpenType 1.9, cmap.
 */
export function codePointsOf(font: Uint8Array): ReadonlySet<number> {
  const view = new DataView(font.buffer, font.byteOffset, font.byteLength);
  const map = tablePlace(view, "cmap");
  const subtables = Array.from({ length: view.getUint16(map + 2) }, (_, k) => map + view.getUint32(map + 4 + 8 * k + 4));
  const table = subtables.find((at) => view.getUint16(at) === 4);
  if (table === undefined) throw new StoreError("report: the font has no character map of format 4");
  const segments = view.getUint16(table + 6) / 2;
  const [ends, starts] = [table + 14, table + 16 + 2 * segments];
  const [deltas, ranges] = [starts + 2 * segments, starts + 4 * segments];
  const found = new Set<number>();
  for (let s = 0; s < segments; s++) {
    const [end, start] = [view.getUint16(ends + 2 * s), view.getUint16(starts + 2 * s)];
    const [delta, range] = [view.getInt16(deltas + 2 * s), view.getUint16(ranges + 2 * s)];
    for (let code = start; code <= end && code < 0xffff; code++) {
      const glyph = range === 0 ? (code + delta) & 0xffff : view.getUint16(ranges + 2 * s + range + 2 * (code - start));
      if (glyph !== 0) found.add(code);
    }
  }
  return found;
}

function tablePlace(view: DataView, name: string): number {
  for (let k = 0; k < view.getUint16(4); k++) {
    const at = 12 + 16 * k;
    const tag = String.fromCharCode(...[0, 1, 2, 3].map((i) => view.getUint8(at + i)));
    if (tag === name) return view.getUint32(at + 8);
  }
  throw new StoreError(`report: the font has no table ${name}`);
}

/** Text in the signs that a font has; another is written as its twin, else as `\u{6570}`. Says how many were written so. */
export function inFont(text: string, covered: ReadonlySet<number>): { readonly text: string; readonly replaced: number } {
  let replaced = 0;
  let out = "";
  for (const sign of text) {
    if (sign === "\n" || sign === "\t" || covered.has(sign.codePointAt(0)!)) out += sign;
    else if (sign in twins) out += twins[sign];
    else {
      replaced++;
      out += `\\u{${sign.codePointAt(0)!.toString(16)}}`;
    }
  }
  return { text: out, replaced };
}
