import { existsSync, readFileSync } from "node:fs";
import { StoreError } from "assay";
import type { App } from "./app.ts";

/** Files of the page by their path, and what they are. */
const files = {
  "/": ["account.html", "text/html; charset=utf-8"],
  "/account.js": ["account.js", "text/javascript; charset=utf-8"],
  "/account.css": ["account.css", "text/css; charset=utf-8"],
} as const;

/** Paths that a browser of nobody known may ask for. */
export const accountPaths: readonly string[] = Object.keys(files);

const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join("; ");

/**
 * The page of a service with sign-in: register, sign in, who one is, tokens, projects. It is three files that are the same for everybody;
 * all that it shows comes by the routes that programs use. Nothing may frame it, and no script runs in it but its own.
 */
export function accountPage(app: App): void {
  const folder = new URL("./pages/", import.meta.url);
  if (!existsSync(folder)) throw new StoreError("serve: the files of the sign-in page are not beside the program");
  for (const [path, [name, type]] of Object.entries(files)) {
    const text = readFileSync(new URL(name, folder), "utf8");
    app.get(path, { schema: { hide: true }, helmet: { contentSecurityPolicy: false } }, async (_, reply) =>
      reply.type(type).header("content-security-policy", policy).header("cache-control", "no-cache").send(text),
    );
  }
}
