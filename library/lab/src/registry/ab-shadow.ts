import type { Prediction } from "../contract/models.ts";
import type { Cell } from "../contract/values.ts";
import { logger } from "../log.ts";
import type { Session } from "../projects/session.ts";
import type { AbTestRow } from "./ab-test-rows.ts";
import { logAnswer } from "./predict.ts";
import type { InputRow } from "./read-rows.ts";
import { tellBroken } from "./serving.ts";
import { findShadow } from "./shadow-version.ts";
import { askShadowThread } from "./shadow-worker.ts";

/** Rows that wait for B at most; requests beyond are counted and not asked. */
const waitingMost = 20_000;
/** Answers that are recorded in one statement. */
const batchMost = 50;

interface Asked {
  readonly session: Session;
  readonly test: AbTestRow;
  readonly rows: readonly InputRow[];
  readonly userId: string | undefined;
  readonly answer: Omit<Prediction, "status">;
}

/** A row of `ab_shadows` on its way. */
interface Compared {
  readonly session: Session;
  readonly row: {
    readonly prediction_id: string;
    readonly ab_test_id: string;
    readonly latency_a_ms: number;
    readonly shadow_id: string | null;
    readonly latency_b_ms: number | null;
    readonly agreement: number | null;
    readonly error: string | null;
    readonly score_a: null;
    readonly score_b: null;
  };
}

const waiting: Asked[] = [];
const skipped = new Map<string, number>();
let waitingRows = 0;
let working: Promise<void> | undefined;

/** Has B asked what A has answered, in a thread of its own. Never throws, never waits; B's failure is recorded. */
export function askShadow(
  session: Session,
  test: AbTestRow,
  rows: InputRow | readonly InputRow[],
  { userId, answer }: Pick<Asked, "userId" | "answer">,
): void {
  const list = Array.isArray(rows) ? (rows as readonly InputRow[]) : [rows as InputRow];
  if (waitingRows + list.length > waitingMost) {
    skipped.set(test.id, (skipped.get(test.id) ?? 0) + 1);
    return;
  }
  waitingRows += list.length;
  waiting.push({ session, test, rows: list, userId, answer });
  working ??= work();
}

/** Waits until B has answered everything that it was asked, so many milliseconds at most. */
export async function flushShadows(patienceMs = 60_000): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, patienceMs);
  });
  await Promise.race([working, late]);
  clearTimeout(timer);
}

/** Requests that B is still to be asked, and those that it was spared because too many waited: of one test, or of all. */
export function shadowState(testId?: string): { readonly waiting: number; readonly skipped: number } {
  const of = waiting.filter(({ test }) => testId === undefined || test.id === testId);
  const spared = testId === undefined ? [...skipped.values()] : [skipped.get(testId) ?? 0];
  return { waiting: of.length, skipped: spared.reduce((sum, count) => sum + count, 0) };
}

async function work(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve)); // the answer goes out first
  let compared: Compared[] = [];
  try {
    for (let asked = waiting.shift(); asked; asked = waiting.shift()) {
      waitingRows -= asked.rows.length;
      compared.push(await ask(asked));
      if (compared.length < batchMost && waiting.length > 0) continue;
      await record(compared);
      compared = [];
    }
  } finally {
    working = undefined; // at once: who comes behind the last one begins anew
  }
}

async function ask({ session, test, rows, userId, answer: given }: Asked): Promise<Compared> {
  const compared = (said: Omit<Compared["row"], "prediction_id" | "ab_test_id" | "latency_a_ms" | "score_a" | "score_b">) => ({
    session,
    row: {
      prediction_id: given.prediction_id,
      ab_test_id: test.id,
      latency_a_ms: given.latency_ms,
      score_a: null,
      score_b: null,
      ...said,
    },
  });
  const failed = (error: string): Compared =>
    compared({ shadow_id: null, latency_b_ms: null, agreement: null, error: error.slice(0, 1000) });

  const shadow = await findShadow(session, test.model_b).catch((error: Error) => error);
  if (shadow instanceof Error) return failed(shadow.message);
  const said = await askShadowThread({ ...shadow.question, rows });
  if ("error" in said) {
    if (said.broken) tellBroken(session, shadow, shadow.by, said.error);
    return failed(said.error);
  }
  const sourced = { ...said.answer, source: "advanced", reason: null, by: shadow.by } as const;
  const shadow_id = logAnswer(session, shadow, rows, sourced, said.ms, { userId, abTestId: test.id, arm: "b", shadow: true });
  const same = agreement(test.task, given.prediction, said.answer.prediction);
  return compared({ shadow_id, latency_b_ms: said.ms, agreement: same, error: null });
}

/** Stores what was compared, a statement for each project; what cannot be stored is told in the log of the service. */
async function record(compared: readonly Compared[]): Promise<void> {
  for (const [db, rows] of Map.groupBy(compared, ({ session }) => session.db))
    await db
      .insertInto("ab_shadows")
      .values(rows.map(({ row }) => row))
      .onConflict((conflict) => conflict.column("prediction_id").doNothing())
      .execute()
      .catch((error) => logger("registry").warn(`answers of a shadow could not be recorded: ${error.message}`));
}

/** Share of rows with the same label, or the mean distance of numbers; null where there is no answer to a row. */
export function agreement(task: string, left: readonly Cell[], right: readonly Cell[]): number | null {
  if (left.length === 0 || left.length !== right.length) return null;
  let total = 0;
  for (const [i, value] of left.entries()) {
    const other = right[i]!;
    if (task === "regression" && (value === null || other === null)) return null;
    total += task === "regression" ? Math.abs(Number(value) - Number(other)) : Number(value === other);
  }
  return Number.isFinite(total) ? total / left.length : null;
}
