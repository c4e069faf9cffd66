// The workout ensemble: how many of 10,000 sessions of made-up lifters lie in their intervals, how long a prediction takes over a socket, and how real logs
// (ASSAY_DATA, ../shared/data), where they are, were forecast from their own past.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { Agent, request } from "node:http";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { temporaryFolder } from "../assay.mjs";
import { node24, root } from "../setup.mjs";

const load = (name) => import(pathToFileURL(join(root, name)).href);
const weekMs = 7 * 86_400_000;
const learnedWeeks = 60;
const squat = "Squat (Barbell)";

/** The log of one lifter, and the part of it that is learned from. */
function logOf(lab, seed, weeks) {
  const { sets, efforts } = lab.parseLog(lab.exampleLog({ weeks, seed }));
  const end = sets[0].time + learnedWeeks * weekMs;
  const upTo = (time) => lab.historyOf({ sets: sets.filter((set) => set.time < time), efforts }, "lb");
  return { upTo, end, whole: upTo(Number.POSITIVE_INFINITY) };
}

/**
 * Forecasts the sessions that follow the 60 weeks that a lifter's ensemble learned from, as the service would: interval and shares hear of new sessions
 * every four weeks. Answers how many lay in their 90 % interval.
 */
async function coverageOf(lab, seed, weeks) {
  const { upTo, end, whole } = logOf(lab, seed, weeks);
  let model = await lab.trainWorkouts(upTo(end));
  let [within, all] = [0, 0];
  for (let from = end; from < whole.all.at(-1).time; from += 4 * weekMs) {
    const history = upTo(from);
    model = lab.updateWorkouts(model, history);
    for (const { exercise, time, top } of whole.all) {
      if (!(time >= from && time < from + 4 * weekMs && top > 0)) continue;
      const { source, low, high } = lab.predictWeight(model, whole, { exercise, time });
      if (source !== "advanced") continue;
      all++;
      if (top >= low && top <= high) within++;
    }
  }
  return { within, all };
}

/** The share of sessions in their 90 % interval over as many lifters as it takes, with its exact binomial interval. */
export async function benchCoverage({ ml, lab, sessions, weeks, line }) {
  let [within, all, lifters] = [0, 0, 0];
  while (all < sessions) {
    const found = await coverageOf(lab, 1000 + lifters++, weeks);
    within += found.within;
    all += found.all;
  }
  const { value, low, high } = ml.shareInterval(within, all, { method: "clopper_pearson" });
  line(
    `${all} sessions of ${lifters} made-up lifters in the 90 % interval of the whole blend`,
    `${(100 * value).toFixed(2)} % [${(100 * low).toFixed(2)}, ${(100 * high).toFixed(2)}]`,
    "90 %",
    "exact binomial, sessions taken as independent",
  );
}

/** How a log's last 30 % of each exercise were forecast from what was known before. */
async function benchBacktest(lab, name, history, line) {
  const begin = performance.now();
  const { error, baselineErrors, bestBaseline, gain, gainBySession, gainOverBest, coverage, points } =
    await lab.backtest(history);
  const range = ({ value, low, high }) => `${value >= 0 ? "+" : ""}${value.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}]`;
  const seconds = ((performance.now() - begin) / 1000).toFixed(0);
  line(
    `${name}, mean absolute error of ${points.length} sessions (${history.unit}), ${seconds} s`,
    error.toFixed(3),
    `≤ ${baselineErrors.last.toFixed(3)} (same as last time)`,
    `gain ${range(gain)}, by session ${range(gainBySession)}; over ${bestBaseline} ${range(gainOverBest)}`,
  );
  line(
    `${name}, truths in their 90 % interval`,
    `${(100 * coverage.value).toFixed(1)} % [${(100 * coverage.low).toFixed(1)}, ${(100 * coverage.high).toFixed(1)}]`,
    "90 %",
    `${coverage.points} sessions`,
  );
}

/** A service of its own on a socket, once it answers. */
async function startService(folder) {
  const socket = join(folder, "s");
  const child = spawn(node24(), [join(root, "library/lab/bin/assay.mjs"), "serve", "--socket", socket], { stdio: "ignore" });
  const ended = new Promise((done) => child.once("exit", done));
  for (const until = Date.now() + 60_000; !existsSync(socket); await new Promise((go) => setTimeout(go, 100)))
    if (child.exitCode !== null || Date.now() > until) throw new Error("the service did not start");
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const stop = async () => {
    agent.destroy();
    child.kill("SIGTERM");
    await ended;
  };
  return { socket, agent, stop };
}

/** One POST on a connection that stays open; milliseconds. */
function post(socketPath, agent, path, body) {
  return new Promise((done, fail) => {
    const begin = performance.now();
    const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body), "x-assay": "1" };
    const sent = request({ socketPath, agent, path, method: "POST", headers }, (answer) => {
      let text = "";
      answer.on("data", (part) => (text += part));
      answer.on("end", () => done({ ms: performance.now() - begin, answer: JSON.parse(text) }));
    });
    sent.on("error", fail);
    sent.end(body);
  });
}

/** Predictions over a socket of the service, one after the other: the first after a training, and the slowest of a hundred. */
export async function benchPrediction({ lab: { connect, exampleLog }, count, line }) {
  const folder = temporaryFolder("workouts");
  const path = join(folder, "strong.csv");
  await writeFile(path, exampleLog());
  const lab = await connect();
  await lab.workouts.import(path, { user: "bench", replace: true });
  await (await lab.workouts.train({ user: "bench" })).done();
  await lab.close();
  const { socket, agent, stop } = await startService(folder);
  try {
    const body = JSON.stringify({ exercise_name: squat, user_id: "bench" });
    const ask = () => post(socket, agent, "/api/ml/workouts/predict", body);
    const first = await ask();
    if (first.answer.source !== "advanced") throw new Error(`the ensemble did not answer: ${JSON.stringify(first.answer)}`);
    const times = [];
    for (let k = 0; k < count; k++) times.push((await ask()).ms);
    times.sort((a, b) => a - b);
    const p99 = times[Math.ceil(0.99 * count) - 1];
    const of = (ms) => `${ms.toFixed(1)} ms (${(ms / 50).toFixed(2)} of the target)`;
    line(
      `a prediction with factors over a socket, p99 of ${count}`,
      of(p99),
      "≤ 50 ms",
      `median ${times[count >> 1].toFixed(1)} ms`,
    );
    line("the first prediction of a service that has just begun", of(first.ms), "–");
  } finally {
    await stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Coverage, latency, and the logs that are there. */
export async function benchWorkouts({ isSmall, line }) {
  const ml = await load("library/core/dist/index.js");
  const lab = await load("library/lab/dist/index.js");
  await benchPrediction({ lab, count: isSmall ? 50 : 1000, line });
  await benchBacktest(lab, "made-up log", lab.historyOf(lab.parseLog(lab.exampleLog())), line);
  const folder = process.env.ASSAY_DATA ?? resolve(root, "../shared/data");
  for (const name of isSmall ? [] : ["strong_a", "strong_b"]) {
    const path = join(folder, "workouts", `${name}.csv`);
    if (existsSync(path)) await benchBacktest(lab, name, lab.historyOf(await lab.readLog(path, { unit: "lb" })), line);
  }
  await benchCoverage({ ml, lab, sessions: isSmall ? 100 : 10_000, weeks: isSmall ? 72 : 120, line });
}
