import { type ChildProcess, execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll } from "vitest";
import { livingWorker, signalAll } from "./start-worker.ts";
import { type TestService, testService } from "./test-service.ts";

const root = fileURLToPath(new URL("../../../../", import.meta.url));
const token = "a-token-of-this-test-alone-0123456789";

/** The shell commands of a page of `docs`, and a service with a worker that its reader has. */
interface DocumentedCommands {
  readonly service: TestService;
  /** In the page's order. */
  readonly commands: readonly string[];
  /** What a command prints, with the page's variables beside the address and the token of the service. */
  run(command: string | undefined, variables?: NodeJS.ProcessEnv): Promise<string>;
}

/** Reads a page's commands, and has a service and a worker before the tests of a file, ended behind them. */
export function documentedCommands(page: string): DocumentedCommands {
  let worker: ChildProcess;
  const service = testService({ token }, async ({ session }) => {
    worker = await livingWorker(session);
  });
  afterAll(() => signalAll(worker, "SIGKILL"));
  const text = readFileSync(`${root}docs/${page}`, "utf8");
  return {
    service,
    commands: [...text.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, command]) => command!),
    async run(command, variables = {}) {
      const own = { ASSAY_URL: await service.listen(), ASSAY_TOKEN: token, NO_PROXY: "127.0.0.1" };
      const env = { ...process.env, ...own, ...variables };
      const { stdout } = await promisify(execFile)("bash", ["-c", command!], { cwd: root, env });
      return stdout;
    },
  };
}
