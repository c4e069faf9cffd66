import { describe, test } from "vitest";
import { estimatorChecks } from "../testing/estimator-checks.ts";
import "./dummy.ts";

describe.each(["classification", "regression"] as const)("dummy, %s", (task) => {
  for (const { name, run } of estimatorChecks(task, "dummy")) test(name, run);
});
