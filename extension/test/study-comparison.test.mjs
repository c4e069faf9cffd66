// The journeys of studies beside each other: chosen in the list, in one figure; and the contours of one study's values.
import { strict as assert } from "node:assert";
import { journalOf } from "./journal.mjs";
import { holds } from "./pages.mjs";

/** The journeys in order, on an open JupyterLab. */
export function studyComparisonTests({ page, lab, stamp }) {
  const study = () => page.locator(".jp-AssayStudy:visible");

  return [
    {
      name: "studies: chosen ones stand in one figure, each in its colour, by trial and by seconds",
      async run() {
        for (const [name, directions, trials] of [
          ["few", ["minimize"], 60],
          ["more", ["minimize"], 300],
          ["both", ["minimize", "maximize"], 20],
        ]) {
          const bytes = Buffer.from(journalOf({ name: `${name} ${stamp}`, directions, trials }));
          await lab.send("import", { source: "optuna" }, { name: "study.log", type: "text/plain", bytes });
        }
        await lab.open("assay:open-studies");
        const list = page.locator(".jp-AssayStudies:visible");
        const choose = (name) => list.getByLabel(`Choose ${name} ${stamp}`, { exact: true }).check();
        for (const name of ["few", "more", "both"]) await choose(name);
        await lab.shot("studies-chosen");
        await list.getByRole("button", { name: "Compare (3)" }).click();
        const compared = page.locator(".jp-AssayStudyComparison:visible");
        await compared.getByText(`it has several objectives: both ${stamp}`).waitFor();
        await compared.locator("[data-best] .scatterlayer .trace").nth(1).waitFor({ state: "attached" });
        await compared.locator("[data-best] .xtitle", { hasText: "trial" }).waitFor();
        const drawnIn = (name) => compared.locator(`tr[data-study="${name} ${stamp}"] .jp-Assay-swatch`).evaluate(colorIn);
        const lines = () =>
          compared
            .locator("[data-best] .scatterlayer .trace .js-line")
            .evaluateAll((all) => all.map((each) => each.style.stroke));
        await holds(async () =>
          assert.deepEqual(await lines(), [await drawnIn("more"), await drawnIn("few")], "the newest stands first"),
        );
        await compared.getByLabel("Axis of the history").selectOption("seconds");
        await compared.locator("[data-best] .xtitle", { hasText: "seconds" }).waitFor();
        await compared.getByLabel("Logarithmic").check();
        await lab.shot("studies-compared");
        await lab.theme("JupyterLab Dark");
        await lab.shot("dark-studies-compared");
        await lab.theme("JupyterLab Light");
        await compared.getByRole("button", { name: `few ${stamp}` }).click();
        await study()
          .locator("h1", { hasText: `few ${stamp}` })
          .waitFor();
      },
    },
    {
      name: "studies: the value lies between the trials as contours over two parameters of numbers, and not over words",
      async run() {
        await lab.open("assay:open-study", { id: `few ${stamp}`, name: "few" });
        await study().getByText("Two parameters, distribution, timeline").click();
        const pair = study().locator('[data-figure="pair"]');
        await pair.locator(".contourlayer .contourfill").first().waitFor({ state: "attached" });
        await lab.shot("study-contour");
        await pair.getByLabel("Contours").uncheck();
        await pair.locator(".contourlayer .contourfill").first().waitFor({ state: "detached" });
        await pair.getByLabel("Up").selectOption("kind");
        await pair.locator(".ytitle", { hasText: "kind" }).waitFor();
        await holds(async () => assert.ok(await pair.getByLabel("Contours").isDisabled()));
      },
    },
  ];
}

/** Runs in the page: the colour of a swatch, as figures write it. */
function colorIn(swatch) {
  return getComputedStyle(swatch).backgroundColor;
}
