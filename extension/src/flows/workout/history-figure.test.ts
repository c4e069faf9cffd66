import { expect, test } from "vitest";
import type { Said } from "./held-forecast";
import { historyFigure } from "./history-figure";
import type { ExerciseHistory } from "./workout-routes";

const words = { top: "top", strength: "e1rm", trend: "trend", forecast: "next", volume: "volume", reps: "reps", still: "still" };
const session = (day: string, top_weight: number) => ({
  time: `${day}T18:00:00.000Z`,
  day,
  session: "Legs",
  top_weight,
  reps_at_top: 5,
  e1rm: top_weight > 0 ? top_weight * 1.17 : null,
  volume: 15 * top_weight,
  sets: 3,
});
const history = {
  unit: "kg",
  items: [session("2026-07-01", 95), session("2026-07-08", 100)],
  plateau: { status: "unclear", since: null },
  trend: null,
} as unknown as ExerciseHistory;
const said = { weight: 102.5, low: 97.5, high: 105, unit: "kg", date: "2026-07-15T18:00:00.000Z" } as Said;
const named = (name: string, of: { data: Record<string, unknown>[] }) => of.data.find((trace) => trace["name"] === name);

test("the forecast stands at its session, with its interval around it", () => {
  const next = named("next", historyFigure(history, said, words));
  expect(next).toMatchObject({ x: [said.date], y: [102.5], error_y: { array: [2.5], arrayminus: [5] } });
});

test("without a forecast there is none, and without load repetitions are drawn", () => {
  expect(named("next", historyFigure(history, null, words))).toBeUndefined();
  const body = { ...history, items: [session("2026-07-01", 0)] };
  const figure = historyFigure(body, said, words);
  expect([named("top", figure), named("next", figure)]).toEqual([undefined, undefined]);
  expect(named("reps", figure)).toMatchObject({ y: [5] });
});

test("a plateau is a band from its start to the last session", () => {
  expect(historyFigure(history, said, words).layout?.["shapes"]).toBeUndefined();
  const still = { ...history, plateau: { ...history.plateau, status: "plateau" as const, since: "2026-05-02" } };
  expect(historyFigure(still, said, words).layout?.["shapes"]).toMatchObject([
    { x0: "2026-05-02", x1: "2026-07-08T18:00:00.000Z" },
  ]);
});

test("the line that a plateau is judged by is drawn where there is one", () => {
  const trend = { from: "2026-05-01T00:00:00.000Z", to: "2026-07-08T00:00:00.000Z", first: 110, last: 117 };
  expect(named("trend", historyFigure({ ...history, trend }, said, words))).toMatchObject({
    x: [trend.from, trend.to],
    y: [110, 117],
  });
});
