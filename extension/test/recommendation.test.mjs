// The recommendation flow: an application is made, versions of its dataset, recommenders on them, answers for somebody and what they made of them.
import { strict as assert } from "node:assert";
import { holds } from "./pages.mjs";

/** A small application; the service of the suite takes small datasets (ETL_MIN_TRAIN_MB). */
const size = { users: 300, items: 60, interactions: 8000, days: 120 };
/** Where the tables of the application are, as somebody names them who takes them for their own. */
const own = {
  schema: "travel",
  "users.table": "users",
  "users.columns.id": "uid",
  "items.table": "items",
  "items.columns.id": "id",
  "recommendations.table": "recommendations",
  "recommendations.columns.user": "user_id",
  "recommendations.columns.item": "item_id",
  "recommendations.columns.at": "shown_at",
  "recommendations.columns.viewed_at": "viewed_at",
  "recommendations.columns.clicked_at": "clicked_at",
  "recommendations.columns.booked_at": "booked_at",
};
/** The last is the one that the journeys behind are drawn in. */
const themes = ["JupyterLab Dark", "JupyterLab Dark High Contrast", "JupyterLab Light"];
const tabs = ["Versions", "New version", "Recommenders", "Recommend", "A/B test"];

/** The journeys in order, on an open JupyterLab; later ones read what earlier ones made. */
export function recommendationTests({ page, lab }) {
  const panel = () => page.locator(".jp-AssayRecommendations:visible");
  const card = (version) => panel().locator(`.jp-AssayRecommendations-card[data-version="${version}"]`);
  const answer = () => panel().locator(".jp-AssayRecommendations-answer");
  const runs = async () => (await lab.get("etl/runs")).items;

  async function openTab(title) {
    await lab.open("assay:open-recommendations");
    await panel().getByRole("tab", { name: title, exact: true }).click();
  }

  /** Waits until the run of a version has ended in a state; its steps are seen in its card. */
  const ended = (version, status) =>
    page
      .locator(`.jp-AssayRecommendations-card[data-version="${version}"][data-status="${status}"]`)
      .waitFor({ timeout: 120_000 });

  /** Asks in the panel, and answers the items that it shows, with who said them. */
  async function asked(user) {
    await panel().locator('input[name="user"]').fill(user);
    await panel().getByRole("button", { name: "Recommend", exact: true }).click();
    await page.waitForFunction(
      (wanted) => document.querySelector(".jp-AssayRecommendations-answer")?.dataset.user === wanted,
      user,
    );
    return shown();
  }
  const shown = () =>
    answer().evaluate((node) => ({
      source: node.dataset.source,
      items: [...node.querySelectorAll("tr[data-item]")].map(({ dataset }) => dataset.item),
    }));

  return [
    {
      name: "recommendations: the sidebar opens the flow, which says what to do first; a run without a source fails and says what is missing",
      async run() {
        await lab.closeAll();
        await page.evaluate(() => window.jupyterapp.shell.activateById("assay-sidebar"));
        await page.locator(".jp-AssaySidebar").getByRole("button", { name: "Recommendations", exact: true }).click();
        await panel().getByText("No dataset version yet.").waitFor();
        await lab.shot("recommendations-empty");
        await panel().getByRole("button", { name: "Make the first version" }).click();
        await panel().getByText("A version is never overwritten.").waitFor();
        await panel().getByRole("button", { name: "Make version 1.0" }).click();
        await ended("1.0", "failed");
        await card("1.0").locator(".jp-Assay-failure", { hasText: 'no tables in the schema "travel"' }).waitFor();
        await lab.shot("recommendations-failed");
      },
    },
    {
      name: "recommendations: an application is made as a job, and the failed run is resumed: ten steps with rows and time, checks, privacy",
      async run() {
        await openTab("New version");
        for (const [name, value] of Object.entries(size))
          await panel().locator(`input[name="source_${name}"]`).fill(String(value));
        await panel().getByRole("button", { name: "Make the application" }).click();
        await panel().locator('[data-job][data-status="completed"]').waitFor({ timeout: 120_000 });
        await lab.shot("recommendations-make");
        await lab.fitsNarrow(panel(), "recommendations-make");

        await openTab("Versions");
        await card("1.0").getByRole("button", { name: "Resume" }).click();
        await ended("1.0", "completed");
        await card("1.0").locator("tr[data-step]").first().waitFor();
        const [run] = await runs();
        assert.equal(run.steps.length, 10);
        await holds(async () => {
          const steps = await card("1.0")
            .locator("tr[data-step]")
            .evaluateAll((all) => all.map(({ dataset }) => [Number(dataset.step), dataset.status]));
          assert.deepEqual(
            steps,
            run.steps.map(({ step, step_status }) => [step, step_status]),
          );
          const passed = await card("1.0")
            .locator("tr[data-check]")
            .evaluateAll((all) => all.map(({ dataset }) => [dataset.check, dataset.passed]));
          assert.deepEqual(
            passed,
            run.checks.map((check) => [check.name, String(check.passed)]),
          );
        });
        await card("1.0").locator(`[data-privacy="${run.privacy.word}"]`).waitFor();
        await card("1.0").getByText("attempt 2").waitFor();
        await lab.shot("recommendations-version");
        await lab.fitsNarrow(panel(), "recommendations-version");
      },
    },
    {
      name: "recommendations: the quality report is shown in a frame in which nothing runs, and the rows are downloaded as Parquet",
      async run() {
        await openTab("Versions");
        await card("1.0").getByRole("button", { name: "Show the report" }).click();
        const frame = card("1.0").locator("iframe");
        await frame.scrollIntoViewIfNeeded();
        assert.equal(await frame.getAttribute("sandbox"), "");
        const report = frame.contentFrame();
        await report.getByRole("heading", { name: "Recommendation dataset 1.0" }).waitFor();
        await report.locator("svg").first().waitFor();
        await lab.shot("recommendations-report");
        await card("1.0").getByRole("button", { name: "Show the log" }).click();
        await card("1.0")
          .getByText(/step 10 export: .*rows/)
          .waitFor();
        const { name, bytes } = await lab.downloaded(() =>
          card("1.0")
            .getByRole("button", { name: /^Download recommendation_train@\d+ as Parquet$/ })
            .click(),
        );
        assert.equal(name, "train_v1.0.parquet");
        assert.equal(bytes.subarray(0, 4).toString(), "PAR1");
        await card("1.0").getByRole("button", { name: "Hide the report" }).click();
      },
    },
    {
      name: "recommendations: a version that exists is not made again, and a wrong mapping leads to its field",
      async run() {
        await openTab("New version");
        await panel().locator('input[name="version"]').fill("1.0");
        await panel().getByText("Version 1.0 exists and is never overwritten.").waitFor();
        assert.ok(await panel().locator('button[name="start"]').isDisabled());
        await panel().locator('input[name="version"]').fill("2.0");
        await panel().getByLabel("Tables of my own application").check();
        await panel().getByText("Still to be set: mapping.schema").waitFor();
        for (const [name, text] of Object.entries(own)) await panel().locator(`input[name="mapping.${name}"]`).fill(text);
        await lab.shot("recommendations-mapping");
        await lab.fitsNarrow(panel(), "recommendations-mapping");
        await panel().getByRole("button", { name: "Make version 2.0" }).click();
        await ended("2.0", "failed");
        await card("2.0").getByRole("button", { name: "Correct the mapping…" }).click();
        const field = panel().locator('input[name="mapping.users.columns.id"][aria-invalid="true"]');
        await field.waitFor();
        await panel().locator(".jp-Assay-fieldError", { hasText: 'has no column "uid"' }).waitFor();
        await lab.shot("recommendations-refused");
        await field.fill("id");
        await panel().getByRole("button", { name: "Make version 2.0" }).click();
        await page.waitForFunction(
          () =>
            [...document.querySelectorAll('.jp-AssayRecommendations-card[data-version="2.0"]')].some(
              ({ dataset }) => dataset.status === "completed",
            ),
          undefined,
          { timeout: 120_000 },
        );
      },
    },
    {
      name: "recommendations: a refresh comes every week by a schedule, which is paused and deleted",
      async run() {
        await openTab("New version");
        await panel().getByLabel("The travel application that ships with the flow").check();
        await panel().getByRole("button", { name: "Schedule…", exact: true }).click();
        await lab.shot("recommendations-schedule");
        await page.locator(".jp-Dialog").getByRole("button", { name: "Schedule", exact: true }).click();
        const schedule = panel().locator('[data-schedule="refresh of the dataset"]');
        await schedule.getByText("0 4 * * 1").waitFor();
        const { items } = await lab.get("schedules");
        const made = items.find(({ name }) => name === "refresh of the dataset");
        assert.equal(made.kind, "etl");
        assert.equal(made.request.version, "next");
        await schedule.getByRole("button", { name: "Pause" }).click();
        await schedule.locator('[data-status="paused"]').waitFor();
        await schedule.getByRole("button", { name: "Delete refresh of the dataset" }).click();
        await schedule.waitFor({ state: "detached" });
      },
    },
    {
      name: "recommendations: recommenders are trained side by side, and stand beside popularity and chance with their intervals",
      async run() {
        await openTab("Recommenders");
        await panel().locator('select[name="version"]').selectOption({ label: "Version 1.0" });
        await panel().getByRole("button", { name: "Train 2 recommenders" }).click();
        const group = panel().locator('[data-dataset="recommendation_train@1"]');
        for (const name of ["ease", "als", "popularity", "random"])
          await group.locator(`tr[data-recommender="${name}"]`).waitFor({ timeout: 120_000 });
        const { items } = await lab.get("recommend/models");
        const ease = items.find(({ algorithm }) => algorithm === "ease");
        const { value } = ease.measures["ease.ndcg@10"];
        const drawn = await group.locator('tr[data-recommender="ease"] [data-measure="ndcg@10"]').textContent();
        assert.ok(Math.abs(Number.parseFloat(drawn) - value) < 0.001, `${drawn} is ${value}`);
        await group.locator(".main-svg").first().waitFor();
        await group.locator('select[name="measure"]').selectOption("coverage@10");
        await group.getByRole("figure", { name: "coverage @10 of each recommender" }).waitFor();
        await lab.shot("recommendations-models");
        await lab.fitsNarrow(panel(), "recommendations-models");
      },
    },
    {
      name: "recommendations: somebody is answered as the service answers, with reasons, and a booking changes the next answer",
      async run() {
        await openTab("Recommend");
        const known = await someoneKnown();
        const { items, source } = await lab.get(`recommend/${known}?k=10`);
        const said = await asked(known);
        assert.deepEqual(said, { source, items: items.map(({ item_id }) => item_id) });
        await lab.shot("recommendations-ask");
        await lab.fitsNarrow(panel(), "recommendations-ask");
        const [first] = said.items;
        await answer()
          .getByRole("button", { name: `${first}: booked`, exact: true })
          .click();
        await answer().getByText(`Told: ${first} booked. The answer below knows it.`).waitFor();
        await answer().locator(`tr[data-item="${first}"]`).waitFor({ state: "detached" });
        await lab.shot("recommendations-told");
      },
    },
    {
      name: "recommendations: somebody new is answered by a profile, a filter leaves its category, and a first click answers from then on",
      async run() {
        await openTab("Recommend");
        const newcomer = "somebody new";
        assert.equal((await asked(newcomer)).source, "popularity");
        await panel().getByLabel("Somebody new: send a profile").check();
        await panel().locator('input[name="profile_budget"]').fill("0.9");
        await panel().locator('input[name="category"]').fill("luxury_retreat");
        await panel().getByRole("button", { name: "Recommend", exact: true }).click();
        await answer().and(page.locator('[data-source="profile"]')).waitFor();
        const categories = await answer().locator("tr[data-item] th").allTextContents();
        assert.ok(categories.length > 0 && categories.every((text) => text.includes("luxury_retreat")), String(categories));
        await lab.shot("recommendations-profile");
        await lab.fitsNarrow(panel(), "recommendations-profile");
        const { items } = await shown();
        await answer()
          .getByRole("button", { name: `${items[0]}: clicked`, exact: true })
          .click();
        await answer().and(page.locator('[data-source="feedback"]')).waitFor();
      },
    },
    ...againstRules(),
    {
      name: "recommendations: axe finds nothing wrong on any of its pages, in each theme",
      async run() {
        const found = [];
        for (const theme of themes) {
          await lab.theme(theme);
          for (const title of tabs) {
            await openTab(title);
            await panel().locator(".jp-Assay-loading").first().waitFor({ state: "detached" });
            found.push(...(await lab.violations(".jp-AssayRecommendations")).map((each) => `${title}, ${theme}: ${each}`));
            await lab.shot(`recommendations-${title}-${theme}`.toLowerCase().replaceAll(/[ /]/g, "-"));
          }
        }
        assert.deepEqual(found, []);
      },
    },
    {
      name: "recommendations: a reload brings the tab and the recommender back, and a link opens them",
      async run() {
        const [newest] = (await lab.get("recommend/models")).items;
        await openTab("Recommenders");
        await panel().locator('[data-dataset="recommendation_train@1"]').getByRole("button", { name: /^Ask / }).first().click();
        await panel().getByRole("tab", { name: "Recommend", selected: true }).waitFor();
        const chosen = await holds(async () => {
          const value = await panel().locator('select[name="answerer"]').inputValue();
          assert.notEqual(value, "");
          return value;
        });
        await lab.kept(`"recommender":"${chosen}"`);
        await lab.leave();
        await lab.reload();
        await holds(async () => assert.equal(await panel().locator('select[name="answerer"]').inputValue(), chosen));
        await lab.visit(`assay=open-recommendations&tab=ask&recommender=${newest.recommender_id}`);
        await page.waitForFunction(
          (wanted) => document.querySelector('.jp-AssayRecommendations select[name="answerer"]')?.value === wanted,
          newest.recommender_id,
        );
      },
    },
  ];

  /** A comparison, the registry, and the test of a recommender against rules. */
  function againstRules() {
    const group = () => panel().locator('[data-dataset="recommendation_train@1"]');
    const people = ["1", "2", "3", "4", "5", "6"];

    async function register(algorithm, named) {
      await group()
        .locator(`tr[data-recommender="${algorithm}"]`)
        .getByRole("button", { name: /^Register / })
        .first()
        .click();
      const dialog = page.locator(".jp-Dialog");
      await holds(async () => assert.equal(await dialog.locator('input[name="model_name"]').inputValue(), named));
      await dialog.getByRole("button", { name: "Register", exact: true }).click();
      await group()
        .getByRole("button", { name: `${named}@1.0.0` })
        .waitFor();
    }

    return [
      {
        name: "recommendations: several are compared on the same people, with the difference to popularity",
        async run() {
          await openTab("Recommenders");
          await panel().locator('select[name="version"]').selectOption({ label: "Version 1.0" });
          await panel().getByRole("button", { name: "Compare only" }).click();
          const found = panel().locator('[data-comparison="completed"]');
          for (const name of ["ease", "als", "popularity", "random"])
            await found.locator(`tr[data-compared="${name}"]`).waitFor({ timeout: 120_000 });
          assert.match(await found.locator('tr[data-compared="ease"] td').last().textContent(), /^[+−].*\[/);
          await found.scrollIntoViewIfNeeded();
          await lab.shot("recommendations-comparison");
        },
      },
      {
        name: "recommendations: a recommender and the rules are registered, and tried against each other until the test is stopped",
        async run() {
          await openTab("Recommenders");
          await panel().locator('select[name="version"]').selectOption({ label: "Version 1.0" });
          for (const name of ["ease", "als"]) await panel().locator(`input[name="algorithm_${name}"]`).uncheck();
          await panel().locator('input[name="algorithm_segment_popularity"]').check();
          await panel().getByRole("button", { name: "Train 1 recommender" }).click();
          await group().locator('tr[data-recommender="segment_popularity"]').waitFor({ timeout: 120_000 });
          await register("segment_popularity", "rules");
          await register("ease", "recommendations");

          await openTab("A/B test");
          await panel().locator('input[name="test_name"]').fill("ease or rules");
          await lab.shot("recommendations-new-test");
          await panel().getByRole("button", { name: "Start the test" }).click();
          await panel().getByRole("button", { name: "Stop the test…" }).waitFor();

          await openTab("Recommend");
          await panel().locator('select[name="answerer"]').selectOption("test:ease or rules");
          for (const person of people) {
            const { items } = await asked(person);
            await answer()
              .getByText(/arm [AB] of ease or rules/)
              .waitFor();
            await answer()
              .getByRole("button", { name: `${items[0]}: clicked`, exact: true })
              .click();
            await answer().getByText(`Told: ${items[0]} clicked. The answer below knows it.`).waitFor();
          }
          await lab.shot("recommendations-arm");

          await openTab("A/B test");
          const { result } = await lab.get(`models/ab-test/${encodeURIComponent("ease or rules")}/result`);
          assert.equal(result.exposures.a + result.exposures.b, people.length);
          await page.waitForFunction((wanted) => {
            const counts = [...document.querySelectorAll('.jp-AssayRecommendations [data-fact^="exposures"] .jp-Assay-big')];
            return counts.length === 2 && counts.reduce((sum, { textContent }) => sum + Number(textContent), 0) === wanted;
          }, people.length);
          await panel().locator('[data-metric="clicked"]').waitFor();
          await lab.shot("recommendations-test");
          await lab.fitsNarrow(panel(), "recommendations-test");
          await panel().getByRole("button", { name: "Stop the test…" }).click();
          await page.locator(".jp-Dialog").getByRole("button", { name: "Stop the test", exact: true }).click();
          await panel().locator('.jp-Assay-status[data-status="stopped"]').waitFor();
        },
      },
    ];
  }

  /** Id of a person whom the newest recommender was fitted on. */
  async function someoneKnown() {
    for (let id = 1; id <= size.users; id++) if ((await lab.get(`recommend/${id}?k=1`)).source === "model") return String(id);
    throw new Error("the recommender knows nobody");
  }
}
