import { expect, test } from "vitest";
import { createTracebacks } from "./traceback.cjs";

const positions = Object.assign((line: number, column: number) => ({ line, column }), { characters: 100 });
const source = (code: string) => ({ code, shift: 0, lines: 9, positions });

/** An error whose stack names a line of a cell. */
function thrownIn(label: string) {
  const error = new RangeError("far");
  error.stack = `RangeError: far\n    at fail (${label}:2:3)`;
  return error;
}

test("an error names the line of its cell and shows it", () => {
  const tracebacks = createTracebacks();
  tracebacks.addCell("In[1]", source("first;\n  second;"));
  const { traceback } = tracebacks.describe(thrownIn("In[1]"));
  expect(traceback[1]).toBe("    at fail (In[1]:2:3)");
  expect(traceback.some((line: string) => line.startsWith("> 2 |   second;"))).toBe(true);
});

test("beyond the limit the oldest cell is forgotten, and its errors name no line", () => {
  const tracebacks = createTracebacks(300);
  for (const k of [1, 2, 3]) tracebacks.addCell(`In[${k}]`, source("a;\n  b;"));
  expect(tracebacks.describe(thrownIn("In[1]")).traceback.slice(1)).toEqual(["    at fail (In[1])"]);
  expect(tracebacks.describe(thrownIn("In[3]")).traceback[1]).toBe("    at fail (In[3]:2:3)");
});

test("a cell that alone is beyond the limit is kept until the next one", () => {
  const tracebacks = createTracebacks(50);
  tracebacks.addCell("In[1]", source("a;\n  b;"));
  expect(tracebacks.describe(thrownIn("In[1]")).traceback[1]).toBe("    at fail (In[1]:2:3)");
});

test("a cause is told where it says more than its error", () => {
  const told = (cause: string) =>
    createTracebacks()
      .describe(new RangeError("far", { cause: new Error(cause) }))
      .traceback.filter((line: string) => line.includes("caused by"));
  expect([told("far"), told("near")].map(({ length }) => length)).toEqual([0, 1]);
});
