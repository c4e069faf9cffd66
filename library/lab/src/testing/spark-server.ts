import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { findPyspark } from "../engine/spark/descriptors.ts";

/** A Spark Connect server on this machine. */
export interface SparkServer {
  /** Its connection string. */
  readonly remote: string;
  readonly port: number;
  readonly child: ChildProcess;
  /** Ends it at once, as a machine that falls out. */
  kill(): Promise<void>;
}

/** How a server is started. */
export interface SparkServerOptions {
  /** Default a free one. */
  readonly port?: number;
  /** Threads of the queries; default 2. */
  readonly threads?: number;
  /** Default 3 GB. */
  readonly memoryMb?: number;
  /** What clients must send; default nothing. */
  readonly token?: string;
  /** Further options of Java. */
  readonly java?: string;
  /** Further settings of Spark. */
  readonly config?: Readonly<Record<string, string>>;
}

/** Starts the server of the installed pyspark, with a folder of its own for what it spills. Throws where pyspark or Java is not there. */
export async function startSparkServer(options: SparkServerOptions = {}): Promise<SparkServer> {
  const { port = await freePort(), threads = 2, memoryMb = 3000, java = "-Xshare:auto", config = {}, token } = options;
  const found = await findPyspark();
  if (!found) throw new Error("no Python here has pyspark: npm run test:spark installs it");
  const folder = mkdtempSync(join(tmpdir(), "spark-"));
  const settings = {
    "spark.ui.enabled": "false",
    "spark.connect.grpc.binding.address": "127.0.0.1",
    "spark.connect.grpc.binding.port": String(port),
    "spark.sql.warehouse.dir": join(folder, "warehouse"),
    ...(token === undefined ? {} : { "spark.connect.authenticate.token": token }),
    ...config,
  };
  const child = spawn(
    join(found.folder, "bin", "spark-submit"),
    [
      ...["--class", "org.apache.spark.sql.connect.service.SparkConnectServer"],
      ...["--master", `local[${threads}]`, "--driver-memory", `${memoryMb}m`, "--driver-java-options", java],
      ...Object.entries(settings).flatMap(([name, value]) => ["--conf", `${name}=${value}`]),
    ],
    {
      cwd: folder,
      env: { ...process.env, SPARK_HOME: found.folder, SPARK_LOCAL_IP: "127.0.0.1", SPARK_LOCAL_DIRS: folder },
      stdio: ["ignore", "ignore", "pipe"],
    },
  );
  const kill = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill("SIGKILL");
      await once(child, "exit");
    }
    rmSync(folder, { recursive: true, force: true });
  };
  await started(child).catch(async (error: unknown) => {
    await kill();
    throw error;
  });
  return {
    remote: `sc://127.0.0.1:${port}${token === undefined ? "" : `/;token=${encodeURIComponent(token)}`}`,
    port,
    child,
    kill,
  };
}

/** Waits for the line that says that the server listens. */
async function started(child: ChildProcess): Promise<void> {
  const said: string[] = [];
  for await (const line of createInterface(child.stderr!)) {
    said.push(line);
    if (line.includes("Spark Connect server started at")) {
      child.stderr!.resume();
      return;
    }
  }
  throw new Error(`the Spark Connect server did not start:\n${said.slice(-20).join("\n")}`);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { readonly port: number };
  server.close();
  await once(server, "close");
  return port;
}
