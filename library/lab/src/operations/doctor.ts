import { openDatabase } from "../db/database.ts";
import { ensureServer, holdServer } from "../db/server.ts";
import { databaseStatus, isServerMade } from "../db/status.ts";
import { openStore } from "../db/store.ts";
import { awayFrom, isHome } from "../db/store-transfer.ts";
import { type Check, fail, looked, ok } from "./check.ts";
import { checkQueue, checkStatus } from "./doctor-database.ts";
import { checkMachine } from "./doctor-machine.ts";
import { checkStore } from "./doctor-store.ts";

/**
 * Looks at machine, database, queue and store, and changes nothing. With `full` the hash of every file is checked: an embedded database that
 * is stopped is started for it, and stopped again.
 */
export async function examine({ full = false }: { readonly full?: boolean } = {}): Promise<readonly Check[]> {
  if (!full || process.env["DATABASE_URL"] || !isServerMade()) return look(full);
  let release: Awaited<ReturnType<typeof holdServer>>;
  try {
    release = await holdServer(await ensureServer());
  } catch (error) {
    const remedy = "do what the message says; else restore the last backup into an empty home";
    return [...(await checkMachine()), fail("database", `it does not start: ${(error as Error).message}`, remedy)];
  }
  try {
    return await look(full);
  } finally {
    await release();
  }
}

async function look(full: boolean): Promise<readonly Check[]> {
  const [machine, status] = await Promise.all([checkMachine(), databaseStatus()]);
  const checks = [...machine, ...checkStatus(status)];
  if (!status.answers || status.pending.length > 0 || status.unknown.length > 0) return checks;
  const server = await ensureServer();
  const db = openDatabase(server, 2);
  try {
    checks.push(...(await looked("queue", () => checkQueue(db))));
    const hasFiles = await isHome(db);
    checks.push(
      ...(await looked("store", () => (hasFiles ? checkStore(db, openStore(), full) : ok("store", awayFrom(openStore()))))),
    );
  } finally {
    await db.destroy();
  }
  return checks;
}
