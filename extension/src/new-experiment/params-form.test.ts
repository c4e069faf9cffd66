import { expect, test } from "vitest";
import type { ParamsSchema } from "../routes";
import { carriedOver } from "./params-form";

const schemaOf = (criteria: string[]): ParamsSchema => ({
  type: "object",
  properties: {
    criterion: { type: "string", enum: criteria, default: criteria[0] },
    n_estimators: { type: "integer", minimum: 1, default: 100 },
  },
});
const [regression, classification] = [schemaOf(["squared_error", "poisson"]), schemaOf(["gini", "entropy"])];

test("a value whose parameter has other choices in the other schema is left behind", () => {
  expect(carriedOver({ criterion: "squared_error" }, regression, classification)).toEqual({});
});

test("a value whose parameter is the same in both schemas stays", () => {
  expect(carriedOver({ n_estimators: 300 }, regression, classification)).toEqual({ n_estimators: 300 });
});

test("a parameter that the other schema lacks is left behind", () => {
  expect(carriedOver({ depth: 3 }, regression, classification)).toEqual({});
});
