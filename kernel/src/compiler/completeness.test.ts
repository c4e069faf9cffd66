import { createRequire } from "node:module";
import { expect, test } from "vitest";
import { createCompleteness } from "./completeness.cjs";

const isComplete = createCompleteness(createRequire(import.meta.url)("typescript"));
const statusOf = (code: string) => isComplete({ code }).status;

test.each([
  "1",
  "let a = 1;",
  "function f(x: number) { return x }",
  "",
  "await (x)",
  "for await (const a of b) {}",
  "using a = b",
  "`a`",
  "/* c */",
])("%j is complete", (code) => expect(statusOf(code)).toBe("complete"));

test.each([
  "function f() {",
  "foo(",
  "if (true) {",
  "const a = [1,",
  "`open",
  "/* open",
  "x =>",
  "a +",
  "class A {\n  b() {",
  "if (a) {\n  b()",
])("%j is incomplete", (code) => expect(statusOf(code)).toBe("incomplete"));

test.each(["let x = = 3;", "import = 7q", "const = 3", "}", "foo())", "'open"])("%j is invalid", (code) =>
  expect(statusOf(code)).toBe("invalid"),
);

test("the next line is deeper behind an opening bracket, else as deep as the last", () => {
  expect(isComplete({ code: "if (a) {" })).toEqual({ status: "incomplete", indent: "  " });
  expect(isComplete({ code: "if (a) {\n  b(" })).toEqual({ status: "incomplete", indent: "    " });
  expect(isComplete({ code: "if (a) {\n  b()" })).toEqual({ status: "incomplete", indent: "  " });
});

test("a blank line at the end asks for the run", () => expect(statusOf("if (a) {\n  b()\n\n")).not.toBe("incomplete"));
