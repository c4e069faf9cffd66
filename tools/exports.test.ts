import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const paths = execFileSync("git", ["ls-files", "library", "extension", "kernel", "tools"], { cwd: root, encoding: "utf8" })
  .trim()
  .split("\n")
  .filter((path) => /\.(ts|tsx|mjs|cjs)$/.test(path));

/** The names that a file takes from others, or hands on; members of whole modules among them, told by their name alone. */
function taken(text: string): Set<string> {
  const lists = [...text.matchAll(/(?:import|export)\s[^;{]*\{([^}]*)\}\s*from|\{([^{}]*)\}\s*=\s*await import\(/g)];
  const named = lists.flatMap(([, from, at]) =>
    (from ?? at)!.split(",").map((name) => /^(?:type )?(\w+)/.exec(name.trim())?.[1]),
  );
  const members = /import\(|import \* as/.test(text) ? text.matchAll(/\.(\w+)/g) : [];
  return new Set([...named.filter((name) => name !== undefined), ...[...members].map(([, name]) => name!)]);
}

const takers = new Map<string, string[]>();
const texts = new Map(paths.map((path) => [path, readFileSync(join(root, path), "utf8")]));
for (const [path, text] of texts) for (const name of taken(text)) takers.set(name, [...(takers.get(name) ?? []), path]);

/** The entries of the packages, and every file that they hand on whole: all of it is for readers elsewhere. */
const entries = ["core/src", "lab/src", "lab/src/contract", "lab/src/client"].map((folder) => `library/${folder}/index.ts`);
const given = new Set(["extension/src/index.ts", ...entries]);
for (const path of given)
  for (const [, to] of (texts.get(path) ?? "").matchAll(/export (?:type )?\* from "([^"]+)"/g))
    given.add(join(dirname(path), to!));

test("what a file exports, another file takes: what nobody takes is not exported", () => {
  const idle = [...texts]
    .filter(([path]) => /^(library|extension)\/.*src\//.test(path) && !/\.test\.tsx?$|\/testing\//.test(path) && !given.has(path))
    .flatMap(([path, text]) =>
      [...text.matchAll(/^export (?:async )?(?:abstract )?(?:function\*?|class|interface|type|const) (\w+)/gm)]
        .map(([, name]) => name!)
        .filter((name) => !takers.get(name)?.some((taker) => taker !== path))
        .map((name) => `${path}: ${name}`),
    );
  expect(idle).toEqual([]);
});
