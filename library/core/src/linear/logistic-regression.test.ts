import { describe, test } from "vitest";
import { estimatorChecks } from "../testing/estimator-checks.ts";
import "./logistic-regression.ts";

describe("logistic_regression", () => {
  for (const { name, run } of estimatorChecks("classification", "logistic_regression")) test(name, run);
});
