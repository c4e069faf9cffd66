// How the panels look and how lightly they load: what is fetched before it is needed, what is drawn of many runs, each panel's shape.
import { strict as assert } from "node:assert";
import { join } from "node:path";
import { fillWideRuns, wideColumns } from "../../tools/bench/wide-runs.mjs";
import { fixture, holds } from "./pages.mjs";
import { flaws, sameShape } from "./shape.mjs";

/** The columns of the wide table. */
const columns = ["status", "name", ...wideColumns];

/** The journeys in order, on an open JupyterLab of its own project. */
export function lookTests({ page, lab, home, stamp }) {
  const table = () => page.locator(".jp-AssayExperiments:visible");
  const made = {};

  /** What of ours the page has fetched, as { name, size } in bytes. */
  const fetched = () =>
    page.evaluate(() =>
      performance
        .getEntriesByType("resource")
        .filter(({ name }) => name.includes("/extensions/assay-jupyterlab/"))
        .map(({ name, decodedBodySize }) => ({ name: name.split("/").at(-1), size: decodedBodySize })),
    );
  const plotly = (files) => files.filter(({ size }) => size > 1_000_000);

  async function query(work) {
    const { default: pg } = await import("pg");
    const db = new pg.Client({ host: join(home, "pg18"), port: 5432, user: "assay", database: "postgres" });
    await db.connect();
    try {
      return await work(db);
    } finally {
      await db.end();
    }
  }

  /** Changes the settings, and loads JupyterLab with them. */
  async function settings(values) {
    await page.evaluate(
      (given) => window.jupyterapp.serviceManager.settings.save("assay-jupyterlab:plugin", JSON.stringify(given)),
      values,
    );
    await lab.start();
  }

  /** Turns the wheel over the table until it moves no further and no more runs come. */
  async function turned({ x = 0, y = 0 }, isDone) {
    const scroller = table().locator(".jp-Assay-scroller");
    const box = await scroller.boundingBox();
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    for (let k = 0; k < 2000 && !(await scroller.evaluate(isDone)); k++) {
      await page.mouse.wheel(x, y);
      await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
      await page.waitForFunction(isDrawn);
    }
    assert.ok(await scroller.evaluate(isDone), "the end was reached");
  }

  /** One thing of each kind, by fixed names: what the shapes are taken of. */
  async function makeThings() {
    if (made.dataset) return made;
    const { buffer } = await lab.file(fixture("flowers.csv"));
    const known = (await lab.get("datasets?limit=500")).items.find(({ name }) => name === "meadow");
    made.dataset =
      known?.dataset_id ??
      (await lab.send("datasets/upload", { name: "meadow" }, { name: "meadow.csv", type: "text/csv", bytes: buffer })).dataset_id;
    made.runs = [];
    for (const [k, algorithm] of ["logistic_regression", "decision_tree"].entries()) {
      const { experiment_id: id } = await lab.post("experiments/create", {
        name: `meadow ${stamp}`,
        run_name: `meadow ${k}`,
        dataset_id: made.dataset,
        target_column: "species",
        algorithm,
      });
      await lab.open("assay:open-run", { id, name: `meadow ${k}` });
      await page.locator('.jp-AssayRun[data-status="completed"]:visible').waitFor();
      made.runs.push(id);
    }
    made.model = "meadow";
    await lab.post("models/deploy", { experiment_id: made.runs[0], model_name: made.model });
    return made;
  }

  /** A document: its command, what it is drawn in, what is there when it is; more where it needs arguments, or stands without things. */
  const screen = (name, command, panel, ready, more = {}) => ({ name, command, panel: `.jp-Assay${panel}`, ready, ...more });
  const without = { items: false };
  const meadow = { filter: `experiment = 'meadow ${stamp}'` };
  const draft = () => ({ datasetId: made.dataset, target: "species", algorithm: "ridge" });
  const screens = [
    screen("datasets", "open-datasets", "Datasets", ".jp-AssayDatasets-list li"),
    screen("dataset", "open-dataset", "Dataset", "[data-column] svg", { args: () => ({ id: made.dataset }) }),
    screen("experiments", "open-experiments", "Experiments", "tr[data-run]", meadow),
    screen("new-experiment", "new-experiment", "New", ".jp-AssayNew-features li", { args: draft }),
    screen("run", "open-run", "Run", ".main-svg", { args: () => ({ id: made.runs[0], name: "meadow 0" }) }),
    screen("compare", "compare-runs", "Compare", ".main-svg", { args: () => ({ ids: made.runs }) }),
    screen("models", "open-models", "Models", "table, li"),
    screen("model", "open-model", "Model", "tr[data-version]", { args: () => ({ name: made.model }) }),
    screen("ab-tests", "open-ab-tests", "AbTests", "h1, h2, button", without),
    screen("alerts", "open-alerts", "Alerts", "select", without),
    screen("studies", "open-studies", "Studies", "table, .jp-Assay-empty", without),
    screen("jobs", "open-jobs", "Jobs", "[role=tab]", without),
    screen("exoplanets", "open-exoplanets", "Exoplanets", "[role=tab], button", without),
    screen("workouts", "open-workouts", "Workouts", "[role=tab], button", without),
    screen("recommendations", "open-recommendations", "Recommendations", "[role=tab], button", without),
  ];

  async function show({ command, args, panel, ready, filter }) {
    await lab.open(`assay:${command}`, args?.() ?? {});
    if (filter) {
      await page.getByLabel("Filter", { exact: true }).fill(filter);
      await table()
        .locator(".jp-Assay-foot", { hasText: /^2 runs/ })
        .waitFor();
    }
    await page.locator(`${panel}:visible`).locator(ready).first().waitFor();
    await page.waitForFunction(
      (selector) => ![...document.querySelectorAll(selector)].some((node) => node.checkVisibility()),
      `${panel} .jp-Assay-loading`,
    );
  }

  return [
    {
      name: "look: no panel is fetched before it is opened, and plotly with the first chart",
      async run() {
        await makeThings();
        await page.evaluate(() => performance.setResourceTimingBufferSize(2000));
        await lab.start();
        const atStart = await fetched();
        const total = atStart.reduce((sum, { size }) => sum + size, 0);
        assert.ok(total > 0 && total <= 300_000, `${total} bytes at the start: ${JSON.stringify(atStart)}`);
        await lab.open("assay:open-experiments");
        await table().locator("tr[data-run]").first().waitFor();
        assert.deepEqual(plotly(await fetched()), [], "a table draws no chart");
        await lab.open("assay:compare-runs", { ids: made.runs });
        await page.locator(".jp-AssayCompare:visible .main-svg").first().waitFor();
        assert.equal(plotly(await fetched()).length, 1);
      },
    },
    {
      name: "look: of 600 runs with 193 columns only what is seen is drawn",
      async run() {
        await query((db) => fillWideRuns(db, { name: `wide ${stamp}`, runs: 600 }));
        await settings({ columns, pinnedColumns: ["status", "name"] });
        try {
          await lab.open("assay:open-experiments");
          await page.getByLabel("Filter", { exact: true }).fill(`experiment = 'wide ${stamp}'`);
          await table()
            .locator(".jp-Assay-foot", { hasText: /^600 runs/ })
            .waitFor();
          await table()
            .locator(`[aria-colcount="${1 + columns.length}"]`)
            .waitFor();
          await page.evaluate(countDrawn);
          await turned({ y: 700 }, (node) => node.querySelector('tr[aria-rowindex="601"]') !== null);
          const down = await page.evaluate(() => window.__drawn());
          assert.ok(down.mostRows <= 70, `${down.mostRows} rows at once`);
          assert.ok(down.mostCells <= 20, `${down.mostCells} cells of a row`);
          assert.ok(down.rowsMade <= 60, `${down.rowsMade} elements were made: the others were taken over`);
          assert.ok(down.rowsDrawn >= 540 && down.rowsDrawn <= 760, `${down.rowsDrawn} rows were drawn for 600`);
          assert.deepEqual(await page.evaluate(cellsThatInherit), [], "a row that changes has its cells styled anew");
          await turned({ x: 700 }, (node) => node.querySelector('tbody [data-column="tags.tag_06"]') !== null);
          const across = await page.evaluate(() => window.__drawn());
          assert.ok(across.mostCells <= 20, `${across.mostCells} cells of a row`);
          assert.equal(across.rowsDrawn, down.rowsDrawn, "moving sideways draws no row anew");
          await lab.shot("experiments-wide");
        } finally {
          await settings({});
          await query((db) => db.query("update runs set deleted_at = now() where name like $1", [`wide ${stamp} %`]));
        }
      },
    },
    ...screens.map((screen) => ({
      name: `look: ${screen.name} keeps its shape in both themes, nothing cut, nothing over another, wide and 300 pixels`,
      async run() {
        await makeThings();
        await show(screen);
        const panel = `${screen.panel}:visible`;
        try {
          await lab.shot(`look-${screen.name}`);
          await holds(async () => assert.deepEqual(await flaws(page, panel), []));
          await sameShape(page, lab, screen.name, panel, screen);
          await lab.narrow(async () => {
            await lab.shot(`look-${screen.name}-narrow`);
            await holds(async () => assert.deepEqual(await flaws(page, panel), []));
          });
        } finally {
          await lab.closeAll(); // the journeys behind begin with documents of their own
        }
      },
    })),
  ];
}

