import { type Database, migrate, openDatabase } from "../db/database.ts";
import { ensureServer, holdServer, type Server } from "../db/server.ts";
import type { Store } from "../db/store.ts";
import { openStoreOf } from "../db/store-transfer.ts";
import type { Grant } from "./authorize.ts";
import { ownerOfProcess } from "./own-user.ts";

export { authorize } from "./authorize.ts";

/** Who asks, in which project, and with what the answer is made. Every room's function takes it first. */
export interface Session {
  readonly db: Database;
  readonly store: Store;
  readonly userId: string;
  readonly projectId: string;
  /** What the caller's token is good for; absent where everything that its user may do. */
  readonly grant?: Grant;
}

/** An open database and store with the default user and project. */
export interface Opened {
  readonly session: Session;
  readonly server: Server;
  /** Migrations that were applied now. */
  readonly migrations: readonly string[];
  /** Closes the connections; an embedded server that nobody else uses is stopped. */
  close(): Promise<"stopped" | "in use" | "external">;
}

/** How a session is opened. */
interface SessionOptions {
  readonly connections?: number;
  /** The files lie in another machine's store, never in this one's: a worker that was given the address of a database. */
  readonly guest?: boolean;
}

/** Makes sure of the database, brings it to this release, and opens a session in the default project. */
export async function openSession({ connections = 8, guest = false }: SessionOptions = {}): Promise<Opened> {
  const server = await ensureServer();
  const release = await holdServer(server);
  const db = openDatabase(server, connections);
  try {
    const migrations = await migrate(db);
    const session = { db, store: await openStoreOf(db, { claims: !guest }), ...(await ownerOfProcess(db)) };
    return {
      session,
      server,
      migrations,
      close: async () => {
        await db.destroy();
        return release();
      },
    };
  } catch (error) {
    await db.destroy();
    await release();
    throw error;
  }
}
