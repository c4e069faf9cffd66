// A page for each estimator, made of its schema, its docstring, what the registry says of it, and an example that has just run.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inspect } from "node:util";
import * as ml from "../../library/core/dist/index.js";
import { bears } from "./bears.mjs";
import { docstrings, partsOf } from "./docstrings.mjs";
import { example } from "./examples.mjs";

const taskWords = {
  classification: "Classification",
  regression: "Regression",
  ranking: "Ranking",
  recommendation: "Recommendation",
  transform: "Preparation",
};

/** Every estimator by its name over HTTP, with the factories that make it: `[{ name, title, about, aliases, forms: [{ export, factory }] }]`. */
export function catalogue() {
  const forms = Object.entries(ml).filter(([, value]) => typeof value === "function" && typeof value.estimator === "string");
  const names = [...new Set(forms.map(([, factory]) => factory.estimator))];
  const listed = new Map([...ml.algorithms, ...ml.recommenders].map((entry) => [entry.name, entry]));
  const forEstimators = names.map((name) => {
    const own = forms.filter(([, factory]) => factory.estimator === name).map(([key, factory]) => ({ export: key, factory }));
    const { title = spelled(own[0].export), description, aliases = [] } = listed.get(name) ?? {};
    return { name, title, about: description, aliases, forms: own };
  });
  return [...forEstimators, ...ml.algorithms.filter(({ isPreset }) => isPreset).map(presetEntry)];
}

/** Another library's face of an estimator: its parameters stand on a page, the rest on the estimator's own. */
function presetEntry({ name, title, description, aliases, factories }) {
  const forms = Object.values(factories).map((factory) => ({
    export: `from${title.replace("GBM", "gbm").replace("XGB", "Xgb")}Params`,
    factory,
  }));
  return { name, title, about: description, aliases, forms, isPreset: true, presetOf: forms[0].factory().name };
}

/** Writes all pages, their figures and the list of them into a folder, and gives the entries back, each with its `task`. */
export async function writeAlgorithms(folder) {
  mkdirSync(folder, { recursive: true });
  const docs = docstrings("library/core/src");
  const entries = catalogue().map((entry) => ({ ...entry, task: taskWords[entry.forms[0].factory.task] }));
  for (const entry of entries) {
    const sections = entry.presetOf ? [presetSection(entry)] : [];
    for (const form of entry.presetOf ? [] : entry.forms)
      sections.push(await section(entry, form, docs.get(form.export), folder));
    const head = [`# ${entry.title}`, entry.about, facts(entry)].filter(Boolean);
    writeFileSync(join(folder, `${entry.name}.md`), `${[...head, ...sections].join("\n\n")}\n`);
  }
  writeFileSync(join(folder, "index.md"), list(entries));
  return entries;
}

/** Headed by task, each entry in a line. */
function list(entries) {
  const tables = Object.values(taskWords).map((task) => {
    const own = entries.filter((entry) => entry.forms.some(({ factory }) => taskWords[factory.task] === task));
    const rows = own.map(({ name, title, about, forms }) => {
      const made = forms.filter(({ factory }) => taskWords[factory.task] === task).map((form) => `\`ml.${form.export}\``);
      return `| [${title}](${name}.md) | ${made.join(", ")} | ${about ?? ""} |`;
    });
    return `## ${task}\n\n| | in a cell | what it is |\n| --- | --- | --- |\n${rows.join("\n")}`;
  });
  return `# Algorithms\n\nMade from schemas and docstrings: parameters, costs, sources, and an example that ran when this page was built.\n\n${tables.join("\n\n")}\n`;
}

function facts({ name, aliases, forms }) {
  const tasks = [...new Set(forms.map(({ export: key }) => key))].map((key) => {
    const own = forms.filter((form) => form.export === key).map(({ factory }) => taskWords[factory.task].toLowerCase());
    return `\`ml.${key}\` (${own.join(", ")})`;
  });
  const also = aliases.length > 0 ? `, also ${aliases.map((alias) => `\`${alias}\``).join(", ")}` : "";
  return `In a cell ${tasks.join(", ")}; over HTTP, in forms and in leaderboards \`${name}\`${also}.`;
}

async function section(entry, { export: key, factory }, doc, folder) {
  const { about, cost, source, oracle } = partsOf(doc?.text ?? "");
  const { cell, output, svg } = await example(key, factory);
  const file = `${entry.name}-${factory.task}.svg`;
  if (svg) writeFileSync(join(folder, file), svg);
  return [
    `## ${key}`,
    plain(about),
    await bearing(key, factory, { cost, source, oracle }),
    "### Parameters",
    params(factory),
    "### Example",
    `\`\`\`ts\n${cell}\n\`\`\`\n\`\`\`\n${output}\n\`\`\``,
    ...(svg ? [`![What the example of ${key} gives](./${file})`] : []),
  ].join("\n\n");
}