/** Runs in the page: whether every loaded row that is seen of the table is drawn. */
function isDrawn() {
  const scroller = document.querySelector(".jp-AssayExperiments .jp-Assay-scroller");
  const body = scroller.querySelector("tbody");
  const height = body.rows[0].offsetHeight;
  const first = Math.ceil(scroller.scrollTop / height);
  const end = Math.min(body.clientHeight, scroller.scrollTop + scroller.clientHeight) / height - 2;
  for (let row = first; row < end; row++) if (!body.querySelector(`tr[aria-rowindex="${row + 2}"]`)) return false;
  return true;
}

/** Runs in the page: the cells of a row that take over what only their row is given, as browsers' own styles have them do. */
function cellsThatInherit() {
  const row = document.querySelector(".jp-AssayExperiments tbody tr[data-run]");
  row.style.verticalAlign = "text-bottom";
  const found = [...row.cells].filter((cell) => getComputedStyle(cell).verticalAlign === "text-bottom");
  row.style.verticalAlign = "";
  return found.map((cell) => cell.dataset.column ?? cell.className);
}

/** Runs in the page: counts the rows that are drawn, in elements that are made or taken over, and the most at once, until `__drawn` is asked. */
function countDrawn() {
  const body = document.querySelector(".jp-AssayExperiments tbody");
  const counts = { rowsDrawn: 0, rowsMade: 0, mostRows: 0, mostCells: 0 };
  const look = () => {
    counts.mostRows = Math.max(counts.mostRows, body.rows.length);
    for (const row of [body.rows[0], body.rows[body.rows.length - 1]])
      counts.mostCells = Math.max(counts.mostCells, row?.cells.length ?? 0);
  };
  const observer = new MutationObserver((changes) => {
    for (const { type, target, addedNodes } of changes) {
      if (type === "attributes") counts.rowsDrawn++;
      else if (target === body) {
        counts.rowsDrawn += addedNodes.length;
        counts.rowsMade += addedNodes.length;
      }
    }
    look();
  });
  observer.observe(body, { childList: true, subtree: true, attributeFilter: ["data-run"] });
  counts.rowsDrawn = body.rows.length;
  look();
  window.__drawn = () => ({ ...counts });
}
