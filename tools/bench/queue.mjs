// The queue through our own functions: insert, take and complete in batches, and the way of one small job through a warm worker.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { temporaryFolder } from "../assay.mjs";
import { node24, root } from "../setup.mjs";

const load = (path) => import(pathToFileURL(join(root, "library/lab/src", path)).href);
const seconds = async (work) => {
  const begin = performance.now();
  await work();
  return (performance.now() - begin) / 1000;
};

/** Lines of `npm run bench -- queue`. */
export async function benchQueue({ isSmall, line }) {
  process.env.ASSAY_HOME ??= temporaryFolder("queue");
  const { openSession } = await load("projects/session.ts");
  await load("job-kinds.ts");
  const { defineJobKind, jobEnded, queueJobs, submitJob } = await load("jobs/index.ts");
  const { endJobs, takeJobs } = await load("jobs/leases.ts");
  const { z } = await import("zod");
  const { session, close } = await openSession();
  defineJobKind({ name: "bench", request: z.object({ n: z.number() }), run: async () => ({}) });
  const count = isSmall ? 5000 : 30_000;
  const batch = 1000;
  const insert = await seconds(async () => {
    for (let k = 0; k < count; k += batch)
      await queueJobs(
        session,
        "bench",
        Array.from({ length: batch }, (_, i) => ({ n: k + i })),
      );
  });
  let done = 0;
  const work = await seconds(async () => {
    for (;;) {
      const taken = await takeJobs(session.db, { worker: "bench", count: batch, kinds: ["bench"], leaseSeconds: 60 });
      if (taken.length === 0) return;
      done += (await endJobs(session.db, taken, "completed")).length;
    }
  });
  if (done !== count) throw new Error(`queue: ${done} of ${count} jobs were done`);
  const rate = (time) => `${Math.round(count / time).toLocaleString("en")}/s`;
  line(
    "queue, insert + take + complete in batches",
    rate(insert + work),
    "≥ 5,000/s",
    `insert ${rate(insert)}, take and complete ${rate(work)}`,
  );
  await benchWarm({ session, submitJob, jobEnded, line });
  await close();
}

async function benchWarm({ session, submitJob, jobEnded, line }) {
  const { uploadDataset } = await load("datasets/index.ts");
  const { flowers } = await load("testing/flowers.ts");
  await uploadDataset(session, flowers(), { name: "flowers" });
  const worker = spawn(node24(), [join(root, "library/lab/bin/assay.mjs"), "worker"], { stdio: "ignore" });
  const times = [];
  for (let k = 0; k < 6; k++)
    times.push(
      1000 *
        (await seconds(async () => {
          const { jobId } = await submitJob(session, "train", {
            dataset_id: "flowers",
            target_column: "kind",
            algorithm: "dummy",
          });
          await jobEnded(session, jobId);
        })),
    );
  worker.kill();
  const [cold, ...warm] = times;
  const middle = warm.sort((a, b) => a - b)[Math.floor(warm.length / 2)];
  line(
    "a dummy training through a warm worker",
    `${middle.toFixed(0)} ms`,
    "< 1,000 ms",
    `the first, with the worker's start: ${cold.toFixed(0)} ms`,
  );
}
