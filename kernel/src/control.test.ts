import { expect, onTestFinished, test, vi } from "vitest";
import { createControl } from "./control.cjs";
import { signals } from "./signals.cjs";

test("the process ends when what it has said last has left, not when that was handed over", async () => {
  const kill = vi.spyOn(process, "kill").mockReturnValue(true);
  onTestFinished(() => kill.mockRestore());
  const done: string[] = [];
  const outlet = (name: string) => ({ drained: async () => void done.push(`${name} handed over`), send() {} });
  const outlets = { iopub: outlet("iopub"), shell: outlet("shell"), control: outlet("control") };
  const { end } = createControl({
    ...{ info: {}, memory: signals().memory, outlets, arrived: () => 0 },
    left: async () => void done.push("left"),
    tellMain: (message?: { type: string }) => void done.push(message!.type),
  } as never);
  await end();
  expect(done).toEqual(["iopub handed over", "shell handed over", "control handed over", "left", "end"]);
  expect(kill).toHaveBeenCalledWith(process.pid, "SIGKILL");
});
