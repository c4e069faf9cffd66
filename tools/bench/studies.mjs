// Studies in PostgreSQL: trials a second beside Optuna's RDBStorage on the same server, and the cost of a trial when there are many.
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { python, root } from "../setup.mjs";

const load = (name) => import(pathToFileURL(join(root, name)).href);
const rate = (trials, seconds) => `${Math.round(trials / seconds).toLocaleString("en")}/s`;

/** Rates of both sides in turn, one line a case; then the flatness. */
export async function benchStudies({ isSmall, line }) {
  const [{ createStudy, randomSampler, tpe }, { connect }] = [
    await load("library/core/dist/index.js"),
    await load("library/lab/dist/index.js"),
  ];
  const lab = await connect();
  const url = await optunaDatabase();
  const trials = isSmall ? 100 : 1000;
  for (const sampler of ["random", "tpe"])
    for (const params of [2, 8]) {
      const args = ["-m", "bench.studies", url, sampler, String(params), String(trials)];
      const their = Number(execFileSync(python, args, { cwd: join(root, "tools") }));
      const name = `bench ${sampler} ${params} ${Date.now()}`;
      const made = sampler === "tpe" ? tpe({ seed: 0 }) : randomSampler({ seed: 0 });
      const study = await createStudy({ sampler: made, storage: lab.studies, name });
      const begin = performance.now();
      await study.optimize(
        (trial) => {
          let sum = 0;
          for (let j = 0; j < params; j++) sum += trial.suggestFloat(`x${j}`, -5, 5) ** 2;
          return sum;
        },
        { trials },
      );
      const own = (performance.now() - begin) / 1000;
      line(
        `${trials.toLocaleString("en")} trials of ${params} parameters in PostgreSQL, ${sampler}`,
        rate(trials, own),
        "10 × Optuna",
        `Optuna ${rate(trials, their)}, ratio ${(their / own).toFixed(1)}`,
      );
    }
  await benchMany(lab.studies, { isSmall, line });
  await lab.close();
}

/** A trial's begin, end and the question for changes, in a study of a thousand trials and in one of a hundred thousand, taking turns. */
async function benchMany(studies, { isSmall, line }) {
  const sizes = isSmall ? [1000, 10_000] : [1000, 100_000];
  const filled = [];
  for (const size of sizes) filled.push(await fill(studies, size));
  const calls = { begin: [[], []], finish: [[], []], changes: [[], []] };
  for (let round = 0; round < 200; round++)
    for (const [k, study] of filled.entries()) {
      const time = async (call, work) => {
        const begin = performance.now();
        const answer = await work();
        calls[call][k].push(performance.now() - begin);
        return answer;
      };
      const { trial, changes } = await time("begin", () => studies.begin(study.id, { worker: "bench", since: study.cursor }));
      await time("finish", () => studies.finish(study.id, trial, { state: "completed", values: [round], params: { x: round } }));
      study.cursor = (await time("changes", () => studies.changes(study.id, changes.cursor, { worker: "other" }))).cursor;
    }
  for (const [call, times] of Object.entries(calls)) {
    const [few, many] = times.map((each) => each.sort((a, b) => a - b)[Math.floor(each.length / 2)]);
    line(
      `${call} with ${sizes[1].toLocaleString("en")} ended trials`,
      `${many.toFixed(2)} ms`,
      "2 × with 1,000",
      `with 1,000: ${few.toFixed(2)} ms, ratio ${(many / few).toFixed(2)}`,
    );
  }
}

async function fill(studies, size) {
  const study = await studies.create({ name: `bench of ${size} ${Date.now()}`, directions: ["minimize"] });
  const distribution = { type: "float", low: 0, high: 1 };
  for (let at = 0; at < size; at += 2000)
    await studies.add(
      study.id,
      Array.from({ length: Math.min(2000, size - at) }, (_, k) => ({
        state: "completed",
        values: [Math.sin(at + k)],
        params: { x: ((at + k) % 1000) / 1000 },
        distributions: { x: distribution },
      })),
    );
  let cursor = "";
  for (let more = true; more; ) ({ cursor, more } = await studies.changes(study.id, cursor));
  return { id: study.id, cursor };
}

/** A database of its own for Optuna on the embedded server, as SQLAlchemy names it. */
async function optunaDatabase() {
  const { default: pg } = await import("pg");
  const host = join(process.env.ASSAY_HOME, "pg18");
  const client = new pg.Client({ host, user: "assay", database: "postgres", port: 5432 });
  await client.connect();
  await client.query("create database optuna");
  await client.end();
  return `postgresql+psycopg2://assay@/optuna?host=${host}`;
}
