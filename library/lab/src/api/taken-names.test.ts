import { expect, test } from "vitest";
import { z } from "zod";
import { takeNames } from "./taken-names.ts";

const asked = takeNames({ body: z.strictObject({ seed: z.number().optional(), cv_folds: z.number().optional() }) });

test("seed and random_seed, cv and cv_folds are one: the name that is declared is taken from the other", () => {
  expect(asked({ random_seed: 7, cv: 3 })).toEqual({ seed: 7, cv_folds: 3 });
  expect(takeNames({ body: z.strictObject({ random_seed: z.number() }) })({ seed: 7 })).toEqual({ random_seed: 7 });
});

test("both names at once are left to the check of unknown keys", () => {
  expect(asked({ seed: 1, random_seed: 2 })).toEqual({ seed: 1, random_seed: 2 });
});

test("no body is an empty one, and what is no object is left to the schema", () => {
  expect([asked(undefined), asked(null), asked([1]), asked("x")]).toEqual([{}, {}, [1], "x"]);
  expect(takeNames({})(undefined)).toBeUndefined();
});
