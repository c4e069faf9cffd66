import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Route } from "../contract/route.ts";
import { routes } from "../contract/routes.ts";
import { cellsOnly, doors } from "../testing/doors.ts";

const lab = join(import.meta.dirname, "..");
const panels = join(import.meta.dirname, "../../../../extension/src");

const declared: readonly (readonly [string, Route])[] = Object.entries(routes).flatMap(([group, verbs]) =>
  Object.entries(verbs).map(([verb, route]) => [`${group}.${verb}`, route as Route] as const),
);

describe("verbs of the library", () => {
  const verbs = filesOf(lab, /(^lab|for-cells|^active-run)\.ts$/).flatMap((file) => verbsOf(readFileSync(file, "utf8")));

  it("are found in its declarations", () => {
    expect(verbs).toEqual(expect.arrayContaining(["Lab.compare", "Lab.predictFile", "Jobs.retry", "ActiveRun.log"]));
  });

  it("have a route each, or a reason to have none", () => {
    expect(verbs.filter((verb) => doors[verb] === undefined && cellsOnly[verb] === undefined)).toEqual([]);
  });

  it("are those that the table of doors names", () => {
    const known = new Set(verbs);
    expect([...Object.keys(doors), ...Object.keys(cellsOnly)].filter((verb) => !known.has(verb))).toEqual([]);
  });

  it("go by routes that exist", () => {
    const known = new Set(declared.map(([name]) => name));
    expect(Object.entries(doors).filter(([, name]) => !known.has(name))).toEqual([]);
  });
});

describe("actions of the panels", () => {
  const files = filesOf(panels, /routes\.ts$/);

  it.each(files.map((file) => [basename(file), file]))("in %s ask routes that exist", async (_, file) => {
    const asked = await requestsOf(file);
    expect(asked.length).toBeGreaterThan(0);
    const unknown = asked.filter(
      ({ method, path }) => !declared.some(([, route]) => route.method === method && matches(route.path, path)),
    );
    expect(unknown).toEqual([]);
  });

  it("stand in files of routes alone", () => {
    const asks = /\bapi\s*\.(get|post|put|patch|remove|upload|download|blob)\b/;
    const others = filesOf(panels, /\.tsx?$/).filter((file) => !/routes\.ts$|\.test\.tsx?$/.test(file));
    expect(others.filter((file) => asks.test(readFileSync(file, "utf8")))).toEqual([]);
  });
});

function filesOf(folder: string, name: RegExp): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => name.test(basename(file)))
    .map((file) => join(folder, file))
    .sort();
}

/** Methods of the interfaces and classes that a file exports, as `Interface.method`; those of a type within an interface are its own. */
function verbsOf(source: string): readonly string[] {
  return [...source.matchAll(/^export (interface|class) (\w+)[^{]*\{\n([\s\S]*?)^\}/gm)].flatMap(([, kind, name, body]) => {
    const method = kind === "class" ? /^ {2}(?:async )?(?!constructor)(\w+)(?:<.*>)?\(/gm : /^ {2,4}(\w+)(?:<.*>)?\(/gm;
    return [...body!.matchAll(method)].map(([, verb]) => `${name}.${verb}`);
  });
}

/** Stands for whatever an action takes: an id, a version, a file with a name, a list of one. */
const anything: File = Object.assign(new File(["x"], "x"), {
  id: "x",
  length: 1,
  slice: () => [anything] as never,
  toString: () => "x",
});

interface Asked {
  readonly method: Route["method"];
  readonly path: string;
}

/** What the actions of a file ask when they are called; nothing is ever answered. */
async function requestsOf(file: string): Promise<readonly Asked[]> {
  const asked: Asked[] = [];
  const ask = (method: Asked["method"]) => (path: string) => {
    asked.push({ method, path: `/${path}` });
    return new Promise(() => {});
  };
  const download = (path: string, _: string, __?: object, body?: unknown) => ask(body === undefined ? "GET" : "POST")(path);
  const api = {
    ...{ get: ask("GET"), post: ask("POST"), put: ask("PUT"), patch: ask("PATCH"), remove: ask("DELETE") },
    ...{ upload: ask("POST"), blob: ask("GET"), download },
  };
  for (const actions of Object.values(await import(file)))
    if (typeof actions === "object" && actions !== null)
      for (const [name, action] of Object.entries(actions)) {
        const before = asked.length;
        (action as (...given: unknown[]) => unknown)(api, anything, anything, anything, anything);
        if (asked.length === before) throw new Error(`${name} asks nothing`);
      }
  return asked;
}

/** Whether a path is a route's; `x` is any part. */
function matches(route: string, path: string): boolean {
  const [wanted, parts] = [route.split("/"), path.split("/")];
  return (
    wanted.length === parts.length && wanted.every((part, k) => part.startsWith(":") || parts[k] === "x" || part === parts[k])
  );
}
