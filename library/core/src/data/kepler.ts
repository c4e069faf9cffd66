import { existsSync } from "node:fs";
import { mkdir, rename, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { keplerTwin } from "./kepler-twin.ts";
import { readCsv } from "./read-csv.ts";
import type { Table } from "./table.ts";

const file = "koi_cumulative.csv";
const archive = "https://exoplanetarchive.ipac.caltech.edu/TAP/sync?query=select+*+from+cumulative&format=csv";
const options = { comment: "#", missing: [""] };

/** A table and where it came from. */
export interface Example {
  readonly table: Table;
  /** Path or address of the file, or "generated". */
  readonly source: string;
  /** One sentence for the reader: what the rows are. */
  readonly note: string;
}

/**
 * The Kepler Objects of Interest: a row per transit signal, `koi_disposition` the verdict, `kepid` the star.
 * Taken from the first that is there: `koi_cumulative.csv` in ASSAY_DATA (or its folder `exoplanets`) or in `../shared/data`,
 * the copy of an earlier download, NASA's Exoplanet Archive (kept for the next time), else 2,000 generated rows with the same
 * columns and quirks. Throws DataError when a file is there and cannot be read.
 */
export async function kepler({ signal }: { readonly signal?: AbortSignal } = {}): Promise<Example> {
  const cached = join(cacheFolder(), file);
  const local = [...dataFolders().flatMap((folder) => [join(folder, file), join(folder, "exoplanets", file)]), cached].find(
    existsSync,
  );
  if (local)
    return { table: await readCsv(local, options), source: local, note: "Kepler Objects of Interest, NASA Exoplanet Archive" };
  const text = await download(signal);
  if (text === undefined) {
    const table = await readCsv(Buffer.from(keplerTwin({ rows: 2000, seed: 42 })), options);
    return {
      table,
      source: "generated",
      note: "generated rows in the shape of the Kepler table: no file and no network were found",
    };
  }
  await mkdir(dirname(cached), { recursive: true });
  await writeFile(`${cached}.${process.pid}`, text);
  await rename(`${cached}.${process.pid}`, cached);
  return {
    table: await readCsv(cached, options),
    source: archive,
    note: "Kepler Objects of Interest, NASA Exoplanet Archive, just downloaded",
  };
}

function dataFolders(): string[] {
  const named = process.env["ASSAY_DATA"];
  if (named) return [named];
  const above = [".", "..", "../..", "../../.."].map((up) => resolve(up, "shared/data"));
  return above.filter((folder) => existsSync(folder));
}

function cacheFolder(): string {
  const root = process.getuid?.() === 0 ? "/var/lib" : (process.env["XDG_DATA_HOME"] ?? join(homedir(), ".local/share"));
  return join(process.env["ASSAY_HOME"] ?? join(root, "assay"), "cache");
}

/** The archive's CSV, or undefined when it cannot be reached within 30 s or answers with something else. */
async function download(signal?: AbortSignal): Promise<string | undefined> {
  try {
    const late = AbortSignal.timeout(30_000);
    const answer = await fetch(archive, { signal: signal ? AbortSignal.any([signal, late]) : late });
    if (!answer.ok) return undefined;
    const text = await answer.text();
    return text.includes("koi_disposition") ? text : undefined;
  } catch (error) {
    if (signal?.aborted) throw error;
    return undefined;
  }
}
