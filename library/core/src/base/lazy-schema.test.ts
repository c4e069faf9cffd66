import { expect, test, vi } from "vitest";
import { z } from "zod";
import { lazySchema } from "./lazy-schema.ts";

const real = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("a"), size: z.int().min(1).default(3).meta({ title: "Size" }) }),
  z.strictObject({ kind: z.literal("b") }),
]);

test("a lazy schema is built at its first use, once", () => {
  const make = vi.fn(() => real);
  const lazy = lazySchema(make);
  expect(make).not.toHaveBeenCalled();
  expect(lazy.parse({ kind: "a" })).toEqual({ kind: "a", size: 3 });
  expect(lazy.safeParse({ kind: "c" }).success).toBe(false);
  expect(make).toHaveBeenCalledTimes(1);
});

test("a lazy schema is a schema to zod: by its class, inside others, and as JSON Schema", () => {
  const lazy = lazySchema(() => real);
  expect(lazy).toBeInstanceOf(z.ZodDiscriminatedUnion);
  expect(lazy.options).toBe(real.options);
  expect(
    z
      .array(lazy)
      .max(2)
      .parse([{ kind: "b" }]),
  ).toEqual([{ kind: "b" }]);
  expect(z.object({ step: lazy.optional() }).parse({})).toEqual({});
  expect(z.toJSONSchema(lazy)).toEqual(z.toJSONSchema(real));
  expect(z.toJSONSchema(z.array(lazy))).toEqual(z.toJSONSchema(z.array(real)));
});
