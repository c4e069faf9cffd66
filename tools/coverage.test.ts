import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

/** How many features each letter has. */
const features = { K: 8, D: 12, A: 12, S: 3, M: 6, T: 5, J: 3, R: 7, P: 5, E: 8, F: 4 };
const ways = ["cell", "panel", "route"];

const texts = new Map<string, string>();
function read(path: string): string {
  const text = texts.get(path) ?? readFileSync(fileURLToPath(new URL(`../${path}`, import.meta.url)), "utf8");
  texts.set(path, text);
  return text;
}

/** A feature of the page, with the lines below its title. */
interface Feature {
  readonly id: string;
  readonly title: string;
  readonly lines: readonly Line[];
}

/** A way to a feature: the tests quoted of a file, or words in their place. */
interface Line {
  readonly way: string;
  readonly file: string | undefined;
  readonly names: readonly string[];
  readonly words: string;
}

const page: Feature[] = read("docs/coverage.md")
  .split(/^### /m)
  .slice(1)
  .map((section) => {
    const [, id, title] = /^(\w+)\. (.*)/.exec(section) ?? ["", section, ""];
    return {
      id: id!,
      title: title!,
      lines: [...section.matchAll(/^- (\w+): (.*)$/gm)].map(([, way, text]) => lineOf(way!, text!)),
    };
  });

function lineOf(way: string, text: string): Line {
  const [, file, quoted] = /^`([^`]+)` ("[^"]+"(?:, "[^"]+")*)$/.exec(text) ?? [];
  return { way, file, names: [...(quoted ?? "").matchAll(/"([^"]+)"/g)].map(([, name]) => name!), words: file ? "" : text };
}

describe("docs/coverage.md", () => {
  test("has every feature once, in order", () => {
    const wanted = Object.entries(features).flatMap(([letter, count]) =>
      Array.from({ length: count }, (_, k) => letter + (k + 1)),
    );
    expect(page.map(({ id }) => id)).toEqual(wanted);
  });

  test("says each feature in words", () => {
    expect(page.filter(({ title }) => title.length < 10).map(({ id }) => id)).toEqual([]);
  });

  test("has for each way of each feature either tests or a reason", () => {
    const unlike = page.flatMap(({ id, lines }) =>
      ways.map((way) => [id, way, lines.filter((line) => line.way === way)] as const),
    );
    const wrong = unlike.filter(([, , told]) => told.length === 0 || (told.length > 1 && told.some(({ file }) => !file)));
    expect(wrong.map(([id, way]) => `${id} ${way}`)).toEqual([]);
  });

  test("says in words why there is no test, and what is open", () => {
    const wrong = page.flatMap(({ id, lines }) =>
      lines
        .filter(({ way, file, words }) => !file && !(ways.includes(way) ? /^none: (\S+ ){4}/ : /^(\S+ ){4}/).test(words))
        .map(({ way }) => `${id} ${way}`),
    );
    expect(wrong).toEqual([]);
  });

  test("knows no other ways", () => {
    const others = page.flatMap(({ lines }) => lines.map(({ way }) => way)).filter((way) => ![...ways, "open"].includes(way));
    expect(others).toEqual([]);
  });

  test("quotes tests that are there", () => {
    const gone = page.flatMap(({ id, lines }) =>
      lines.flatMap(({ file, names }) => names.filter((name) => !holds(file!, name)).map((name) => `${id}: ${file} "${name}"`)),
    );
    expect(gone).toEqual([]);
  });
});

/** Whether a file has a test of this name: its parts as titles, one behind the other; a method of a Python test; or words of a notebook's cell. */
function holds(file: string, name: string): boolean {
  if (file.endsWith(".ipynb")) return cellsOf(file).some((source) => source.includes(name));
  if (file.endsWith(".py")) return new RegExp(`^\\s*(def|class) ${name}\\(`, "m").test(read(file));
  const titles = name
    .split(" › ")
    .map((part) => `(\\(\\s*|name: |expect )["'\`]${part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")}["'\`]`);
  return new RegExp(titles.join("[^]*"), "m").test(read(file));
}

function cellsOf(file: string): string[] {
  const { cells } = JSON.parse(read(file)) as { cells: { cell_type: string; source: string | string[] }[] };
  return cells.filter(({ cell_type }) => cell_type === "code").map(({ source }) => [source].flat().join(""));
}
