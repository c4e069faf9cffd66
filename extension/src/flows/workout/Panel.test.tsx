// The workout flow drawn from the contract's examples, and from logs in other states.
import React from "react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type Drawn, draw } from "../../testing/draw";
import { fakeService, nobodyAnswers, refuses } from "../../testing/fake-service";
import { WorkoutsPanel } from "./Panel";

vi.mock("../../plotly/Figure", () => ({ Figure: ({ label }: { label: string }) => <div role="figure">{label}</div> }));

const squat = "Squat (Barbell)";
const advanced = {
  exercise_name: squat,
  weight: 102.5,
  unit: "kg",
  low: 97.5,
  high: 107.5,
  confidence: 0.61,
  source: "advanced",
  last_weight: 100,
  step: 2.5,
  date: "2026-07-21T18:00:00.000Z",
  model: "workouts_ada@20260718_090500",
  adjustment_factors: [
    { name: "strength", title: "strength and repetitions", change: 3.25, share: 0.65 },
    { name: "fatigue", title: "load of all training lately", change: -1.25, share: 0.25 },
    { name: "bounds", title: "safety bounds", change: 0, share: 0 },
    { name: "plates", title: "rounding to plates", change: 0.5, share: 0.1 },
  ],
  plateau: {
    status: "rising",
    sessions: 12,
    since: "2026-05-01",
    slope: 0.01,
    low: 0.004,
    high: 0.016,
    p_value: 0.01,
    tau: 0.5,
    effect: 0.005,
  },
  recommendations: [{ kind: "raise", text: "Raise it.", evidence: "the last session had 9 repetitions at 100 kg" }],
  reason: null,
  warnings: [],
};

let drawn: Drawn | undefined;
beforeEach(() => void vi.spyOn(console, "warn").mockReturnValue());
afterEach(async () => {
  await drawn?.close();
  drawn = undefined;
  vi.restoreAllMocks();
});
const open = async (answer: Parameters<typeof fakeService>[0]) => {
  drawn = await draw(<WorkoutsPanel />, fakeService(answer));
  return drawn.node;
};
const answering = (part: string, value: unknown) => (_: string, path: string) =>
  path.startsWith(`api/ml/workouts/${part}`) ? value : undefined;
const find = (selector: string) => drawn!.node.querySelector<HTMLElement>(selector)!;
const texts = (selector: string) => [...drawn!.node.querySelectorAll(selector)].map(({ textContent }) => textContent);
const fill = (selector: string, value: string) => drawn!.fill(selector, value);
const submit = (selector: string) => drawn!.submit(selector);
const problem = () => refuses(422, "workouts: none of 3 rows can be used; line 2: date is missing (log.csv)");

