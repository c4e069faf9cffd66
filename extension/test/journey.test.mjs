// The whole way by mouse: a file is uploaded, looked at, cleaned, trained on twice, compared, registered, promoted, and asked. Below whatever path
// the Jupyter server answers.
import { strict as assert } from "node:assert";
import { fileURLToPath } from "node:url";

const flowers = fileURLToPath(new URL("fixtures/flowers.csv", import.meta.url));

/** The journey, on an open JupyterLab at a base URL. */
export function journeyTests({ page, lab, stamp, baseUrl }) {
  const { pathname } = new URL(`${baseUrl}/`);
  const data = `journey ${stamp}`;
  const model = `journey-${stamp}`;
  const dialog = () => page.locator(".jp-Dialog");
  const shown = (kind) => page.locator(`.jp-Assay${kind}:visible`);

  /** Trains from the dataset's document and waits in the run's. */
  async function trained(algorithm) {
    await shown("Dataset").getByRole("button", { name: "New experiment" }).click();
    await shown("New").getByLabel("Target", { exact: true }).selectOption("species");
    await lab.algorithm(algorithm);
    const name = `journey ${algorithm} ${stamp}`;
    await shown("New").locator('input[name="run_name"]').fill(name);
    await lab.startTraining();
    await page.locator('.jp-AssayRun[data-status="completed"]:visible').waitFor();
    await shown("Run").locator("h1", { hasText: name }).waitFor();
    return name;
  }

  return [
    {
      name: `journey: from a file to a prediction by mouse, at ${pathname}`,
      async run() {
        const elsewhere = [];
        const watch = (request) => {
          const { pathname: path } = new URL(request.url());
          if (path.includes("/assay/api/") && !path.startsWith(`${pathname}assay/api/`)) elsewhere.push(path);
        };
        page.on("request", watch);

        await lab.open("assay:open-datasets");
        const file = { ...(await lab.file(flowers)), name: `${data}.csv`, mimeType: "text/csv" };
        await shown("Datasets").locator('input[type="file"]').setInputFiles(file);
        await shown("Dataset").locator('[data-column="petal_length"] svg').waitFor();

        await shown("Dataset").getByRole("tab", { name: "Clean" }).click();
        await shown("Dataset").locator('select[name="add_step"]').selectOption("impute");
        await shown("Dataset").locator('.jp-AssayDataset-preview[aria-busy="false"]').waitFor();
        await shown("Dataset").locator('button[name="apply"]').click();
        await shown("Dataset")
          .locator("h1", { hasText: `${data}@2` })
          .waitFor();

        const first = await trained("decision_tree");
        await lab.open("assay:open-dataset", { id: (await lab.get(`datasets/${encodeURIComponent(data)}`)).dataset.dataset_id });
        const second = await trained("gaussian_nb");

        await lab.open("assay:open-experiments");
        await page.getByLabel("Filter", { exact: true }).fill(`name = '${first}' or name = '${second}'`);
        for (const name of [first, second]) await page.getByLabel(`Select ${name}`, { exact: true }).check();
        await shown("Experiments").getByRole("button", { name: "Compare (2)" }).click();
        await shown("Compare").locator(".jp-AssayCompare-table tbody tr[data-differs]").first().waitFor();

        const { items } = await lab.get(`experiments/list?limit=1&filter=${encodeURIComponent(`name = '${first}'`)}`);
        await lab.open("assay:open-run", { id: items[0].id, name: first });
        await shown("Run").getByRole("button", { name: "Deploy…" }).click();
        await page.locator('.jp-Assay-form input[name="model_name"]').fill(model);
        await dialog().getByRole("button", { name: "Deploy" }).click();
        await dialog().waitFor({ state: "detached" });

        await lab.open("assay:open-models");
        await shown("Models").locator(`tr[data-model="${model}"]`).getByRole("button", { name: model }).click();
        await shown("Model").getByRole("button", { name: "Promote 1.0.0" }).click();
        await dialog().getByRole("button", { name: "Promote" }).click();
        await shown("Model").locator('tr[data-version="1.0.0"] [data-status="production"]').waitFor();

        await shown("Model").getByRole("tab", { name: "Try" }).click();
        await shown("Model").getByRole("button", { name: "Fill in a typical row" }).click();
        await shown("Model").getByRole("button", { name: "Predict", exact: true }).click();
        assert.ok(["iris", "lily", "tulip"].includes(await shown("Model").locator("output").textContent()));
        await lab.shot(`journey${pathname.replaceAll("/", "-")}`);

        page.off("request", watch);
        assert.deepEqual(elsewhere, [], `every request is below ${pathname}assay/api/`);
      },
    },
  ];
}
