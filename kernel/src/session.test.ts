import { expect, test } from "vitest";
import { createHistory } from "./history.cjs";
import { createSession } from "./session.cjs";

const now = () => performance.timeOrigin + performance.now();

/** A session in which every cell fails; `hears` is told what it publishes. */
function failing(hears: (type: string) => void) {
  const thrown = new Error("stop");
  const execution = {
    run: async (facts: object) => ({ ...facts, failure: { thrown }, diagnostics: [] }),
    show: async (_: object, make: () => unknown) => make(),
    end: async () => {},
  };
  const tracebacks = { describe: () => ({ ename: "Error", evalue: "stop", traceback: [] }) };
  return createSession({ execution, tracebacks, history: createHistory(), publish: hears, warn: () => {} } as never);
}
const request = { header: {}, ids: [], content: { code: "" } };

test("what arrived before an error was shown is aborted", async () => {
  const session = failing(() => {});
  const early = now() - 1;
  expect((await session.execute(request, early)).status).toBe("error");
  expect((await session.execute(request, early)).status).toBe("aborted");
});

test("what is sent once the error is shown runs, however soon it arrives", async () => {
  let shownAt = 0;
  const session = failing((type) => {
    if (type === "error") shownAt ||= now();
  });
  await session.execute(request, now());
  expect((await session.execute(request, shownAt)).status).toBe("error");
});
