// The journeys of A/B tests: from the form to the winner, drafts and shadows.
import { usual } from "./garden.mjs";

/** The journeys on two versions of the garden's model. */
export function abTests({ page, lab, garden }) {
  const { stamp, name, model, test, dialog, predict, openModel } = garden;
  return [
    {
      name: "models: an A/B test is made from the form, runs, shows its people and effect, and is stopped with its winner",
      async run() {
        await lab.post(`models/${name}@1.1.0/promote`, { reason: "for the test" });
        await openModel("ab");
        await model().getByText("No A/B tests yet.").waitFor();
        await model().getByRole("button", { name: "New A/B test…" }).click();
        await model().getByText("Give the test a name.").waitFor();
        await model().locator('input[name="test_name"]').fill(`bouquet ${stamp}`);
        await model().locator('input[name="metric_name"]').fill("bought");
        await model().locator(".jp-AssayAbNew-plan summary").click();
        await model().locator('input[name="plan_now"]').fill("0.2");
        await model().locator('input[name="plan_effect"]').fill("0.05");
        await model().getByRole("button", { name: "Reckon" }).click();
        await model()
          .getByText(/80 % power/)
          .waitFor();
        await model().getByRole("button", { name: "Add a guard-rail" }).click();
        await model().locator('input[name="metric_name"]').nth(1).fill("returned");
        await model().locator('select[name="metric_better"]').nth(1).selectOption("lower");
        await model().locator('input[name="margin"]').nth(1).fill("0.5");
        await lab.shot("ab-new");
        await model().locator('button[name="start"]').click();
        await page.locator('.jp-AssayAbTest[data-status="running"]:visible').waitFor();
        await lab.shot("ab-begun");
        const outcomes = [];
        for (let k = 0; k < 160; k++) {
          const { arm } = await predict({ ab_test_name: `bouquet ${stamp}`, features: usual, user_id: `person ${k}` });
          outcomes.push({ user_id: `person ${k}`, metric: "bought", value: arm === "b" ? k % 5 !== 0 : k % 5 === 0 });
        }
        await lab.post("outcomes", { outcomes });
        await test().locator('[data-fact="exposures_a"]').waitFor();
        await page.waitForFunction(() => {
          const people = [...document.querySelectorAll('.jp-AssayAbTest [data-fact^="exposures"] .jp-Assay-big')];
          return people.reduce((sum, node) => sum + Number(node.textContent), 0) === 160;
        });
        await test().locator('tr[data-metric="bought"][data-verdict="b"]').waitFor();
        await test().locator('tr[data-metric="returned"] [data-guardrail]').waitFor();
        await test().locator('[data-fact="mismatch"][data-mismatch="false"]').waitFor();
        await test().locator('[data-figure="bought"] .main-svg').first().waitFor();
        await lab.shot("ab-running");
        await test().getByRole("button", { name: "Stop the test…" }).click();
        await dialog().locator('input[name="winner"][value="b"]').check();
        await dialog().locator('textarea[name="reason"]').fill("B sells more");
        await lab.shot("ab-stop");
        await dialog().getByRole("button", { name: "Stop the test" }).click();
        await page.locator('.jp-AssayAbTest[data-status="stopped"]:visible').waitFor();
        await test()
          .getByText(/B answers from now on · B sells more/)
          .waitFor();
        await lab.open("assay:open-ab-tests");
        await page.locator(`.jp-AssayAbTests:visible tr[data-test="bouquet ${stamp}"]`, { hasText: "B won" }).waitFor();
      },
    },
    {
      name: "models: a draft is started and deleted, and a shadow test tells how B would have answered",
      async run() {
        await lab.open("assay:open-ab-tests");
        const list = page.locator(".jp-AssayAbTests:visible");
        await list.getByRole("button", { name: "New A/B test…" }).click();
        await list.locator('input[name="test_name"]').fill(`shade ${stamp}`);
        await list.locator('select[name="model_a"]').selectOption({ label: `${name}@1.0.0 (production)` });
        await list.locator('select[name="model_b"]').selectOption({ label: `${name}@1.1.0 (staged)` });
        await list.locator('input[name="shadow"]').check();
        await list.getByRole("button", { name: "Save as draft" }).click();
        await page.locator('.jp-AssayAbTest[data-status="draft"]:visible').waitFor();
        await test().getByRole("button", { name: "Start the test" }).click();
        await page.locator('.jp-AssayAbTest[data-status="running"]:visible').waitFor();
        for (let k = 0; k < 20; k++) await predict({ ab_test_name: `shade ${stamp}`, features: usual, user_id: `person ${k}` });
        await test().locator('[data-fact="requests"] dd', { hasText: "20" }).waitFor();
        await lab.shot("ab-shadow");
        await test().getByRole("button", { name: "Stop the test…" }).click();
        await dialog().getByRole("button", { name: "Stop the test" }).click();
        await test().getByRole("button", { name: "Delete…" }).click();
        await dialog().getByRole("button", { name: "Delete" }).click();
        await page.getByText(`shade ${stamp} is deleted.`).waitFor();
      },
    },
  ];
}
