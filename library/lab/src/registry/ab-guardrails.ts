import { sql } from "kysely";
import type { AbMetric } from "../contract/ab-tests.ts";
import { transaction } from "../db/database.ts";
import { logger } from "../log.ts";
import type { Session } from "../projects/session.ts";
import { boundsOf } from "./ab-effects.ts";
import { forgetAbTests } from "./ab-exposures.ts";
import { sumArms, sumsOf } from "./ab-sums.ts";
import { type AbTestRow, findAbTest } from "./ab-test-rows.ts";
import { endAbTest } from "./ab-tests.ts";

/** Reports of outcomes have a test looked at this often at most; `abResult` looks every time. */
const everySeconds = 5;

/** Has the running tests of these people looked at, where guard-rails are set and the last look is old enough. Its failure is not the reporter's. */
export async function watchGuardrails(session: Session, users: readonly string[]): Promise<void> {
  if (users.length === 0) return;
  try {
    const { rows } = await sql<{ id: string }>`update ab_tests t set checked_at = clock_timestamp()
      where t.project_id = ${session.projectId} and t.status = 'running' and not t.shadow
        and t.metrics @? '$[*].guardrail ? (@ != null)'
        and (t.checked_at is null or t.checked_at < clock_timestamp() - make_interval(secs => ${everySeconds}))
        and exists (select from ab_assignments a where a.ab_test_id = t.id and a.user_key = any(${users}::text[]))
      returning t.id`.execute(session.db);
    for (const { id } of rows) await checkGuardrails(session, await findAbTest(session, id));
  } catch (error) {
    logger("registry").error(`guard-rails could not be looked at: ${(error as Error).message}`);
  }
}

/**
 * Stops a running test whose B is worse than A in a guarded metric by more than its margin, by the always-valid bound of all guard-rails together,
 * with a line in the audit trail. The chance to stop one that is not so is at most 1 − confidence, however often it is looked at.
 */
export async function checkGuardrails(session: Session, test: AbTestRow): Promise<string | undefined> {
  const guarded = (test.metrics as AbMetric[]).filter(({ guardrail }) => guardrail !== null);
  if (test.status !== "running" || test.shadow) return undefined;
  for (const metric of guarded) {
    const time = { from: test.started_at!, to: new Date(), parts: 1 };
    const rows = await sumArms(session.db, { testId: test.id, metric, ...time });
    const judge = { confidence: test.confidence, plannedUsers: test.planned_users, many: guarded.length };
    const { low, high } = boundsOf(metric, sumsOf(rows, "a"), sumsOf(rows, "b"), judge);
    if (low === null || high === null) continue;
    const { margin } = metric.guardrail!;
    const isWorse = metric.better === "higher" ? high < -margin : low > margin;
    if (!isWorse) continue;
    const reason = `guard-rail: ${metric.name} of B is worse than A's by more than ${margin} (B − A between ${low.toPrecision(3)} and ${high.toPrecision(3)})`;
    await transaction(session.db, (db) =>
      endAbTest(session, db, test, { reason, detail: { guardrail: metric.name, margin, low, high } }),
    );
    forgetAbTests(session);
    return reason;
  }
  return undefined;
}