describe("the next session", () => {
  test("has its load, interval, source with the reason, and plates", async () => {
    await open(answering("predict", advanced));
    expect(find("output").textContent).toBe("102.5 kg");
    const words = find(".jp-AssayWorkouts-forecast").textContent!;
    expect(words).toContain("nine of ten sessions lie between 97.5 and 107.5 kg");
    expect(words).toContain("61 % of earlier forecasts of this kind were right to one step");
    expect(find("[data-source]").dataset["source"]).toBe("advanced");
    expect(words).toContain("was checked on sessions that it had not seen");
    expect(texts(".jp-AssayWorkouts-plates .jp-Assay-chip")).toEqual(["25", "15", "1.25"]);
  });

  test("has bars that begin at the last load and add up to the forecast", async () => {
    await open(answering("predict", advanced));
    const { last, weight } = find(".jp-AssayWorkouts-waterfall").dataset;
    const changes = [...drawn!.node.querySelectorAll<HTMLElement>("tr[data-change]")].map(({ dataset }) =>
      Number(dataset["change"]),
    );
    expect(changes).toEqual([3.25, -1.25, 0.5]);
    expect(Number(last) + changes.reduce((sum, change) => sum + change)).toBe(Number(weight));
  });

  test("says why a simpler source answers", async () => {
    await open(undefined);
    expect(find("[data-source]").dataset["source"]).toBe("basic");
    expect(find(".jp-AssayWorkouts-source").textContent).toContain("no ensemble is trained yet; answered by the last load");
  });

  test("is reckoned here while the service is away, and says so", async () => {
    await open((method, path) => {
      if (method === "POST" && path.endsWith("predict")) throw nobodyAnswers();
    });
    expect(find("output").textContent).toBe("100 kg");
    expect(find(".jp-AssayWorkouts-source").textContent).toContain("the service is away");
    drawn!.service.answer = answering("predict", advanced);
    await drawn!.press("Try now");
    expect(find("output").textContent).toBe("102.5 kg");
  });

  test("of an exercise that the log does not have is asked by its name", async () => {
    await open(undefined);
    await fill('select[name="exercise"]', "\u0000");
    await fill('input[name="other"]', " Leg Press ");
    const asked: unknown[] = [];
    drawn!.service.answer = (_, path, body) => void (path.endsWith("predict") && asked.push(body));
    await submit(".jp-AssayWorkouts-other");
    expect(asked).toMatchObject([{ exercise_name: "Leg Press" }]);
    expect(drawn!.node.textContent).toContain("The log has no session of this exercise.");
  });

  test("of somebody without a log is asked by the exercise's name too, below what to do first", async () => {
    await open((method, path) =>
      method === "GET" && path.endsWith("exercises") ? { user_id: "ada", dataset: null, unit: "kg", items: [] } : undefined,
    );
    expect(find(".jp-Assay-empty").textContent).toContain("No training log yet.");
    expect(find("output")).toBeNull();
    await fill('input[name="other"]', "Deadlift");
    await submit(".jp-AssayWorkouts-other");
    expect(find("output").textContent).toBe("100 kg");
  });

  test("says advice in the reader's words with the service's evidence", async () => {
    await open(answering("predict", advanced));
    expect(texts('[data-kind="raise"] p')).toEqual([
      "The load allows more repetitions than the goal asks for: raise it by a step.",
      "the last session had 9 repetitions at 100 kg",
    ]);
  });

  test("says what the test of a plateau found, and that few sessions tell nothing", async () => {
    await open(undefined);
    expect(find("[data-plateau]").textContent).toBe("Too short to tell: 1 session, the test needs 12 over three weeks.");
  });
});

describe("the log", () => {
  test("shows the report line by line, and which lines were left out", async () => {
    await open(undefined);
    await drawn!.press("Log");
    expect(texts("tr[data-line] td")).toEqual(["5", "Weight", "2000", "weight must be ≤ 1000 kg", "left out"]);
    expect(texts("[data-count]")).toEqual(["0 lines read otherwise", "1 line left out"]);
  });

  test("that none of its rows can be used says the line, and keeps the stored one", async () => {
    await open((method) => {
      if (method !== "GET") throw problem();
    });
    await drawn!.press("Log");
    await drawn!.press("Take the example log");
    expect(find(".jp-Assay-failure").textContent).toContain("line 2: date is missing");
    expect(drawn!.node.textContent).toContain("workouts_u-17@1");
  });

  test("that was taken leads to its training", async () => {
    await open(undefined);
    await drawn!.press("Log");
    await drawn!.press("Take the example log");
    await drawn!.press("Follow the training");
    expect(find('[role="tab"][aria-selected="true"]').textContent).toBe("Forecasts");
  });

  test("has names that are corrected, and only those that changed are sent", async () => {
    const sent: unknown[] = [];
    await open((method, _, body) => void (method === "PUT" && sent.push(body)));
    await drawn!.press("Log");
    await fill(`tr[data-written="${squat}"] input`, "Back Squat");
    await submit(".jp-AssayWorkouts-aliases form");
    expect(sent).toEqual([{ aliases: { [squat]: "Back Squat" } }]);
  });
});

