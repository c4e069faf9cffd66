// The panels' journeys in Chromium, against the real service: `npm test browser` starts JupyterLab and calls these one after another.
import { strict as assert } from "node:assert";
import { datasetTests } from "./datasets.test.mjs";
import { exoplanetTests } from "./exoplanets.test.mjs";
import { newExperimentTests } from "./experiment.test.mjs";
import { experimentTests } from "./experiments.test.mjs";
import { journeyTests } from "./journey.test.mjs";
import { lookTests } from "./look.test.mjs";
import { markupTests } from "./markup.test.mjs";
import { modelTests } from "./models.test.mjs";
import { notebookTests } from "./notebook.test.mjs";
import { cellTests } from "./notebook-cells.test.mjs";
import { expected, fixture, holds, opened } from "./pages.mjs";
import { recommendationTests } from "./recommendation.test.mjs";
import { remoteTests } from "./remote.test.mjs";
import { stateTests } from "./states.test.mjs";
import { studyTests } from "./studies.test.mjs";
import { studyComparisonTests } from "./study-comparison.test.mjs";
import { workoutTests } from "./workout.test.mjs";

/** The algorithms whose pictures are kept: between them their forms have fields of each kind. */
const shown = ["random_forest", "lightgbm", "voting", "neural_network"];
const tasks = { classification: "flowers", regression: "houses" };

