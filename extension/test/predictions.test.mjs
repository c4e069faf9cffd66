// The journeys of predictions: one row, a pasted table, a file.
import { strict as assert } from "node:assert";
import { readFile } from "node:fs/promises";
import { flowers } from "./garden.mjs";
import { holds } from "./pages.mjs";

/** The journeys on the garden's model. */
export function predictionTests({ lab, garden }) {
  const { model, openModel } = garden;
  return [
    {
      name: "models: one row is predicted with its probabilities, its source, and the request for other places",
      async run() {
        await openModel("try");
        await model().locator('select[name="tried_version"]').selectOption("1.0.0");
        await model().locator('input[name="petal_length"][placeholder*="…"]').waitFor();
        await model().getByRole("button", { name: "Fill in a typical row" }).click();
        await model().locator('input[name="petal_length"]').fill("99");
        await model()
          .getByText(/the training data holds/)
          .waitFor();
        await model().locator('input[name="petal_length"]').fill("1.5");
        await model().locator('input[name="petal_width"]').fill("0.3");
        await model().locator('select[name="habitat"]').selectOption("meadow");
        await model().getByRole("button", { name: "Predict", exact: true }).click();
        assert.ok(["iris", "lily", "tulip"].includes(await model().locator("output").textContent()));
        await holds(async () => assert.equal(await model().locator(".jp-AssayTry-shares > div").count(), 3));
        await model().locator('[data-source="advanced"]').waitFor();
        await model().locator(".jp-AssayTry-request summary").click();
        assert.match(await model().locator('[data-request="cell"]').textContent(), /lab\.registry\.predict\("garden-/);
        await lab.shot("model-try");
        await model().getByRole("button", { name: "curl" }).click();
        const curl = await model().locator('[data-request="curl"]').textContent();
        assert.match(curl, /api\/ml\/models\/predict'/);
        assert.doesNotMatch(curl, /token [^$]/);
        await model().getByRole("button", { name: "Insert as cell" }).click();
      },
    },
    {
      name: "models: a pasted table is predicted row by row, and a ragged one is refused with its line",
      async run() {
        await openModel("try");
        await model().getByLabel("A pasted table").check();
        await model().locator('textarea[name="rows"]').fill("petal_length\tpetal_width\thabitat\n1.5\t0.3\tmeadow\n3.1\t1.2\n");
        await model().getByRole("button", { name: "Predict", exact: true }).click();
        await model().getByText("line 3 has 2 cells, the first 3").waitFor();
        await model()
          .locator('textarea[name="rows"]')
          .fill('petal_length,petal_width,habitat\n1.5,0.3,meadow\n3.1,1.2,\n5.2,1.9,"meadow"\n');
        await model().getByRole("button", { name: "Predict", exact: true }).click();
        await model().locator("tr[data-answer]").nth(2).waitFor();
        await lab.shot("model-try-many");
        await model().locator('textarea[name="rows"]').fill("petal_length,petal_width,habitat\nwide,0.3,meadow\n");
        await model().getByRole("button", { name: "Predict", exact: true }).click();
        await model().getByText('field "petal_length" must be a number').waitFor();
      },
    },
    {
      name: "models: a file is predicted as a job, its answers are downloaded, and a bad line ends it with its number",
      async run() {
        await openModel("files");
        const input = model().locator('.jp-AssayFiles input[type="file"]');
        await input.setInputFiles({ name: "beds.csv", mimeType: "text/csv", buffer: await readFile(flowers) });
        const done = model().locator('[data-file="beds predicted.csv"][data-status="completed"]');
        await done.waitFor();
        const answers = await lab.downloaded(() => done.getByRole("button", { name: /^Download/ }).click());
        assert.equal(answers.name, "beds predicted.csv");
        assert.match(answers.bytes.toString(), /^petal_length,petal_width,habitat,species,prediction,/);
        assert.equal(answers.bytes.toString().trim().split("\n").length, 151);
        const bad = Buffer.from("petal_length,petal_width,habitat\n1.5,0.3,meadow\nwide,0.3,meadow\n");
        await input.setInputFiles({ name: "bad.csv", mimeType: "text/csv", buffer: bad });
        await model()
          .locator('[data-file="bad.csv"][data-status="failed"]', { hasText: /line 3/ })
          .waitFor();
        await model().locator('select[name="on_bad_row"]').selectOption("skip");
        await input.setInputFiles({ name: "skipped.csv", mimeType: "text/csv", buffer: bad });
        await model().getByText("1 row has no answer").waitFor();
        await lab.shot("model-files");
      },
    },
  ];
}
