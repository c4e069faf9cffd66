import type { Prediction } from "../contract/models.ts";
import type { Session } from "../projects/session.ts";
import { armFor, forgetAbTests, recordExposure, servedAbTest } from "./ab-exposures.ts";
import { askShadow } from "./ab-shadow.ts";
import type { AbTestRow } from "./ab-test-rows.ts";
import { predict } from "./predict.ts";
import type { InputRow } from "./read-rows.ts";

/** An answer with the arm that gave it; null once the test has stopped. */
export interface ArmPrediction extends Omit<Prediction, "status"> {
  readonly arm: "a" | "b" | null;
}

/**
 * Predicts rows for a person by the arm that an A/B test gives them, always the same, and records the first exposure before it answers. In shadow
 * A answers and B is asked afterwards. A stopped test answers by its winner, else by A. Throws ParamsError without `userId`,
 * ConflictError for a draft, DataError for bad rows, which are no exposure.
 */
export async function predictForUser(
  session: Session,
  testRef: string,
  rows: InputRow | readonly InputRow[],
  { userId }: { readonly userId?: string | undefined } = {},
): Promise<ArmPrediction> {
  const test = await servedAbTest(session, testRef);
  if (test.status === "stopped") return byWinner(session, test, rows, userId);
  const arm = armFor(test, userId ?? (test.shadow ? "nobody" : undefined));
  const version = arm === "b" ? test.model_b : test.model_a;
  const answer = await predict(session, version, rows, { userId, abTestId: test.id, arm });
  if (test.shadow) {
    askShadow(session, test, rows, { userId, answer });
    return { ...answer, arm };
  }
  const first: InputRow = Array.isArray(rows) ? rows[0] : rows;
  if (await recordExposure(session, test, userId!, arm, first)) return { ...answer, arm };
  forgetAbTests(session); // stopped by another process within this second
  return byWinner(session, await servedAbTest(session, testRef), rows, userId);
}

async function byWinner(
  session: Session,
  test: AbTestRow,
  rows: InputRow | readonly InputRow[],
  userId: string | undefined,
): Promise<ArmPrediction> {
  const version = test.winner === "b" ? test.model_b : test.model_a;
  return { ...(await predict(session, version, rows, { userId })), arm: null };
}
