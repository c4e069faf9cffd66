// The journeys of the registry: models, versions, aliases, from the panels alone where a panel can do it; on the way those of what is done with a model.
import { strict as assert } from "node:assert";
import { readFile } from "node:fs/promises";
import { abTests } from "./ab-tests.test.mjs";
import { flowers, gardenOf } from "./garden.mjs";
import { monitoringTests } from "./monitoring.test.mjs";
import { holds } from "./pages.mjs";
import { predictionTests } from "./predictions.test.mjs";

/** The journeys in order, on an open JupyterLab; later ones read what earlier ones made. */
export function modelTests({ page, lab, stamp }) {
  const garden = gardenOf({ page, lab, stamp });
  const { data, name, model, test, dialog, version, openModel } = garden;
  const models = () => page.locator(".jp-AssayModels:visible");
  const runs = [];

  /** Trains on the flowers and waits in the run's document. */
  async function trained(algorithm, hyperparameters) {
    const { experiment_id: id } = await lab.post("experiments/create", {
      name: "garden",
      run_name: `${algorithm} garden ${stamp}`,
      dataset_id: data,
      target_column: "species",
      algorithm,
      hyperparameters,
    });
    await lab.open("assay:open-run", { id, name: algorithm });
    await page.locator('.jp-AssayRun[data-status="completed"]:visible').waitFor();
    return id;
  }

  return [
    {
      name: "models: the empty registry says how to begin, and a run is deployed from its document",
      async run() {
        await lab.open("assay:open-models");
        const { items } = await lab.get("models/deployed");
        if (items.length === 0) {
          await models().getByText("No models yet.").waitFor();
          await lab.shot("models-empty");
        }
        await lab.send(
          "datasets/upload",
          { name: data },
          { name: "garden.csv", type: "text/csv", bytes: await readFile(flowers) },
        );
        runs.push(await trained("decision_tree", { max_depth: 2 }));
        await page.locator(".jp-AssayRun:visible").getByRole("button", { name: "Deploy…" }).click();
        await page.locator('.jp-Assay-form input[name="model_name"]').fill(name);
        await dialog().getByRole("button", { name: "Deploy" }).click();
        await dialog().waitFor({ state: "detached" });
        runs.push(await trained("random_forest", { n_estimators: 20 }));
        await lab.post("models/deploy", { experiment_id: runs[1], model_name: name });
        await lab.post("models/deploy", { experiment_id: runs[0], model_name: name, description: "the first once more" });
        await lab.open("assay:open-models");
        const row = models().locator(`tr[data-model="${name}"]`);
        await row.getByText("3 versions").waitFor();
        await models().getByRole("searchbox").fill("no such model");
        await models().getByText("No model fits.").waitFor();
        await models().getByRole("searchbox").fill(name.slice(0, 8));
        await row.getByRole("button", { name }).click();
        await model().locator("h1", { hasText: name }).waitFor();
      },
    },
    {
      name: "models: a version is promoted with its checks before it, and is in production in the list at once",
      async run() {
        await openModel("versions");
        await version("1.0.0").getByRole("button", { name: "Promote 1.0.0" }).click();
        await dialog().locator('[data-check="file"][data-passed="true"]').waitFor();
        await lab.shot("model-promote");
        await dialog().locator('textarea[name="reason"]').fill("best of the first runs");
        await dialog().getByRole("button", { name: "Promote" }).click();
        await version("1.0.0").locator('[data-status="production"]').waitFor();
        await model().getByText("1.0.0 is in production").waitFor();
        await model().getByText("best of the first runs").waitFor();
        await lab.open("assay:open-models");
        await models().locator(`tr[data-model="${name}"] [data-production="1.0.0"]`).waitFor();
      },
    },
    {
      name: "models: a required check that fails refuses a promotion, which an owner forces with a reason",
      async run() {
        await openModel("settings");
        await model().locator('input[name="required"]').check();
        await model().locator('select[name="check_metric"]').selectOption("test.log_loss");
        await model().locator('input[name="max_drop"]').fill("0");
        await lab.shot("model-settings");
        await model().getByRole("button", { name: "Save" }).click();
        await model().getByText("Everything is saved.").waitFor();
        await lab.post(`models/${name}@1.1.0/promote`, { force: true, reason: "better in cross-validation" });
        await openModel("versions");
        await version("1.1.0").locator('[data-status="production"]').waitFor();
        await version("1.2.0").getByRole("button", { name: "Promote 1.2.0" }).click();
        await dialog().locator('[data-check="metric"]').waitFor();
        await lab.shot("model-check-metric");
        await dialog().getByRole("button", { name: "Cancel" }).click();
        await openModel("settings");
        await model().locator('input[name="required"]').uncheck();
        await model().locator('select[name="check_metric"]').selectOption("");
        await model().getByRole("button", { name: "Save" }).click();
        await model().getByText("Everything is saved.").waitFor();
      },
    },
    {
      name: "models: a version is rolled back, demoted and archived, each with its line in the history",
      async run() {
        await openModel("versions");
        await version("1.0.0").getByRole("button", { name: "Roll back 1.0.0" }).click();
        await dialog().getByText("1.1.0: production → archived; it can be put back").waitFor();
        await dialog().locator('textarea[name="reason"]').fill("complaints");
        await dialog().getByRole("button", { name: "Roll back" }).click();
        await version("1.0.0").locator('[data-status="production"]').waitFor();
        await version("1.2.0").getByRole("button", { name: "1.2.0", exact: true }).click();
        await model().locator('.jp-AssayModel-details [data-move="archive"]').click();
        await dialog().getByRole("button", { name: "Archive" }).click();
        await version("1.2.0").locator('[data-status="archived"]').waitFor();
        await lab.shot("model-versions");
        await openModel("history");
        await model().locator('li[data-action="move"]', { hasText: "complaints" }).waitFor();
        await model().locator('li[data-action="settings"]').first().waitFor();
        await lab.shot("model-history");
      },
    },
    {
      name: "models: on the board a version is moved by the arrow keys and by dragging it",
      async run() {
        await openModel("versions");
        await model().getByRole("button", { name: "Board" }).click();
        const card = (status) => model().locator(`[data-column="${status}"] [data-card="1.2.0"]`);
        await card("archived").focus();
        await page.keyboard.press("ArrowLeft");
        await dialog().getByText("1.2.0: archived → production").waitFor();
        await dialog().getByRole("button", { name: "Cancel" }).click();
        await card("archived").dragTo(model().locator('[data-column="staged"]'));
        await dialog().getByText("1.2.0: archived → staged").waitFor();
        await dialog().getByRole("button", { name: "Promote" }).click();
        await card("staged").waitFor();
        await lab.shot("model-board");
        await card("staged").dragTo(model().locator('[data-column="archived"]'));
        await dialog().getByRole("button", { name: "Archive" }).click();
        await card("archived").waitFor();
        await model().getByRole("button", { name: "Table" }).click();
      },
    },
    {
      name: "models: aliases are set, moved, protected and removed",
      async run() {
        await openModel("versions");
        await model().locator('input[name="alias"]').fill("9 lives");
        await holds(async () => assert.ok(await model().getByRole("button", { name: "Set alias" }).isDisabled()));
        await model().locator('input[name="alias"]').fill("champion");
        await model().locator('select[name="alias_version"]').selectOption("1.0.0");
        await model().getByRole("button", { name: "Set alias" }).click();
        const champion = model().locator('[data-alias="champion"]');
        await champion.waitFor();
        await champion.locator("select").selectOption("1.1.0");
        await version("1.1.0").locator(".jp-Assay-chip", { hasText: "champion" }).waitFor();
        await champion.getByRole("checkbox").click();
        await champion.getByRole("checkbox", { checked: true }).waitFor();
        assert.equal((await lab.get(`models/${name}/aliases`)).items[0].protected, true);
        await model().locator('input[name="alias"]').fill("spare");
        await model().getByRole("button", { name: "Set alias" }).click();
        await model().getByRole("button", { name: "Remove alias spare" }).click();
        await model().locator('[data-alias="spare"]').waitFor({ state: "detached" });
      },
    },
    {
      name: "models: versions are compared side by side, and measured on one dataset",
      async run() {
        await openModel("versions");
        await model().getByLabel("Choose version 1.0.0").check();
        await model().getByLabel("Choose version 1.1.0").check();
        await model().getByRole("button", { name: "Compare (2)" }).click();
        await model().locator('.jp-AssayModel-beside tr[data-row="algorithm"]').waitFor();
        await model().locator('.jp-AssayModel-beside td[data-best="true"]').first().waitFor();
        await lab.shot("model-compare");
        await model().getByRole("button", { name: "Benchmark (2)…" }).click();
        await model().getByRole("button", { name: "Measure" }).click();
        await model().locator("[data-benchmark] tbody tr").nth(1).waitFor();
        await lab.shot("model-benchmark");
      },
    },
    ...predictionTests({ lab, garden }),
    ...abTests({ page, lab, garden }),
    ...monitoringTests({ page, lab, garden }),
    {
      name: "models: a version is downloaded, and one that is held is not deleted but says by what",
      async run() {
        await openModel("versions");
        await version("1.1.0").getByRole("button", { name: "1.1.0", exact: true }).click();
        const file = await lab.downloaded(() =>
          model().locator(".jp-AssayModel-details").getByRole("button", { name: "Download" }).click(),
        );
        assert.equal(file.name, `${name}-1.1.0.assay`);
        assert.ok(file.bytes.length > 100);
        await model().getByRole("button", { name: "Delete…" }).click();
        await dialog().getByRole("button", { name: "Delete" }).click();
        await model()
          .locator(".jp-Assay-failure", { hasText: /alias "champion" points at it/ })
          .waitFor();
        await lab.shot("model-held");
        await version("1.2.0").getByRole("button", { name: "1.2.0", exact: true }).click();
        await model().getByRole("button", { name: "Delete…" }).click();
        await dialog().getByRole("button", { name: "Delete" }).click();
        await version("1.2.0").waitFor({ state: "detached" });
      },
    },
    {
      name: "models: the model's document is back after a reload, at the tab it was asked for",
      async run() {
        await openModel("history");
        await lab.isCurrent(`assay-open-model:assay-model-${name}`);
        await lab.reload();
        await page.locator(`[id="assay-model-${name}"]`).waitFor({ state: "attached" });
        await openModel("try");
      },
    },
    {
      name: "models: tabs and moves are reached by keyboard, each control has a name, and 300 dark pixels are enough",
      async run() {
        await openModel("versions");
        const tab = model().locator('[role="tab"][aria-selected="true"]');
        await tab.focus();
        await page.keyboard.press("ArrowRight");
        await model().locator('[role="tab"][aria-selected="true"][id$="-try"]').waitFor();
        await holds(async () => assert.equal(await page.evaluate(() => document.activeElement.id.endsWith("-try")), true));
        await lab.theme("JupyterLab Dark");
        for (const each of ["versions", "try", "files", "ab", "monitoring", "history", "settings"]) {
          await openModel(each);
          await model().locator(".jp-Assay-loading").first().waitFor({ state: "detached" });
          const nameless = await model().evaluate((node) =>
            [...node.querySelectorAll("button, input:not([hidden]), select, textarea")]
              .filter(
                (each) => !(each.getAttribute("aria-label") || each.labels?.length || each.textContent.trim() || each.title),
              )
              .map((each) => each.outerHTML),
          );
          assert.deepEqual(nameless, []);
          await lab.shot(`dark-model-${each}`);
          await lab.fitsNarrow(model(), `dark-model-${each}`);
        }
        await lab.open("assay:open-ab-test", { id: `bouquet ${stamp}`, name: "bouquet" });
        await lab.shot("dark-ab-test");
        await lab.fitsNarrow(test(), "dark-ab-test");
        await lab.open("assay:open-models");
        await models().locator(`tr[data-model="${name}"]`).waitFor();
        await lab.shot("dark-models");
        await lab.fitsNarrow(models(), "dark-models");
        await lab.open("assay:open-alerts");
        await lab.shot("dark-alerts");
        await lab.theme("JupyterLab Light");
      },
    },
  ];
}
