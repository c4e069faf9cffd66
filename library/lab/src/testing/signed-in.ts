import type { App } from "../api/app.ts";

/** An answer of the service. */
export interface Answered {
  readonly code: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every form
  readonly body: any;
  readonly headers: Readonly<Record<string, unknown>>;
}

type Verb = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** Asks as somebody: with a cookie, a token, or nothing. */
export type Ask = (method: Verb, url: string, body?: object) => Promise<Answered>;

/** Asks an app with these headers, for paths below a root; the cookie that an answer sets is not kept. */
export function asking(app: App, headers: Readonly<Record<string, string>> = {}, root = ""): Ask {
  return async (method, path, payload) => {
    const url = root + path;
    const answer = await app.inject({ method, url, headers: { "x-assay": "1", ...headers }, ...(payload && { payload }) });
    const isJson = String(answer.headers["content-type"]).includes("json");
    return { code: answer.statusCode, body: isJson ? answer.json() : answer.body, headers: answer.headers };
  };
}

/** The cookie that an answer sets, as it is sent back. */
export function cookieOf({ headers }: Answered): string {
  return String(headers["set-cookie"]).split(";")[0]!;
}

/** Asks with the cookie that an answer set. */
export function askingWith(app: App, answered: Answered): Ask {
  return asking(app, { cookie: cookieOf(answered) });
}

/** A long password that nobody guesses. */
export const goodPassword = "correct horse battery staple";
