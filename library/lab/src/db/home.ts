import { createHash } from "node:crypto";
import { statSync } from "node:fs";
import { homedir, tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { ParamsError } from "assay";

/** The folder of database, files, cache and logs: ASSAY_HOME, else /var/lib/assay as root, else below the user's data folder. */
export function assayHome(): string {
  const named = process.env["ASSAY_HOME"];
  if (named) return named;
  if (process.getuid?.() === 0) return "/var/lib/assay";
  return join(process.env["XDG_DATA_HOME"] ?? join(homedir(), ".local/share"), "assay");
}

/** Whether a home is there and belongs to another user: of a service that runs as that user, with settings of its own. */
export function isHomeOfAnother(home: string, uid: number): boolean {
  const owner = statSync(home, { throwIfNoEntry: false })?.uid;
  return owner !== undefined && owner !== uid;
}

/** The server that DATABASE_URL names; undefined where it is not set. Throws ParamsError, which does not tell it, for what is no address of PostgreSQL. */
export function databaseUrl(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const url = env["DATABASE_URL"]?.trim();
  if (!url) return undefined;
  if (/^(postgres|postgresql|socket):\/|^\//.test(url)) {
    if (/^postgres(ql)?:\/\/[^/?#]*[/?#][^?]*@/.test(url))
      throw new ParamsError("DATABASE_URL: has an @ behind its host: in a password / is written %2F, ? %3F, # %23 and % %25");
    return url;
  }
  const [scheme] = /^[a-z][a-z0-9+.-]*(?=:\/\/)/i.exec(url) ?? ["none"];
  throw new ParamsError(`DATABASE_URL: must be an address as postgres://user:password@host/database, its scheme is ${scheme}`);
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
