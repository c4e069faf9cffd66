import type { Column } from "../base/columns.ts";
import { random } from "../numeric/random.ts";
import { cellOf, isMissing } from "./column.ts";
import type { Alert } from "./profile.ts";
import { correlation } from "./profile-pairs.ts";
import type { Table } from "./table.ts";

const mostRows = 20_000;
const enough = 0.98;

/**
 * Columns that tell the target alone: AUC above 0.98 for one class against the rest, or R² above 0.98 for a number, by the column's value,
 * its category, or merely whether it is missing. Looked for in 20,000 rows at most; classes of fewer than 10 rows are left out.
 */
export function findLeaks(table: Table, target: string): Alert[] {
  const known = Array.from({ length: table.rows }, (_, i) => i).filter((i) => !isMissing(table.column(target), i));
  if (known.length > mostRows) random(42, "leaks").shuffle(known);
  const sample = table.take(known.slice(0, mostRows));
  const truth = sample.column(target);
  const others = sample.names.filter((name) => name !== target);
  return others.flatMap((name): Alert[] => {
    const found =
      truth.kind === "number" || truth.kind === "datetime"
        ? leakOfNumber(sample.column(name), truth.values)
        : leakOfClass(sample.column(name), truth);
    return found ? [{ kind: "leakage", column: name, message: `column "${name}" ${found}; is it known when you predict?` }] : [];
  });
}

function leakOfNumber(column: Column, y: Float64Array): string | undefined {
  const x = scores(column, y);
  const r = x && correlation(x, y);
  const present = x?.filter((value) => !Number.isNaN(value)).length ?? 0;
  if (!r || present < Math.max(10, y.length / 2)) return undefined;
  return r * r > enough ? `alone explains the target (R² ${(r * r).toFixed(3)})` : undefined;
}

function leakOfClass(column: Column, truth: Column): string | undefined {
  const n = column.kind === "category" ? column.codes.length : column.values.length;
  const labels = Array.from({ length: n }, (_, i) => cellOf(truth, i));
  const gaps = Float64Array.from({ length: n }, (_, i) => Number(isMissing(column, i)));
  const counts = new Map<unknown, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  const classes = [...counts].filter(([, count]) => count >= 10 && count <= n - 10).map(([label]) => label);
  let best = { auc: enough, text: "" };
  for (const label of classes) {
    const y = Float64Array.from(labels, (each) => Number(each === label));
    const x = scores(column, y);
    const present = x?.filter((value) => !Number.isNaN(value)).length ?? 0;
    const byValue = x && present >= n / 2 ? auc(x, y) : 0.5;
    const byGap = auc(gaps, y);
    if (byValue > best.auc)
      best = { auc: byValue, text: `alone tells ${JSON.stringify(label)} from the rest (AUC ${byValue.toFixed(3)})` };
    if (byGap > best.auc)
      best = {
        auc: byGap,
        text: `tells ${JSON.stringify(label)} from the rest by being missing or not (AUC ${byGap.toFixed(3)})`,
      };
  }
  return best.text || undefined;
}

/** A number a row that orders the rows by what the column says of y: its values, or the mean of y in its category; NaN where missing. */
function scores(column: Column, y: Float64Array): Float64Array | undefined {
  switch (column.kind) {
    case "number":
    case "datetime":
      return column.values;
    case "boolean":
      return Float64Array.from(column.values, (value) => (value === 255 ? Number.NaN : value));
    case "text":
      return undefined; // nearly every value stands alone: a mean by value would tell anything
    case "category": {
      if (column.levels.length * 20 > y.length) return undefined;
      const sums = new Float64Array(column.levels.length);
      const counts = new Float64Array(column.levels.length);
      column.codes.forEach((code, i) => {
        if (code < 0) return;
        sums[code]! += y[i]!;
        counts[code]!++;
      });
      return Float64Array.from(column.codes, (code) => (code < 0 ? Number.NaN : sums[code]! / counts[code]!));
    }
  }
}

/** Area under the ROC curve of a score for y in {0, 1}, whichever way it points; rows without a score are left out. O(n log n). */
function auc(score: Float64Array, y: Float64Array): number {
  const rows = Array.from({ length: score.length }, (_, i) => i)
    .filter((i) => !Number.isNaN(score[i]!))
    .sort((a, b) => score[a]! - score[b]!);
  let positives = 0;
  let rankSum = 0;
  for (let begin = 0; begin < rows.length; ) {
    let end = begin;
    while (end < rows.length && score[rows[end]!] === score[rows[begin]!]) end++;
    for (let k = begin; k < end; k++)
      if (y[rows[k]!] === 1) {
        positives++;
        rankSum += (begin + end + 1) / 2;
      }
    begin = end;
  }
  const negatives = rows.length - positives;
  if (positives < 10 || negatives < 10) return 0.5;
  const area = (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives);
  return Math.max(area, 1 - area);
}
