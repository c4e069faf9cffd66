import { existsSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { ConflictError, ParamsError, suggest } from "assay";
import { v7 as uuidv7 } from "uuid";
import type { EtlRequest } from "../contract/etl.ts";
import {
  applicationUrl,
  createSource,
  readEtlSettings,
  type SourceOptions,
  sizesOf,
  storeEtl,
} from "../flows/recommendation/index.ts";
import { logger } from "../log.ts";
import { openSession } from "../projects/session.ts";
import { copyVersion } from "./copy-version.ts";

const texts = {
  version: "DATASET_VERSION",
  "window-days": "DATA_WINDOW_DAYS",
  "negative-sample-ratio": "NEGATIVE_SAMPLE_RATIO",
  "test-size": "TEST_SIZE",
  "random-seed": "RANDOM_SEED",
  "k-anonymity": undefined,
  until: undefined,
  mapping: undefined,
  "source-url": undefined,
  out: undefined,
  users: undefined,
  items: undefined,
  interactions: undefined,
  days: undefined,
} as const;
type Given = Readonly<Partial<Record<keyof typeof texts, string>>> & { readonly replace?: boolean };

const help = `assay etl [source] [options]

  --version V                  default DATASET_VERSION, else 1.0; next: the refresh behind the newest
  --window-days N              default DATA_WINDOW_DAYS, else 90
  --negative-sample-ratio R    default NEGATIVE_SAMPLE_RATIO, else 2.0
  --test-size S                default TEST_SIZE, else 0.2
  --random-seed N              default RANDOM_SEED, else 42
  --k-anonymity K              default 5
  --until INSTANT              the window's end; default now
  --mapping FILE               JSON: where the application keeps its tables; default the travel application's
  --source-url postgres://…    the application's database; default ASSAY_SOURCE_URL where a mapping is given, else DATABASE_URL, else the embedded one
  --out FOLDER                 default data/datasets
  source [--users N] [--items N] [--interactions N] [--days N] [--random-seed N] [--until INSTANT] [--replace]
                               makes the travel application with people who never were`;

/** `assay etl …`: a version of the recommendation dataset from the command line. Ends with 1 where a check fails. */
export async function etl(args: readonly string[]): Promise<void> {
  const { positionals, values } = readOptions(args);
  if (values.help) return console.log(help);
  const [verb, ...more] = positionals;
  if ((verb !== undefined && verb !== "source") || more.length > 0)
    throw new ParamsError(`etl: no command "etl ${positionals.join(" ")}"${suggest(verb ?? "", ["source"])}`);
  process.env["LOG_LEVEL"] = (process.env["LOG_LEVEL"] || "info").toLowerCase();
  process.env["LOG_FILE"] ||= join("logs", "etl.log");
  return verb === "source" ? makeSource(values) : makeVersion(values);
}

function readOptions(args: readonly string[]): {
  readonly positionals: readonly string[];
  readonly values: Given & { readonly help?: boolean };
} {
  const options = {
    ...Object.fromEntries(Object.keys(texts).map((name) => [name, { type: "string" as const }])),
    replace: { type: "boolean" as const },
    help: { type: "boolean" as const },
  };
  try {
    const { positionals, values } = parseArgs({ args: [...args], allowPositionals: true, options });
    return { positionals, values: values as Given };
  } catch (error) {
    const { message } = error as Error;
    const ambiguous = /^Option '(--[^']*)' argument is ambiguous/.exec(message)?.[1];
    if (ambiguous !== undefined)
      throw new ParamsError(`etl: ${ambiguous} takes a value that begins with a dash only as ${ambiguous}=-1`);
    const unknown = /Unknown option '(-[^']*)'/.exec(message)?.[1];
    if (unknown === undefined) throw error;
    const names = Object.keys(options).map((name) => `--${name}`);
    throw new ParamsError(`etl: no option ${unknown}${suggest(unknown, names)}`);
  }
}

