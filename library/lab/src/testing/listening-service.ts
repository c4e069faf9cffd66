import { type App, makeApp } from "../api/app.ts";
import type { Session } from "../projects/index.ts";
import { type Ask, asking, askingWith, goodPassword } from "./signed-in.ts";

/** A service with sign-in that listens on this machine, and ways to be somebody there. */
export interface ListeningService {
  readonly url: string;
  /** Asks as the administrator. */
  readonly admin: Ask;
  /** Makes a user; gives their way to ask. */
  user(name: string): Promise<Ask>;
  /** Closes the service and lets it come back at the same place after so many milliseconds. */
  restart(afterMs: number): Promise<void>;
  close(): Promise<void>;
}

/** Of Linux's many addresses of the machine itself one that no other process has: a port there stays free while the service is away. */
const host = `127.${1 + (process.pid % 250)}.${1 + (Math.floor(process.pid / 250) % 250)}.1`;

/** Makes a token of whom `ask` is, for one project where it is given. */
export async function tokenOf(ask: Ask, body: { scopes?: string[]; project_id?: string } = {}): Promise<string> {
  const { body: answered } = await ask("POST", "/api/auth/tokens", { name: "kernel", ...body });
  return answered.token;
}

/** Starts a service over a session's database. */
export async function listeningService(session: Session): Promise<ListeningService> {
  const make = (): Promise<App> => makeApp(session, { signIn: true });
  let app = await make();
  const url = await app.listen({ host, port: 0 });
  const stranger = asking(app);
  const admin = askingWith(app, await stranger("POST", "/api/auth/register", { username: "boss", password: goodPassword }));
  return {
    url,
    admin,
    async user(username) {
      const { code } = (await admin("POST", "/api/users", { username })).body;
      return askingWith(app, await asking(app)("POST", "/api/auth/invitation", { code, password: goodPassword }));
    },
    async restart(afterMs) {
      await app.close();
      await new Promise((resolve) => setTimeout(resolve, afterMs));
      app = await make();
      await app.listen({ host, port: Number(new URL(url).port) });
    },
    close: () => app.close(),
  };
}
