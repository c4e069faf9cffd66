import { ParamsError } from "assay";
import type { Arm } from "../contract/ab-tests.ts";
import { authorize, type Session } from "../projects/session.ts";
import { armFor, forgetAbTests, recordExposure, servedAbTest } from "./ab-exposures.ts";
import type { AbTestRow } from "./ab-test-rows.ts";
import type { InputRow } from "./read-rows.ts";

/** Whom a test is asked about. */
interface TestedPerson {
  readonly user: string;
  /** Fields that the result may be split by; kept of the first exposure. */
  readonly segments?: InputRow | undefined;
}

/** Which arm answered; null once the test has stopped and its winner does. */
export interface ArmOfTest {
  readonly test_name: string;
  readonly arm: Arm | null;
}

/**
 * Has a person answered by the version that an A/B test gives them, always the same, and records the first exposure once there is an answer: one that
 * fails is none. A stopped test answers by its winner, else by A. Throws ConflictError for a draft, ParamsError for a test in shadow or a bad key.
 */
export async function answerByTest<T>(
  session: Session,
  testRef: string,
  { user, segments = {} }: TestedPerson,
  answer: (versionId: string, of: ArmOfTest) => Promise<T>,
): Promise<T> {
  await authorize(session, "read");
  const test = await servedAbTest(session, testRef);
  if (test.status === "stopped") return byWinner(test, answer);
  if (test.shadow)
    throw new ParamsError(`A/B test: "${test.name}" is in shadow, where B answers nobody: make a test that is not`);
  const arm = armFor(test, user);
  const answered = await answer(arm === "b" ? test.model_b : test.model_a, { test_name: test.name, arm });
  if (await recordExposure(session, test, user, arm, segments)) return answered;
  forgetAbTests(session); // stopped by another process within this second
  return byWinner(await servedAbTest(session, testRef), answer);
}

function byWinner<T>(test: AbTestRow, answer: (versionId: string, of: ArmOfTest) => Promise<T>): Promise<T> {
  return answer(test.winner === "b" ? test.model_b : test.model_a, { test_name: test.name, arm: null });
}
