// A service under load: 200 clients that read, a tenth of them writes, and 50 listeners to the events of what is written. `npm run soak -- load` does it for an hour.
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { Agent, request } from "node:http";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../free-ports.mjs";
import { node24, root } from "../setup.mjs";

const clients = 200;
const listeners = 50;
/** Between two requests of a client: what a service takes from one address in a minute is limited. */
const pauseMs = 1000;
/** How often memory is looked at in all. */
const samples = 240;

/** One request, its answer read to the end; gives the status, the text and the milliseconds. */
function ask({ port, token }, agent, method, path, body) {
  const text = body === undefined ? undefined : JSON.stringify(body);
  const headers = {
    authorization: `Bearer ${token}`,
    "x-assay": "1",
    ...(text && { "content-type": "application/json", "content-length": Buffer.byteLength(text) }),
  };
  const begin = performance.now();
  return new Promise((resolve, reject) => {
    const sent = request({ host: "127.0.0.1", port, method, path, headers, agent }, (answer) => {
      let heard = "";
      answer.setEncoding("utf8").on("data", (chunk) => (heard += chunk));
      answer.on("end", () => resolve({ status: answer.statusCode, text: heard, ms: performance.now() - begin }));
    });
    sent.on("error", reject);
    sent.end(text);
  });
}

async function startService() {
  const service = { port: await freePort(), token: randomBytes(16).toString("hex") };
  const args = [join(root, "library/lab/bin/assay.mjs"), "serve", "--port", String(service.port)];
  const env = { ...process.env, ASSAY_TOKEN: service.token, ASSAY_WORKERS: "0", LOG_LEVEL: "warn" };
  const child = spawn(node24(), args, { env, stdio: ["ignore", "inherit", "inherit"] });
  for (const until = Date.now() + 60_000; ; await sleep(200)) {
    if (child.exitCode !== null || Date.now() > until) throw new Error("the service did not start");
    const { status } = await ask(service, undefined, "GET", "/ready").catch(() => ({ status: 0 }));
    if (status === 200) return { ...service, stop: () => child.kill("SIGTERM") };
  }
}

/** Runs, and one that is written and listened to. */
async function fill(service) {
  for (let k = 0; k < 300; k++) {
    const made = await ask(service, undefined, "POST", "/api/ml/runs", {
      experiment: `load ${k % 5}`,
      params: { rate: k / 300 },
    });
    const { run_id } = JSON.parse(made.text);
    const metrics = Array.from({ length: 20 }, (_, step) => ({ name: "loss", split: "test", step, value: 1 / (k + step + 1) }));
    await ask(service, undefined, "POST", `/api/ml/runs/${run_id}/metrics`, { metrics });
    await ask(service, undefined, "POST", `/api/ml/runs/${run_id}/finish`, {});
  }
  const { text } = await ask(service, undefined, "POST", "/api/ml/runs", { experiment: "load", name: "written" });
  return JSON.parse(text).run_id;
}

/** Hears the lines of a run; hangs up now and then, and comes back with the id that it heard last. */
function listen({ port, token }, run, k) {
  const heard = new Map();
  let last = "0";
  let ended = false;
  let open;
  const connect = () => {
    if (ended) return;
    const headers = { authorization: `Bearer ${token}`, "last-event-id": last };
    const path = `/api/ml/experiments/${run}/events`;
    open = request({ host: "127.0.0.1", port, path, headers, agent: false }, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (chunk) => {
        text += chunk;
        const blocks = text.split("\n\n");
        text = blocks.pop();
        for (const block of blocks) {
          const id = /^id: (\d+)$/m.exec(block)?.[1];
          if (id === undefined) continue;
          last = id;
          const data = /^data: (.*)$/m.exec(block)?.[1]; // a stream begins with the id behind which it tells
          if (data === undefined) continue;
          const { kind, line } = JSON.parse(data);
          if (kind === "log") heard.set(line.message, (heard.get(line.message) ?? 0) + 1);
        }
      });
      answer.on("error", () => {}).on("close", () => setTimeout(connect, 50));
    });
    open.on("error", () => setTimeout(connect, 200));
    open.end();
  };
  connect();
  const hangUp = setInterval(() => open.destroy(), 5000 + 97 * k);
  return {
    heard,
    end() {
      ended = true;
      clearInterval(hangUp);
      open.destroy();
    },
  };
}

async function memory(service) {
  const { text } = await ask(service, undefined, "GET", "/metrics");
  const read = (name) => Number(new RegExp(`^${name} (.+)$`, "m").exec(text)[1]) / 2 ** 20;
  return { heap: read("nodejs_heap_size_used_bytes"), resident: read("process_resident_memory_bytes") };
}

