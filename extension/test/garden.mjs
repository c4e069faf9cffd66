import { fileURLToPath } from "node:url";

/** The table that the model is trained on. */
export const flowers = fileURLToPath(new URL("fixtures/flowers.csv", import.meta.url));

/** One row as people ask for it. */
export const usual = { petal_length: 1.5, petal_width: 0.3, habitat: "meadow" };

/** The garden's dataset and model of one run of the suite, in an open JupyterLab. */
export function gardenOf({ page, lab, stamp }) {
  const name = `garden-${stamp}`;
  const model = () => page.locator(".jp-AssayModel:visible");
  return {
    stamp,
    data: `garden ${stamp}`,
    name,
    model,
    test: () => page.locator(".jp-AssayAbTest:visible"),
    dialog: () => page.locator(".jp-Dialog"),
    version: (number) => model().locator(`tr[data-version="${number}"]`),
    predict: (body) => lab.post("models/predict", body),

    async openModel(tab) {
      await lab.open("assay:open-model", { name, tab });
      await model().locator(`[role="tab"][aria-selected="true"][id$="-${tab}"]`).waitFor();
    },
  };
}
