// The journeys of searches, leaderboards, comparisons, jobs and schedules, from the form to what came of it.
import { strict as assert } from "node:assert";
import { readFile } from "node:fs/promises";
import { journalOf } from "./journal.mjs";
import { dragAlong, fixture, holds } from "./pages.mjs";

/** The smallest PNG. */
const dot = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

/** The journeys in order, on an open JupyterLab; later ones read what earlier ones made. */
export function studyTests({ page, lab, stamp }) {
  const data = `petals ${stamp}`;
  const form = () => page.locator(".jp-AssayNew:visible");
  const study = () => page.locator(".jp-AssayStudy:visible");
  const board = () => page.locator(".jp-AssayLeaderboard:visible");
  const run = () => page.locator(".jp-AssayRun:visible");
  const jobs = () => page.locator(".jp-AssayJobs:visible");
  const seen = {};

  async function fresh(kind) {
    await lab.newExperiment();
    await lab.choose("dataset", new RegExp(`^${data} ·`));
    await form().locator(`input[name="kind"][value="${kind}"]`).check();
  }

  async function openRun(where) {
    const { items } = await lab.get(`experiments/list?limit=50`);
    const found = items.find(where);
    assert.ok(found, "the run is there");
    await lab.open("assay:open-run", { id: found.id, name: found.name });
    await run().locator("h1", { hasText: found.name }).waitFor();
    return found;
  }

  return [
    {
      name: "studies: the empty lists say how to begin",
      async run() {
        const bytes = await readFile(fixture("flowers.csv"));
        await lab.send("datasets/upload", { name: data }, { name: "petals.csv", type: "text/csv", bytes });
        await lab.open("assay:open-studies");
        await page.locator(".jp-AssayStudies:visible").waitFor();
        await lab.shot("studies-list-before");
        await lab.open("assay:open-jobs");
        await jobs().getByRole("tab", { name: "Schedules" }).click();
        await jobs().getByText("No schedules yet.").waitFor();
        await jobs().getByRole("tab", { name: "Dead letters" }).click();
        await jobs().getByText("No job ended in the middle too often.").waitFor();
        await lab.shot("jobs-empty");
      },
    },
    {
      name: "studies: a space is built in the form, a wrong range is said at its field, and the search runs to its end",
      async run() {
        await fresh("search");
        await lab.algorithm("decision_tree");
        const usual = form().locator('input[name="usual_ranges"]');
        await usual.waitFor();
        await usual.uncheck();
        await form()
          .locator(".jp-AssayNew-ranges details")
          .evaluateAll((all) => {
            for (const details of all) details.setAttribute("open", "");
          });
        const param = (name) => form().locator(`.jp-AssayNew-range[data-param="${name}"]`);
        await param("max_depth").locator("select").selectOption("range");
        await param("max_depth").locator('input[name="max_depth low"]').fill("9");
        await param("max_depth").locator('input[name="max_depth high"]').fill("3");
        await param("max_depth").locator(".jp-Assay-fieldError", { hasText: "low must be below high, got 9 and 3" }).waitFor();
        await holds(async () => assert.ok(await form().locator('button[name="start"]').isDisabled()));
        await lab.shot("search-wrong-range");
        await param("max_depth").locator('input[name="max_depth low"]').fill("1");
        await param("max_depth").locator(".jp-Assay-fieldError").waitFor({ state: "detached" });
        if ((await param("criterion").getAttribute("data-kind")) === "fixed")
          await param("criterion").locator("select").selectOption("choices");
        await form().locator('input[name="n_trials"]').fill("14");
        await form().locator('input[name="folds"]').fill("3");
        await form().locator('select[name="pruner"]').selectOption("median");
        await form().locator('button[name="write_cell"]:enabled').click();
        await page.getByText("the cell is in the clipboard").first().waitFor();
        await lab.shot("search-form");
        await form().locator('button[name="start"]:enabled').click();
        await study().waitFor();
        await page.locator('.jp-AssayStudy[data-job="completed"]:visible').waitFor();
        await study().locator('[data-trials="14"]').waitFor();
        for (const name of ["history", "parallel", "slice", "importance"])
          await study().locator(`[data-figure="${name}"] .main-svg`).first().waitFor();
        await study().locator("tr[data-trial]").first().waitFor();
        await lab.shot("study");
        const { items } = await lab.get("studies");
        seen.study = items[0];
        assert.equal(seen.study.n_trials, 14);
      },
    },
    {
      name: "studies: trials are sorted by value, filtered by state, and marked by dragging along an axis",
      async run() {
        await study().locator('[data-sort="value"]').click();
        await study().locator('th[aria-sort="descending"] [data-sort="value"]').waitFor();
        const first = study().locator("tr[data-trial]").first();
        await holds(async () => assert.equal(Number(await first.getAttribute("data-trial")), seen.study.best_trial));
        await study().locator('select[name="trial_state"]').selectOption("failed");
        await study().getByText("No trial fits.").waitFor();
        await study().locator('select[name="trial_state"]').selectOption("");
        await dragAlong(study().locator('[data-figure="parallel"] .axis-brush .background').nth(1), 0.97, 0.5);
        await study().locator("[data-shown]", { hasText: "marked by" }).waitFor();
        const shown = Number(await study().locator("[data-shown]").getAttribute("data-shown"));
        assert.ok(shown > 0 && shown < 14, `${shown} of 14 are marked`);
        await lab.shot("study-marked");
      },
    },
    {
      name: "studies: a mark under way outlasts that the figures are drawn anew",
      async run() {
        const size = page.viewportSize();
        const axis = study().locator('[data-figure="parallel"] .axis-brush .background').first();
        const narrower = async () => {
          await page.setViewportSize({ ...size, width: size.width - 60 });
          await page.waitForTimeout(1000);
        };
        await dragAlong(axis, 0.03, 0.5, narrower);
        await page.setViewportSize(size);
        await study()
          .locator("[data-shown]", { hasText: /marked by .+, / })
          .waitFor();
      },
    },
    {
      name: "studies: the best values become a new experiment, and the study leads to its run and back",
      async run() {
        await study().getByRole("button", { name: "Train with these values" }).click();
        const depth = page.locator('.jp-AssayNew:visible [id="assay-param_max_depth"]');
        await depth.waitFor();
        await holds(async () => assert.equal(Number(await depth.inputValue()), seen.study.best_params.max_depth));
        await lab.open("assay:open-study", { id: seen.study.id, name: seen.study.name });
        await study().getByRole("button", { name: "Open run" }).click();
        await run().getByRole("button", { name: "Open study" }).click();
        await study().locator("h1", { hasText: seen.study.name }).waitFor();
      },
    },
    {
      name: "studies: ten thousand trials are drawn where they are seen, and two objectives have their front",
      async run() {
        const many = journalOf({ name: `many ${stamp}`, directions: ["minimize"], trials: 10_000 });
        const two = journalOf({ name: `two ${stamp}`, directions: ["minimize", "maximize"], trials: 200 });
        for (const text of [many, two])
          await lab.send("import", { source: "optuna" }, { name: "study.log", type: "text/plain", bytes: Buffer.from(text) });
        await lab.open("assay:open-study", { id: `many ${stamp}`, name: "many" });
        await study().locator('[data-trials="10000"]').waitFor();
        await study().locator('[data-shown="10000"]').waitFor();
        assert.ok((await study().locator("tr[data-trial]").count()) < 100);
        await study().locator('[data-figure="history"] .main-svg').first().waitFor();
        await lab.shot("study-many");
        await study()
          .locator(".jp-AssayStudy-scroller")
          .evaluate((node) => node.scrollTo(0, node.scrollHeight));
        await study().locator('tr[data-trial="0"]').waitFor();
        await lab.shot("study-many-end");
        await lab.open("assay:open-study", { id: `two ${stamp}`, name: "two" });
        await study().locator('[data-figure="pareto"] .main-svg').first().waitFor();
        await lab.shot("study-pareto");
      },
    },
    {
      name: "leaderboard: fast algorithms are compared from the form, ranked, and a candidate is opened",
      async run() {
        await fresh("compare");
        await form().locator('input[name="folds"]').fill("3");
        await lab.shot("compare-form");
        await form().locator('button[name="start"]:enabled').click();
        await board().waitFor();
        await lab.shot("leaderboard-running");
        await page.locator('.jp-AssayLeaderboard[data-status="completed"]:visible').waitFor();
        await board().locator('tr[data-rank="1"]').waitFor();
        await board().locator("tr.jp-mod-baseline", { hasText: "learns nothing" }).waitFor();
        await board().locator('[data-figure="folds"] .main-svg').first().waitFor();
        await holds(async () => {
          const ranks = await board()
            .locator("tr[data-rank]")
            .evaluateAll((rows) => rows.map((row) => Number(row.dataset.rank)));
          assert.deepEqual(
            ranks,
            ranks.toSorted((a, b) => a - b),
          );
          assert.ok(ranks.length > 2);
        });
        await lab.shot("leaderboard");
        seen.models = await board()
          .locator("tr[data-rank] th button")
          .evaluateAll((all) => all.slice(0, 2).map((each) => each.textContent));
        await board().locator('tr[data-rank="1"] th button').click();
        await run().getByRole("button", { name: "Open leaderboard" }).waitFor();
      },
    },
    {
      name: "compare: the baseline is chosen, differences are signed, folds are tested, and the comparison is a file",
      async run() {
        const { items } = await lab.get("experiments/list?limit=100");
        const ids = seen.models.map((model) => items.find(({ name }) => name === model).id);
        await lab.open("assay:compare-runs", { ids });
        const compare = page.locator(".jp-AssayCompare:visible");
        const row = compare.locator('tr[data-row^="cv"]').first();
        await row.waitFor();
        await compare.locator('select[name="baseline"]').selectOption({ index: 1 });
        await compare.locator('th[data-baseline="true"]').nth(0).waitFor();
        await page.waitForFunction(
          () =>
            [...document.querySelectorAll(".jp-AssayCompare")]
              .find((each) => each.offsetParent !== null)
              ?.querySelectorAll("th[data-baseline]")[1]?.dataset.baseline === "true",
        );
        await compare.getByText("Folds of the cross-validation").waitFor();
        await lab.shot("compare-baseline");
        const csv = await lab.downloaded(() => compare.getByRole("button", { name: "CSV" }).click());
        assert.equal(csv.name, "comparison.csv");
        assert.match(csv.bytes.toString(), /^[^\n]*,/);
        const pdf = await lab.downloaded(() => compare.getByRole("button", { name: "Report (PDF)" }).click());
        assert.equal(pdf.bytes.subarray(0, 5).toString(), "%PDF-");
      },
    },
    {
      name: "run: a report, artifacts with pictures, a replay with its verdict, and the cell in the open notebook",
      async run() {
        await fresh("train");
        await lab.algorithm("decision_tree");
        await page.locator('.jp-AssayNew:visible input[name="run_name"]').fill(`tree ${stamp}`);
        await lab.startTraining();
        await page.locator('.jp-AssayRun[data-status="completed"]:visible').waitFor();
        const { id } = await openRun(({ name }) => name === `tree ${stamp}`);
        await lab.send(
          `runs/${id}/artifacts`,
          { name: "dot.png", kind: "figure" },
          { name: "dot.png", type: "image/png", bytes: dot },
        );
        await page.evaluate(() => window.jupyterapp.shell.currentWidget.close());
        await openRun(({ name }) => name === `tree ${stamp}`);
        await run().locator('[data-artifact="dot.png"] img').waitFor();
        const model = await lab.downloaded(() => run().locator('[data-artifact="model"] button').click());
        assert.ok(model.bytes.length > 100);
        const report = await lab.downloaded(() => run().getByRole("button", { name: "Report (HTML)" }).click());
        assert.match(report.bytes.toString(), /<html/);
        await run().getByRole("button", { name: "Train again and compare" }).click();
        await run().locator('[role="status"][data-equal="true"]').waitFor();
        await lab.shot("run-replay");
        const folder = `run-${stamp}`;
        await lab.makeFolder(folder);
        await page.evaluate(async (cwd) => {
          await window.jupyterapp.commands.execute("notebook:create-new", { cwd, kernelName: "assay" });
        }, folder);
        await page.locator(".jp-NotebookPanel").first().waitFor({ state: "attached" });
        await lab.open("assay:open-run", { id });
        await run().getByRole("button", { name: "Insert as cell" }).click();
        await page.locator(".jp-NotebookPanel:visible .jp-Cell .cm-content", { hasText: 'from "assay-lab"' }).waitFor();
        await lab.shot("run-cell");
        const path = await page.evaluate(() => {
          const { currentWidget } = window.jupyterapp.shell;
          const { path } = currentWidget.context;
          currentWidget.dispose(); // what was written is not kept
          return path;
        });
        await lab.remove(path);
        await lab.remove(folder);
      },
    },
    {
      name: "jobs: a run is scheduled, the schedule is paused and deleted, and a failed job is tried again",
      async run() {
        await openRun(({ name }) => name === `tree ${stamp}`);
        await run().getByRole("button", { name: "Schedule…" }).click();
        await page.locator('.jp-Assay-form input[name="name"]').fill(`nightly ${stamp}`);
        await page.locator(".jp-Dialog").getByRole("button", { name: "Schedule" }).click();
        await page.locator(".jp-Dialog").waitFor({ state: "detached" });
        await lab.open("assay:open-jobs");
        await jobs().getByRole("tab", { name: "Schedules" }).click();
        const nightly = jobs().locator(`[data-schedule="nightly ${stamp}"]`);
        await nightly.getByText(/next/).waitFor();
        await lab.shot("jobs-schedules");
        await nightly.getByRole("button", { name: "Pause" }).click();
        await nightly.getByRole("button", { name: "Resume" }).waitFor();
        await nightly.getByRole("button", { name: `Delete nightly ${stamp}` }).click();
        await jobs().getByText("No schedules yet.").waitFor();

        const { items } = await lab.get("datasets");
        const { job_id } = await lab.post("experiments/create", {
          name: "cancelled",
          dataset_id: items.find(({ name }) => name === data).dataset_id,
          target_column: "species",
          algorithm: "random_forest",
          hyperparameters: { n_estimators: 100_000 },
        });
        await jobs().getByRole("tab", { name: "All" }).click();
        const job = jobs().locator(`[data-job="${job_id}"]`);
        await job.getByRole("button", { name: /^Cancel/ }).click();
        await page.locator(`[data-job="${job_id}"][data-status="cancelled"]`).waitFor();
        await job.getByRole("button", { name: /^Retry/ }).click();
        await page.locator(`[data-job="${job_id}"][data-status="running"]`).waitFor();
        await lab.shot("jobs");
        await job.getByRole("button", { name: /^Cancel/ }).click();
        await page.locator(`[data-job="${job_id}"][data-status="cancelled"]`).waitFor();
      },
    },
    {
      name: "studies: cards of jobs and schedules keep to 300 pixels, whatever words they hold",
      async run() {
        const long = "a_name_without_any_space_".repeat(8);
        const now = new Date().toISOString();
        const job = { ...(await lab.get("jobs?limit=1")).items[0], run_id: seen.study.id, name: long, kind: long };
        const more = { dead: true, attempt: 12, priority: -100, timeout_seconds: 1e6, schedule_id: seen.study.id, worker: long };
        const progress = { step: 123_456, steps: 1_234_567, elapsed_ms: 1e9, eta_ms: 1e9 };
        const cards = [
          { ...job, ...more, job_id: "running", job_status: "running", progress, started_at: now, completed_at: null },
          { ...job, ...more, job_id: "failed", job_status: "failed", error: long, started_at: now, completed_at: now },
          { ...job, ...more, job_id: "queued", job_status: "queued", run_id: null, not_before: "2099-01-01T00:00:00.000Z" },
        ];
        const series = ["log_loss", long].map((name) => ({
          run_id: seen.study.id,
          split: "validation",
          name,
          steps: [1],
          values: [1e-300],
        }));
        const schedule = {
          schedule_id: "x",
          name: long,
          kind: long,
          cron: long,
          timezone: long,
          next_at: now,
          last_at: now,
          error: long,
        };
        const answers = {
          "jobs?": { items: cards },
          "schedules?": { items: [schedule] },
          [`runs/${seen.study.id}/metrics`]: { series },
        };
        for (const [path, answer] of Object.entries(answers))
          await page.route(
            (url) => url.href.includes(`/assay/api/ml/${path}`),
            (route) => route.fulfill({ json: { status: "success", next_cursor: null, ...answer } }),
          );
        try {
          await lab.closeAll();
          await lab.open("assay:open-jobs");
          await jobs().locator('[data-job="running"] [data-metric]').first().waitFor();
          for (const tab of ["All", "Schedules"]) {
            await jobs().getByRole("tab", { name: tab }).click();
            await jobs().getByText(long).first().waitFor();
            await lab.narrow(async () => {
              await lab.shot(`narrow-long-${tab}`);
              await lab.fits(jobs(), tab);
            });
          }
        } finally {
          await page.unrouteAll();
          await lab.closeAll();
        }
      },
    },
    {
      name: "studies: a study document is back after a reload",
      async run() {
        await lab.open("assay:open-study", { id: seen.study.id, name: seen.study.name });
        await lab.isCurrent(`assay-open-study:assay-study-${seen.study.id}`);
        await lab.reload();
        await page.locator(`[id="assay-study-${seen.study.id}"]`).waitFor({ state: "attached" });
      },
    },
    {
      name: "studies: dark theme and 300 pixels width keep everything in its place",
      async run() {
        await lab.theme("JupyterLab Dark");
        const { items } = await lab.get("experiments/list?limit=100");
        const compared = items.find(({ tags, parent_id }) => tags.comparison === "models" && parent_id === null);
        for (const [command, panel, args] of [
          ["open-study", ".jp-AssayStudy", { id: seen.study.id, name: seen.study.name }],
          ["open-leaderboard", ".jp-AssayLeaderboard", { id: compared.id, name: compared.name }],
          ["open-studies", ".jp-AssayStudies", {}],
          ["open-jobs", ".jp-AssayJobs", {}],
        ]) {
          await lab.open(`assay:${command}`, args);
          await page.locator(`${panel}:visible`).waitFor();
          await page.locator(`${panel}:visible .jp-Assay-loading`).first().waitFor({ state: "detached" });
          await lab.shot(`dark-${command}`);
          await lab.narrow(async () => {
            await lab.fits(page.locator(`${panel}:visible`), panel);
            await lab.shot(`narrow-dark-${command}`);
          });
        }
        await fresh("search");
        await form().locator('input[name="usual_ranges"]').uncheck();
        await lab.shot("dark-search");
        await lab.narrow(async () => {
          await lab.fits(form(), "the search");
          await form().locator(".jp-AssayNew-ranges").scrollIntoViewIfNeeded();
          await lab.shot("narrow-dark-search");
        });
        await lab.theme("JupyterLab Light");
      },
    },
  ];
}
