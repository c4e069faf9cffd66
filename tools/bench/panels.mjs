// The table of runs in Chromium, with ten thousand runs and two hundred columns: how soon it is seen, and whether moving in it ever stutters.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startAssay, temporaryFolder } from "../assay.mjs";
import { openChromium } from "../chromium.mjs";
import { fillWideRuns, wideColumns } from "./wide-runs.mjs";

/** A wheel's turn, in pixels. */
const turn = 900;
/** The columns that every run has. */
const ownColumns = ["status", "name", "algorithm", "experiment", "dataset", "target_column", "tags", "created_at", "duration"];

/** Opens JupyterLab on a home of its own, fills it with runs, and measures. */
export async function benchPanels({ isSmall, line }) {
  const config = temporaryFolder("panels");
  mkdirSync(join(config, "labconfig"));
  writeFileSync(join(config, "labconfig/page_config.json"), '{ "exposeAppInBrowser": true }');
  const home = process.env.ASSAY_HOME;
  const assay = startAssay({ home, env: { JUPYTER_CONFIG_PATH: config } });
  const browser = await openChromium();
  try {
    const lab = await assay.ready;
    const { default: pg } = await import("pg");
    const db = new pg.Client({ host: join(home, "pg18"), port: 5432, user: "assay", database: "postgres" });
    await db.connect();
    const runs = isSmall ? 1000 : 10_000;
    await fillWideRuns(db, { name: "wide", runs });
    await db.end();
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await measureTable(page, lab, runs, line);
  } finally {
    await browser.close();
    await assay.stop();
  }
}

async function measureTable(page, { base, token }, runs, line) {
  await opened(page, base, token);
  const before = await loadedBytes(page);
  line("panels: loaded before one is opened", `${(before / 1000).toFixed(0)} kB`, "≤ 300 kB");

  const first = await page.evaluate(openAndTime);
  line(
    `panels: ${runs.toLocaleString("en")} runs seen`,
    `${first.toFixed(0)} ms`,
    "≤ 1,000 ms",
    "from the command, panel fetched too",
  );
  const columns = [...ownColumns, ...wideColumns];
  await page.evaluate(show, columns);
  await opened(page, base, token);
  await page.evaluate(openAndTime);
  await page.waitForFunction(
    (count) => document.querySelector(".jp-AssayExperiments [aria-colcount]").getAttribute("aria-colcount") === String(count),
    1 + columns.length,
  );

  const down = await traced(page, () => moved(page, { deltaX: 0, deltaY: turn }));
  line(
    `panels: tasks over 50 ms, down ${down.rows.toLocaleString("en")} rows × ${columns.length} columns`,
    tasks(down),
    "none",
    frames(down),
  );
  const across = await traced(page, () => moved(page, { deltaX: turn, deltaY: 0 }));
  line("panels: tasks over 50 ms, across all columns", tasks(across), "none", frames(across));
  const up = await traced(page, () => moved(page, { deltaX: 0, deltaY: -turn }));
  line("panels: tasks over 50 ms, up again at the last columns", tasks(up), "none", frames(up));
}

async function opened(page, base, token) {
  await page.goto(`${base}/lab?token=${token}&reset`);
  await page.waitForFunction(() => window.jupyterapp?.commands.hasCommand("assay:open-experiments"), null, { timeout: 60_000 });
  await page.evaluate(() => window.jupyterapp.restored.then(() => undefined));
}

/** Turns the wheel over the table until it moves no further; answers the long tasks meanwhile. */
export async function moved(page, { deltaX, deltaY }) {
  const scroller = page.locator(".jp-AssayExperiments .jp-Assay-scroller");
  const { x, y, width, height } = await scroller.boundingBox();
  await page.mouse.move(x + width / 2, y + height / 2);
  await page.evaluate(observeTasks);
  let still = 0;
  for (let last = -1; still < 12; ) {
    await page.mouse.wheel(deltaX, deltaY);
    const place = await page.evaluate(
      (along) =>
        new Promise((resolve) =>
          requestAnimationFrame(() =>
            requestAnimationFrame(() => resolve(document.querySelector(".jp-AssayExperiments .jp-Assay-scroller")[along])),
          ),
        ),
      deltaY ? "scrollTop" : "scrollLeft",
    );
    still = place === last ? still + 1 : 0;
    if (still > 3) await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 250))); // the next page of runs is on its way
    last = place;
  }
  return page.evaluate(() => window.__observed());
}

const tasks = ({ long }) => (long.length === 0 ? "none" : `${long.length}, longest ${Math.round(Math.max(...long))} ms`);
const frames = ({ turns, slow, busiest }) =>
  `${turns} frames, slowest ${Math.round(slow)} ms; processor's time of the longest task ${Math.round(busiest)} ms`;

/** What `work` answers, and with it the most processor's time, in milliseconds, that a task of the page took: other programs do not lengthen it. */
async function traced(page, work) {
  const browser = page.context().browser();
  await browser.startTracing(page, { categories: ["toplevel"] });
  const answer = await work();
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString());
  const threads = new Set(
    traceEvents
      .filter(({ name, args }) => name === "thread_name" && args.name === "CrRendererMain")
      .map(({ pid, tid }) => `${pid} ${tid}`),
  );
  const times = traceEvents.filter(({ pid, tid, tdur }) => tdur && threads.has(`${pid} ${tid}`)).map(({ tdur }) => tdur / 1000);
  return { ...answer, busiest: times.reduce((most, each) => Math.max(most, each), 0) };
}

/** Bytes of Assay's scripts and styles that the page has loaded. */
const loadedBytes = (page) =>
  page.evaluate(() =>
    performance
      .getEntriesByType("resource")
      .filter(({ name }) => name.includes("/lab/extensions/assay-jupyterlab/"))
      .reduce((sum, { decodedBodySize }) => sum + decodedBodySize, 0),
  );

/** Runs in the page: from the command to the painted rows, in milliseconds. */
function openAndTime() {
  return new Promise((resolve) => {
    const begin = performance.now();
    void window.jupyterapp.commands.execute("assay:open-experiments");
    const look = () => {
      if (!document.querySelector(".jp-AssayExperiments tbody tr[data-run]")) return void requestAnimationFrame(look);
      const channel = new MessageChannel();
      // a message that is sent in a frame comes after its painting
      channel.port1.onmessage = () => resolve(performance.now() - begin);
      requestAnimationFrame(() => channel.port2.postMessage(null));
    };
    look();
  });
}

/** Runs in the page: these columns are shown, status and name stay at the left. */
function show(columns) {
  return window.jupyterapp.serviceManager.settings.save(
    "assay-jupyterlab:plugin",
    JSON.stringify({ columns, pinnedColumns: ["status", "name"] }),
  );
}

/** Runs in the page: notes tasks over 50 ms and the slowest frame until `__observed` is called. */
function observeTasks() {
  const long = [];
  const observer = new PerformanceObserver((list) => long.push(...list.getEntries().map(({ duration }) => duration)));
  observer.observe({ entryTypes: ["longtask"] });
  let on = true;
  let turns = 0;
  let slow = 0;
  let last = performance.now();
  const frame = (now) => {
    slow = Math.max(slow, now - last);
    last = now;
    turns++;
    if (on) requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  window.__observed = () => {
    on = false;
    long.push(...observer.takeRecords().map(({ duration }) => duration));
    observer.disconnect();
    const places = [...document.querySelectorAll(".jp-AssayExperiments tbody tr")].map((row) =>
      row.getAttribute("aria-rowindex"),
    );
    const rows = Math.max(...places.map(Number)) - 1;
    return { long, turns, slow, rows };
  };
}
