// Every text that a panel draws has its French: the catalogue is held against the sources of the panels, the settings and the library.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { expect, test } from "vitest";
import { algorithms, hyperparameterSchema, type PredictTask } from "../library/core/src/estimators.ts";
import { stepForms } from "../library/core/src/preprocessing/index.ts";
import { recommenderSchema, recommenders } from "../library/core/src/recommend/index.ts";
import { sentences } from "../library/lab/src/contract/sentences.ts";

const extension = fileURLToPath(new URL("../extension", import.meta.url));
const read = (path: string): string => readFileSync(join(extension, path), "utf8");
const catalogue: Record<string, string[]> = JSON.parse(
  read("python/assay_jupyter/locale/fr_FR/LC_MESSAGES/assay_jupyterlab.json"),
);
const lacking = (texts: Iterable<string>): string[] => [...new Set(texts)].filter((text) => text !== "" && !catalogue[text]);

/** A text that a panel hands to the translator. */
interface Handed {
  place: string;
  /** Undefined where it is not written there. */
  text: string | undefined;
  plural: string | undefined;
}

const handed = readdirSync(join(extension, "src"), { recursive: true, encoding: "utf8" })
  .filter((name) => /\.tsx?$/.test(name) && !/\.test\.|^testing\//.test(name))
  .flatMap((name) => handedIn(`src/${name}`));

/** The texts of a source file that go through `trans`. */
function handedIn(path: string): Handed[] {
  const source = ts.createSourceFile(path, read(path), ts.ScriptTarget.Latest, true);
  const found: Handed[] = [];
  const visit = (node: ts.Node): void => {
    ts.forEachChild(node, visit);
    if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return;
    const method = node.expression.name.text;
    if (method !== "__" && method !== "_n") return;
    const [first, second] = node.arguments;
    const place = `${path}:${1 + source.getLineAndCharacterOfPosition(node.getStart()).line}`;
    const plural = method === "_n" && second && ts.isStringLiteralLike(second) ? second.text : undefined;
    for (const text of first ? literals(first) : [undefined]) found.push({ place, text, plural });
  };
  visit(source);
  return found;
}

/** What an expression of texts can be. */
function literals(node: ts.Expression): (string | undefined)[] {
  if (ts.isStringLiteralLike(node)) return [node.text];
  if (ts.isConditionalExpression(node)) return [...literals(node.whenTrue), ...literals(node.whenFalse)];
  return [undefined];
}

/** Everything under the keys `names` that is text, however deep. */
function textsUnder(value: unknown, names: readonly string[]): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) =>
    typeof each === "string" && names.includes(key) ? [each] : textsUnder(each, names),
  );
}

const placeholders = (text: string): string => [...new Set(text.match(/%\d/g))].sort().join(" ");

test("every text handed to the translator is written where it is handed over", () => {
  expect(handed.filter(({ text }) => text === undefined).map(({ place }) => place)).toEqual([]);
});

test("every text of the panels has its French", () => {
  expect(lacking(handed.map(({ text }) => text ?? ""))).toEqual([]);
});

test("every text with a plural has two forms in French", () => {
  const counted = handed.filter(({ plural }) => plural !== undefined).map(({ text }) => text!);
  expect(counted.filter((text) => catalogue[text] && catalogue[text].length !== 2)).toEqual([]);
});

test("every title of the settings and menus has its French", () => {
  const titles = ["title", "description", "label", "jupyter.lab.setting-icon-label"];
  expect(lacking(textsUnder(JSON.parse(read("schema/plugin.json")), titles))).toEqual([]);
});

/** What forms draw that the library has written: algorithms, their hyperparameters, cleaning steps. */
const served = [
  ...algorithms.flatMap(({ title, description }) => [title, description]),
  ...textsUnder(
    [
      ...algorithms.flatMap(({ name, factories }) =>
        Object.keys(factories).map((task) => hyperparameterSchema(name, task as PredictTask)),
      ),
      ...recommenders.map(({ name }) => recommenderSchema(name)),
      stepForms(),
    ],
    ["title", "description"],
  ),
];

test("every algorithm, hyperparameter and cleaning step has its French, recommenders' too", () => {
  expect(lacking(served)).toEqual([]);
});

test("every sentence of the service's answers has its French", () => {
  expect(lacking(Object.values(sentences))).toEqual([]);
});

test("the French takes the same values as the English", () => {
  const plurals = new Map(handed.flatMap(({ text, plural }) => (text && plural ? [[text, plural] as const] : [])));
  const odd = Object.entries(catalogue).filter(
    ([text, french]) => text !== "" && placeholders(french.at(-1)!) !== placeholders(plurals.get(text) ?? text),
  );
  expect(odd.map(([text]) => text)).toEqual([]);
});

test("the French holds nothing that no panel draws", () => {
  const titles = ["title", "description", "label", "jupyter.lab.setting-icon-label"];
  const drawn = new Set([
    "",
    ...handed.map(({ text }) => text),
    ...textsUnder(JSON.parse(read("schema/plugin.json")), titles),
    ...served,
    ...Object.values(sentences),
  ]);
  expect(Object.keys(catalogue).filter((text) => !drawn.has(text))).toEqual([]);
});
