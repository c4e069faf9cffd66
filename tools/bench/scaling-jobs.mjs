// Trainings on two worker hosts: how many more get done, and what they cost the host of the database.
import { setTimeout as sleep } from "node:timers/promises";
import { benchFailures } from "./scaling-failures.mjs";
import { openScalingLab } from "./scaling-lab.mjs";

const idleSeconds = 10;
/** Connections of a PostgreSQL that nobody has told otherwise; three are kept for its administrator. */
const connectionsMost = 97;

/**
 * Lines of trainings on two worker hosts; the first host has the database, the service and all files.
 * @param {{ hosts: readonly object[], isSmall: boolean, line: Function }} given
 */
export async function benchJobs({ hosts, isSmall, line }) {
  const [middle, ...far] = hosts;
  const lab = await openScalingLab(middle, { isSmall });
  try {
    const found = await benchRates(lab, { middle, far, isSmall });
    tellRates(found, line);
    await benchFailures(lab, { far, isSmall, line });
    tellCalculated(found, line);
  } finally {
    for (const host of far) host.kill();
    await lab.close();
  }
}

/** The same trainings by a worker beside the database, by one host and by two, in turn, the quietest of three; and what they and idle workers cost. */
async function benchRates(lab, { middle, far, isSmall }) {
  const [count, trees, rounds] = isSmall ? [4, 20, 1] : [12, 100, 3];
  const sides = { beside: [[middle, String(far[0].core)]], one: [[far[0]]], two: [[far[0]], [far[1]]] };
  const best = {};
  const alone = await idleCosts(lab, middle);
  let idle;
  let memory;
  for (let round = 0; round < rounds; round++)
    for (const [name, places] of Object.entries(sides)) {
      const workers = [];
      for (const [host, cores] of places) workers.push(await lab.startWorker(host, { cores }));
      const found = await doBatch(lab, { middle, workers, count, trees });
      if (!best[name] || found.seconds < best[name].seconds) best[name] = found;
      if (name === "two" && idle === undefined) {
        const both = await idleCosts(lab, middle);
        const each = (what) => Math.max(0, both[what] - alone[what]) / workers.length;
        idle = { connections: each("connections"), transactions: each("transactions"), seconds: each("seconds") };
        memory = { worker: far[0].memory(), postgres: middle.memory(/postgres/), service: middle.memory(/serve/) };
      }
      for (const worker of workers) await worker.stop();
    }
  const busy = (best.two.connections - alone.connections) / sides.two.length;
  return { count, ...best, idle: { ...idle, busy }, memory, service: alone };
}

/** Does the trainings once the workers are warm: seconds from the first begin to the last end, and of each what it took and cost. */
async function doBatch({ ask, submit, allDone }, { middle, workers, count, trees }) {
  const done = async (many) => {
    const ids = [];
    for (let k = 0; k < many; k++) ids.push((await submit(trees, `batch ${k}`)).jobId);
    return allDone(ids);
  };
  await done(2 * workers.length);
  const before = costs(middle, workers);
  let connections = 0;
  const watch = setInterval(async () => {
    connections = Math.max(connections, await connectionsOf(ask));
  }, 500);
  const rows = await done(count).finally(() => clearInterval(watch));
  const after = costs(middle, workers);
  const seconds = Math.max(...rows.map(({ ended }) => ended)) - Math.min(...rows.map(({ began }) => began));
  const job = rows.reduce((total, { began, ended }) => total + ended - began, 0) / count;
  const cost = Object.fromEntries(Object.entries(after).map(([name, value]) => [name, (value - before[name]) / count]));
  return { seconds, job, connections, ...cost };
}

/** Connections of PostgreSQL, those of this process among them. */
async function connectionsOf(ask) {
  const [{ n }] = await ask("select count(*)::integer as n from pg_stat_activity where backend_type = 'client backend'");
  return n;
}

/** Counters that a batch moves: seconds of the database's host, bytes over the cables of the workers. */
function costs(middle, workers) {
  const cables = workers.filter(({ host }) => host !== middle).map(({ host }) => host.bytes());
  const sum = (name) => cables.reduce((total, bytes) => total + bytes[name], 0);
  return { middleSeconds: middle.seconds(), received: sum("received"), sent: sum("sent") };
}

/** While nothing is to be done: connections, transactions a second, and seconds a second of the database's host. */
async function idleCosts({ ask }, middle) {
  const counted = async () => {
    const [{ n }] = await ask("select sum(xact_commit + xact_rollback)::float8 as n from pg_stat_database");
    return { n, seconds: middle.seconds() };
  };
  const connections = await connectionsOf(ask);
  const before = await counted();
  await sleep(1000 * idleSeconds);
  const after = await counted();
  return {
    connections,
    transactions: (after.n - before.n) / idleSeconds,
    seconds: (after.seconds - before.seconds) / idleSeconds,
  };
}

const s = (seconds) => `${seconds.toFixed(1)} s`;
const mb = (megabytes) => `${megabytes.toFixed(0)} MB`;
const kb = (bytes) => `${(bytes / 1000).toFixed(0)} kB`;
const ms = (seconds) => `${(1000 * seconds).toFixed(seconds < 0.01 ? 1 : 0)} ms`;

function tellRates({ count, beside, one, two, idle, memory }, line) {
  line(
    `${count} trainings: a worker on another host beside one on the database's, a core each`,
    `${(beside.seconds / one.seconds).toFixed(2)} × as fast`,
    "≥ 0.9",
    `${s(beside.seconds)} beside the database, ${s(one.seconds)} on another host`,
  );
  line(
    `${count} trainings: two worker hosts beside one`,
    `${(one.seconds / two.seconds).toFixed(2)} × as fast`,
    "≥ 1.8",
    `${s(one.seconds)} and ${s(two.seconds)}; ${s(two.job)} each`,
  );
  line(
    "what such a training costs the database's host while two hosts work",
    `${ms(two.middleSeconds)} of a core`,
    "–",
    `the job takes ${s(two.job)} of a worker's; ${kb(two.received)} come to the worker, ${kb(two.sent)} go back`,
  );
  line(
    "what an idle worker costs the database's host",
    `${idle.connections.toFixed(0)} connections`,
    "–",
    `${idle.transactions.toFixed(1)} transactions/s, ${ms(idle.seconds)} of a core each second; ${Math.ceil(idle.busy)} connections while it does a job`,
  );
  line(
    "memory, idle after these trainings: a worker with its process for jobs",
    mb(memory.worker),
    "–",
    `PostgreSQL with two workers ${mb(memory.postgres)}, the service ${mb(memory.service)}`,
  );
}

/** What follows for more workers than were measured. */
function tellCalculated({ two, idle, service }, line) {
  const perSecond = two.middleSeconds / two.job + idle.seconds;
  line(
    "calculated: workers of one core that keep one core of the database's host busy with such trainings",
    `${Math.floor(1 / perSecond)}`,
    "–",
    `1 / (${ms(two.middleSeconds)} / ${s(two.job)} + ${ms(idle.seconds)} of each second)`,
  );
  line(
    "calculated: workers, each with a job, that PostgreSQL's 100 connections bear",
    `${Math.floor((connectionsMost - service.connections) / Math.ceil(idle.busy))}`,
    "–",
    `(${connectionsMost} − ${service.connections} of the service and the bench) / ${Math.ceil(idle.busy)}`,
  );
}
