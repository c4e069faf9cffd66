import { expect, test } from "vitest";
import { workoutsOf } from "../flows/workout/index.ts";
import { documentedCommands } from "../testing/documented-commands.ts";

const { service, commands, run } = documentedCommands("workouts.md");

test("the documented curl commands send the shipped log, train on it and get what a cell gets", async () => {
  const [upload, events, predict, backtest, analytics, add] = commands;
  expect(commands).toHaveLength(6);

  const sent = JSON.parse(await run(upload));
  expect(sent, JSON.stringify(sent)).toMatchObject({
    log: { dataset: "workouts_ann@1", report: { format: "strong" } },
    reason: null,
  });
  expect(await run(events, { JOB_ID: sent.job_id })).toContain('"job_status":"completed"');

  const asked = { user: "ann", user_data: { level: "intermediate", goals: "strength" } } as const;
  const cell = workoutsOf(service.session);
  const answer = JSON.parse(await run(predict));
  expect(answer).toMatchObject({ source: "advanced", model: expect.stringContaining("workouts_ann@") });
  expect(answer).toEqual({ status: "success", ...(await cell.predict("Squat (Barbell)", asked)) });
  expect(JSON.parse(await run(backtest)).backtest).toEqual(await cell.backtest({ user: "ann" }));
  expect(JSON.parse(await run(analytics))).toEqual({ status: "success", ...(await cell.analytics({ user: "ann" })) });

  expect(JSON.parse(await run(add))).toMatchObject({ dataset: "workouts_ann@2", job_id: null });
  expect(JSON.parse(await run(predict))).toMatchObject({ source: "advanced", last_weight: 230 });
}, 300_000);
