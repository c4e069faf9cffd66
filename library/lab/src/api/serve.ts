import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, rmSync } from "node:fs";
import { ParamsError } from "assay";
import { recoverDatasets } from "../datasets/index.ts";
import { logger } from "../log.ts";
import { programPath } from "../program.ts";
import { openSession } from "../projects/session.ts";
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
  if (socket === undefined) await app.listen({ host: "127.0.0.1", port: port! });
  else {
    rmSync(socket, { force: true }); // a killed predecessor leaves its socket
    await app.listen({ path: socket });
    chmodSync(socket, 0o600);
  }
  log.info(`listening on ${socket ?? `127.0.0.1:${port}`}`);
  const stopWorkers = startWorkers(Number(process.env["ASSAY_WORKERS"] ?? 1), log);

  let ending = false;
  const end = async (): Promise<void> => {
    if (ending) return;
    ending = true;
    clearInterval(recovery);
    await Promise.all([app.close(), stopWorkers()]);
    await close();
    process.exit(1);
  };
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, end);
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && end(), 1000).unref();
}

/** Keeps so many worker processes alive; the answer ends them. */
function startWorkers(count: number, log: { warn(message: string): void }): () => Promise<void> {
  const children = new Set<ChildProcess>();
  let ending = false;
  const start = (): void => {
    const flags = process.execArgv.filter((arg) => arg.startsWith("--conditions"));
    const child = spawn(process.execPath, [...flags, programPath(), "worker"], {
      stdio: ["ignore", "inherit", "inherit"],
      env: { ...process.env, ASSAY_PARENT: String(process.pid) },
    });
    children.add(child);
    child.on("exit", (code, signal) => {
      children.delete(child);
      if (ending) return;
      log.warn(`a worker ended with ${signal ?? code}; another is started`);
      setTimeout(() => !ending && start(), 500);
    });
  };
  for (let k = 0; k < count; k++) start();
  return async () => {
    ending = true;
    await Promise.all(
      [...children].map(
        (child) =>
          new Promise<void>((resolve) => {
            const late = setTimeout(() => child.kill("SIGKILL"), 6000);
            child.once("exit", () => {
              clearTimeout(late);
              resolve();
            });
            child.kill("SIGTERM");
          }),
      ),
    );
  };
}
