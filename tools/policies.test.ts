import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const tracked = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], { cwd: root, encoding: "utf8" })
  .trim()
  .split("\n");
const read = (path: string): string => readFileSync(join(root, path), "utf8");

test("the repository is compiled by TypeScript 6.0.3, not by the fork that a dependency brings", () => {
  expect(JSON.parse(read("node_modules/typescript/package.json")).version).toBe("6.0.3");
});

test.each(tracked.filter((path) => path.endsWith("package-lock.json")))(
  "%s holds no download address but the workspace's links",
  (path) => {
    const resolved = [...read(path).matchAll(/"resolved": "([^"]+)"/g)].map(([, address]) => address!);
    expect(resolved.filter((address) => address.includes(":"))).toEqual([]);
  },
);

test("no generated bundle and no archive is tracked", () => {
  expect(tracked.filter((path) => /(^|\/)(dist|labextension|node_modules|\.venv)\/|\.(whl|tgz|zip)$/.test(path))).toEqual([]);
});

test("no file names a folder of somebody's machine", () => {
  const texts = tracked.filter(
    (path) => /\.(ts|tsx|mjs|cjs|py|md|json|ipynb|sh|yml)$/.test(path) && path !== "tools/policies.test.ts",
  );
  expect(texts.filter((path) => /\/(home|Users|root)\/[a-z]/.test(read(path)))).toEqual([]);
});

describe("source files hold one idea", () => {
  const sources = tracked.filter(
    (path) => /^(library|extension|kernel)\/.*src\/.*\.(ts|tsx|cjs)$/.test(path) && !path.endsWith(".test.ts"),
  );
  test("none is longer than 420 lines", () => {
    expect(sources.map((path) => [path, read(path).split("\n").length] as const).filter(([, lines]) => lines > 420)).toEqual([]);
  });
});

describe("exports of the library are documented", () => {
  const sources = tracked.filter(
    (path) => /^library\/(core|lab)\/src\/.*\.ts$/.test(path) && !/\.test\.ts$|\/contract\/|\/testing\/|index\.ts$/.test(path),
  );
  const bare = sources.flatMap((path) => {
    const lines = read(path).split("\n");
    return lines.flatMap((line, k) => {
      const declared = /^export (?:async )?(?:function\*?|class|interface|type|const) (\w+)/.exec(line);
      // an overload shares the text of the first
      const isOverload =
        declared && lines.slice(0, k).some((other) => new RegExp(`^export (?:async )?function ${declared[1]}\\b`).test(other));
      return declared && !isOverload && !/\*\/\s*$/.test(lines[k - 1] ?? "") && !/biome-ignore/.test(lines[k - 1] ?? "")
        ? [`${path}: ${declared[1]}`]
        : [];
    });
  });
  test("each has its sentence", () => expect(bare).toEqual([]));
});

test("every room of the library has a test or is proved by one of another room", () => {
  const core = join(root, "library/core/src");
  const rooms = readdirSync(core, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
  const untested = rooms.filter((room) => !readdirSync(join(core, room)).some((file) => file.endsWith(".test.ts")));
  expect(untested.sort()).toEqual(["testing"]);
});
