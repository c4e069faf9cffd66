import { expect, test } from "vitest";
import { inspect } from "./complete.cjs";

/** What is shown of a name with such a signature. */
function shown(signature: string): string {
  const parts = (text: string) => [{ text, kind: "text" }];
  const found = { displayParts: parts(signature), documentation: parts("What it does.") };
  return inspect({ inspect: () => found }, { code: "x", cursor_pos: 1 }).data["text/markdown"]!;
}

test("a signature stands above what is written of it", () => {
  expect(shown("const x: number")).toMatch(/^```typescript.*What it does\.$/s);
});

test("a signature of many lines stands below what is written of it", () => {
  expect(shown(`const x: {\n${"a: 1;\n".repeat(12)}}`)).toMatch(/^What it does\..*```$/s);
});