function presetSection({ forms, presetOf }) {
  return `It is [the library's own](${presetOf}.md) under other names: what it bears, costs and learns stands there.\n\n### Parameters\n\n${params(forms[0].factory)}`;
}

/** What it bears, costs and is compared with, as a table. */
async function bearing(key, factory, { cost, source, oracle }) {
  const rows = [];
  if (factory.task !== "recommendation") {
    const { missing, categories, weights, probabilities } = await bears(key, factory);
    rows.push(["missing cells", missing ? "taken as they are" : "refused: put an imputer before it"]);
    rows.push(["categories", categories ? "taken as they are" : "refused: put an encoder before it"]);
    if (factory.task !== "transform") rows.push(["row weights", weights ? "count" : "refused"]);
    if (factory.task === "classification") rows.push(["probabilities", probabilities ? "yes" : "no"]);
  }
  if (cost) rows.push(["cost", plain(cost)]);
  if (source) rows.push(["source", plain(source)]);
  if (oracle) rows.push(["compared with", `\`${oracle.replace(/\.$/, "").replaceAll("`", "")}\``]);
  return `| | |\n| --- | --- |\n${rows.map(([what, says]) => `| ${what} | ${cellText(says)} |`).join("\n")}`;
}

/** A parameter a line: name, type with range, default, help. */
function params(factory) {
  const { properties, required = [] } = factory.jsonSchema();
  const rows = Object.entries(properties).map(([name, schema]) => {
    const initial = required.includes(name) ? "must be given" : `\`${shownValue(schema.default)}\``;
    const words = [schema.title, schema.description].filter(Boolean).join(". ");
    return `| \`${name}\` | ${cellText(typeOf(schema))} | ${initial} | ${cellText(words)} |`;
  });
  if (rows.length === 0) return "None.";
  return `| name | type and range | default | |\n| --- | --- | --- | --- |\n${rows.join("\n")}`;
}

/** A JSON Schema in words: "whole number, 1 to 100000", `"gini"`, `"entropy"` or null. */
export function typeOf(schema) {
  if (schema.enum) return schema.enum.map((value) => `\`${JSON.stringify(value)}\``).join(", ");
  if ("const" in schema) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.anyOf) return [...new Set(schema.anyOf.map(typeOf))].join(" or ");
  if (schema.estimator || schema.type === "estimator") return "estimator";
  if (schema.$ref) return schema.$ref.split("/").at(-1);
  if (schema.type === "null") return "null";
  if (Array.isArray(schema.type)) return schema.type.map((type) => typeOf({ ...schema, type })).join(" or ");
  if (schema.type === "integer") return `whole number${range(schema)}`;
  if (schema.type === "number") return `number${range(schema)}`;
  if (schema.type === "array") return `list of ${schema.items ? typeOf(schema.items) : "values"}`;
  if (schema.type === "string") return "text";
  if (schema.type === "boolean") return "true or false";
  if (schema.type === "object" && schema.properties) return `{ ${Object.keys(schema.properties).join(", ")} }`;
  return schema.type ?? "any value";
}

function range({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }) {
  const bound = (value) => value !== undefined && Math.abs(value) < Number.MAX_SAFE_INTEGER;
  const parts = [
    bound(minimum) && `≥ ${minimum}`,
    bound(exclusiveMinimum) && `> ${exclusiveMinimum}`,
    bound(maximum) && `≤ ${maximum}`,
    bound(exclusiveMaximum) && `< ${exclusiveMaximum}`,
  ].filter(Boolean);
  return parts.length > 0 ? ` ${parts.join(", ")}` : "";
}

const shownValue = (value) => inspect(value, { breakLength: Number.POSITIVE_INFINITY, depth: 4 }).replaceAll("|", "\\|");

/** Docstring as Markdown: its links as code, and no character that Markdown or Vue would take. */
const plain = (text) =>
  text
    .replaceAll(/\{@link (\w+)\}/g, "`$1`")
    .replaceAll(/`[^`]*`|[<>*_{}]/g, (part) => (part.length > 1 ? part : `&#${part.charCodeAt(0)};`));
const cellText = (text) => text.replaceAll("|", "\\|").replaceAll("\n", " ");
/** randomForest → Random forest. */
const spelled = (name) => name[0].toUpperCase() + name.slice(1).replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
