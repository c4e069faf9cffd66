import { DataError } from "../base/errors.ts";
import { suggest } from "../base/near-name.ts";
import { arffDateReader, defaultDateFormat } from "./arff-date.ts";
import { type ArffToken, arffTokens, isBrace } from "./arff-line.ts";

/** One attribute of an ARFF file. */
export type ArffAttribute =
  | { readonly name: string; readonly type: "numeric" | "string" }
  | {
      readonly name: string;
      readonly type: "nominal";
      readonly levels: readonly string[];
      readonly places: ReadonlyMap<string, number>;
    }
  | { readonly name: string; readonly type: "date"; readonly read: (text: string) => number };

/** What stands above the data, and the index of the first line of data. */
interface ArffHeader {
  readonly attributes: readonly ArffAttribute[];
  readonly dataLine: number;
}

const keywords = ["@relation", "@attribute", "@data"];

/** Reads an ARFF header: keywords in any case, comments, quoted names. Throws DataError with the line. */
export function readArffHeader(lines: readonly string[], file: string): ArffHeader {
  const attributes: ArffAttribute[] = [];
  const taken = new Set<string>();
  for (const [k, raw] of lines.entries()) {
    const line = raw.trim();
    if (line === "" || line.startsWith("%")) continue;
    const where = (): string => `readArff: line ${k + 1}`;
    const keyword = (/^\S+/.exec(line)?.[0] ?? "").toLowerCase();
    if (keyword === "@data") {
      if (attributes.length === 0) throw new DataError(`${where()} begins the data before any attribute (${file})`);
      return { attributes, dataLine: k + 1 };
    }
    if (keyword === "@relation") continue;
    if (keyword !== "@attribute") {
      const hint = keyword.startsWith("@") ? suggest(keyword, keywords) : "";
      throw new DataError(
        `${where()} must begin with @relation, @attribute or @data, got ${JSON.stringify(line.slice(0, 40))}${hint} (${file})`,
      );
    }
    const attribute = readAttribute(line, where, file);
    if (taken.has(attribute.name))
      throw new DataError(`${where()} names a second attribute ${JSON.stringify(attribute.name)} (${file})`);
    taken.add(attribute.name);
    attributes.push(attribute);
  }
  throw new DataError(`readArff: the file has no @data (${file})`);
}

function readAttribute(line: string, where: () => string, file: string): ArffAttribute {
  const [name, type, ...rest] = arffTokens(line, "@attribute".length, where);
  if (!name || !type || isBrace(name, "{")) throw new DataError(`${where()}: an attribute must have a name and a type (${file})`);
  if (isBrace(type, "{")) return nominal(name.text, rest, where, file);
  switch (type.text.toLowerCase()) {
    case "numeric":
    case "real":
    case "integer":
      return { name: name.text, type: "numeric" };
    case "string":
      return { name: name.text, type: "string" };
    case "date":
      return { name: name.text, type: "date", read: arffDateReader(rest[0]?.text ?? defaultDateFormat, where) };
    case "relational":
      throw new DataError(
        `${where()}: attribute "${name.text}" is relational (a table in each cell), which a column cannot hold (${file})`,
      );
    default: {
      const types = ["numeric", "real", "integer", "string", "date"];
      throw new DataError(
        `${where()}: attribute "${name.text}" has the unknown type "${type.text}"${suggest(type.text, types)} (${file})`,
      );
    }
  }
}

function nominal(name: string, rest: readonly ArffToken[], where: () => string, file: string): ArffAttribute {
  if (!isBrace(rest.at(-1), "}")) throw new DataError(`${where()}: the levels of "${name}" must end with } (${file})`);
  const levels = rest.slice(0, -1).map(({ text }) => text);
  const places = new Map(levels.map((level, k) => [level, k]));
  if (places.size !== levels.length) {
    const twice = levels.find((level, k) => levels.indexOf(level) !== k)!;
    throw new DataError(`${where()}: "${name}" has the level ${JSON.stringify(twice)} twice (${file})`);
  }
  return { name, type: "nominal", levels, places };
}
