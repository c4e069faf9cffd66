import type { ComparedConfusion } from "../contract/compare.ts";

/** A confusion matrix as an evaluation stores it. */
export interface StoredConfusion {
  readonly labels: readonly unknown[];
  readonly counts: readonly (readonly number[])[];
}

/** Classes up to which matrices are compared. */
const classesMost = 30;

/** The matrices of the runs beside each other, and how each differs from the baseline's; why not, where they cannot be. */
export function compareConfusion(
  ids: readonly string[],
  matrices: readonly (StoredConfusion | null)[],
  baseline: number,
): { readonly confusion: ComparedConfusion | null; readonly leftOut?: string } {
  const base = matrices[baseline] ?? matrices.find((each) => each !== null);
  if (!base) return { confusion: null };
  const labels = base.labels.map(String);
  if (labels.length > classesMost)
    return {
      confusion: null,
      leftOut: `confusion matrices of ${labels.length} classes: more than ${classesMost} are not compared`,
    };
  const same = (matrix: StoredConfusion | null): matrix is StoredConfusion =>
    matrix !== null && matrix.labels.length === labels.length && matrix.labels.every((label, k) => String(label) === labels[k]);
  const shares = sharesOf(base.counts);
  const runs = matrices.map((matrix, k) => {
    if (!same(matrix)) return { run_id: ids[k]!, counts: null, difference: null };
    const own = sharesOf(matrix.counts);
    return {
      run_id: ids[k]!,
      counts: matrix.counts.map((row) => [...row]),
      difference: own.map((row, i) => row.map((share, j) => share - shares[i]![j]!)),
    };
  });
  const others = matrices.filter((matrix) => matrix !== null && !same(matrix)).length;
  return {
    confusion: { labels, runs },
    ...(others > 0 && { leftOut: `confusion matrices of ${others} runs with other classes` }),
  };
}

function sharesOf(counts: readonly (readonly number[])[]): number[][] {
  return counts.map((row) => {
    const total = row.reduce((a, b) => a + b, 0);
    return row.map((count) => (total > 0 ? count / total : 0));
  });
}