/** The least of a stretch of time: what stays when the garbage is taken away. */
const least = (memories) => ({
  heap: Math.min(...memories.map(({ heap }) => heap)),
  resident: Math.min(...memories.map(({ resident }) => resident)),
});

/** The load for so many seconds: milliseconds of reads and writes, bad answers, lost and doubled events, memory before and after. */
export async function runLoad(seconds, tell = () => {}) {
  const service = await startService();
  try {
    const run = await fill(service);
    const reads = [
      "/api/ml/runs/columns",
      "/api/ml/runs/columns?experiment=load%201",
      `/api/ml/runs/${run}`,
      `/api/ml/runs/${run}/logs`,
      "/api/ml/runs/groups?by=experiment&metric=metrics.test.loss",
      "/api/ml/experiments/list?limit=50&sort=-metrics.test.loss",
      "/api/ml/datasets",
    ];
    const ears = Array.from({ length: listeners }, (_, k) => listen(service, run, k));
    const times = { read: [], write: [] };
    let bad = 0;
    let written = 0;
    const memories = [];
    const begin = Date.now();
    const end = begin + 1000 * seconds;
    const remembering = setInterval(
      () =>
        memory(service).then(
          (now) => memories.push(now),
          () => {},
        ),
      Math.max(1000, (1000 * seconds) / samples),
    );
    const client = async (k) => {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      await sleep((pauseMs * k) / clients);
      for (let n = 0; Date.now() < end; n++) {
        const isWrite = (k + n) % 10 === 0;
        const sent = isWrite
          ? ask(service, agent, "POST", `/api/ml/runs/${run}/logs`, { lines: [{ level: "info", message: String(written++) }] })
          : ask(service, agent, "GET", reads[(7 * k + n) % reads.length]);
        const { status, ms } = await sent.catch(() => ({ status: 0, ms: 0 }));
        if (status < 200 || status >= 300) bad++;
        else times[isWrite ? "write" : "read"].push(ms);
        await sleep(Math.max(0, pauseMs - ms));
      }
      agent.destroy();
    };
    const telling = setInterval(
      () =>
        tell(
          `${Math.round((Date.now() - begin) / 1000)} s, ${times.read.length} reads, p99 ${percentile(times.read, 0.99).toFixed(0)} ms, ${written} writes, ${bad} bad, heap ${memories.at(-1)?.heap.toFixed(0)} MB, resident ${memories.at(-1)?.resident.toFixed(0)} MB`,
        ),
      60_000,
    );
    await Promise.all(Array.from({ length: clients }, (_, k) => client(k)));
    clearInterval(telling);
    clearInterval(remembering);
    for (const until = Date.now() + 20_000; Date.now() < until && ears.some(({ heard }) => heard.size < written); )
      await sleep(200);
    for (const ear of ears) ear.end();
    const lost = ears.reduce((total, { heard }) => total + written - heard.size, 0);
    const doubled = ears.reduce((total, { heard }) => total + [...heard.values()].filter((count) => count > 1).length, 0);
    const quarter = Math.ceil(memories.length / 4);
    const [before, after] = [least(memories.slice(0, quarter)), least(memories.slice(-quarter))];
    return { times, bad, written, lost, doubled, before, after };
  } finally {
    service.stop();
  }
}

const percentile = (times, share) =>
  times.toSorted((a, b) => a - b)[Math.min(times.length - 1, Math.floor(share * times.length))] ?? Number.NaN;

/** What a load measured, in words: what, how much, what it should be, and beside it. */
export function loadFigures({ times: { read, write }, bad, written, lost, doubled, before, after }) {
  const ms = (list, share) => `${percentile(list, share).toFixed(1)} ms`;
  const grown = (name) => `${before[name].toFixed(0)} → ${after[name].toFixed(0)} MB`;
  return [
    {
      what: `${clients} clients, ${listeners} listeners: reads, p99`,
      measured: ms(read, 0.99),
      target: "< 250 ms",
      beside: `${read.length.toLocaleString("en")} reads, p50 ${ms(read, 0.5)}; ${write.length.toLocaleString("en")} writes, p99 ${ms(write, 0.99)}; ${bad} refused or failed`,
    },
    {
      what: "the same, events lost or told twice",
      measured: `${lost} and ${doubled}`,
      target: "0 and 0",
      beside: `${(written * listeners).toLocaleString("en")} events; each listener hangs up every 5 to 10 s`,
    },
    {
      what: "the same, heap of the service: least of the first quarter → of the last",
      measured: grown("heap"),
      target: "no growth",
      beside: `resident ${grown("resident")}`,
    },
  ];
}

/** The lines of docs/benchmarks.md. */
export async function benchPlatform({ isSmall, line }) {
  const load = await runLoad(isSmall ? 8 : 60, console.log);
  for (const { what, measured, target, beside } of loadFigures(load)) line(what, measured, target, beside);
}
