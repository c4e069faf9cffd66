import type { Column } from "../base/columns.ts";
import { sharedFloat64, sharedInt32 } from "../numeric/matrix.ts";
import { isCategory } from "./column.ts";
import type { ScanKind, ScanTarget } from "./csv-cells.ts";
import { type ScanPlan, stringWords } from "./csv-scan.ts";
import { textAt } from "./csv-strings.ts";

/** Room for a column's cells; see ScanTarget. */
export function targetOf(kind: ScanKind, rows: number): ScanTarget {
  switch (kind) {
    case "number":
    case "datetime":
      return sharedFloat64(rows);
    case "boolean":
      return new Uint8Array(new SharedArrayBuffer(rows));
    case "text":
      return sharedInt32(rows);
    case "string":
      return new Int32Array(new SharedArrayBuffer(8 * rows));
  }
}

/** The columns of a scan that every piece has read. */
export function scannedColumns(plan: ScanPlan): Column[] {
  const rows = closeGaps(plan);
  const total = rows.at(-1)!;
  let texts = 0;
  return plan.kinds.map((kind, j): Column => {
    const target = plan.targets[j]!;
    if (kind === "text") return columnOfCodes(plan, texts++, rows, (target as Int32Array).subarray(0, total));
    if (kind === "string") return { kind: "text", values: textsOf(plan, target as Int32Array, total) };
    const values = target.subarray(0, total);
    return kind === "boolean" ? { kind, values: values as Uint8Array } : { kind, values: values as Float64Array };
  });
}

/** Moves each piece's rows behind those of the piece before it, where lines held no record; first rows of the pieces (pieces + 1). */
function closeGaps({ rows: room, answers, kinds, targets }: ScanPlan): number[] {
  const rows = [0];
  for (let piece = 0; piece < room.length - 1; piece++) {
    const [from, to, count] = [room[piece]!, rows[piece]!, answers[2 * piece]!];
    rows.push(to + count);
    if (from === to) continue;
    for (const [j, target] of targets.entries()) {
      const width = kinds[j] === "string" ? 2 : 1;
      target.copyWithin(to * width, from * width, (from + count) * width);
    }
  }
  return rows;
}

/** Codes of each piece's own strings become those of all; where there are too many, the strings themselves. */
function columnOfCodes(plan: ScanPlan, place: number, rows: readonly number[], codes: Int32Array): Column {
  const texts = plan.kinds.filter((kind) => kind === "text").length;
  const all = new Map<string, number>();
  const ownTexts = rows.slice(1).map((_, piece) => stringsAt(plan, (piece * texts + place) * stringWords));
  for (const own of ownTexts) for (const text of own) if (!all.has(text)) all.set(text, all.size);
  const isOfLevels = isCategory(all.size, codes.length);
  const levels = isOfLevels ? [...all.keys()].sort() : [...all.keys()];
  const ranks = new Map(levels.map((level, k) => [level, k]));
  for (const [piece, own] of ownTexts.entries()) {
    const rank = own.map((text) => ranks.get(text)!);
    for (let i = rows[piece]!; i < rows[piece + 1]!; i++) if (codes[i]! >= 0) codes[i] = rank[codes[i]!]!;
  }
  if (isOfLevels) return { kind: "category", codes, levels };
  return { kind: "text", values: Array.from(codes, (code) => levels[code] ?? null) };
}

/** The strings that a piece told of a column. */
function stringsAt({ bytes, quote, strings }: ScanPlan, at: number): string[] {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: strings[at]! }, (_, k) =>
    spanText(file, strings[at + 1 + 2 * k]!, strings[at + 2 + 2 * k]!, String.fromCharCode(quote)),
  );
}

function textsOf({ bytes, quote, missing }: ScanPlan, spans: Int32Array, rows: number): (string | null)[] {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const sign = String.fromCharCode(quote);
  return Array.from({ length: rows }, (_, i) => {
    if (spans[2 * i]! < 0) return null;
    const text = spanText(file, spans[2 * i]!, spans[2 * i + 1]!, sign);
    return missing.has(text) ? null : text;
  });
}

/** The string of a place and a span; see `spanOf`. */
function spanText(file: Buffer, from: number, span: number, quote: string): string {
  const length = span < 0 ? -1 - span : span;
  return textAt(file, from, from + length, span < 0, quote);
}
