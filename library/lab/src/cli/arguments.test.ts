import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const main = fileURLToPath(new URL("./main.ts", import.meta.url));

/** What `assay` says to wrong arguments on standard error, once it has ended. */
function refused(args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) =>
    execFile(process.execPath, ["--conditions=assay-source", main, ...args], (error, _, said) =>
      error ? resolve(said.trim()) : reject(new Error(`assay ${args.join(" ")} was done`)),
    ),
  );
}

test.each([
  [["serve", "--prot", "5"], "assay: no option --prot, did you mean --port"],
  [["serve", "--port", "abc"], 'assay: serve: --port must be a number, got "abc"'],
  [["worker", "--concurrency", ""], 'assay: worker: --concurrency must be a number, got ""'],
  [["db", "stauts"], 'assay: no command "db stauts", did you mean db status'],
  [["db", "backup"], "assay: db backup: needs the folder that it is to make: assay db backup PATH"],
  [["db", "backup", "a", "b"], 'assay: db backup: must have one PATH behind it, got "a" "b"'],
  [["user"], "assay: user: needs one of list, add, invite, reset, password, deactivate, activate, hub behind it"],
  [["user", "list", "ada"], 'assay: user list: must have nothing more behind it, got "ada"'],
  [["etl", "--window-day", "5"], "assay: etl: no option --window-day, did you mean --window-days"],
  [["etl", "--source-url", "shop"], "assay: etl: --source-url must be as postgres://host/name"],
  [
    ["etl", "--negative-sample-ratio", "-1"],
    "assay: etl: --negative-sample-ratio takes a value that begins with a dash only as --negative-sample-ratio=-1",
  ],
])("assay %j is refused in words", async (args, said) => {
  expect(await refused(args)).toBe(said);
});
