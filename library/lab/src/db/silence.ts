import type { Socket } from "node:net";
import { sql } from "kysely";
import type pg from "pg";
import { numberSetting } from "../number-setting.ts";
import type { Work } from "./database.ts";

/** What Linux takes for the time between probes of a connection. */
const probeSecondsMost = 32_767;

/** How long either side of a connection waits for the other: two minutes, or ASSAY_SILENCE_SECONDS, a day at most. */
const silenceSeconds = (): number => Math.min(86_400, numberSetting("ASSAY_SILENCE_SECONDS") ?? 120);

/** Of a client that holds a connection without asking: it hears of a server that vanished. */
export const keptAlive = { keepAlive: true, keepAliveInitialDelayMillis: 10_000 } as const;

const watched = new WeakSet<object>();

/**
 * Cuts a connection whose question has no answer for two minutes, or ASSAY_SILENCE_SECONDS: a peer that vanished without a word. Whoever
 * asked hears of a lost connection.
 */
export function watchSilence(client: pg.ClientBase): void {
  if (watched.has(client)) return;
  watched.add(client);
  const { connection } = client as unknown as { connection: { stream: Socket } };
  connection.stream.setKeepAlive?.(true, keptAlive.keepAliveInitialDelayMillis);
  connection.stream.setTimeout(1000 * silenceSeconds(), () => {
    if (isAsking(client)) connection.stream.destroy(Object.assign(new Error("the database fell silent"), { code: "ECONNRESET" }));
  });
}

function isAsking(client: pg.ClientBase): boolean {
  const { _activeQuery, _queryQueue } = client as unknown as { _activeQuery: unknown; _queryQueue?: unknown[] };
  return Boolean(_activeQuery) || (_queryQueue?.length ?? 0) > 0;
}

/** Lets a transaction take its time between two statements, for work that reads from elsewhere meanwhile; it ends with the connection alone. */
export async function takesItsTime(work: Work): Promise<void> {
  await sql`set local idle_in_transaction_session_timeout = 0`.execute(work);
}

const told = new WeakSet<object>();

/**
 * Has the server give a connection up once its client has been silent for as long: the machine of a client that vanished says no good-bye, and
 * its transaction would hold rows, its session locks, for the two hours of TCP. The same for a client that is there, but frozen, or lost in a
 * computation, in the middle of a transaction: on a unix socket too. Said once to a client.
 */
export async function endsWithClient(client: pg.ClientBase): Promise<void> {
  if (told.has(client)) return;
  const seconds = silenceSeconds();
  const probe = Math.min(probeSecondsMost, Math.max(1, Math.floor(seconds / 4))); // after so long the first, then two more
  const settings = {
    tcp_keepalives_idle: `${probe}`,
    tcp_keepalives_interval: `${probe}`,
    tcp_keepalives_count: "2",
    tcp_user_timeout: `${Math.ceil(1000 * seconds)}`,
    idle_in_transaction_session_timeout: `${Math.ceil(1000 * seconds)}`,
  };
  const names = Object.keys(settings).map((_, k) => `set_config($${2 * k + 1}, $${2 * k + 2}, false)`);
  await client.query(`select ${names.join(", ")}`, Object.entries(settings).flat());
  told.add(client);
}