async function makeVersion(given: Given): Promise<void> {
  const settings = readEtlSettings(await settingsOf(given));
  const out = resolve(given.out ?? join("data", "datasets"));
  if (existsSync(join(out, `v${settings.version}`)))
    throw new ConflictError(
      `etl: ${join(out, `v${settings.version}`)} exists, and a version is never overwritten; take another, or "next"`,
    );
  const url = sourceUrl(given) ?? applicationUrl(settings.mapping);
  const { session, server, close } = await openSession({ connections: 4 });
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop.abort(stopped(signal)));
  const file = logger("etl");
  try {
    const { folder, run } = await storeEtl(session, settings, {
      id: uuidv7(),
      jobId: null,
      database: url === undefined ? server.connection : { connectionString: url }, // whoever holds its address is trusted with it
      signal: stop.signal,
      sizes: sizesOf(),
      log(message) {
        console.log(message);
        file.info(message);
      },
    });
    const place = join(out, `v${run.version}`);
    await copyVersion(folder, place);
    console.log(`version ${run.version}: ${place}`);
  } catch (error) {
    file.error((error as Error).message);
    const { report } = error as { report?: string };
    if (report !== undefined) console.error(`the quality report is ${report}`);
    throw error;
  } finally {
    await close();
  }
}

function stopped(signal: string): DOMException {
  return new DOMException(
    `etl: ended by ${signal}; within a day the same settings go on behind the last whole step`,
    "AbortError",
  );
}

async function settingsOf(given: Given): Promise<EtlRequest> {
  const text = (name: keyof typeof texts): string | undefined => {
    const setting = texts[name];
    return given[name] ?? (setting === undefined ? undefined : process.env[setting] || undefined);
  };
  return {
    version: text("version"),
    window_days: numberOf("window-days", text("window-days")),
    negative_sample_ratio: numberOf("negative-sample-ratio", text("negative-sample-ratio")),
    test_size: numberOf("test-size", text("test-size")),
    random_seed: numberOf("random-seed", text("random-seed")),
    k_anonymity: numberOf("k-anonymity", given["k-anonymity"]),
    until: given.until === undefined ? undefined : instantOf(given.until).toISOString(),
    mapping: given.mapping === undefined ? undefined : await mappingOf(given.mapping),
  };
}

async function mappingOf(path: string): Promise<EtlRequest["mapping"]> {
  const text = await readFile(path, "utf8").catch((cause: Error) => {
    throw new ParamsError(`etl: --mapping must be a file that can be read, got ${path} (${cause.message})`, { cause });
  });
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ParamsError(`etl: --mapping must be JSON, ${path} is not: ${(cause as Error).message}`, { cause });
  }
}

async function makeSource(given: Given): Promise<void> {
  const size: SourceOptions = {
    users: numberOf("users", given.users),
    items: numberOf("items", given.items),
    interactions: numberOf("interactions", given.interactions),
    days: numberOf("days", given.days),
    seed: numberOf("random-seed", given["random-seed"]),
    until: given.until === undefined ? undefined : instantOf(given.until),
    replace: given.replace,
  };
  const { session, server, close } = await openSession({ connections: 2 });
  try {
    const folder = session.store.path("recommendation");
    await mkdir(folder, { recursive: true, mode: 0o750 });
    const url = sourceUrl(given);
    const made = await createSource(url === undefined ? server.connection : { connectionString: url }, folder, size);
    for (const [table, rows] of Object.entries(made)) console.log(`${table} ${rows.toLocaleString("en")} rows`);
  } finally {
    await close();
  }
}

function sourceUrl({ "source-url": url }: Given): string | undefined {
  if (url === undefined || /^postgres(ql)?:\/\/./.test(url)) return url;
  throw new ParamsError("etl: --source-url must be as postgres://host/name");
}

function numberOf(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() === "" || Number.isNaN(value))
    throw new ParamsError(`etl: --${option} must be a number, got ${JSON.stringify(text)}`);
  return value;
}

function instantOf(text: string): Date {
  const at = new Date(text);
  if (Number.isNaN(at.getTime()))
    throw new ParamsError(`etl: --until must be an instant as 2026-06-30T00:00:00Z, got ${JSON.stringify(text)}`);
  return at;
}
