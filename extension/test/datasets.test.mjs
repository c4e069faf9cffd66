// The Datasets panel's journeys: from a dirty file to a clean, split, versioned dataset by mouse and keyboard.
import { strict as assert } from "node:assert";
import { fixture, holds } from "./pages.mjs";

/** The journeys in order, on an open JupyterLab; later ones use datasets that earlier ones made. */
export function datasetTests({ page, lab, stamp }) {
  const panel = () => page.locator(".jp-AssayDataset:visible");
  const tab = (name) => panel().getByRole("tab", { name, exact: true }).click();
  const version = (number) => page.locator(`.jp-AssayDataset[data-version="${number}"]:visible`).waitFor();
  const name = (ending) => `wood ${stamp} ${ending}`;

  /** Sends a fixture under a name of this run, as the file browser's reader does, and opens what it became. */
  async function upload(file, as) {
    await lab.open("assay:open-datasets");
    const { buffer } = await lab.file(fixture(file));
    await page
      .locator('.jp-AssayDatasets:visible input[type="file"]')
      .setInputFiles({ name: as, mimeType: "application/octet-stream", buffer });
    await panel()
      .locator("h1", { hasText: as.replace(/\.\w+$/, "") })
      .waitFor();
  }

  async function addStep(step) {
    await panel().locator('select[name="add_step"]').selectOption(step);
    await panel().locator(`.jp-AssayDataset-steps [data-step="${step}"][aria-current="step"]`).waitFor();
  }

  /** How many rows the shown step touches, once its preview is there. */
  async function touched() {
    const preview = panel().locator('.jp-AssayDataset-preview[aria-busy="false"]');
    await preview.waitFor();
    return Number(await preview.getAttribute("data-touched"));
  }

  return [
    {
      name: "datasets: the empty list says how to begin, and a file that is none is refused with its line",
      async run() {
        await lab.open("assay:open-datasets");
        await page.locator('.jp-AssayDatasets:visible input[type="file"]').setInputFiles(fixture("ragged.csv"));
        await page.locator(".jp-AssayDatasets .jp-Assay-failure", { hasText: /line 3/ }).waitFor();
        await page.getByRole("button", { name: "Dismiss" }).click();
        await page.locator(".jp-AssayDatasets .jp-Assay-failure").waitFor({ state: "detached" });
        await lab.shot("datasets-list");
      },
    },
    {
      name: "datasets: a column that a step derives can be chosen by the next, and one that is left out cannot",
      async run() {
        await upload("dirty.csv", `${name("derived")}.csv`);
        await tab("Clean");
        await addStep("derive");
        await panel().locator('input[name="name"]').fill("double");
        await panel().locator('input[name="sql"]').fill("height * 2");
        await panel().locator('.jp-AssayDataset-changes [data-column="double"]').waitFor();
        await addStep("impute");
        await panel().locator(".jp-AssayDataset-pick summary").first().click();
        await panel().locator('input[name="columns double"]').check();
        await panel().locator(".jp-AssayDataset-pick summary", { hasText: "double" }).waitFor();
        await lab.shot("dataset-clean-derived");
      },
    },
    {
      name: "datasets: the list shows how much of the quota is used",
      async run() {
        // what still trains keeps more
        for (const status of ["queued", "running"])
          await holds(async () => assert.deepEqual((await lab.get(`jobs?job_status=${status}`)).items, []));
        const { used_bytes } = await lab.get("storage");
        await lab.put("storage", { quota_bytes: 4 * used_bytes });
        try {
          await lab.open("assay:open-models");
          await page.evaluate(() =>
            [...window.jupyterapp.shell.widgets("main")].find(({ id }) => id === "assay-datasets")?.close(),
          );
          await lab.open("assay:open-datasets");
          await page.locator(".jp-AssayDatasets-quota", { hasText: "25 % of the quota used" }).waitFor();
          await lab.shot("datasets-quota");
        } finally {
          await lab.put("storage", { quota_bytes: null });
        }
      },
    },
    {
      name: "datasets: a dirty CSV becomes clean, versioned and split by mouse alone",
      async run() {
        await upload("dirty.csv", `${name("csv")}.csv`);
        await panel().locator('[data-column="girth"]').waitFor();
        await panel().locator('select[name="target"]').selectOption("kind");
        await panel().locator('[data-column="kind"]', { hasText: "target" }).waitFor();
        await lab.shot("dataset-columns");

        await tab("Clean");
        await addStep("replace_markers");
        assert.ok((await touched()) > 5, "markers are found");
        await addStep("outliers");
        assert.equal(await touched(), 1, "one height is far out");
        await addStep("impute");
        const girth = panel().locator('.jp-AssayDataset-changes [data-column="girth"]');
        await girth.getByRole("img", { name: "girth before" }).waitFor();
        await girth.getByRole("img", { name: "girth after" }).waitFor();
        await lab.shot("dataset-clean");
        await panel().locator('button[name="apply"]').click();
        await version(2);

        await tab("Splits");
        await holds(async () => assert.equal(await panel().locator('select[name="stratify"]').inputValue(), "kind"));
        await panel().locator('select[name="shares"]').selectOption("60/20/20");
        await panel().locator('button[name="save_split"]').click();
        await panel().locator("[data-split]", { hasText: "96 training · 32 validation · 32 test" }).waitFor();
        await lab.shot("dataset-splits");
      },
    },
    {
      name: "datasets: versions are compared, and an earlier one is restored",
      async run() {
        await tab("Versions");
        await panel().locator('[data-diff="rows"]').waitFor();
        await panel().locator('[data-change="changed"]', { hasText: "girth" }).waitFor();
        await panel().locator('[data-version="2"] summary').click();
        await lab.shot("dataset-versions");
        await panel().getByRole("button", { name: "Restore version 1" }).click();
        await version(3);
        await panel().locator('tr[data-version="3"]', { hasText: "version 1 restored" }).waitFor();
        await panel().getByRole("button", { name: "Restore version 2" }).click();
        await version(4);
      },
    },
    {
      name: "datasets: every chart is drawn; a saved one is drawn again",
      async run() {
        await tab("Charts");
        for (const chart of ["histogram", "box", "scatter", "scatter_matrix", "correlation", "missing"]) {
          await panel().locator('select[name="chart"]').selectOption(chart);
          await panel().locator(".jp-Assay-figure .main-svg").first().waitFor();
          await lab.shot(`dataset-chart-${chart}`);
        }
        await panel().locator('select[name="chart"]').selectOption("outliers");
        await panel().locator(".jp-AssayDataset-outliers").waitFor();
        await panel().locator('select[name="chart"]').selectOption("histogram");
        await panel().locator('select[name="by"]').selectOption("kind");
        await panel().locator('input[name="chart_name"]').fill("heights");
        await panel().locator('button[name="save_chart"]').click();
        await panel().locator('[data-chart="heights"]').waitFor();
        await panel().locator('select[name="chart"]').selectOption("missing");
        await panel().locator('[data-chart="heights"]').getByRole("button", { name: "heights", exact: true }).click();
        await holds(async () => assert.equal(await panel().locator('select[name="chart"]').inputValue(), "histogram"));
        await holds(async () => assert.equal(await panel().locator('select[name="by"]').inputValue(), "kind"));
        await panel().locator(".jp-Assay-figure .main-svg").first().waitFor();
      },
    },
    {
      name: "datasets: a saved split goes into a new experiment",
      async run() {
        await tab("Splits");
        await panel().locator("[data-split]").first().getByRole("button", { name: "Train" }).click();
        await page.locator(".jp-AssayNew:visible").waitFor();
        const chosen = page.locator('.jp-AssayNew:visible select[name="split_id"]');
        await chosen.waitFor();
        await holds(async () => assert.notEqual(await chosen.inputValue(), ""));
        await lab.algorithm("dummy");
        await lab.startTraining();
        await page.locator('.jp-AssayRun[data-status="completed"]:visible').waitFor();
      },
    },
    ...["dirty.json", "dirty.arff"].map((file) => ({
      name: `datasets: ${file} becomes a dataset with drawn columns and rows`,
      async run() {
        const ending = file.split(".")[1];
        await upload(file, `${name(ending)}.${ending}`);
        await panel().locator('[data-column="height"] svg rect').first().waitFor();
        await tab("Rows");
        await panel().locator(".jp-AssayDataset-rows tbody tr").nth(49).waitFor();
        await panel().getByRole("button", { name: "Next" }).click();
        await panel().getByText("rows 50 to 59 of 60").waitFor();
      },
    })),
    {
      name: "datasets: a file of the file browser is opened as a dataset by right-click",
      async run() {
        await lab.write(`trees ${stamp}.csv`, fixture("dirty.csv"));
        await page.evaluate(() => window.jupyterapp.commands.execute("filebrowser:activate"));
        await page.evaluate(() => window.jupyterapp.commands.execute("filebrowser:refresh"));
        const item = page.locator(".jp-DirListing-item", { hasText: `trees ${stamp}.csv` });
        await item.click({ button: "right" });
        await page.locator(".lm-Menu").getByText("Open as Dataset", { exact: true }).click();
        await panel()
          .locator("h1", { hasText: `trees ${stamp}` })
          .waitFor();
        await lab.remove(`trees ${stamp}.csv`);
      },
    },
    {
      name: "datasets: the tabs are walked by arrow keys, a step is added by keyboard alone",
      async run() {
        await panel().getByRole("tab", { name: "Columns", exact: true }).focus();
        await page.keyboard.press("ArrowRight");
        await page.keyboard.press("ArrowRight");
        await holds(async () => assert.equal(await page.evaluate(() => document.activeElement.textContent), "Clean"));
        await panel().locator('select[name="add_step"]').waitFor();
        await page.keyboard.press("Tab");
        await holds(async () => assert.equal(await page.evaluate(() => document.activeElement.getAttribute("name")), "add_step"));
        assert.notEqual(await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle), "none");
        await page.keyboard.press("ArrowDown");
        await panel().locator(".jp-AssayDataset-steps li").first().waitFor();
      },
    },
    {
      name: "datasets: a dataset that a run was made from is deleted only when asked twice",
      async run() {
        await lab.open("assay:open-datasets");
        await page
          .getByRole("button", { name: `Delete ${name("csv")}`, exact: true })
          .locator("visible=true")
          .first()
          .click();
        const dialog = page.locator(".jp-Dialog");
        await dialog.getByRole("button", { name: "Delete" }).click();
        await dialog.getByText(/is used by 1 run/).waitFor();
        await dialog.getByRole("button", { name: "Delete" }).click();
        await page.locator(`.jp-AssayDatasets [data-dataset="${name("csv")}"]`).waitFor({ state: "detached" });
      },
    },
    {
      name: "datasets: dark theme and 300 pixels width keep everything in its place",
      async run() {
        await lab.theme("JupyterLab Dark");
        await lab.open("assay:open-datasets");
        await lab.shot("dark-datasets");
        await lab.fitsNarrow(page.locator(".jp-AssayDatasets:visible"), "dark-datasets");
        await page.locator(`.jp-AssayDatasets [data-dataset="${name("json")}"] .jp-Assay-link`).click();
        for (const each of ["Columns", "Rows", "Clean", "Charts", "Splits", "Versions"]) {
          await tab(each);
          if (each === "Clean") await addStep("impute");
          await lab.fitsNarrow(page.locator(".jp-AssayDataset:visible"), `dark-dataset-${each.toLowerCase()}`);
        }
        await lab.theme("JupyterLab Light");
      },
    },
  ];
}
