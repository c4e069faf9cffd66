// What the sources say of their exports: the text of a docstring, its parts by the conventions (cost, source, oracle), its example.
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import ts from "typescript";
import { root } from "../setup.mjs";

/** Docstrings of every exported declaration below a folder of the repository, by name: `{ text, example, file }`. */
export function docstrings(folder) {
  const found = new Map();
  const paths = readdirSync(join(root, folder), { recursive: true }).filter((path) => /\.ts$/.test(path));
  for (const path of paths.filter((each) => !/\.test\.ts$|(^|\/)testing\//.test(each)).sort()) {
    const file = join(root, folder, path);
    const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest);
    for (const statement of source.statements) {
      const doc = statement.jsDoc?.at(-1);
      if (!doc || !statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) continue;
      const names = statement.name ? [statement.name] : (statement.declarationList?.declarations.map(({ name }) => name) ?? []);
      const example = doc.tags?.find(({ tagName }) => tagName.text === "example");
      for (const { text: name } of names)
        if (!found.has(name))
          found.set(name, {
            text: ts.getTextOfJSDocComment(doc.comment)?.trim() ?? "",
            example: ts.getTextOfJSDocComment(example?.comment)?.trim(),
            file: relative(root, file),
          });
    }
  }
  return found;
}

/** A docstring's text taken apart: what it is, what it costs, where it is from, what it is compared with. */
export function partsOf(text) {
  const line = text.replaceAll(/\s*\n\s*/g, " ");
  const [, before, source, oracle] = /^(.*?)(?:\s*Source: (.*?))?(?:\s*Oracle: (.*?))?$/.exec(line);
  const sentences = before.split(/(?<=[.!])\s+(?=[A-ZO`])/);
  const isCost = (sentence) => /(^|\s)O\(|^Fits: |\b[Cc]ost\b/.test(sentence);
  return {
    about: sentences.filter((sentence) => !isCost(sentence)).join(" "),
    cost: sentences.filter(isCost).join(" ").replaceAll("Cost: ", ""),
    source: source ?? "",
    oracle: oracle ?? "",
  };
}
