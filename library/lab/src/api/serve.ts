import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, rmSync } from "node:fs";
import { ParamsError } from "assay";
import { recoverDatasets } from "../datasets/index.ts";
import { isHome, serveTransfers } from "../db/store-transfer.ts";
import { logger } from "../log.ts";
import { programFlags, programPath } from "../program.ts";
import { openSession, type Session } from "../projects/session.ts";
import { removeOldPredictions } from "../registry/index.ts";
import { recoverRuns } from "../tracking/index.ts";
import { makeApp } from "./app.ts";

/** Where the service listens: a unix socket, or a port of 127.0.0.1 with a token. */
export interface ServeOptions {
  readonly socket?: string | undefined;
  readonly port?: number | undefined;
}

/** Runs the HTTP service and its workers until SIGTERM. Exit code 1 then: the Jupyter proxy starts only failed services again. */
export async function serve({ socket, port }: ServeOptions): Promise<void> {
  const token = process.env["ASSAY_TOKEN"];
  if (socket === undefined && port === undefined) throw new ParamsError("serve: needs --socket PATH or --port N");
  if (socket === undefined && !token)
    throw new ParamsError("serve: --port needs a token: set ASSAY_TOKEN, and send it as Authorization: Bearer");
  const log = logger("api");
  const { session, close } = await openSession();
  const app = await makeApp(session, { token: socket === undefined ? token : undefined, logger: log });
  const recover = (): Promise<unknown> => Promise.all([recoverRuns(session), recoverDatasets(session)]);
  const recovery = setInterval(() => void recover().catch((error) => log.warn(error.message)), 10_000);
  await recover();
  const sweep = (): void => void session.store.sweep().catch((error) => log.warn(error.message));
  const sweeping = setInterval(sweep, 3_600_000);
  sweep();
  const removeOld = (): unknown => removeOldPredictions(session.db).catch((error) => log.warn(error.message));
  setInterval(removeOld, 3_600_000).unref();
  void removeOld();
  if (socket === undefined) await app.listen({ host: "127.0.0.1", port: port! });
  else {
    rmSync(socket, { force: true }); // a killed predecessor leaves its socket
    await app.listen({ path: socket });
    chmodSync(socket, 0o600);
  }
  log.info(`listening on ${socket ?? `127.0.0.1:${port}`}`);
  const transfers = setInterval(() => void serveFiles(session).catch((error) => log.warn(error.message)), 500);
  const stopWorkers = startWorker(Number(process.env["ASSAY_WORKERS"] ?? 1), log);

  let ending = false;
  const end = async (): Promise<void> => {
    if (ending) return;
    ending = true;
    clearInterval(recovery);
    clearInterval(sweeping);
    clearInterval(transfers);
    await Promise.all([app.close(), stopWorkers()]);
    await close();
    process.exit(1);
  };
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, end);
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && end(), 1000).unref();
}

/** Files for workers on other machines, where this machine's store is their home. */
async function serveFiles({ db, store }: Session): Promise<void> {
  if (await isHome(db)) await serveTransfers(db, store);
}

/** Keeps a worker alive that does so many jobs at a time, none for 0; the answer ends it. */
function startWorker(concurrency: number, log: { warn(message: string): void }): () => Promise<void> {
  let child: ChildProcess | undefined;
  let ending = false;
  const start = (): void => {
    const worker = spawn(process.execPath, [...programFlags(), programPath(), "worker", "--concurrency", String(concurrency)], {
      stdio: ["ignore", "inherit", "inherit"],
      env: { ...process.env, ASSAY_PARENT: String(process.pid) },
    });
    child = worker;
    worker.on("exit", (code, signal) => {
      child = undefined;
      if (ending) return;
      log.warn(`the worker ended with ${signal ?? code}; another is started`);
      setTimeout(() => !ending && start(), 500);
    });
  };
  if (concurrency > 0) start();
  return async () => {
    ending = true;
    if (!child) return;
    const worker = child;
    const gone = new Promise((resolve) => worker.once("exit", resolve));
    const late = setTimeout(() => worker.kill("SIGKILL"), 9000);
    worker.kill("SIGTERM");
    await gone;
    clearTimeout(late);
  };
}
