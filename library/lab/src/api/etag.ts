import { createHash } from "node:crypto";
import type { App } from "./app.ts";

/**
 * Gives JSON answers of GET an ETag, the hash of what they say, and answers 304 without a body to whoever has it already. What is read is
 * private, and asked for again each time.
 */
export function tagAnswers(app: App): void {
  app.addHook("onSend", async ({ method, headers }, reply, payload) => {
    if ((method !== "GET" && method !== "HEAD") || reply.statusCode !== 200 || typeof payload !== "string") return payload;
    const tag = `W/"${createHash("sha1").update(payload).digest("base64url")}"`;
    reply.header("etag", tag);
    if (!reply.hasHeader("cache-control")) reply.header("cache-control", "private, no-cache");
    if (!isKnown(headers["if-none-match"], tag)) return payload;
    reply.code(304).removeHeader("content-length");
    return "";
  });
}

/** Whether a list of tags holds this one; weak and strong tags of the same text are the same to a GET. */
function isKnown(list: string | undefined, tag: string): boolean {
  if (list === undefined) return false;
  return list.split(",").some((each) => each.trim() === "*" || each.trim().replace(/^W\//, "") === tag.slice(2));
}
