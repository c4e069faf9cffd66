import pg from "pg";
import { channel } from "./events.ts";
import { ensureServer } from "./server.ts";
import { endsWithClient, watchSilence } from "./silence.ts";

/** What woke: a project and a subject in it (a run, a job, a model …). */
export interface Wake {
  readonly project: string;
  readonly subject: string;
}

/** How often the connection is asked whether it lives. */
const askMs = 15_000;

type Listen = (wake: Wake | undefined) => void;
const listeners = new Set<Listen>();
let open: Promise<void> | undefined;
let client: pg.Client | undefined;

/**
 * Calls back at each NOTIFY, over one connection of this process; with undefined after the connection was lost and made again, when
 * something may have been missed. The answer ends it. Throws StoreError where the database is away; who listens later tries anew.
 */
export async function listen(call: Listen): Promise<() => Promise<void>> {
  const ignore = async (): Promise<void> => {
    listeners.delete(call);
    if (listeners.size > 0) return;
    open = undefined;
    const old = client;
    client = undefined;
    await old?.end().catch(() => {});
  };
  listeners.add(call);
  open ??= connect();
  try {
    await open;
  } catch (error) {
    await ignore();
    throw error;
  }
  return ignore;
}

async function connect(): Promise<void> {
  const server = await ensureServer(undefined, { again: true });
  const own = new pg.Client({ ...server.connection, keepAlive: true });
  client = own;
  own.on("error", () => {});
  own.on("notification", ({ payload }) => {
    const wake = JSON.parse(payload ?? "{}") as Wake;
    for (const call of listeners) call(wake);
  });
  own.once("end", () => {
    if (client === own) setTimeout(() => void reconnect(own), 200);
  });
  await own.connect();
  watchSilence(own);
  await endsWithClient(own);
  const asking = setInterval(() => void own.query("select 1").catch(() => {}), askMs); // who only listens does not notice a dead peer
  asking.unref();
  own.once("end", () => clearInterval(asking));
  await own.query(`listen ${channel}`);
}

/** Takes the place of a connection that was lost, unless another has or nobody listens any more. */
async function reconnect(lost: pg.Client): Promise<void> {
  if (listeners.size === 0 || client !== lost) return;
  try {
    open = connect();
    await open;
    for (const call of listeners) call(undefined);
  } catch {
    setTimeout(() => void reconnect(lost), 1000);
  }
}
