import { hashSecret } from "../projects/secrets.ts";

/** A token as a request shows it. */
export interface ShownToken {
  readonly secret: string;
  /** Of the secret. */
  readonly hash: Buffer;
  /** What is decided about it goes by this name. */
  readonly key: string;
}

/** What each connection showed last. */
const shown = new WeakMap<object, { readonly authorization: string; readonly token: ShownToken | undefined }>();

/**
 * The token that a header `Authorization: Bearer …` shows; undefined for any other. Requests of one connection show the same one after the other,
 * which is hashed once: it is compared with nothing but what its own connection showed before.
 */
export function shownToken(connection: object, authorization: string | undefined): ShownToken | undefined {
  if (authorization === undefined) return undefined;
  const last = shown.get(connection);
  if (last?.authorization === authorization) return last.token;
  const token = readToken(authorization);
  shown.set(connection, { authorization, token });
  return token;
}

function readToken(authorization: string): ShownToken | undefined {
  const secret = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
  if (secret === undefined) return undefined;
  const hash = hashSecret(secret);
  return { secret, hash, key: `token ${hash.toString("base64url")}` };
}
