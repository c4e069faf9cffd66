import { expect, test } from "vitest";
import { metricNames } from "./metric-names.ts";
import { allMetrics, type MetricTask } from "./registry.ts";

test("the names that editors offer are those of all metrics", () => {
  const tasks: readonly MetricTask[] = ["classification", "regression", "ranking"];
  expect(metricNames).toEqual(tasks.flatMap((task) => allMetrics(task).map(({ name }) => name)));
});
