import { PageConfig, URLExt } from "@jupyterlab/coreutils";
import type { PartialJSONObject, PartialJSONValue, ReadonlyJSONObject, ReadonlyPartialJSONObject } from "@lumino/coreutils";

/** A command that a link may run, with the schema of its arguments. */
export interface LinkedCommand {
  command: string;
  args: ReadonlyJSONObject;
}

/** What a link asks for. */
interface Asked {
  command: string;
  args: PartialJSONObject;
}

const prefix = "assay:";
const key = "assay";

/** The part of an address behind `#` that opens a document: `assay=open-run&id=…`; texts as they are, other values as JSON. */
export function hashOf(command: string, args: ReadonlyPartialJSONObject): string {
  const given = Object.entries(args).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, typeof value === "string" ? value : JSON.stringify(value)]],
  );
  return new URLSearchParams([[key, command.slice(prefix.length)], ...given]).toString();
}

/** The address of a document in this JupyterLab, without the token that a page was opened with. */
export function addressOf(command: string, args: ReadonlyPartialJSONObject): string {
  const app = URLExt.join(PageConfig.getBaseUrl(), PageConfig.getOption("appUrl"));
  const here = location.href.startsWith(app) ? app : location.origin + location.pathname;
  return `${here}#${hashOf(command, args)}`;
}

/**
 * What the part of an address behind `#` asks for, or null where it is none of ours. Only the commands that are given are run, and a value that does
 * not fit its argument is left out: a link comes from anybody.
 */
export function askedBy(hash: string, commands: readonly LinkedCommand[]): Asked | null {
  const words = new URLSearchParams(hash.replace(/^#/, ""));
  const asked = `${prefix}${words.get(key)}`;
  const known = commands.find(({ command }) => command === asked);
  if (!known) return null;
  const properties = known.args["properties"] as Readonly<Record<string, { type?: string; enum?: unknown[] }>>;
  const args = [...words].flatMap(([name, text]): [string, PartialJSONValue][] => {
    const schema = Object.hasOwn(properties, name) ? properties[name] : undefined;
    const value = schema && (schema.enum || schema.type === "string" ? text : parsed(text));
    return value === undefined ? [] : [[name, value]];
  });
  return { command: asked, args: Object.fromEntries(args) };
}

function parsed(text: string): PartialJSONValue | undefined {
  try {
    return JSON.parse(text) as PartialJSONValue;
  } catch {
    return undefined;
  }
}
