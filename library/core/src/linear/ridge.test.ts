import { describe, test } from "vitest";
import { estimatorChecks } from "../testing/estimator-checks.ts";
import "./ridge.ts";

describe("ridge", () => {
  for (const { name, run } of estimatorChecks("regression", "ridge")) test(name, run);
});
