// The menu of a run: which runs a row stands for, what may be done with them, and what that asks of the service.
import type { JupyterFrontEnd } from "@jupyterlab/application";
import { Clipboard, Notification } from "@jupyterlab/apputils";
import type { Run } from "assay-lab/contract";
import React from "react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Surroundings } from "../panel";
import { type Drawn, draw } from "../testing/draw";
import { fakeService } from "../testing/fake-service";
import { addRunCommands } from "./run-commands";
import { type RunsInHand, useRunsInHand } from "./runs-in-hand";

const run = (id: string, status = "completed") => ({ id, name: `run ${id}`, status }) as Run;
const [a, b, c] = [run("a"), run("b"), run("c", "training")];
const table = { loaded: [a, b, c], chosen: [a, b], remove: vi.fn(), changed: vi.fn() };

function Table(runs: RunsInHand): React.JSX.Element {
  const panel = useRunsInHand(runs);
  return (
    <div ref={panel}>
      <table>
        <tbody>
          {runs.loaded.map(({ id }) => (
            <tr key={id} data-run={id}>
              <td>{id}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

let drawn: Drawn;
let row: string | null = null;
type Options = { label(args: object): string; isEnabled(args: object): boolean; execute(args: object): Promise<void> };
const commands = new Map<string, Options>();
const service = fakeService((method, path) => (method === "POST" ? { experiment_id: "new", path } : undefined));
beforeEach(async () => {
  drawn = await draw(<Table {...table} />);
  const app = {
    commands: { addCommand: (id: string, options: Options) => void commands.set(id, options) },
    contextMenuHitTest: (fits: (node: HTMLElement) => boolean) =>
      [...drawn.node.querySelectorAll<HTMLElement>("tr")].find((each) => each.dataset["run"] === row && fits(each)),
  } as unknown as JupyterFrontEnd;
  const words = (one: string, ...values: unknown[]) => one.replace("%1", String(values[0]));
  const trans = { __: words, _n: (one: string, many: string, count: number) => words(count === 1 ? one : many, count) };
  addRunCommands(app, { api: service, commands: {}, trans } as unknown as Surroundings);
});
afterEach(async () => {
  await drawn.close();
  service.asked.length = 0;
  vi.restoreAllMocks();
  table.remove.mockReset();
});
const on = (id: string | null, command: string) => {
  row = id;
  return commands.get(command)!;
};

test("a row among the chosen ones stands for them all, another for itself", async () => {
  expect(on("a", "assay:delete-runs").label({})).toBe("Delete 2 Runs");
  await on("a", "assay:delete-runs").execute({});
  expect(table.remove).toHaveBeenLastCalledWith(["a", "b"]);
  expect(on("c", "assay:delete-runs").label({})).toBe("Delete Run");
  await on("c", "assay:delete-runs").execute({});
  expect(table.remove).toHaveBeenLastCalledWith(["c"]);
});

test("what cannot be done with a run cannot be pressed", () => {
  expect(on("c", "assay:replay-run").isEnabled({})).toBe(false);
  expect(on("c", "assay:register-run").isEnabled({})).toBe(false);
  expect(on("c", "assay:cancel-runs").isEnabled({})).toBe(true);
  expect(on("a", "assay:cancel-runs").isEnabled({})).toBe(false);
  expect(on("a", "assay:copy-run-cell").isEnabled({})).toBe(false); // of one run
  expect(on(null, "assay:delete-runs").isEnabled({})).toBe(false);
});

test("ids may be given in place of a menu", async () => {
  await on(null, "assay:replay-run").execute({ ids: ["z"] });
  expect(service.asked).toEqual(["POST api/ml/runs/z/replay"]);
  await on(null, "assay:delete-runs").execute({ ids: ["y", "z"] });
  expect(service.asked.at(-1)).toBe("POST api/ml/runs/delete");
  await expect(on(null, "assay:delete-runs").execute({ ids: "all" })).rejects.toThrow("needs the ids of runs");
});

test("ids are copied one a line", async () => {
  const copied = vi.spyOn(Clipboard, "copyToSystem");
  await on("b", "assay:copy-run-id").execute({});
  expect(copied).toHaveBeenCalledWith("a\nb");
});

test("what the service refuses is told", async () => {
  const told = vi.spyOn(Notification, "error");
  vi.spyOn(service, "post").mockRejectedValue(new Error("run: c is training"));
  await on("c", "assay:cancel-runs").execute({});
  expect(told).toHaveBeenCalledWith(expect.stringContaining("Cancel Run"));
});
