import { powerOf, sampleSize } from "assay";
import { outcomeRoutes as outcomes, abTestRoutes as tests } from "../contract/ab-routes.ts";
import { outcomeFileFields } from "../contract/ab-tests.ts";
import {
  abResult,
  assignUser,
  changeAbTest,
  createAbTest,
  deleteAbTest,
  flushShadows,
  getAbTest,
  listAbTests,
  reportOutcome,
  reportOutcomeFile,
  reportOutcomes,
  startAbTest,
  stopAbTest,
} from "../registry/index.ts";
import type { App } from "./app.ts";
import { handle } from "./handle.ts";
import { receiveFile } from "./receive-file.ts";

/** A/B tests of model versions, and what came of predictions. */
export function abRoutes(app: App): void {
  app.addHook("onClose", () => flushShadows(5000));

  handle(app, tests.create, async ({ body, session }) => {
    const test = await createAbTest(session, body);
    const { test_name, model_a_id, model_b_id, split_ratio, shadow } = test;
    return { test, config: { test_name, model_a_id, model_b_id, split_ratio, shadow } };
  });

  handle(app, tests.list, async ({ query, session }) => {
    const { items, next_cursor } = await listAbTests(session, query);
    return { items: [...items], next_cursor };
  });

  handle(app, tests.plan, async ({ body }) => {
    const { split_ratio: ratio, users, ...options } = body;
    if (users === undefined) {
      const { first, second, total } = sampleSize({ ...options, ratio });
      return { users_a: first, users_b: second, users: total, power: options.power };
    }
    const second = Math.round(users * ratio);
    return { users_a: users - second, users_b: second, users, power: powerOf(users, { ...options, ratio }) };
  });

  handle(app, tests.get, async ({ params, session }) => ({ test: await getAbTest(session, params.name) }));
  handle(app, tests.change, async ({ params, body, session }) => ({ test: await changeAbTest(session, params.name, body) }));

  handle(app, tests.delete, async ({ params, session }) => {
    const { id: gone } = await getAbTest(session, params.name);
    await deleteAbTest(session, gone);
    return { deleted: gone };
  });

  handle(app, tests.start, async ({ params, session }) => ({ test: await startAbTest(session, params.name) }));
  handle(app, tests.stop, async ({ params, body, session }) => ({ test: await stopAbTest(session, params.name, body ?? {}) }));
  handle(app, tests.assign, async ({ params, body, session }) => assignUser(session, params.name, body.user_id, body.segments));
  handle(app, tests.result, async ({ params, session }) => ({ result: await abResult(session, params.name) }));

  handle(app, outcomes.report, async ({ params, body: { project_id: _, ...told }, session }) => ({
    report: await reportOutcome(session, params.id, told),
  }));
  handle(app, outcomes.reportFile, async (request) =>
    receiveFile(
      request,
      { who: "outcomes", store: request.session.store, fields: outcomeFileFields },
      async ({ path, name, session }) => ({
        report: await reportOutcomeFile(session, path, name),
      }),
    ),
  );
  handle(app, outcomes.reportMany, async ({ body, session }) => ({ report: await reportOutcomes(session, body.outcomes) }));
}
