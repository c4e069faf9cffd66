// Sentences that troubleshooting tables quote: each must be one that the sources can say.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../setup.mjs";

const headings = /^## (When something is wrong|Troubleshooting)$/m;
let sources;

/** Sentences of a page's troubleshooting table that no source can say: `docs/workouts.md: no ensembel is trained yet`. */
export function unsaidSentences(path) {
  const [, , table = ""] = readFileSync(join(root, path), "utf8").split(headings);
  const cells = table.split(/^## /m)[0].matchAll(/^\| (.+?) \| /gm);
  const quoted = [...cells].flatMap(([, cell]) => [...(/^`([^`]+)`/.exec(cell)?.slice(1) ?? [])]);
  sources ??= sourceText();
  return quoted.filter((sentence) => !isSaid(sentence)).map((sentence) => `${path}: ${sentence}`);
}

/** Whether the sources hold three words in a row of a sentence (or two, where no more stand without a value between): what a reader would search for. */
function isSaid(sentence) {
  const runs = sentence.split(/\S*[\d"@…_]\S*/).map((run) => run.trim().split(/\s+/).filter(Boolean));
  const most = Math.min(3, Math.max(...runs.map(({ length }) => length)));
  const windows = runs.flatMap((run) => run.map((_, k) => run.slice(k, k + most)).filter(({ length }) => length === most));
  return most < 2 || windows.some((window) => sources.includes(window.join(" ")));
}

function sourceText() {
  return ["library/core/src", "library/lab/src"]
    .flatMap((folder) => readdirSync(join(root, folder), { recursive: true }).map((path) => join(root, folder, path)))
    .filter((path) => /\.(ts|sql)$/.test(path) && !path.endsWith(".test.ts"))
    .map((path) => readFileSync(path, "utf8"))
    .join("\n");
}
