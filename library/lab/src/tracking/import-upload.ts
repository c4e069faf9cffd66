import { mkdir, open, rm } from "node:fs/promises";
import { join } from "node:path";
import { DataError } from "assay";
import type { ImportReport, ImportSource } from "../contract/imports.ts";
import type { Session } from "../projects/session.ts";
import { importMlflow, type MlflowImportOptions } from "./import-mlflow.ts";
import { importOptuna } from "./import-optuna.ts";
import { unpackTar } from "./import-tar.ts";
import { unpackZip } from "./import-zip.ts";

/**
 * Imports a file that was uploaded: an SQLite database, an Optuna journal, or an MLflow file store packed as zip, tar or tar.gz,
 * which is unpacked into a folder of its own and removed with it. Its content tells what it is; nothing outside of it is read.
 */
export async function importUpload(
  session: Session,
  source: ImportSource,
  path: string,
  fileName: string,
  options: MlflowImportOptions = {},
): Promise<ImportReport> {
  if (source === "optuna") return importOptuna(session, path, options);
  const packed = await packingOf(path);
  if (packed === "sqlite") return importMlflow(session, path, options);
  if (packed === undefined)
    throw new DataError(
      `importMlflow: an upload must be a .zip, .tar or .tar.gz of the folder mlruns, or its SQLite file (${fileName})`,
    );
  const folder = await session.store.temporary();
  try {
    await mkdir(folder, { mode: 0o700 });
    const unpacked = join(folder, "store");
    await mkdir(unpacked);
    const links =
      packed === "zip" ? await unpackZip(path, unpacked, fileName) : await unpackTar(path, unpacked, fileName, packed === "gzip");
    const report = await importMlflow(session, unpacked, options);
    if (links === 0) return report;
    const item = {
      kind: "value" as const,
      name: fileName,
      external_id: fileName,
      id: null,
      outcome: "left out" as const,
      reason: `${links} links of the archive are not followed`,
      place: fileName,
    };
    return {
      ...report,
      counts: { ...report.counts, left_out: report.counts.left_out + 1 },
      items: [item, ...report.items].slice(0, 1000),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function packingOf(path: string): Promise<"sqlite" | "zip" | "gzip" | "tar" | undefined> {
  const file = await open(path);
  try {
    const { buffer } = await file.read(Buffer.alloc(512), 0, 512, 0);
    if (buffer.toString("latin1", 0, 16) === "SQLite format 3\0") return "sqlite";
    if (buffer.readUInt32LE(0) === 0x04034b50 || buffer.readUInt32LE(0) === 0x06054b50) return "zip";
    if (buffer.readUInt16LE(0) === 0x8b1f) return "gzip";
    return buffer.toString("latin1", 257, 262) === "ustar" ? "tar" : undefined;
  } finally {
    await file.close();
  }
}
