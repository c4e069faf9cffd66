import { DataError } from "../../base/errors.ts";

const who = "readLightgbm";

/** What stands behind a `name=` of a model file. */
interface TextField {
  readonly value: string;
  /** From 1. */
  readonly line: number;
}

/** The fields between two blank lines: the file's head, or one tree. */
export interface TextSection {
  /** `head`, `tree 0`, … */
  readonly name: string;
  readonly line: number;
  readonly fields: ReadonlyMap<string, TextField>;
}

/** A LightGBM model file, not yet understood. */
export interface LightgbmText {
  readonly head: TextSection;
  readonly trees: readonly TextSection[];
  /** The parameters of the training, empty in old files. */
  readonly parameters: ReadonlyMap<string, string>;
  /** JSON of the levels of pandas' category columns. */
  readonly pandasCategorical: TextField | undefined;
}

/** Takes a LightGBM model file (text, versions 2 to 4) apart. Cost O(characters). Throws DataError with the line. */
export function splitLightgbm(text: string): LightgbmText {
  const lines = text.split(/\r?\n/);
  const first = lines.findIndex((line) => line.trim() !== "");
  if (lines[first]?.trim() !== "tree")
    throw new DataError(
      `${who}: line ${Math.max(first, 0) + 1} must be "tree", got ${JSON.stringify(lines[first]?.slice(0, 60) ?? "")}`,
    );
  const end = lines.findIndex((line) => line.startsWith("end of trees"));
  const body = end < 0 ? lines.length : end;
  const starts: number[] = [];
  for (let k = first + 1; k < body; k++) if (lines[k]!.startsWith("Tree=")) starts.push(k);
  const sections = starts.map((start, t) => {
    checkNumber(lines[start]!, start, t);
    return readSection(`tree ${t}`, lines, start + 1, starts[t + 1] ?? body);
  });
  return {
    head: readSection("head", lines, first + 1, starts[0] ?? body),
    trees: sections,
    parameters: readParameters(lines.slice(body)),
    pandasCategorical: readPandas(lines, body),
  };
}

function checkNumber(text: string, k: number, wanted: number): void {
  if (text.trim() !== `Tree=${wanted}`)
    throw new DataError(`${who}: line ${k + 1} must be "Tree=${wanted}", got ${JSON.stringify(text.slice(0, 60))}`);
}

function readSection(name: string, lines: readonly string[], start: number, end: number): TextSection {
  const fields = new Map<string, TextField>();
  for (let k = start; k < end; k++) {
    const text = lines[k]!;
    if (text.trim() === "" || text.startsWith("pandas_categorical:")) continue;
    const cut = text.indexOf("=");
    const key = cut < 0 ? text.trim() : text.slice(0, cut);
    if (fields.has(key)) throw new DataError(`${who}: line ${k + 1} must not repeat "${key}" of line ${fields.get(key)!.line}`);
    fields.set(key, { value: cut < 0 ? "" : text.slice(cut + 1), line: k + 1 });
  }
  return { name, line: start + 1, fields };
}

function readParameters(lines: readonly string[]): Map<string, string> {
  const parameters = new Map<string, string>();
  for (const line of lines) {
    const [, name, value] = /^\[([^:\]]+):\s*(.*)\]\s*$/.exec(line) ?? [];
    if (name !== undefined) parameters.set(name, value!);
  }
  return parameters;
}

function readPandas(lines: readonly string[], body: number): TextField | undefined {
  const label = "pandas_categorical:";
  const found = lines.findIndex((line, k) => k >= Math.min(body, lines.length - 3) && line.startsWith(label));
  return found < 0 ? undefined : { value: lines[found]!.slice(label.length), line: found + 1 };
}

/** A field that must be there. */
export function fieldOf(section: TextSection, name: string): TextField {
  const found = section.fields.get(name);
  if (!found) throw new DataError(`${who}: ${section.name} (line ${section.line}) must have "${name}"`);
  return found;
}

/** A whole number within bounds. */
export function integerField(section: TextSection, name: string, min: number, max: number): number {
  const { value, line } = fieldOf(section, name);
  const number = /^\s*-?\d+\s*$/.test(value) ? Number(value) : Number.NaN;
  if (number >= min && number <= max) return number;
  throw new DataError(
    `${who}: line ${line}, ${name} must be a whole number from ${min} to ${max}, got ${JSON.stringify(value.slice(0, 60))}`,
  );
}

/** Words of a field, as many as wanted. */
export function wordsField(section: TextSection, name: string, wanted: number): string[] {
  const { value, line } = fieldOf(section, name);
  const words = value.trim() === "" ? [] : value.trim().split(/\s+/);
  if (words.length !== wanted)
    throw new DataError(`${who}: line ${line}, ${name} must have ${wanted} entries, got ${words.length}`);
  return words;
}

/** Finite numbers, as many as wanted; in the place of others `otherwise`, where it is given. */
export function numbersField(section: TextSection, name: string, wanted: number, otherwise?: number): Float64Array {
  const words = wordsField(section, name, wanted);
  return Float64Array.from(words, (word, k) => {
    const number = Number(word);
    if (Number.isFinite(number)) return number;
    if (otherwise !== undefined && /^[-+]?(inf|nan)$/i.test(word)) return otherwise;
    throw new DataError(
      `${who}: line ${fieldOf(section, name).line}, ${name}[${k}] must be a finite number, got ${word.slice(0, 60)}`,
    );
  });
}

/** Whole numbers within bounds, as many as wanted. */
export function integersField(section: TextSection, name: string, wanted: number, min: number, max: number): Float64Array {
  const numbers = numbersField(section, name, wanted);
  const bad = numbers.findIndex((number) => !(Number.isInteger(number) && number >= min && number <= max));
  if (bad < 0) return numbers;
  throw new DataError(
    `${who}: line ${fieldOf(section, name).line}, ${name}[${bad}] must be a whole number from ${min} to ${max}, got ${numbers[bad]}`,
  );
}
