import { parseArgs } from "node:util";
import { suggest } from "assay";
import { serveReading } from "../datasets/index.ts";
import { stopIfUnused, stopServer } from "../db/server.ts";
import { runWorker } from "../jobs/index.ts";
import { logger } from "../log.ts";
import { openSession } from "../projects/session.ts";

const help = `assay <command>

  serve --socket PATH      the HTTP service on a unix socket (behind JupyterLab)
  serve --port N           the HTTP service on 127.0.0.1; needs ASSAY_TOKEN
  worker [--idle-exit S]   takes jobs until it is stopped, or S seconds after the last
  db start                 starts the database and brings it to this release
  db stop [--if-unused]    stops the embedded database
  db status                says whether the database answers
  --version, --help`;

const commands = ["serve", "worker", "db start", "db stop", "db status", "db migrate"];

main().catch((error: Error) => {
  console.error(`assay: ${error.message}`);
  if (process.env["LOG_LEVEL"] === "debug") console.error(error.stack);
  process.exit(1);
});

async function main(): Promise<void> {
  const major = Number(process.versions.node.split(".")[0]);
  if (major < 22) throw new Error(`needs Node 22 or newer, got ${process.version}`);
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      socket: { type: "string" },
      port: { type: "string" },
      "idle-exit": { type: "string" },
      "if-unused": { type: "boolean" },
      help: { type: "boolean" },
      version: { type: "boolean" },
    },
  });
  const command = positionals.join(" ");
  if (values.version) return console.log("0.1.0");
  if (values.help || command === "") return console.log(help);
  switch (command) {
    case "serve": {
      const { serve } = await import("../api/serve.ts");
      return serve({ socket: values.socket, port: values.port === undefined ? undefined : Number(values.port) });
    }
    case "ingest": // a file read for a service that stays small
      return serveReading();
    case "worker":
      return work(values["idle-exit"] === undefined ? undefined : Number(values["idle-exit"]) * 1000);
    case "db start":
    case "db migrate":
    case "db status": {
      const { server, migrations } = await openSession({ connections: 2 });
      console.log(`${server.how}, ${migrations.length} new migrations`);
      process.exit(0); // the server stays: only `close` would stop it
      break;
    }
    case "db stop":
      if (values["if-unused"]) return console.log(await stopIfUnused());
      await stopServer();
      return console.log("stopped");
    default:
      console.error(`assay: no command "${command}"${suggest(command, commands)}`);
      process.exit(2);
  }
}

async function work(idleExitMs: number | undefined): Promise<void> {
  const { session, close } = await openSession();
  const stop = new AbortController();
  const parent = process.ppid;
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => stop.abort());
  // a worker of a service ends with it, however that ended
  if (idleExitMs === undefined && process.env["ASSAY_PARENT"])
    setInterval(() => process.ppid !== parent && stop.abort(), 1000).unref();
  await runWorker(session, { signal: stop.signal, idleExitMs, log: logger("worker") });
  await close();
  process.exit(0);
}