describe("forecasts looked back at", () => {
  const backtest = async (change: object) => {
    const example = await fakeService().get<{ backtest: object }>("api/ml/workouts/backtest");
    await open(answering("backtest", { ...example, backtest: { ...example.backtest, ...change } }));
    await drawn!.press("Forecasts");
    return find(".jp-AssayWorkouts-verdict").textContent;
  };

  test("say by how much the ensemble is better than the same as last time", async () => {
    expect(await backtest({})).toBe(
      "The ensemble is better than “the same as last time”: it errs by 0.50 lb less (95 %: +0.10 to +0.90).",
    );
  });

  test("say in words that it is not better", async () => {
    const gain = { value: 0.1, low: -0.2, high: 0.4 };
    expect(await backtest({ verdict: "not_better", gain })).toBe(
      "The ensemble is not better than “the same as last time”: the difference, +0.10, may be chance (95 %: −0.20 to +0.40).",
    );
    expect(await backtest({ verdict: "worse", gain: { value: -0.5, low: -0.9, high: -0.1 } })).toContain("is worse than");
  });

  test("hold every member and every simple forecast against each other", async () => {
    await backtest({});
    expect(texts("tr[data-forecast] td:first-child")).toHaveLength(13);
    expect(texts('tr[data-forecast="last"] td')).toEqual([
      "the same as last time",
      "4.40",
      "–",
      "0 %",
      "simple forecast · the best of them",
    ]);
  });

  test("are none before the first training, and why none was queued is told", async () => {
    await open(answering("backtest", { user_id: "u", model: null, run_id: null, backtest: null }));
    await drawn!.press("Forecasts");
    expect(find(".jp-Assay-empty").textContent).toContain("No ensemble is trained yet.");
    drawn!.service.answer = answering("train", { job_id: null, reason: "the ensemble needs 100 sessions, the log has 3" });
    await drawn!.press("Train the ensemble");
    expect(drawn!.node.textContent).toContain("No training was queued: the ensemble needs 100 sessions, the log has 3");
  });
});

test("a training shows its progress, and is cancelled", async () => {
  const example = await fakeService().get<{ items: object[] }>("api/ml/jobs");
  const running = {
    ...example.items[0],
    job_status: "running",
    progress: { step: 3, steps: 14, elapsed_ms: 9000, eta_ms: 33_000 },
  };
  await open((method, path) =>
    method === "GET" && path === "api/ml/jobs" ? { items: [running], next_cursor: null } : undefined,
  );
  await drawn!.press("Forecasts");
  expect(find('[role="progressbar"]').getAttribute("aria-valuenow")).toBe("3");
  expect(find("[data-job]").textContent).toContain("33.0 s left");
  await drawn!.press("Cancel");
  expect(drawn!.service.asked.some((asked) => /^POST api\/ml\/jobs\/.+\/cancel$/.test(asked))).toBe(true);
});

test("an ensemble is trained every week by a schedule, which is paused when it is taken back", async () => {
  const user_id = "u-17";
  const { schedule } = await fakeService().post<{ schedule: object }>("api/ml/schedules");
  const sent: unknown[] = [];
  let items: object[] = [];
  await open((method, path, body) => {
    if (!path.startsWith("api/ml/schedules")) return undefined;
    if (method === "GET") return { items, next_cursor: null };
    sent.push([method, body]);
    items = [{ ...schedule, kind: "workout", request: { user_id }, paused: method === "PATCH" }];
    return { schedule };
  });
  await drawn!.press("Forecasts");
  const turn = () => drawn!.click('input[name="weekly"]');
  await turn();
  expect((find('input[name="weekly"]') as HTMLInputElement).checked).toBe(true);
  await turn();
  expect((find('input[name="weekly"]') as HTMLInputElement).checked).toBe(false);
  expect(sent).toMatchObject([
    ["POST", { kind: "workout", request: { user_id }, cron: "0 4 * * 1" }],
    ["PATCH", { paused: true }],
  ]);
});

test("patterns open an exercise", async () => {
  await open(undefined);
  await drawn!.press("Patterns");
  await drawn!.press(squat);
  expect(find('[role="tab"][aria-selected="true"]').textContent).toBe("Next session");
});

test("what is said of the lifter goes with the question", async () => {
  const asked: unknown[] = [];
  await open((_, path, body) => void (path.endsWith("predict") && asked.push(body)));
  await drawn!.press("You");
  await fill('select[name="level"]', "advanced");
  await fill('select[name="goals"]', "strength");
  await fill('input[name="body_weight"]', "82");
  await submit(".jp-AssayWorkouts-lifter");
  expect(find('[role="status"]').textContent).toBe("Saved with your settings.");
  await drawn!.press("Next session");
  expect(asked.at(-1)).toMatchObject({ user_data: { level: "advanced", goals: "strength", current_weight: 82 } });
});
