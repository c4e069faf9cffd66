// A process that takes part in a study: `study-worker.ts <study id> <worker> <trials of the study> [ms of a trial]`; prints a line a trial.
import { openSession } from "../projects/session.ts";
import { studyStorage } from "../tracking/index.ts";

const [study, worker, total, ms = "0"] = process.argv.slice(2) as [string, string, string, string?];
const { session, close } = await openSession({ connections: 2 });
const storage = studyStorage(session);
let since = "";
for (;;) {
  const { trial, changes } = await storage.begin(study, { worker, since, limit: Number(total) });
  since = changes.cursor;
  if (!trial) break;
  await storage.update(study, trial, { params: { x: trial.number }, intermediate: [[0, trial.number]] });
  if (ms !== "0") await new Promise((resolve) => setTimeout(resolve, Number(ms)));
  const held = await storage.finish(study, trial, { state: "completed", values: [trial.number] });
  console.log(`${held ? "done" : "lost"} ${trial.number}`);
}
await close();
