import { expect, test } from "vitest";
import { toDiagnostics } from "./diagnostics.cjs";

/** What is told of a module that the compiler does not find. */
function told(module: string): string {
  const messageText = `Cannot find module '${module}' or its corresponding type declarations.`;
  const file = { fileName: "/cell.ts" } as import("typescript").SourceFile;
  const found = [{ file, start: 0, length: 1, category: 1, code: 2307, messageText }] as const;
  const facts = { cellFile: "/cell.ts", source: "x", nameOf: String, kindOf: () => undefined, allowsImplicitAny: false };
  const [{ messageText: text }] = toDiagnostics(found, facts) as { messageText: string }[];
  return text.slice(messageText.length);
}

test.each([
  ["a package", "dayjs", " In the notebook's folder: npm install dayjs"],
  ["a package's part", "dayjs/plugin/utc", " In the notebook's folder: npm install dayjs"],
  ["a package with a scope", "@scope/name/part", " In the notebook's folder: npm install @scope/name"],
  ["a file beside the notebook", "./features", ""],
  ["a module of Node", "node:nothing", ""],
])("%s that is not found is told with its remedy, where it has one", (_, module, remedy) => {
  expect(told(module)).toBe(remedy);
});