/** The journeys in order; each opens what it needs, later ones read runs that earlier ones made. */
export async function tests({ page, baseUrl, token, screenshotDir, home }) {
  const lab = opened({ page, baseUrl, token, screenshotDir });
  const stamp = Date.now().toString(36);
  await lab.start();
  const algorithms = [];
  for (const task of Object.keys(tasks))
    for (const { name, preset_of } of (await lab.get(`algorithms?task_type=${task}`)).items)
      algorithms.push({ task, name, preset_of });
  const runName = (task, name) => `${name} ${task} ${stamp}`;
  /** What was filled in where, by the run's name. */
  const trained = new Map();

  return [
    ...lookTests({ page, lab, home, stamp }),
    ...Object.values(tasks).map((name) => ({
      name: `panels: ${name}.csv is uploaded from New Experiment`,
      async run() {
        await lab.newExperiment();
        await lab.upload(fixture(`${name}.csv`));
        await page.getByLabel("Target", { exact: true }).waitFor();
        await holds(async () => assert.equal((await page.locator(".jp-AssayNew-features li").count()) > 2, true));
        await lab.shot(`new-experiment-${name}`);
      },
    })),
    {
      name: "panels: a ragged file is refused with its line",
      async run() {
        await lab.newExperiment();
        await lab.upload(fixture("ragged.csv"));
        await page.locator(".jp-AssayNew .jp-Assay-failure", { hasText: /line 3/ }).waitFor();
      },
    },
    ...algorithms.map(({ task, name }) => ({
      name: `panels: the form of ${name} for ${task} draws each hyperparameter, and trains with what was filled in`,
      async run() {
        await lab.newExperiment();
        await lab.choose("dataset", new RegExp(`^${tasks[task]} ·`));
        await lab.algorithm(name);
        const { schema } = await lab.get(`algorithms/${name}/params?task_type=${task}`);
        const drawn = await lab.drawn(schema);
        for (const [key, property] of Object.entries(schema.properties)) {
          assert.equal(drawn[key]?.kind, expected(property), `${key} is drawn as ${JSON.stringify(drawn[key])}`);
          assert.equal(drawn[key].title, property.title, key);
          assert.ok(drawn[key].width > 10, `${key} is seen`);
          if (typeof property.default === "number") assert.equal(Number(drawn[key].value), property.default, key);
          if (drawn[key].kind === "parts") assert.deepEqual(drawn[key].chosen.sort(), property.default.toSorted(), key);
        }
        const changed = await lab.fill(schema);
        await page.locator('input[name="run_name"]').fill(runName(task, name));
        if (shown.includes(name)) await lab.shot(`form-${task}-${name}`);
        const begun = await lab.startTraining();
        assert.match(begun, /^assay-run-/);
        trained.set(runName(task, name), { id: begun.slice("assay-run-".length), changed });
        await lab.close(begun); // it trains while the next forms are filled in
      },
    })),
    ...algorithms.map(({ task, name, preset_of }) => ({
      name: `panels: the run of ${name} for ${task} shows its hyperparameters, scores and figures`,
      async run() {
        const { id, changed } = trained.get(runName(task, name));
        await lab.open("assay:open-run", { id, name: runName(task, name) });
        await page.locator('.jp-AssayRun[data-status="completed"]:visible').waitFor();
        const run = page.locator(".jp-AssayRun:visible");
        if (preset_of) await run.getByText(`${name} (${preset_of})`).waitFor();
        else
          for (const [key, value] of Object.entries(changed))
            assert.equal(await run.locator(`.jp-AssayRun-params [data-name="${key}"] dd`).textContent(), String(value), key);
        await run.locator(".jp-AssayRun-metrics td").first().waitFor();
        await run.locator(".jp-Assay-figure .main-svg").first().waitFor();
        if (shown.includes(name)) await lab.shot(`run-${task}-${name}`);
        await lab.close(`assay-run-${id}`);
      },
    })),
    {
      name: "panels: what the service refuses stands at its field, and goes when the field is changed",
      async run() {
        await lab.newExperiment();
        await lab.choose("dataset", /^flowers ·/);
        await lab.algorithm("xgboost");
        const objective = page.locator('.jp-AssayNew:visible [id="assay-param_objective"]');
        await objective.fill("reg:squarederror");
        await page.locator('.jp-AssayNew:visible button[name="start"]:enabled').click();
        const error = page.locator(".jp-AssayNew:visible .form-group:has([id='assay-param_objective']) .validationErrors li");
        await error.filter({ hasText: "is for regression, the task is classification" }).waitFor();
        await lab.shot("form-refused");
        await objective.fill("");
        await error.waitFor({ state: "detached" });
        await page.locator('.jp-AssayNew:visible button[name="start"]:enabled').waitFor();
      },
    },
    {
      name: "panels: columns are constrained, layers are written, and nonsense is said before it is sent",
      async run() {
        await lab.newExperiment();
        await lab.choose("dataset", /^flowers ·/);
        await lab.algorithm("hist_gradient_boosting");
        await page.locator(".jp-AssayNew:visible .jp-AssayNew-more summary").first().click();
        const constraints = page.locator('.jp-AssayNew:visible [id="assay-param_monotone_constraints"]');
        await constraints.locator("summary").click();
        await constraints.locator('select[name$=" petal_length"]').selectOption({ label: "rising" });
        await constraints.getByText("1 column", { exact: true }).waitFor();
        await lab.shot("form-constraints");
        await lab.startTraining();
        const run = page.locator(".jp-AssayRun:visible");
        await run.locator('[data-name="monotone_constraints"] dd', { hasText: '{"petal_length":1}' }).waitFor();

        await lab.newExperiment();
        await lab.choose("dataset", /^flowers ·/);
        await lab.algorithm("neural_network");
        const layers = page.locator('.jp-AssayNew:visible [id="assay-param_hidden_layer_sizes"]');
        await layers.fill("16, eight");
        await page.locator(".jp-AssayNew:visible .validationErrors li", { hasText: "must be a list" }).waitFor();
        await holds(async () => assert.ok(await page.locator('.jp-AssayNew:visible button[name="start"]').isDisabled()));
        await lab.shot("form-nonsense");
        await layers.fill("16, 8");
        await lab.startTraining();
        await run.locator('[data-name="hidden_layer_sizes"] dd', { hasText: "[16,8]" }).waitFor();
      },
    },
    {
      name: "panels: a run that trains elsewhere shows its progress and its end in Experiments without a reload",
      async run() {
        await lab.open("assay:open-experiments");
        const { items } = await lab.get("datasets");
        const begin = (algorithm, hyperparameters) =>
          lab.post("experiments/create", {
            name: "live",
            run_name: `live ${stamp}`,
            dataset_id: items.find((each) => each.name === "flowers").dataset_id,
            target_column: "species",
            algorithm,
            hyperparameters,
          });
        const status = (run, word) => page.locator(`tr[data-run="${run}"] [data-status="${word}"]`);
        // one that trains until it is told to end, so that it is seen while it does
        const endless = { max_iter: 10_000, n_iter_no_change: 10_000, hidden_layer_sizes: [512, 512, 512] };
        const { experiment_id: long, job_id: job } = await begin("neural_network", endless);
        await status(long, "training").waitFor();
        await lab.post(`jobs/${job}/cancel`);
        await status(long, "cancelled").waitFor();
        const { experiment_id: short } = await begin("decision_tree", {});
        await status(short, "completed").waitFor();
      },
    },
    {
      name: "panels: Experiments sorts, filters, and says what is wrong with a filter",
      async run() {
        await lab.open("assay:open-experiments");
        await page.locator('[data-sort="name"]').click();
        await page.locator('th[aria-sort="ascending"] [data-sort="name"]').waitFor();
        await holds(async () => {
          const names = await lab.names();
          assert.deepEqual(names, [...names].sort());
        });
        const filter = page.getByLabel("Filter", { exact: true });
        await filter.fill("status == foo(");
        await page.locator("#jp-Assay-filterError").waitFor();
        await lab.shot("experiments-bad-filter");
        await filter.fill("");
        await page.locator("#jp-Assay-filterError").waitFor({ state: "detached" });
        await page
          .locator(".jp-AssayExperiments:visible")
          .getByLabel(/^Search by/)
          .fill("ridge");
        await page.waitForFunction(() => {
          const cells = [...document.querySelectorAll('.jp-AssayExperiments [data-column="algorithm"]')];
          return cells.length > 0 && cells.every((cell) => cell.textContent === "ridge");
        });
        await page
          .locator(".jp-AssayExperiments:visible")
          .getByLabel(/^Search by/)
          .fill("");
        await filter.fill("status = 'completed' and metrics.test.accuracy > 0.5");
        await page.waitForFunction(() => {
          const cells = [...document.querySelectorAll('.jp-AssayExperiments [data-column="metrics.test.accuracy"]')];
          return cells.length > 0 && cells.every((cell) => Number(cell.textContent) > 0.5);
        });
        await filter.fill("");
        await lab.shot("experiments");
      },
    },
    {
      name: "panels: two runs are compared, by differences, bars and curves",
      async run() {
        await lab.open("assay:open-experiments");
        const filter = page.getByLabel("Filter", { exact: true });
        const chosen = algorithms.filter(({ task }) => task === "classification").slice(0, 2);
        await filter.fill(chosen.map(({ task, name }) => `name = '${runName(task, name)}'`).join(" or "));
        for (const { task, name } of chosen) await page.getByLabel(`Select ${runName(task, name)}`, { exact: true }).check();
        await page.getByRole("button", { name: "Compare (2)" }).click();
        await page.locator(".jp-AssayCompare .jp-Assay-figure .main-svg").first().waitFor();
        const rows = page.locator(".jp-AssayCompare-table tbody tr[data-differs]");
        await rows.first().waitFor();
        const differing = await rows.count();
        await page.getByLabel("Only what differs").uncheck();
        await holds(async () => assert.ok((await rows.count()) >= differing));
        await lab.shot("compare");
      },
    },
    {
      name: "panels: a run document is back after a reload",
      async run() {
        const { items } = await lab.get("experiments/list?limit=1");
        await lab.open("assay:open-run", { id: items[0].id, name: items[0].name });
        await lab.isCurrent(`assay-open-run:assay-run-${items[0].id}`);
        await lab.reload();
        await page.locator(`[id="assay-run-${items[0].id}"]`).waitFor({ state: "attached" });
      },
    },
    {
      name: "panels: a run is opened by keyboard alone, and its focus is seen",
      async run() {
        await lab.open("assay:open-experiments");
        await page.locator(".jp-AssayExperiments tbody .jp-Assay-link").first().waitFor();
        await page.getByLabel("Filter", { exact: true }).focus();
        const onLink = () => page.evaluate(() => document.activeElement?.matches("tbody .jp-Assay-link") ?? false);
        for (let k = 0; k < 40 && !(await onLink()); k++) await page.keyboard.press("Tab");
        assert.ok(await onLink(), "Tab reaches a run's name");
        assert.notEqual(await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle), "none");
        await page.keyboard.press("Enter");
        await page.locator(".jp-AssayRun:visible h1").waitFor();
      },
    },
    {
      name: "panels: dark theme and 300 pixels width keep everything in its place",
      async run() {
        await lab.theme("JupyterLab Dark");
        for (const [command, panel] of [
          ["open-experiments", ".jp-AssayExperiments"],
          ["new-experiment", ".jp-AssayNew"],
          ["open-models", ".jp-AssayModels"],
        ]) {
          await lab.open(`assay:${command}`);
          await lab.shot(`dark-${command}`);
          await lab.fitsNarrow(page.locator(`${panel}:visible`), `dark-${command}`);
        }
        await lab.theme("JupyterLab Light");
      },
    },
    ...newExperimentTests({ page, lab, stamp }),
    ...notebookTests({ page, lab, stamp }),
    ...datasetTests({ page, lab, stamp }),
    ...experimentTests({ page, lab, stamp }),
    ...studyTests({ page, lab, stamp }),
    ...studyComparisonTests({ page, lab, stamp }),
    ...modelTests({ page, lab, stamp }),
  ];
}

/** Those that stand on nothing that the others make, in order, for another JupyterLab beside theirs. */
export async function otherTests({ page, baseUrl, token, screenshotDir, home }) {
  const lab = opened({ page, baseUrl, token, screenshotDir });
  const stamp = Date.now().toString(36);
  await lab.start();
  return [
    ...exoplanetTests({ page, lab, stamp, home }),
    ...workoutTests({ page, lab }),
    ...recommendationTests({ page, lab }),
    ...cellTests({ page, lab, stamp }),
    ...markupTests({ page, lab, stamp }),
    ...remoteTests({ page, lab, stamp }),
    ...journeyTests({ page, lab, stamp, baseUrl }),
    ...stateTests({ page, lab, stamp, home }),
  ];
}
