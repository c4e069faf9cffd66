"use strict";
// What earlier cells declared: one declaration file for each cell that still matters, and for every name the cell that declared it last.

const { type, value } = require("./declared.cjs");

/** The module names of cells, as they stand in declarations. */
const moduleOf = (cell) => `./__cell_${cell}`;
const mentioned = /\.\/__cell_(\d+)/g;
const words = /[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*/gu;
/** So many files may be out of use before they are looked for. */
const slack = 32;

/** @typedef {import("./declared.cjs").Declared & { cell: number }} Earlier */

/**
 * @param {{ write(path: string, text: string): void, remove(path: string): void, has(path: string): boolean }} files where declarations are kept
 * @param {string} folder the notebook's
 */
function createEarlier(files, folder) {
  /** @type {Map<string, Earlier>} */
  let names = new Map();
  /** @type {{ cell: number, token: string, names: Map<string, Earlier> } | undefined} */
  let pending;
  /** @type {Map<number, { path: string, text: string, ambient: boolean }>} */
  const kept = new Map();

  /** Takes names of the pending cell. */
  function commit(entries) {
    for (const [name, declared] of entries) names.set(name, declared);
    pending = undefined;
    if (kept.size > 2 * new Set([...names.values()].map(({ cell }) => cell)).size + slack) sweep();
  }

  /** Forgets the declarations that nothing leads to any more. */
  function sweep() {
    const reached = new Set();
    const reach = (cell) => {
      if (reached.has(cell) || !kept.has(cell)) return;
      reached.add(cell);
      for (const [, other] of kept.get(cell).text.matchAll(mentioned)) reach(Number(other));
    };
    for (const { cell } of names.values()) reach(cell);
    for (const [cell, { ambient }] of kept) if (ambient) reach(cell);
    for (const [cell, { path }] of kept) {
      if (reached.has(cell)) continue;
      kept.delete(cell);
      files.remove(path);
    }
  }

  const line = (entries) => {
    const lets = [];
    const imports = new Map();
    for (const [name, { cell, assignable, meaning }] of entries) {
      if (assignable && meaning === value) lets.push(`declare let ${name}: typeof import("${moduleOf(cell)}").${name};`);
      else imports.set(cell, [...(imports.get(cell) ?? []), name]);
    }
    return [...[...imports].map(([cell, list]) => `import { ${list.join(", ")} } from "${moduleOf(cell)}";`), ...lets].join(" ");
  };

  return {
    /** Whether a file is what is known of an earlier cell. */
    isCellFile: (path) => path.startsWith(`${folder}/__cell_`) && files.has(path),
    /** Files whose declarations hold everywhere: `declare global`. */
    ambient: () => [...kept.values()].filter(({ ambient }) => ambient).map(({ path }) => path),

    /**
     * Decides about the cell that was converted last.
     * @param {string} token what that conversion gave, where the cell has succeeded
     * @param {string[]} [alive] the names that have a value although it failed; its types hold in any case
     */
    settle(token, alive = []) {
      if (!pending) return;
      const holds = ([name, { meaning }]) => meaning === type || alive.includes(name);
      commit(token === pending.token ? pending.names : [...pending.names].filter(holds));
    },

    /** The earlier names that a source mentions and does not declare itself in the same sense. */
    used(source, declared) {
      const found = new Map();
      for (const [name] of source.matchAll(words)) {
        const earlier = names.get(name);
        if (earlier && !((declared.get(name)?.meaning ?? 0) & earlier.meaning)) found.set(name, earlier);
      }
      return found;
    },

    /** Every name that a cell being written can use, with those of the cell that runs. */
    all: () => new Map([...names, ...(pending?.names ?? [])]),

    /** One line of TypeScript that declares names of earlier cells. */
    line,

    /**
     * Keeps what a cell declares until it is settled.
     * @param {number} cell
     * @param {Map<string, import("./declared.cjs").Declared>} declared
     * @param {{ text: string, extension: string, ambient: boolean }} declarations
     * @returns {string} the token by which it is settled
     */
    add(cell, declared, { text, extension, ambient }) {
      const token = `cell ${cell}`;
      const path = `${folder}/__cell_${cell}${extension}`;
      for (const [other, file] of kept) {
        if (!ambient || !file.ambient || file.text !== text) continue;
        kept.delete(other);
        files.remove(file.path);
      }
      kept.set(cell, { path, text, ambient });
      files.write(path, text);
      const merged = [...declared].map(([name, facts]) => {
        const before = names.get(name);
        const joined = before && !(before.meaning & facts.meaning);
        return [
          name,
          {
            ...facts,
            cell,
            meaning: facts.meaning | (joined ? before.meaning : 0),
            assignable: facts.assignable || (joined && before.assignable),
          },
        ];
      });
      pending = { cell, token, names: new Map(merged) };
      return token;
    },

    /** Begins anew with names of which nothing but their being there is known. */
    restore(list) {
      names = new Map();
      pending = undefined;
      const declared = new Map(list.map((name) => [name, { kind: "let", meaning: value, assignable: true, exported: true }]));
      const text = list.map((name) => `export declare let ${name}: any;`).join("\n");
      const token = this.add(0, declared, { text: `${text}\nexport {};`, extension: ".d.ts", ambient: false });
      this.settle(token);
    },
  };
}

module.exports = { createEarlier };
