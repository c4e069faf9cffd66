import { createHash, hash, randomBytes } from "node:crypto";

/** What a secret opens, by which people and scanners of leaked secrets know it. */
const prefixes = { token: "assay_", session: "assay_s_", invitation: "assay_i_" } as const;

/** A secret of 256 random bits with what stands in the database for it. */
interface Secret {
  /** Shown once, to its holder. */
  readonly secret: string;
  /** SHA-256: of that many random bits no slow hash is needed. */
  readonly hash: Buffer;
  /** The first signs. */
  readonly hint: string;
}

/** Makes a secret. */
export function newSecret(kind: keyof typeof prefixes): Secret {
  const secret = `${prefixes[kind]}${randomBytes(32).toString("base64url")}`;
  return { secret, hash: hashSecret(secret), hint: secret.slice(0, prefixes[kind].length + 4) };
}

/** What stands in the database for a secret. */
export function hashSecret(secret: string): Buffer {
  return hash("sha256", secret, "buffer");
}

/** A name under which failures of signing in are counted, without the name itself. */
export function hashSubject(kind: "account" | "address", name: string): string {
  return `${kind} ${createHash("sha256").update(name).digest("base64url")}`;
}
