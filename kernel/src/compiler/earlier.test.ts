import { describe, expect, test } from "vitest";
import { createEarlier } from "./earlier.cjs";

const constant = { kind: "const", meaning: 1, assignable: false, exported: false, ambient: false };
const variable = { ...constant, kind: "let", assignable: true };
const alias = { ...constant, kind: "type", meaning: 2 };

function begin() {
  const files = new Map<string, string>();
  const store = {
    write: (path: string, text: string) => files.set(path, text),
    remove: (path: string) => files.delete(path),
    has: (path: string) => files.has(path),
  };
  const earlier = createEarlier(store, "/f");
  let cell = 0;
  /** A cell that has run. */
  const run = (declared: Record<string, object>, text = "export {};", ambient = false) => {
    const token = earlier.add(++cell, new Map(Object.entries(declared)), { text, extension: ".d.ts", ambient });
    earlier.settle(token);
    return token;
  };
  const lineOf = (source: string, declared = {}) => earlier.line(earlier.used(source, new Map(Object.entries(declared))));
  return { earlier, files, run, lineOf };
}

describe("the names of earlier cells", () => {
  test("come from the cell that declared them last, variables as variables", () => {
    const { run, lineOf } = begin();
    run({ a: constant, b: variable });
    run({ a: constant, c: constant });
    expect(lineOf("a + c + b + d")).toBe('import { a, c } from "./__cell_2"; declare let b: typeof import("./__cell_1").b;');
  });

  test("are not brought in where the cell declares them in the same sense", () => {
    const { run, lineOf } = begin();
    run({ a: constant, t: alias });
    expect(lineOf("a t", { a: constant })).toBe('import { t } from "./__cell_1";');
    expect(lineOf("a", { a: alias })).toBe('import { a } from "./__cell_1";');
  });

  test("of a cell that failed are those that have a value, and its types", () => {
    const { earlier, lineOf } = begin();
    const declared = new Map(Object.entries({ a: constant, b: constant, t: alias }));
    earlier.add(1, declared, { text: "export {};", extension: ".d.ts", ambient: false });
    earlier.settle("another", ["a"]);
    expect(lineOf("a b t")).toBe('import { a, t } from "./__cell_1";');
  });

  test("of a cell that runs can be completed already", () => {
    const { earlier, lineOf } = begin();
    earlier.add(1, new Map([["a", constant]]), { text: "export {};", extension: ".d.ts", ambient: false });
    expect([...earlier.all().keys()]).toEqual(["a"]);
    expect(lineOf("a")).toBe("");
  });

  test("that nothing leads to any more are forgotten, those that others speak of are kept", () => {
    const { files, run } = begin();
    run({ base: constant });
    run({ user: constant }, 'import { base } from "./__cell_1";');
    run({ base: constant });
    run({}, "declare global {}", true);
    for (let k = 0; k < 200; k++) run({ a: constant });
    expect(files.size).toBeLessThan(60);
    for (const cell of [1, 2, 3, 4, 204]) expect(files.has(`/f/__cell_${cell}.d.ts`)).toBe(true);
  });

  test("restored without their types are any", () => {
    const { earlier, files, run, lineOf } = begin();
    run({ a: constant });
    earlier.restore(["b"]);
    expect(lineOf("a b")).toBe('declare let b: typeof import("./__cell_0").b;');
    expect(files.get("/f/__cell_0.d.ts")).toContain("export declare let b: any;");
  });
});
