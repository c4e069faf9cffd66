import { expect, test } from "vitest";
import { algorithms } from "../estimators.ts";
import { algorithmNames } from "./algorithm-names.ts";

test("the names that editors offer are those of all algorithms", () => {
  expect(algorithmNames).toEqual(algorithms.map(({ name }) => name));
});
