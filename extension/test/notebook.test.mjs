// What goes between the panels and JupyterLab: cells into notebooks, notifications, the menu of a run, links, the layout after a reload.
import { strict as assert } from "node:assert";
import { holds } from "./pages.mjs";

/** The journeys in order; flowers is there from earlier ones. */
export function notebookTests({ page, lab, stamp }) {
  const form = () => page.locator(".jp-AssayNew:visible");
  const table = () => page.locator(".jp-AssayExperiments:visible");
  const menu = () => page.locator(".lm-Menu");
  const toast = (words) => page.locator(".Toastify__toast", { hasText: words }).first();
  /** Waits for what is told, and keeps the pointer on it: it stays as long as it is pointed at. */
  async function held(words) {
    await toast(words).hover();
    return toast(words);
  }
  const filterField = () => page.getByLabel("Filter", { exact: true });
  const row = (id) => table().locator(`tr[data-run="${id}"]`);
  const foot = (words) => table().locator(".jp-Assay-foot", { hasText: words }).waitFor();
  const datasetId = async (name) => (await lab.get("datasets")).items.find((each) => each.name === name).dataset_id;
  const named = async (name) =>
    (await lab.get(`experiments/list?limit=50&filter=${encodeURIComponent(`name = '${name}'`)}`)).items;

  /** Sends a training of flowers; answers with its run and its job. */
  async function train(name, algorithm, hyperparameters = {}) {
    const body = { name: "live", run_name: name, dataset_id: await datasetId("flowers"), target_column: "species" };
    const { experiment_id: run, job_id: job } = await lab.post("experiments/create", { ...body, algorithm, hyperparameters });
    return { run, job, name };
  }
  /** One that lasts until it is cancelled. */
  const trainLong = (name) =>
    train(name, "neural_network", { max_iter: 10_000, n_iter_no_change: 10_000, hidden_layer_sizes: [512, 512, 512] });

  async function jobIs(job, status) {
    for (let tries = 0; tries < 1200; tries++) {
      if ((await lab.get(`jobs/${job}`)).job.job_status === status) return;
      await page.waitForTimeout(100);
    }
    throw new Error(`job ${job} is not ${status}: ${JSON.stringify(await lab.get(`jobs/${job}`))}`);
  }

  async function tagged(run, name) {
    for (let tries = 0; tries < 1200; tries++) {
      if (name in (await lab.get(`runs/${run}`)).experiment.tags) return;
      await page.waitForTimeout(100);
    }
    throw new Error(`run ${run} has no tag ${name}`);
  }

  async function closeAll() {
    await page.evaluate(() => {
      for (const widget of [...window.jupyterapp.shell.widgets("main")]) widget.close();
    });
  }

  /** What the clipboard holds, seen by pasting it. */
  async function pasted() {
    const field = filterField();
    await field.fill("");
    await field.focus();
    await page.keyboard.press("Control+V");
    const text = await field.inputValue();
    await field.fill("");
    return text;
  }

  return [
    {
      name: "notebook: the cell of a form trains the same run in the kernel, every metric equal to the bit",
      async run() {
        const folder = `test-${stamp}`;
        const name = `cell ${stamp}`;
        await lab.makeFolder(folder);
        const path = await page.evaluate(async (cwd) => {
          const panel = await window.jupyterapp.commands.execute("notebook:create-new", { cwd, kernelName: "assay" });
          await panel.sessionContext.ready;
          return panel.context.path;
        }, folder);
        try {
          await lab.newExperiment();
          await lab.choose("dataset", /^flowers ·/);
          await lab.algorithm("decision_tree");
          await form().locator('input[name="run_name"]').fill(name);
          await form().locator('[id="assay-param_max_depth"]').fill("3");
          await form().locator('input[name="random_seed"]').fill("11");
          await form().locator('button[name="write_cell"]:enabled').click();
          // the notebook stands in the form's place: what is said is said over both
          await toast("The cell is in Untitled.ipynb.").waitFor();
          await page.locator(".jp-NotebookPanel:visible .jp-Cell .cm-content", { hasText: "lab.jobs.train" }).waitFor();
          await lab.shot("notebook-cell");
          await page.evaluate(() => {
            const { commands, shell } = window.jupyterapp;
            shell.activateById([...shell.widgets("main")].find((each) => each.id.startsWith("assay-new-experiment")).id);
            return commands.execute("notebook:run-all-cells", { activate: false }).then(() => undefined);
          });
          await lab.startTraining();
          await page.locator('.jp-AssayRun[data-status="completed"]:visible').waitFor();
          await page.evaluate(() => {
            const { shell } = window.jupyterapp;
            shell.activateById([...shell.widgets("main")].find((each) => each.hasClass("jp-NotebookPanel")).id);
          });
          await page.locator(".jp-NotebookPanel:visible .jp-OutputArea-output", { hasText: name }).first().waitFor();
          await lab.shot("notebook-cell-run");
          const both = await named(name);
          assert.equal(both.length, 2);
          const [first, second] = await Promise.all(both.map(async ({ id }) => (await lab.get(`runs/${id}`)).experiment));
          assert.equal(first.status, "completed");
          assert.ok(Object.keys(first.metrics).length > 5);
          assert.deepEqual(first.metrics, second.metrics);
          assert.deepEqual(first.hyperparameters, second.hyperparameters);
          assert.deepEqual(first.evaluation, second.evaluation);
          assert.equal(first.hyperparameters.max_depth, 3);
        } finally {
          await lab.closeNotebooks();
          await lab.remove(path);
          await lab.remove(folder);
        }
      },
    },
    {
      name: "notebook: where no notebook is open a cell goes into the clipboard, and into a new notebook when it is asked for",
      async run() {
        await closeAll();
        const folder = `copied-${stamp}`;
        const show = (path) =>
          page.evaluate(async (place) => {
            await window.jupyterapp.commands.execute("filebrowser:go-to-path", { path: place, dontShowBrowser: true });
          }, path);
        await lab.makeFolder(folder);
        await show(folder); // a new notebook stands in the folder that is shown
        const { run } = await train(`copied ${stamp}`, "decision_tree");
        await lab.open("assay:open-run", { id: run });
        await page.locator('.jp-AssayRun[data-status="completed"]:visible').waitFor();
        await page.locator(".jp-AssayRun:visible").getByRole("button", { name: "Insert as cell" }).click();
        const copied = await held("the cell is in the clipboard");
        await lab.shot("notebook-clipboard");
        await copied.getByRole("button", { name: "New notebook" }).click();
        await page.locator(".jp-NotebookPanel:visible .jp-Cell .cm-content", { hasText: "ml.decisionTreeClassifier" }).waitFor();
        const path = await page.evaluate(async () => {
          const { currentWidget: panel } = window.jupyterapp.shell;
          await panel.sessionContext.ready;
          return panel.context.path;
        });
        assert.equal(path.split("/")[0], folder);
        await lab.closeNotebooks();
        await lab.remove(path);
        await show("/");
        await lab.remove(folder);
      },
    },
    {
      name: "jobs: the status bar counts what runs and opens Jobs; a card has the run's name, and the time left",
      async run() {
        await closeAll();
        const { job, name } = await trainLong(`long ${stamp}`);
        const item = page.locator(".jp-AssayStatusItem button", { hasText: /^Assay: \d+ jobs?$/ });
        await item.click();
        const card = page.locator(`.jp-AssayJobs:visible [data-job="${job}"]`);
        await card.getByText(/ left/).waitFor();
        await card.locator(".jp-AssayJobs-metrics dd").first().waitFor();
        await lab.shot("training-card");
        await card.getByRole("button", { name, exact: true }).click();
        await page.locator(".jp-AssayRun:visible h1", { hasText: name }).waitFor();
        await lab.open("assay:open-jobs");
        await card.getByRole("button", { name: /^Cancel/ }).click();
        await page.locator(`.jp-AssayJobs:visible [data-job="${job}"][data-status="cancelled"]`).waitFor();
      },
    },
    {
      name: "notifications: a job that was cancelled is told with a way back, one that failed with its reason, each without a panel",
      async run() {
        await closeAll();
        const long = await trainLong(`stopped ${stamp}`);
        await jobIs(long.job, "running");
        await lab.post(`jobs/${long.job}/cancel`);
        const cancelled = await held(`${long.name} was cancelled.`);
        await lab.shot("notification-cancelled");
        await cancelled.getByRole("button", { name: "Retry" }).click();
        await jobIs(long.job, "running");
        await lab.post(`jobs/${long.job}/cancel`);
        await cancelled.waitFor();
        const bad = await train(`bad ${stamp}`, "knn", { n_neighbors: 100_000 });
        const failed = await held(`${bad.name} failed:`);
        await lab.shot("notification-failed");
        await failed.getByRole("button", { name: "Open run" }).click();
        await page.locator(".jp-AssayRun:visible h1", { hasText: bad.name }).waitFor();
      },
    },
    {
      name: "notifications: what was done while the page was away is told when it is back, once",
      async run() {
        await lab.setting("notifyAfter", 0);
        await lab.reload();
        const seen = await train(`seen ${stamp}`, "decision_tree");
        await toast(`${seen.name} is done`).waitFor();
        await lab.leave();
        const away = await train(`away ${stamp}`, "decision_tree");
        await jobIs(away.job, "completed");
        await lab.reload();
        const done = await held(`${away.name} is done`);
        await lab.shot("notification-done");
        await done.getByRole("button", { name: "Open run" }).click();
        await page.locator(".jp-AssayRun:visible h1", { hasText: away.name }).waitFor();
        await lab.reload();
        const last = await train(`last ${stamp}`, "decision_tree");
        await toast(`${last.name} is done`).waitFor();
        assert.equal(await toast(`${away.name} is done`).count(), 0);
        assert.equal(await toast(`${seen.name} is done`).count(), 0);
        await lab.setting("notifyAfter", 10);
        await lab.reload();
      },
    },
    {
      name: "experiments: a run's menu opens by mouse and by keyboard, for the row or for all that are chosen",
      async run() {
        await closeAll();
        const name = `menu ${stamp}`;
        const runs = [await train(`${name} 1`, "decision_tree"), await train(`${name} 2`, "gaussian_nb")];
        for (const { job } of runs) await jobIs(job, "completed");
        await lab.open("assay:open-experiments");
        await filterField().fill(`name like '${name}%'`);
        await foot(/^2 runs/);
        const [first, second] = runs;
        const item = (label) => menu().locator(".lm-Menu-item", { hasText: label }).first();
        await row(first.run).click({ button: "right" });
        await item("Delete Run").waitFor();
        await lab.shot("run-menu");
        await item("Copy Id").click();
        await holds(async () => assert.equal(await pasted(), first.run));
        await filterField().fill(`name like '${name}%'`);
        await foot(/^2 runs/);
        // by keyboard: the menu of the focused row
        await row(first.run).locator('[data-column="name"] button').focus();
        await page.keyboard.press("Shift+F10");
        await item("Delete Run").waitFor();
        await page.keyboard.press("Escape");
        await menu().waitFor({ state: "detached" });
        await row(first.run).locator('[data-column="algorithm"]').focus();
        await page.keyboard.press("ContextMenu");
        await item("Tag…").click();
        await page.locator(".jp-Dialog").getByLabel(/^Set/).fill("kept");
        await page.locator(".jp-Dialog .jp-mod-accept").click();
        await page.locator(".jp-Dialog").waitFor({ state: "detached" });
        await tagged(first.run, "kept");
        // a row among the chosen ones stands for them all
        for (const each of runs) await page.getByLabel(`Select ${each.name}`, { exact: true }).check();
        await row(second.run).click({ button: "right" });
        await item("Delete 2 Runs").click();
        await foot("2 runs deleted");
        assert.equal((await named(first.name)).length, 0);
        await table().getByRole("button", { name: "Undo" }).click();
        await foot(/^2 runs/);
        for (const each of runs) await page.getByLabel(`Select ${each.name}`, { exact: true }).check();
        await row(second.run).click({ button: "right" });
        await item("Compare Runs").click();
        await page.locator(".jp-AssayCompare:visible .jp-AssayCompare-table").waitFor();
        await lab.open("assay:open-experiments");
        await page.getByLabel(`Select ${second.name}`, { exact: true }).uncheck();
        await row(second.run).click({ button: "right" });
        await item("Train Again and Compare").click();
        await toast(`${second.name} is trained again`).waitFor();
        await row(second.run).click({ button: "right" });
        await item("Register Model…").click();
        const deploy = page.locator(".jp-Dialog", { hasText: `Deploy ${second.name}` });
        await deploy.getByRole("button", { name: "Cancel" }).click();
        await deploy.waitFor({ state: "detached" });
        await row(second.run).click({ button: "right" });
        await item("Copy as Cell").click();
        await holds(async () => assert.match(await pasted(), /ml\.gaussianNB/)); // its code comes from the service
      },
    },
    {
      name: "links: a table, a comparison and a dataset are opened as they were shown, and are so after a reload",
      async run() {
        await closeAll();
        const [{ id: one }] = await named(`menu ${stamp} 1`);
        const [{ id: other }] = await named(`menu ${stamp} 2`);
        const filter = `name like 'menu ${stamp}%'`;
        const asked = new URLSearchParams({
          filter,
          sort: "-name",
          columns: JSON.stringify(["name", "algorithm"]),
          pinned: "[]",
        });
        await lab.visit(`#assay=open-experiments&${asked}`);
        const isShown = async () => {
          await foot(/^2 runs/);
          await holds(async () => assert.equal(await filterField().inputValue(), filter));
          await table().locator('th[aria-sort="descending"] [data-sort="name"]').waitFor();
          await holds(async () => {
            const titles = await table().locator("thead [data-sort]").all();
            assert.deepEqual(await Promise.all(titles.map((each) => each.getAttribute("data-sort"))), ["name", "algorithm"]);
          });
          await holds(async () => assert.deepEqual(await lab.names(), [`menu ${stamp} 2`, `menu ${stamp} 1`]));
        };
        await isShown();
        await holds(async () => assert.equal(new URL(page.url()).hash, ""));
        await lab.visit(`#assay=compare-runs&ids=${encodeURIComponent(JSON.stringify([one, other]))}&baseline=${other}`);
        const baseline = () => page.locator('.jp-AssayCompare:visible select[name="baseline"]');
        await baseline().waitFor();
        await holds(async () => assert.equal(await baseline().inputValue(), other));
        await lab.visit(`#assay=open-dataset&id=${await datasetId("flowers")}&tab=splits`);
        const tab = () => page.locator('.jp-AssayDataset:visible [role="tab"][aria-selected="true"]');
        await page.locator('.jp-AssayDataset:visible [role="tab"][aria-selected="true"]', { hasText: "Splits" }).waitFor();
        await page.locator(".jp-AssayDataset:visible").getByRole("tab", { name: "Charts" }).click();
        // nothing but a document is opened by a link
        await lab.visit(`#assay=delete-runs&ids=${encodeURIComponent(JSON.stringify([one]))}`);
        assert.equal((await named(`menu ${stamp} 1`)).length, 1);
        await lab.kept('"tab": "charts"');
        await lab.reload();
        await tab().getByText("Charts").waitFor();
        await lab.open("assay:compare-runs", { ids: [one, other] });
        await baseline().waitFor();
        await holds(async () => assert.equal(await baseline().inputValue(), other));
        await lab.open("assay:open-experiments");
        await isShown();
        await lab.shot("link-restored");
        // the link of what is shown now is the one that was followed
        await page.locator('.lm-TabBar-tab[data-assay="document"]', { hasText: "Experiments" }).click({ button: "right" });
        await menu().locator(".lm-Menu-item", { hasText: "Copy Link" }).click();
        await toast("The link is in the clipboard.").waitFor();
        const link = new URL(await pasted());
        assert.equal(link.search, "");
        assert.deepEqual(new URLSearchParams(link.hash.slice(1)).get("filter"), filter);
        assert.deepEqual(new URLSearchParams(link.hash.slice(1)).get("sort"), "-name");
        assert.deepEqual(new URLSearchParams(link.hash.slice(1)).get("columns"), '["name","algorithm"]');
      },
    },
  ];
}
