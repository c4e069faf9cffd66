import fc from "fast-check";
import { expect, test } from "vitest";
import { predictRequest } from "../contract/models.ts";
import { isPlainRequest } from "./predict-route.ts";

const odd = fc.oneof(
  fc.string(),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
  fc.constant(undefined),
  fc.object({ maxDepth: 1 }),
);
const features = fc.oneof(
  fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.double(), fc.boolean(), fc.constant(null))),
  fc.array(fc.dictionary(fc.string(), fc.integer()), { maxLength: 2 }),
  odd,
);
const body = fc.oneof(
  fc.record(
    {
      model_id: fc.oneof(fc.string(), odd),
      ab_test_name: fc.string(),
      features,
      user_id: fc.oneof(fc.string({ maxLength: 250 }), odd),
      project_id: odd,
      more: odd,
    },
    { requiredKeys: [] },
  ),
  fc.record({ model_id: fc.string({ minLength: 1 }), features, user_id: fc.string({ minLength: 1, maxLength: 220 }) }),
  odd,
);

test("a plain request is one that its schema takes as it is", () => {
  fc.assert(
    fc.property(body, (request) => {
      if (!isPlainRequest(request)) return;
      expect(predictRequest.parse(request)).toEqual(request);
    }),
    { numRuns: 2000 },
  );
});

test("one row for one version is a plain request, with and without its person", () => {
  const features = { a: 1, b: "x", c: true, d: null };
  expect(isPlainRequest({ model_id: "m@production", features })).toBe(true);
  expect(isPlainRequest({ model_id: "m@production", features, user_id: "u" })).toBe(true);
  expect(isPlainRequest({ model_id: "m@production", features: [features] })).toBe(false);
  expect(isPlainRequest({ ab_test_name: "t", features })).toBe(false);
});
