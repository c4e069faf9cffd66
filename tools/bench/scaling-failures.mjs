// A long training whose host falls out, or loses its network for less and for more than its worker's lease.
import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { until } from "./hosts.mjs";
import { checkpointSeconds, leaseSeconds, load } from "./scaling-lab.mjs";

const shortSeconds = 3;

/** Lines of the three; the model of each must be that of the same training undisturbed. */
export async function benchFailures(lab, { far, isSmall, line }) {
  const trees = isSmall ? 1000 : 4000;
  const workers = [];
  for (const host of far) workers.push(await lab.startWorker(host));
  const whole = await disturbed(lab, trees, async () => {});
  const tell = (found) => told(found, whole);
  /** What is done to the host of the worker that holds the training, once a third of it is done. */
  const atThird = (hurt) => async (id, runId) => {
    await until("a third of the training", () => isAtThird(lab, runId));
    const { worker, now } = await lab.job(id);
    const { host } = workers.find(({ name }) => name === worker);
    const taken = async () => {
      const row = await until("another host to take the training", async () => {
        const found = await lab.job(id);
        if (found.status === "completed" && found.attempt === 1)
          throw new Error("scaling: the training was over before its host was hurt");
        return found.status === "running" && found.worker !== worker && found;
      });
      const other = workers.find(({ name }) => name === row.worker).host;
      const before = other.seconds();
      return { taken: row.began - now, began: row.began, spent: () => other.seconds() - before };
    };
    return hurt({ host, worker, taken });
  };
  const short = await disturbed(lab, trees, atThird(cutShortly));
  line(`a training whose host has no network for ${shortSeconds} s`, `attempt ${short.attempt}`, "attempt 1", tell(short));
  const long = await disturbed(lab, trees, atThird(cutLong));
  const back = await backSeconds(lab, long);
  line(
    `the same for longer than the lease of ${leaseSeconds} s: until the other host goes on`,
    `${long.taken.toFixed(1)} s`,
    `≤ ${2 * leaseSeconds + 5} s`,
    `${tell(long)}; the host that was cut off takes jobs again ${back.toFixed(1)} s after its network is back`,
  );
  const fallen = await disturbed(lab, trees, atThird(fallOut));
  line(
    "a host that falls out in the middle of a training: until the other goes on",
    `${fallen.taken.toFixed(1)} s`,
    `≤ ${2 * leaseSeconds + 5} s`,
    tell(fallen),
  );
  for (const { host } of workers) host.kill();
}

async function isAtThird({ ask }, runId) {
  const [{ progress }] = await ask("select progress from runs where id = ?", runId);
  return progress && progress.step >= progress.steps / 3;
}

async function cutShortly({ host }) {
  host.cut();
  await sleep(1000 * shortSeconds);
  host.mend();
}

async function cutLong({ host, worker, taken }) {
  host.cut();
  const found = await taken();
  await sleep(1000 * Math.max(0, 2 * leaseSeconds + 5 - found.taken)); // until both sides have given the connections up
  host.mend();
  return { ...found, worker, mendedAt: Date.now() / 1000 };
}

/** Whoever falls out says no good-bye: first the cable, then all processes. */
async function fallOut({ host, taken }) {
  host.cut();
  host.kill();
  const found = await taken();
  host.mend();
  return found;
}

/** How long after its network was back a worker was heard again. */
const backSeconds = ({ ask }, { worker, mendedAt }) =>
  until("the worker to be back", async () => {
    const [beat] = await ask("select extract(epoch from beat_at)::float8 as at from workers where name = ?", worker);
    return beat?.at > mendedAt && beat.at - mendedAt;
  });

/**
 * Does a long training, and something to it meanwhile: seconds from begin to end, the attempt that ended it, and its model's hash; where another host
 * took it, also the seconds there, and those of its core: far apart, the machine had other work.
 */
async function disturbed(lab, trees, disturb) {
  const { jobId, runId } = await lab.submit(trees, "long");
  const { began } = await until("the training to begin", async () => {
    const row = await lab.job(jobId);
    return row.status === "running" && row;
  });
  const [found, [{ ended, attempt }]] = await Promise.all([disturb(jobId, runId), lab.allDone([jobId])]);
  const { modelBytes } = await load("library/lab/src/testing/model-bytes.ts");
  const model = createHash("sha256")
    .update(await modelBytes(lab.session, runId))
    .digest("hex");
  const { began: again, spent, ...more } = found ?? {};
  return { seconds: ended - began, attempt, model, ...more, ...(again && { rest: ended - again, core: spent() }) };
}

/** What a disturbance cost, and whether the model is the same. */
function told({ attempt, seconds, model, rest, core }, whole) {
  const after =
    rest === undefined ? "" : `, ${rest.toFixed(1)} s of them on the other host, of whose core it took ${core.toFixed(1)} s`;
  const took = `${seconds.toFixed(1)} s in place of ${whole.seconds.toFixed(1)} s${after}`;
  const bits = model === whole.model ? "the same model to the bit" : "another model";
  return `attempt ${attempt}: ${took} (a checkpoint every ${checkpointSeconds} s), ${bits}`;
}
