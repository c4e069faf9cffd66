// New Experiment and Run: what a form starts, and what a run tells.
import { strict as assert } from "node:assert";
import { holds } from "./pages.mjs";

/** The journeys in order; flowers and houses are there from earlier ones. */
export function newExperimentTests({ page, lab, stamp }) {
  const form = () => page.locator(".jp-AssayNew:visible");
  const run = () => page.locator(".jp-AssayRun:visible");
  const start = async (dataset, algorithm, name) => {
    await lab.newExperiment();
    await lab.choose("dataset", new RegExp(`^${dataset} ·`));
    await lab.algorithm(algorithm);
    await form().locator('input[name="run_name"]').fill(name);
  };
  const completed = () => page.locator('.jp-AssayRun[data-status="completed"]:visible').waitFor();
  const named = async (name) => (await lab.get("experiments/list?limit=50")).items.filter((each) => each.name === name);

  return [
    {
      name: "experiment: an algorithm is found by a word of its sentence, by keyboard alone",
      async run() {
        await lab.newExperiment();
        await lab.choose("dataset", /^flowers ·/);
        const field = form().locator('input[name="algorithm"]');
        await field.fill("mean of many trees");
        await form().locator('[data-algorithm="random_forest"]', { hasText: "The mean of many trees" }).waitFor();
        await lab.shot("experiment-algorithms");
        await page.keyboard.press("ArrowDown");
        await page.keyboard.press("Enter");
        await form().locator('[role="listbox"]').waitFor({ state: "detached" });
      },
    },
    {
      name: "experiment: each class is counted, and the counts follow the shares",
      async run() {
        await start("flowers", "decision_tree", `counts ${stamp}`);
        const iris = form().locator('[data-class="iris"] td');
        await holds(async () => assert.deepEqual((await iris.allTextContents()).slice(1), ["50", "40", "10"]));
        await form().locator('input[name="test_size"]').fill("0.1");
        await form().locator('input[name="validation_size"]').fill("0.2");
        await page.waitForFunction(
          () => document.querySelector('.jp-AssayNew [data-class="iris"]')?.textContent.replaceAll(/\D/g, "") === "50355",
        );
      },
    },
    {
      name: "experiment: scaling, a choice of columns and early stopping are asked for, and no hyperparameter that is as it was",
      async run() {
        await start("flowers", "hist_gradient_boosting", `prepared ${stamp}`);
        await form().locator('select[name="scaling_method"]').selectOption("robust");
        await form().locator('select[name="feature_selection"]').selectOption("mutual_info");
        await form().locator('input[name="n_features"]').fill("2");
        await form().locator('select[name="early_stopping"]').selectOption("yes");
        await form().locator('input[name="early_stopping_patience"]').fill("3");
        await form().locator('[id="assay-param_max_depth"]').fill("4");
        await lab.shot("experiment-prepared");
        await lab.narrow(async () => {
          await form().locator('select[name="scaling_method"]').scrollIntoViewIfNeeded();
          await lab.shot("narrow-experiment-prepared");
          await lab.fits(form(), "the form");
        });
        const [request] = await Promise.all([
          page.waitForRequest((each) => each.method() === "POST" && new URL(each.url()).pathname.endsWith("/experiments/create")),
          lab.startTraining(),
        ]);
        const body = request.postDataJSON();
        assert.deepEqual(body.hyperparameters, { max_depth: 4 });
        assert.equal(body.scaling_method, "robust");
        assert.deepEqual(body.feature_selection, { method: "mutual_info", n_features: 2 });
        assert.deepEqual([body.early_stopping, body.early_stopping_patience], [true, 3]);
        await completed();
      },
    },
    {
      name: "experiment: the time is said as a range, and known from earlier runs",
      async run() {
        await start("flowers", "decision_tree", `estimate ${stamp}`);
        await form()
          .locator("[data-estimate]", { hasText: /^Takes about/ })
          .waitFor();
        await lab.startTraining();
        await completed();
        await start("flowers", "decision_tree", `estimate ${stamp}`);
        await form()
          .locator("[data-estimate]", { hasText: /from \d+ earlier run/ })
          .waitFor();
      },
    },
    {
      name: "experiment: a slider over the logarithm sets the number beside it",
      async run() {
        await start("flowers", "hist_gradient_boosting", `slider ${stamp}`);
        const rate = form().locator('[id="assay-param_learning_rate"]');
        const slider = form().getByRole("slider", { name: /^Learning rate, by its logarithm/ });
        await slider.focus();
        await page.keyboard.press("Home");
        const low = Number(await rate.inputValue());
        await page.keyboard.press("End");
        await holds(async () => assert.ok(low > 0 && Number(await rate.inputValue()) >= 10 * low));
        await rate.fill("0.25");
        await lab.startTraining();
        await run().locator('[data-name="learning_rate"] dd', { hasText: "0.25" }).waitFor();
      },
    },
    {
      name: "experiment: a form is kept as a template, and fills another form",
      async run() {
        const name = `template ${stamp}`;
        await start("flowers", "decision_tree", name);
        await form().locator('input[name="random_seed"]').fill("7");
        await form().locator('button[name="save_template"]').click();
        await page.locator(".jp-Dialog").getByLabel("Name").fill(name);
        await page.locator(".jp-Dialog .jp-mod-accept").click();
        await form().locator('select[name="template"]').waitFor();
        await lab.newExperiment();
        await lab.choose("template", new RegExp(`^${name}$`));
        await form().locator('input[name="algorithm"][data-value="decision_tree"]').waitFor();
        await holds(async () => assert.equal(await form().locator('input[name="random_seed"]').inputValue(), "7"));
        await holds(async () => assert.equal(await form().locator('input[name="run_name"]').inputValue(), name));
      },
    },
    {
      name: "run: classes, worst predictions and the partial dependence on a column are told",
      async run() {
        const [{ id, name }] = await named(`estimate ${stamp}`);
        await lab.open("assay:open-run", { id, name });
        await holds(async () => assert.equal(await run().locator(".jp-AssayRun-classes tbody tr").count(), 3));
        await holds(async () => assert.ok((await run().locator(".jp-AssayRun-worst tbody tr").count()) > 0));
        await run().locator('select[name="dependence"]').selectOption("petal_length");
        await run().locator('[data-figure="dependence"] .main-svg').first().waitFor();
        await run().locator('select[name="dependence"]').scrollIntoViewIfNeeded();
        await lab.shot("run-dependence");
      },
    },
    {
      name: "run: a deleted run says so, and comes back",
      async run() {
        const [{ id }] = await named(`estimate ${stamp}`);
        await run().getByRole("button", { name: "Delete", exact: true }).click();
        await run().getByText("This run is deleted.").waitFor();
        assert.ok(!(await lab.get("experiments/list?limit=100")).items.some((each) => each.id === id));
        await run().getByRole("button", { name: "Undo" }).click();
        await run().getByText("This run is deleted.").waitFor({ state: "detached" });
        assert.ok((await lab.get("experiments/list?limit=100")).items.some((each) => each.id === id));
      },
    },
    {
      name: "commands: every one is assay:verb-noun and tells the schema of its arguments",
      async run() {
        const commands = await page.evaluate(async () => {
          const registry = window.jupyterapp.commands;
          const ids = registry.listCommands().filter((id) => /^assay/.test(id));
          return Promise.all(ids.map(async (id) => [id, (await registry.describedBy(id)).args?.type]));
        });
        assert.ok(commands.length > 15);
        for (const [id, type] of commands) {
          assert.match(id, /^assay:[a-z]+-[a-z-]+$/);
          assert.equal(type, "object", id);
        }
      },
    },
  ];
}
