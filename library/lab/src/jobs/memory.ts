import { LimitError } from "assay";
import { sql } from "kysely";
import type { Session } from "../projects/session.ts";
import { limitsOf } from "./limits.ts";

/** What a job needs at the very least. */
export interface MemoryNeed {
  readonly megabytes: number;
  /** What needs it, in words: `random_forest on 1,000,000 rows × 200 columns`. */
  readonly of: string;
}

/** Rows and columns of a training. */
interface TrainingSize {
  readonly algorithm: string;
  readonly rows: number;
  /** Of the dataset, all of which is read. */
  readonly columns: number;
  /** What is learnt from. */
  readonly features: number;
}

/** A process that has loaded the library, in MB. */
const idleMb = 100;
/** A dataset's cell, as the table that is read and as its parts that are split off. */
const tableBytes = 16;
/** A cell of the matrix that is fitted. */
const matrixBytes = 8;
/** What a fit takes for each cell besides its matrix, below what was measured on 200,000 rows × 30 columns; 0 where it is not here. */
const fitBytes: Readonly<Record<string, number>> = {
  lasso: 3,
  gaussian_nb: 5,
  decision_tree: 5,
  linear_svm: 6,
  random_forest: 8,
  extra_trees: 8,
  knn: 10,
  logistic_regression: 10,
};

/** What a training needs at the very least: rows × columns × what the algorithm is known to take. O(1). */
export function memoryOfTraining({ algorithm, rows, columns, features }: TrainingSize): MemoryNeed {
  const bytes = rows * (columns * tableBytes + features * (matrixBytes + (fitBytes[algorithm] ?? 0)));
  const size = `${rows.toLocaleString("en")} rows × ${columns.toLocaleString("en")} columns`;
  return { megabytes: idleMb + Math.ceil(bytes / 2 ** 20), of: `${algorithm} on ${size}` };
}

/**
 * Throws LimitError for a job that no living worker could hold: its needs are a lower bound, so it would be read and fitted in vain. Where none
 * lives, this machine's own is asked, which would be started.
 */
export async function requireMemory({ db }: Session, who: string, { megabytes, of }: MemoryNeed): Promise<void> {
  const { rows } = await sql<{ most: number | null }>`select max(memory_mb) as most from workers
    where beat_at > now() - make_interval(secs => lease_seconds)`.execute(db);
  const most = rows[0]!.most ?? limitsOf(1).memoryMb;
  if (megabytes <= most) return;
  const mb = (n: number): string => `${n.toLocaleString("en")} MB`;
  throw new LimitError(
    `${who}: ${of} needs at least ${mb(megabytes)}, and the largest worker gives a job ${mb(most)}: take fewer rows or columns, or start a worker with more (ASSAY_MEMORY_MB divided by --concurrency)`,
  );
}
