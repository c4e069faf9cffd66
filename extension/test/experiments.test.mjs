// The journeys of Experiments and Compare: columns, conditions, groups, views, tags, baseline, undo, keys; curves, marks, a scatter.
import { strict as assert } from "node:assert";
import { dragAlong, holds } from "./pages.mjs";

const algorithms = ["random_forest", "lightgbm", "ridge"];

/** The journeys in order, on an open JupyterLab; later ones read what earlier ones made. */
export function experimentTests({ page, lab, stamp }) {
  const experiment = `survey ${stamp}`;
  const table = () => page.locator(".jp-AssayExperiments:visible");
  const compare = () => page.locator(".jp-AssayCompare:visible");
  const dialog = () => page.locator(".jp-Dialog");
  const row = (k) => table().locator(`tr[data-run="${runs[k].id}"]`);
  const box = (k) => page.getByLabel(`Select ${runs[k].name}`, { exact: true });
  const foot = (words) => table().locator(".jp-Assay-foot", { hasText: words }).waitFor();
  /** So many runs are told, and no others are drawn: those that were there before stay until they have come. */
  async function only(count) {
    await foot(new RegExp(`^${count} runs?\\b`));
    await holds(async () => assert.equal(await table().locator("tr[data-run]").count(), count));
  }
  const press = (name) => table().getByRole("button", { name, exact: true }).click();
  const runs = [];

  /** A run with parameters, a test metric, five folds and two curves. */
  async function tracked(k) {
    const score = 0.6 + 0.03 * k;
    const name = `survey ${k} ${stamp}`;
    const { run_id: id } = await lab.post("runs", {
      experiment,
      name,
      algorithm: algorithms[k % 3],
      task_type: "classification",
      dataset: "koi@3",
      params: { max_depth: k + 2, criterion: ["gini", "entropy"][k % 2], [`rate_${stamp}`]: 0.1 / (k + 1) },
      tags: { team: ["north", "south"][k % 2] },
    });
    const metrics = [{ name: "accuracy", split: "test", value: score }];
    for (let step = 0; step < 30; step++)
      metrics.push({ name: "loss", split: "train", step, value: 1 / (1 + step * (k + 1)) + 0.05 * (step % 2) });
    for (let step = 0; step < 5; step++) metrics.push({ name: "accuracy", split: "cv", step, value: score + 0.01 * (step - 2) });
    metrics.push({ name: "accuracy", split: "cv_mean", value: score });
    await lab.post(`runs/${id}/batch`, { metrics });
    await lab.post(`runs/${id}/finish`, { run_status: k === 5 ? "failed" : "completed" });
    return { id, name, score };
  }

  async function openTable() {
    await page.evaluate(() => {
      for (const widget of [...window.jupyterapp.shell.widgets("main")]) if (widget.id === "assay-experiments") widget.close();
    });
    await lab.open("assay:open-experiments");
    await page.getByLabel("Filter", { exact: true }).fill(`experiment = '${experiment}'`);
    await only(6);
  }

  const columnTexts = (id) => table().locator(`tbody [data-column="${id}"]`).allTextContents();

  return [
    {
      name: "experiments: a metric that no loaded run showed is found in the picker, shown, and stays at the left",
      async run() {
        for (let k = 0; k < 6; k++) runs.push(await tracked(k));
        await openTable();
        await press("Columns");
        await page.getByLabel("Find columns").fill("max_depth");
        await page.getByLabel("max_depth", { exact: true }).check();
        await page.getByLabel("Keep max_depth at the left").click();
        await lab.shot("experiments-columns");
        await page.keyboard.press("Escape");
        await holds(async () => assert.deepEqual((await columnTexts("params.max_depth")).map(Number).sort(), [2, 3, 4, 5, 6, 7]));
        const left = () =>
          row(0)
            .locator('[data-column="params.max_depth"]')
            .evaluate((cell) => cell.getBoundingClientRect().left);
        const before = await left();
        await table()
          .locator(".jp-Assay-scroller")
          .evaluate((node) => node.scrollBy(200, 0));
        assert.equal(await left(), before);
        await press("Columns");
        await page.getByLabel("Find columns").fill("max_depth");
        await page.getByLabel("Keep max_depth at the left").click();
        await page.keyboard.press("Escape");
      },
    },
    {
      name: "experiments: Shift and a title sort by it as well",
      async run() {
        await openTable();
        await table().locator('[data-sort="algorithm"]').click();
        await table()
          .locator('[data-sort="metrics.test.accuracy"]')
          .click({ modifiers: ["Shift"] });
        await table().locator('th[aria-sort="descending"] [data-sort="metrics.test.accuracy"]', { hasText: "▼2" }).waitFor();
        await page.waitForFunction(
          (wanted) => document.querySelectorAll(".jp-AssayExperiments tbody tr")[0]?.dataset.run === wanted,
          runs[4].id,
        );
        await holds(async () => {
          const shown = await columnTexts("algorithm");
          assert.equal(shown.length, 6);
          assert.deepEqual(shown, [...shown].sort());
        });
      },
    },
    {
      name: "experiments: conditions are put together without writing, and stand beside the written filter",
      async run() {
        await openTable();
        await press("Conditions");
        await page.getByRole("button", { name: "Add a condition" }).click();
        const condition = page.getByRole("group", { name: "Condition 1" });
        await condition.getByLabel("Field").fill("metrics.test.accuracy");
        await condition.getByLabel("Comparison").selectOption("between");
        await condition.getByLabel("Value").fill("0.62, 0.7");
        await only(3);
        await lab.shot("experiments-conditions");
        await page.getByRole("button", { name: "Remove condition 1" }).click();
        await only(6);
        await page.keyboard.press("Escape");
      },
    },
    {
      name: "experiments: runs are grouped by a tag, a group says its mean and opens",
      async run() {
        await openTable();
        await page.getByLabel("Group by").selectOption("tags.team");
        const north = table().locator('tr[data-group="north"]');
        await north.getByText(/3 runs · 3 completed/).waitFor();
        await north.getByRole("button").click();
        await row(0).waitFor();
        await holds(async () => assert.equal(await table().locator("tr[data-run]").count(), 3));
        await lab.shot("experiments-groups");
      },
    },
    {
      name: "experiments: tags and notes are changed in the table, and a filter finds them",
      async run() {
        await openTable();
        await press("Columns");
        await page.getByLabel("Find columns").fill("tags");
        await page.getByRole("checkbox", { name: "Tags and notes", exact: true }).check();
        await page.getByLabel("Keep Tags and notes at the left").click();
        await page.keyboard.press("Escape");
        await table().getByLabel(`Tags and notes of ${runs[1].name}: team=south`).click();
        const card = page.getByRole("dialog", { name: `Tags and notes of ${runs[1].name}` });
        await card.getByLabel("Tags").fill("team=south, draft");
        await card.getByLabel("Notes").fill("looks odd");
        await lab.shot("experiments-edit");
        await card.getByRole("button", { name: "Save" }).click();
        await card.waitFor({ state: "detached" });
        await row(1).getByText("draft", { exact: true }).waitFor();
        await page.getByLabel("Filter", { exact: true }).fill(`experiment = '${experiment}' and notes like '%odd%'`);
        await only(1);
      },
    },
    {
      name: "experiments: against a baseline the others show signed differences",
      async run() {
        await openTable();
        await box(2).check();
        await press("Baseline");
        await foot(`differences from ${runs[2].name}`);
        await row(4).locator('[data-column="metrics.test.accuracy"]', { hasText: "+0.06" }).waitFor();
        await row(0).locator('[data-column="metrics.test.accuracy"]', { hasText: "−0.06" }).waitFor();
        await lab.shot("experiments-baseline");
      },
    },
    {
      name: "experiments: chosen runs are tagged at once, deleted, and brought back",
      async run() {
        await openTable();
        await box(0).check();
        await box(3).check();
        await press("Tag…");
        await dialog().locator('input[name="set"]').fill("phase=two");
        await dialog().getByRole("button", { name: "Tag" }).click();
        await row(3).getByText("phase=two", { exact: true }).waitFor();
        const { experiment: changed } = await lab.get(`experiments/${runs[3].id}`);
        assert.equal(changed.tags.phase, "two");
        await press("Delete");
        await foot("2 runs deleted");
        await row(0).waitFor({ state: "detached" });
        await lab.shot("experiments-undo");
        await press("Undo");
        await row(0).waitFor();
      },
    },
    {
      name: "experiments: deleted runs are listed in their own right, and brought back from there",
      async run() {
        await openTable();
        await box(0).check();
        await press("Delete");
        await row(0).waitFor({ state: "detached" });
        await table().locator('input[name="deleted"]').check();
        await row(0).waitFor();
        await foot(/^1 deleted run/);
        assert.equal(await table().getByRole("button", { name: "Delete", exact: true }).count(), 0);
        await box(0).check();
        await lab.shot("experiments-deleted");
        await press("Restore");
        await table().getByText("No deleted runs.").or(table().getByText("No run fits the filter.")).waitFor();
        await table().locator('input[name="deleted"]').uncheck();
        await row(0).waitFor();
      },
    },
    {
      name: "experiments: where no run is chosen the first ones of the table are compared, also in 300 pixels",
      async run() {
        await openTable();
        await press("Compare the first 6");
        await compare().locator(".jp-Assay-figure .main-svg").first().waitFor();
        await lab.narrow(async () => {
          await lab.shot("narrow-compare");
          await lab.fits(compare(), "Compare");
        });
      },
    },
    {
      name: "experiments: a view is kept under a name and brings filter, order and columns back",
      async run() {
        await openTable();
        await table().locator('[data-sort="metrics.test.accuracy"]').click();
        await press("Views");
        await page.getByLabel("Name of the view").fill(`best ${stamp}`);
        await page.getByRole("button", { name: "Keep", exact: true }).click();
        await page.locator(`[data-view="best ${stamp}"]`).waitFor();
        await page.keyboard.press("Escape");
        await page.getByLabel("Filter", { exact: true }).fill("");
        await table().locator('[data-sort="name"]').click();
        await press("Views");
        await page.locator(`[data-view="best ${stamp}"] .jp-Assay-link`).click();
        await only(6);
        await table().locator('th[aria-sort="descending"] [data-sort="metrics.test.accuracy"]').waitFor();
        await press("Views");
        await page.getByLabel(`Delete the view best ${stamp}`).click();
        await page.locator(`[data-view="best ${stamp}"]`).waitFor({ state: "detached" });
        await page.keyboard.press("Escape");
      },
    },
    {
      name: "experiments: the table is a CSV file of every run that fits",
      async run() {
        await openTable();
        await press("Export");
        const { name, bytes } = await lab.downloaded(() =>
          page.getByRole("button", { name: "CSV of every run that fits" }).click(),
        );
        const lines = bytes.toString("utf8").trim().split("\r\n");
        assert.equal(name, "runs.csv");
        assert.equal(lines.length, 7);
        assert.ok(runs.every((run) => lines.some((line) => line.startsWith(run.id) && line.includes(String(run.score)))));
      },
    },
    {
      name: "experiments: arrow keys move in the table, Space chooses, Enter opens",
      async run() {
        await openTable();
        await table().locator("tbody .jp-Assay-link").first().focus();
        await page.keyboard.press("ArrowDown");
        await page.keyboard.press("ArrowLeft");
        const at = () => page.evaluate(placeInGrid);
        await holds(async () => assert.equal((await at()).row, 3, "the titles are the first row"));
        const { column } = await at();
        await page.keyboard.press("Space");
        await foot("1 selected");
        await page.keyboard.press("End");
        await page.waitForFunction((before) => {
          const cell = document.activeElement.closest("[aria-colindex]");
          return Number(cell?.getAttribute("aria-colindex")) > before;
        }, column);
        await page.keyboard.press("Control+Home");
        await page.waitForFunction(() => document.activeElement.closest('[aria-rowindex="2"] > [aria-colindex="1"]'));
        await page.keyboard.press("ArrowRight");
        await page.keyboard.press("ArrowRight");
        await page.keyboard.press("Enter");
        await page.locator(".jp-AssayRun:visible h1").waitFor();
      },
    },
    {
      name: "experiments: axe finds nothing wrong, in both themes and 300 pixels wide",
      async run() {
        await openTable();
        assert.deepEqual(await lab.violations(".jp-AssayExperiments"), []);
        await lab.theme("JupyterLab Dark");
        assert.deepEqual(await lab.violations(".jp-AssayExperiments"), []);
        await lab.shot("experiments-dark");
        await lab.narrow(async () => {
          await lab.fits(table(), "the panel");
          await lab.shot("experiments-narrow");
        });
        await lab.theme("JupyterLab Light");
      },
    },
    {
      name: "compare: bars with the folds' spread, curves smoothed and by seconds, importance, a scatter",
      async run() {
        await lab.open("assay:compare-runs", { ids: runs.map(({ id }) => id) });
        await compare().locator('[data-figure="parallel"] canvas').first().waitFor();
        await compare().locator('[data-bars="cv_mean.accuracy"] .errorbar').first().waitFor();
        await compare().locator('[data-figure="importance"] .bars').first().waitFor();
        await compare().getByLabel("Across").selectOption("max_depth");
        await compare().locator('[data-figure="scatter"] .xtitle', { hasText: "max_depth" }).waitFor();
        await compare()
          .getByLabel(/^Smoothing/)
          .fill("0.9");
        await compare().locator('[data-curves="loss"] .scatterlayer .trace').nth(11).waitFor({ state: "attached" }); // six and their smoothed ones
        await compare().getByLabel("Axis of the curves").selectOption("elapsed");
        await compare().locator('[data-curves="loss"] .xtitle', { hasText: "seconds" }).waitFor();
        await lab.shot("compare-runs");
      },
    },
    {
      name: "compare: a run has its colour in the table, bars and curves; a third axis colours the scatter, with contours",
      async run() {
        await lab.open("assay:compare-runs", { ids: runs.map(({ id }) => id) });
        const fillsOf = (selector) =>
          compare()
            .locator(selector)
            .evaluateAll((all) => all.map((each) => getComputedStyle(each).fill));
        await compare().locator("th[data-run] .jp-Assay-swatch").nth(5).waitFor();
        const swatches = await compare()
          .locator("th[data-run] .jp-Assay-swatch")
          .evaluateAll((all) => all.map((each) => getComputedStyle(each).backgroundColor));
        assert.ok(new Set(swatches).size >= 3, `six runs of ${swatches}`); // one hue has three tones
        await holds(async () => assert.deepEqual(await fillsOf('[data-bars="test.accuracy"] .barlayer .point path'), swatches));
        const scatter = compare().locator('[data-figure="scatter"]');
        await scatter.getByLabel("Up").selectOption(`rate_${stamp}`);
        await scatter.getByLabel("Coloured by").selectOption("test.accuracy");
        await scatter.locator(".contourlayer .contourfill").first().waitFor({ state: "attached" });
        await scatter.scrollIntoViewIfNeeded();
        await lab.shot("compare-contour");
        await scatter.getByLabel("Contours").uncheck();
        await scatter.locator(".contourlayer .contourfill").first().waitFor({ state: "detached" });
        await openTable();
        const first = swatches[0];
        const listed = await row(0)
          .locator(".jp-Assay-swatch")
          .evaluate((each) => getComputedStyle(each).backgroundColor);
        assert.equal(listed, first, "the first run of its hue has the same colour in the table of runs");
      },
    },
    {
      name: "compare: a mark on an axis keeps only those runs in the table",
      async run() {
        await lab.open("assay:compare-runs", { ids: runs.map(({ id }) => id) });
        await dragAlong(compare().locator('[data-figure="parallel"] .axis-brush .background').first(), 0.25, 0.8);
        await compare()
          .getByText(/of 6 runs, marked by/)
          .waitFor();
        const shown = Number(await compare().getAttribute("data-shown"));
        assert.ok(shown < 6);
        await holds(async () =>
          assert.equal(await compare().locator(".jp-AssayCompare-table thead th[data-run]").count(), shown),
        );
        await lab.shot("compare-marked");
      },
    },
    {
      name: "compare: axe finds nothing wrong, in the dark theme and 300 pixels wide",
      async run() {
        await lab.theme("JupyterLab Dark");
        await lab.open("assay:compare-runs", { ids: runs.map(({ id }) => id) });
        await compare().locator(".main-svg").first().waitFor();
        assert.deepEqual(await lab.violations(".jp-AssayCompare"), []);
        await lab.shot("compare-dark");
        await lab.narrow(async () => {
          await lab.fits(compare(), "the panel");
          await lab.shot("compare-narrow");
        });
        await lab.theme("JupyterLab Light");
      },
    },
  ];
}

/** Runs in the page: where the focus stands in a grid, both counted from 1. */
function placeInGrid() {
  const cell = document.activeElement.closest("[aria-colindex]");
  const row = cell?.closest("[aria-rowindex]");
  return { row: Number(row?.getAttribute("aria-rowindex")), column: Number(cell?.getAttribute("aria-colindex")) };
}
