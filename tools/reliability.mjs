// `npm run reliability`: docs/reliability.md, from suites that run now; `npm run reliability -- kills streams` these chapters alone, the others stay as they stand.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, loadavg } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { temporaryFolder } from "./assay.mjs";
import { loadFigures, runLoad } from "./bench/platform.mjs";
import { again, node24, root, run, setup } from "./setup.mjs";

const page = join(root, "docs/reliability.md");
/** What the heap of a service under load may grow by. */
const heapMostMb = 100;

/** Chapters: the test files whose facts and figures they hold, or how their figures come. */
const chapters = {
  kills: {
    title: "Kills",
    text: "Three programs log over HTTP and jobs run, while worker, service and PostgreSQL are killed (SIGKILL) in an order drawn from the seed. Afterwards every acknowledged point must be there once, and every job must have ended once.",
    files: ["jobs/crashes"],
  },
  work: {
    title: "Work that is neither lost nor done twice",
    text: "Leases, fencing, checkpoints, crashes of native code, frozen workers and workers on other machines.",
    files: ["jobs/worker.test", "jobs/far-worker", "jobs/queue.test", "jobs/checkpoints"],
  },
  backup: {
    title: "Backup and restore",
    text: "Backups are broken off, damaged and brought into other databases; what comes back is compared table by table.",
    files: ["db/backup"],
  },
  streams: {
    title: "Event streams",
    text: "Listeners that hang up at random instants and come back with the id that they heard last.",
    files: ["api/event-resume"],
  },
  load: {
    title: "Load",
    text: "200 clients that ask once a second, a tenth of it writes, and 50 listeners that hang up every 5 to 10 s.",
  },
};

const introduction = `# Reliability

Written by \`npm run reliability\`, from what its suites did and measured. \`npm test\` runs the same suites; \`npm run soak\` runs 200 kills from
a seed of the day and the same work again and again, \`npm run soak -- load\` an hour of load. The seed of a run that failed brings it back:
\`ASSAY_KILLS=200 ASSAY_KILL_SEED=… npm run reliability -- kills\`.
`;

/** Runs vitest files; gives each test with its outcome, and the figures that they kept. */
async function suite(files) {
  const folder = temporaryFolder("figures");
  const [report, figures] = [join(folder, "report.json"), join(folder, "figures.jsonl")];
  const args = ["node_modules/vitest/vitest.mjs", "run", "--project", "lab", "--reporter=json", `--outputFile=${report}`];
  const { out } = await run(node24(), [...args, ...files.map((file) => `library/lab/src/${file}`)], {
    env: { ASSAY_FIGURES: figures },
  });
  if (!existsSync(report)) throw new Error(`vitest gave no report: ${out.slice(-2000)}`);
  const { testResults } = JSON.parse(readFileSync(report, "utf8"));
  const facts = testResults.flatMap(({ assertionResults }) =>
    assertionResults.map(({ fullName, status, duration }) => ({
      fact: fullName.trim(),
      status,
      seconds: (duration ?? 0) / 1000,
    })),
  );
  const lines = existsSync(figures) ? readFileSync(figures, "utf8").trim().split("\n") : [];
  for (const { assertionResults } of testResults)
    for (const { fullName, failureMessages } of assertionResults)
      if (failureMessages.length > 0) console.log(`${fullName}\n${failureMessages.join("\n")}`);
  return { facts, figures: lines.map((line) => JSON.parse(line)) };
}

/** The chapter of the load: so many seconds of it, and whether nothing was refused, lost, told twice or kept in memory. */
async function load(seconds) {
  process.env.ASSAY_HOME = temporaryFolder("load");
  try {
    const loaded = await runLoad(seconds, console.log);
    const { bad, lost, doubled, before, after } = loaded;
    const figures = loadFigures(loaded).map(({ what, measured, target, beside }) => ({
      what,
      measured: `${measured} (${target}); ${beside}`,
    }));
    const held = bad + lost + doubled === 0 && after.heap <= before.heap + heapMostMb;
    return { facts: [], figures: [{ what: "seconds", measured: seconds.toLocaleString("en") }, ...figures], held };
  } finally {
    await run(node24(), [join(root, "library/lab/bin/assay.mjs"), "db", "stop"]);
  }
}

const table = (head, rows) =>
  [head, head.map(() => "---"), ...rows]
    .map((row) => `| ${row.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`)
    .join("\n");

function chapter(name, { when, facts, figures }) {
  const { title, text } = chapters[name];
  const parts = [`## ${title}`, text, `${when}.`];
  if (figures.length > 0)
    parts.push(
      table(
        ["what", "measured"],
        figures.map(({ what, measured }) => [what, measured]),
      ),
    );
  if (facts.length > 0)
    parts.push(
      table(
        ["fact", "", "s"],
        facts.map(({ fact, status, seconds }) => [fact, status, seconds.toFixed(1)]),
      ),
    );
  return `${parts.join("\n\n")}\n`;
}

/** The chapters of the page as it is, by title. */
function chaptersNow() {
  const [, ...written] = readFileSync(page, "utf8").split(/^## /m);
  return new Map(written.map((text) => [text.slice(0, text.indexOf("\n")), `## ${text.trimEnd()}\n`]));
}

/** Writes docs/reliability.md: what was measured now, and the chapters that were not asked for as they stand. */
function writeReliability(measured) {
  const written = chaptersNow();
  const machine = `${availableParallelism()} cores of ${cpus()[0].model.trim()}`;
  const when = `${new Date().toISOString().slice(0, 10)}, ${machine}, Node ${process.version}, load average ${loadavg()[0].toFixed(1)}`;
  for (const [name, result] of Object.entries(measured)) written.set(chapters[name].title, chapter(name, { when, ...result }));
  const ordered = Object.values(chapters).flatMap(({ title }) => written.get(title) ?? []);
  writeFileSync(page, [introduction, ...ordered].join("\n"));
  console.log("docs/reliability.md is written");
}

/** Runs chapters one after the other, each written as soon as it is there; says whether all of it held. */
export async function measureReliability(names, { loadSeconds = 60 } = {}) {
  let held = true;
  for (const name of names) {
    console.log(`${name} …`);
    const { files } = chapters[name];
    const result = files ? await suite(files) : await load(loadSeconds);
    held &&= result.held !== false && result.facts.every(({ status }) => status !== "failed");
    writeReliability({ [name]: result });
  }
  return held;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await setup();
  if (!again(fileURLToPath(import.meta.url))) {
    const wanted = process.argv.slice(2);
    const unknown = wanted.find((name) => !(name in chapters));
    if (unknown !== undefined) {
      console.error(`npm run reliability: no chapter ${unknown}, there are ${Object.keys(chapters).join(", ")}`);
      process.exit(2);
    }
    process.exit((await measureReliability(wanted.length > 0 ? wanted : Object.keys(chapters))) ? 0 : 1);
  }
}
