import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { StoreError } from "assay";
import { z } from "zod";
import { hashFile } from "./hash-file.ts";

const count = z.number().int().min(0);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const identifier = z.string().regex(/^[a-z_]\w{0,62}$/);

const manifestBody = z.strictObject({
  /** Of this layout. */
  format: z.literal(1),
  /** The release that wrote it. */
  release: z.string().max(50),
  created_at: z.iso.datetime(),
  /** The server's own words. */
  server: z.string().max(200),
  /** Applied when it was written, oldest first. */
  migrations: z.array(z.string().max(200)).min(1),
  /** `tables/<name>.copy.gz`: what COPY writes, in the order of the columns. */
  tables: z.array(
    z.strictObject({ name: identifier, columns: z.array(z.string().min(1).max(63)), rows: count, bytes: count, sha256 }),
  ),
  sequences: z.array(z.strictObject({ name: identifier, value: z.string().regex(/^-?\d{1,19}$/), called: z.boolean() })),
  /** Of the store, listed in `files.jsonl` and kept as `files/<sha256>`; null where they were left out. */
  files: z
    .strictObject({
      count,
      bytes: count,
      /** Of the list. */
      sha256,
      /** Named by rows, but not in the store. */
      missing: z.array(z.string()),
    })
    .nullable(),
});

/** What a backup holds, with the hash of each part. */
export type BackupManifest = z.infer<typeof manifestBody>;

const storedFile = z.strictObject({ name: z.string().min(1).max(1000), bytes: count, sha256 });

/** A file of the store within a backup. */
export type StoredFile = z.infer<typeof storedFile>;

/** A manifest as its file says it; the last field is the hash of the others. */
export function manifestText(manifest: BackupManifest): string {
  return `${JSON.stringify({ ...manifest, checksum: checksum(manifest) }, null, 2)}\n`;
}

/** Where a table's rows lie. */
export function tablePart(folder: string, table: string): string {
  return join(folder, "tables", `${table}.copy.gz`);
}

/** Where a stored file lies. */
export function filePart(folder: string, hash: string): string {
  return join(folder, "files", hash);
}

/** The manifest of a backup. Throws StoreError where there is none, or another than was written. */
export async function readManifest(folder: string): Promise<BackupManifest> {
  let given: Record<string, unknown>;
  try {
    given = JSON.parse(await readFile(join(folder, "manifest.json"), "utf8"));
  } catch (cause) {
    throw new StoreError(`restore: ${folder} is no backup: its manifest.json cannot be read (${(cause as Error).message})`, {
      cause,
    });
  }
  const { checksum: said, ...body } = given;
  if (typeof body["format"] === "number" && body["format"] > 1)
    throw new StoreError(
      `restore: ${folder} has format ${body["format"]}, this release reads up to 1: take the release that wrote it`,
    );
  const { data, error } = manifestBody.safeParse(body);
  if (!data) throw new StoreError(`restore: the manifest of ${folder} is damaged: ${z.prettifyError(error).split("\n")[0]}`);
  if (said !== checksum(data)) throw new StoreError(`restore: the manifest of ${folder} was changed since it was written`);
  return data;
}

/** The stored files of a backup. Throws StoreError for a list that was not written so. */
export async function readFileList(folder: string, { files }: BackupManifest): Promise<readonly StoredFile[]> {
  if (files === null) return [];
  const path = join(folder, "files.jsonl");
  const text = await readFile(path, "utf8").catch(() => "");
  if (createHash("sha256").update(text).digest("hex") !== files.sha256)
    throw new StoreError(`restore: ${path} is not what was written: its hash differs`);
  return text
    .split("\n")
    .filter(Boolean)
    .map((line) => storedFile.parse(JSON.parse(line)));
}

/** Reads every part once. Throws StoreError for the first that is missing or has another hash than the manifest says. O(bytes). */
export async function checkParts(folder: string, manifest: BackupManifest, files: readonly StoredFile[]): Promise<void> {
  const hashes = new Map(manifest.tables.map(({ name, sha256 }) => [tablePart(folder, name), sha256]));
  for (const { sha256 } of files) hashes.set(filePart(folder, sha256), sha256);
  for (const [path, wanted] of hashes) {
    const hash = await hashFile(path).catch((cause: Error) => {
      throw new StoreError(`restore: a part of the backup is missing: ${path}`, { cause });
    });
    if (hash !== wanted) throw new StoreError(`restore: ${path} is damaged: its SHA-256 is ${hash}, written was ${wanted}`);
  }
}

function checksum(manifest: BackupManifest): string {
  return createHash("sha256")
    .update(JSON.stringify(manifestBody.parse(manifest)))
    .digest("hex");
}
