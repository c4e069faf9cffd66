import { expect, test } from "vitest";
import { z } from "zod";
import { nearKey } from "./near-key.ts";

const schema = z.strictObject({ table: z.strictObject({ columns: z.string().optional() }).optional() });
const said = (given: unknown) => schema.safeParse(given, { error: nearKey }).error?.issues.map(({ message }) => message);

test("a key deep in an object that does not know it is told with the near name", () => {
  expect(said({ table: { colums: "id" } })).toEqual(['no key "colums", did you mean columns']);
});

test("what else is wrong keeps its words", () => {
  expect(said({ table: 1 })).toEqual(schema.safeParse({ table: 1 }).error!.issues.map(({ message }) => message));
});
