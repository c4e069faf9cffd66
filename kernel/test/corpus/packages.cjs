"use strict";
// The folder in which the corpus runs: files of a notebook, and packages of every make.
const { mkdirSync, writeFileSync } = require("node:fs");
const { dirname, join } = require("node:path");

const json = (value) => JSON.stringify(value);
const folder = "node_modules";

/** Path → text. */
const files = {
  "local.ts": `export const answer: number = 41;\nexport enum Side { Left, Right }\nexport function fail(): never {\n  throw new Error("local");\n}\nexport default class Local { kind = "local" }\n`,
  "counter.ts": "export let counter = 0;\nexport const add = () => { counter++; };\n",
  "deep/inner.ts": `import { answer } from "../local.ts";\nimport { counter, add } from "../counter";\nadd();\nexport const sum = answer + counter;\nexport const place = import.meta.filename;\nexport const sibling = async () => (await import("./sibling.mjs")).here;\n`,
  "deep/sibling.mjs": "export const here = 'sibling';\n",
  "deep/sibling.d.mts": "export declare const here: string;\n",
  "waits.ts": `import { slow } from "esm-waits";\nexport const doubled = slow * 2;\n`,
  "wrong.ts": "export const text: string = 1;\n",
  "plain.js": "export const plain = (n) => n + 1;\n",
  "types.d.ts": "export interface Known { known: true }\n",
  "data.json": json({ name: "data", list: [1, 2] }),

  [`${folder}/esm-only/package.json`]: json({
    name: "esm-only",
    type: "module",
    exports: { ".": { types: "./i.d.ts", default: "./i.js" }, "./sub": { types: "./sub.d.ts", import: "./sub.js" } },
  }),
  [`${folder}/esm-only/i.js`]:
    "export const n = 4; export default function main() { return 'main'; }; export let live = 0; export const raise = () => { live++; };",
  [`${folder}/esm-only/i.d.ts`]:
    "export declare const n: number; export default function main(): string; export declare let live: number; export declare const raise: () => void;",
  [`${folder}/esm-only/sub.js`]: "export const sub = 'sub';",
  [`${folder}/esm-only/sub.d.ts`]: "export declare const sub: string;",

  [`${folder}/esm-waits/package.json`]: json({
    name: "esm-waits",
    type: "module",
    exports: { types: "./i.d.ts", default: "./i.js" },
  }),
  [`${folder}/esm-waits/i.js`]: "export const slow = await new Promise((done) => setTimeout(done, 5, 21));",
  [`${folder}/esm-waits/i.d.ts`]: "export declare const slow: number;",

  [`${folder}/import-only/package.json`]: json({
    name: "import-only",
    exports: { ".": { import: { types: "./i.d.mts", default: "./i.mjs" } } },
  }),
  [`${folder}/import-only/i.mjs`]: "export const way = 'import';",
  [`${folder}/import-only/i.d.mts`]: "export declare const way: string;",

  [`${folder}/dual/package.json`]: json({
    name: "dual",
    exports: { import: { types: "./i.d.mts", default: "./i.mjs" }, require: { types: "./i.d.cts", default: "./i.cjs" } },
  }),
  [`${folder}/dual/i.mjs`]: "export const way = 'import';",
  [`${folder}/dual/i.cjs`]: "exports.way = 'require';",
  [`${folder}/dual/i.d.mts`]: "export declare const way: string;",
  [`${folder}/dual/i.d.cts`]: "export declare const way: string;",

  [`${folder}/common/package.json`]: json({ name: "common", main: "i.js", types: "i.d.ts" }),
  [`${folder}/common/i.js`]: "module.exports = function common() { return 'common'; }; module.exports.extra = 1;",
  [`${folder}/common/i.d.ts`]:
    "declare function common(): string; declare namespace common { const extra: number; } export = common;",

  [`${folder}/untyped/package.json`]: json({ name: "untyped", main: "i.js" }),
  [`${folder}/untyped/i.js`]: "exports.any = (n) => n;",

  [`${folder}/modern/package.json`]: json({ name: "modern", main: "i.js", types: "i.d.ts" }),
  [`${folder}/modern/i.js`]: "exports.pick = (list) => list[0]; exports.held = { [Symbol.dispose ?? Symbol.for('x')]() {} };",
  [`${folder}/modern/i.d.ts`]:
    "export declare function pick<const T extends readonly unknown[]>(list: T): NoInfer<T[0]>; export declare const held: Disposable; export type { Known } from './known.ts';",
  [`${folder}/modern/known.d.ts`]: "export interface Known { a: 1 }",

  [`${folder}/breaks/package.json`]: json({ name: "breaks", type: "module", exports: { types: "./i.d.ts", default: "./i.js" } }),
  [`${folder}/breaks/i.js`]: "throw new RangeError('broken package');",
  [`${folder}/breaks/i.d.ts`]: "export declare const never: number;",
};

/** Writes the files under a folder. */
function writeFiles(root, wanted = files) {
  for (const [path, text] of Object.entries(wanted)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

module.exports = { writeFiles };
