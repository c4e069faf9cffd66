// Names of the library that pages cite, held against its types: `ml.tune`, `lab.registry.deploy`, `run.log`, and parameters as `nEstimators`.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import * as ml from "../../library/core/dist/index.js";
import { root } from "../setup.mjs";

/** What the first word of a cited name stands for. */
const roots = `
import * as ml from "assay";
import type { AbTestHandle, ActiveRun, Lab } from "assay-lab";
declare const lab: Lab, run: ActiveRun, test: AbTestHandle, study: ml.Study, trial: ml.Trial, table: ml.Table;
declare const model: ml.ClassifierModel;
`;
const first = /^(ml|lab|run|study|trial|table|model)\.([A-Za-z][\w.]*)/;

/** Options that are no parameter of an estimator. */
const options = [
  "weight",
  "weights",
  "group",
  "time",
  "stratify",
  "threads",
  "trials",
  "space",
  "storage",
  "ifExists",
  "observer",
  "warmStart",
  "url",
  "token",
];

/** Names in the last column of a page's tables that nothing has: `docs/coming-from/optuna.md: ml.tpe2`. */
export function unknownNames(paths) {
  const cited = paths.flatMap((path) => citedIn(path).map((name) => ({ path, name })));
  const chains = cited.filter(({ name }) => first.test(name));
  const wrong = new Set(wrongLines(chains.map(({ name }) => first.exec(name)[0])));
  const words = cited.filter(({ name }) => /^[a-z][A-Za-z]*$/.test(name) && !known().has(name));
  return [...chains.filter((_, k) => wrong.has(k)), ...words].map(({ path, name }) => `${path}: ${name}`);
}

/** What stands as code in the last cell of each row of a page's tables. */
function citedIn(path) {
  const lines = readFileSync(join(root, path), "utf8")
    .split("\n")
    .filter((line) => line.startsWith("| ") && !line.startsWith("| ---"));
  return lines.flatMap((line) =>
    [
      ...line
        .split(" | ")
        .at(-1)
        .matchAll(/`([^`]+)`/g),
    ].map(([, name]) => name),
  );
}

/** Places of the names that do not compile. */
function wrongLines(names) {
  const file = join(root, "library/lab/names-of-pages.ts");
  const text = `${roots}${names.map((name) => `void ${name};`).join("\n")}\n`;
  const compilerOptions = {
    module: ts.ModuleKind.NodeNext,
    target: ts.ScriptTarget.ES2024,
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: ["node"],
  };
  const host = ts.createCompilerHost(compilerOptions);
  const { getSourceFile, fileExists } = host;
  host.fileExists = (path) => path === file || fileExists(path);
  host.getSourceFile = (path, ...rest) =>
    path === file ? ts.createSourceFile(path, text, ts.ScriptTarget.ES2024) : getSourceFile.call(host, path, ...rest);
  const program = ts.createProgram([file], compilerOptions, host);
  const source = program.getSourceFile(file);
  const offset = roots.split("\n").length - 1;
  return program.getSemanticDiagnostics(source).map(({ start, messageText }) => {
    const line = source.getLineAndCharacterOfPosition(start).line - offset;
    if (line < 0) throw new Error(ts.flattenDiagnosticMessageText(messageText, " "));
    return line;
  });
}

/** Every parameter of every estimator, in both spellings, and names by which algorithms are asked for. */
function known() {
  const factories = Object.values(ml).filter((value) => typeof value === "function" && typeof value.estimator === "string");
  const params = factories.flatMap((factory) => Object.keys(factory.jsonSchema().properties));
  return new Set([...params, ...options, ...ml.algorithms.map(({ name }) => name)]);
}
