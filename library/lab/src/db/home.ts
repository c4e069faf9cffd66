import { createHash } from "node:crypto";
import { homedir, tmpdir, userInfo } from "node:os";
import { join } from "node:path";

/** The folder of database, files, cache and logs: ASSAY_HOME, else /var/lib/assay as root, else below the user's data folder. */
export function assayHome(): string {
  const named = process.env["ASSAY_HOME"];
  if (named) return named;
  if (process.getuid?.() === 0) return "/var/lib/assay";
  return join(process.env["XDG_DATA_HOME"] ?? join(homedir(), ".local/share"), "assay");
}

/** Bytes that the path of a unix socket may have, on Linux and macOS. */
const socketPathMax = 103;

/** Where the embedded server's socket lies: beside its data, or below the temporary folder where that path would be too long. */
export function socketFolder(home: string): string {
  const beside = join(home, "pg18");
  if (Buffer.byteLength(join(beside, ".s.PGSQL.5432")) <= socketPathMax) return beside;
  const name = createHash("sha256").update(home).digest("hex").slice(0, 16);
  return join(tmpdir(), `assay-${process.getuid?.() ?? userInfo().username}-${name}`);
}
