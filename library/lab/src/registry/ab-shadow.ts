import type { Prediction } from "../contract/models.ts";
import type { Cell } from "../contract/values.ts";
import { logger } from "../log.ts";
import type { Session } from "../projects/session.ts";
import type { AbTestRow } from "./ab-test-rows.ts";
import { predict } from "./predict.ts";
import type { InputRow } from "./read-rows.ts";

/** Rows that wait for B at most; what comes beyond is counted and not asked. */
const waitingMost = 1000;
/** B computes at most this share of the time, so that a slow one leaves the thread to A. */
const busyShare = 0.2;

interface Asked {
  readonly session: Session;
  readonly test: AbTestRow;
  readonly rows: InputRow | readonly InputRow[];
  readonly userId: string | undefined;
  readonly answer: Omit<Prediction, "status">;
}

const waiting: Asked[] = [];
let working: Promise<void> | undefined;
let skipped = 0;

/** Has B asked what A has answered, after the answer was sent. Never throws; B's failure is recorded. */
export function askShadow(
  session: Session,
  test: AbTestRow,
  rows: InputRow | readonly InputRow[],
  { userId, answer }: Pick<Asked, "userId" | "answer">,
): void {
  if (waiting.length >= waitingMost) {
    skipped++;
    return;
  }
  waiting.push({ session, test, rows, userId, answer });
  working ??= work().finally(() => {
    working = undefined;
  });
}

/** Waits until B has answered everything that it was asked. */
export async function flushShadows(): Promise<void> {
  await working;
}

/** Requests that wait for B, and those that B was spared because too many waited. */
export function shadowState(): { readonly waiting: number; readonly skipped: number } {
  return { waiting: waiting.length, skipped };
}

async function work(): Promise<void> {
  for (;;) {
    await new Promise((resolve) => setImmediate(resolve)); // answers go out first
    const asked = waiting.shift();
    if (!asked) return;
    const begin = performance.now();
    await ask(asked).catch((error) =>
      logger("registry").warn(`a shadow's answer could not be recorded: ${(error as Error).message}`),
    );
    const rest = (performance.now() - begin) * (1 / busyShare - 1);
    if (rest >= 5) await new Promise((resolve) => setTimeout(resolve, Math.min(rest, 10_000)));
  }
}

async function ask({ session, test, rows, userId, answer }: Asked): Promise<void> {
  const options = { userId, abTestId: test.id, arm: "b", shadow: true };
  const said = await predict(session, test.model_b, rows, options).catch((error: Error) => error);
  const failure = said instanceof Error ? said.message : said.source === "advanced" ? null : (said.reason ?? "no answer");
  await session.db
    .insertInto("ab_shadows")
    .values({
      prediction_id: answer.prediction_id,
      ab_test_id: test.id,
      latency_a_ms: answer.latency_ms,
      shadow_id: said instanceof Error ? null : said.prediction_id,
      latency_b_ms: said instanceof Error ? null : said.latency_ms,
      agreement: said instanceof Error || failure !== null ? null : agreement(test.task, answer.prediction, said.prediction),
      error: failure?.slice(0, 1000) ?? null,
      score_a: null,
      score_b: null,
    })
    .onConflict((conflict) => conflict.column("prediction_id").doNothing())
    .execute();
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
