// The workout flow: a log is taken, its lines are reported, names corrected, an ensemble trained, the next session forecast with its reasons.
import { strict as assert } from "node:assert";
import { holds } from "./pages.mjs";

const header =
  "Date;Workout Name;Exercise Name;Set Order;Weight;Weight Unit;Reps;RPE;Distance;Distance Unit;Seconds;Notes;Workout Notes";
const squat = "Squat (Barbell)";
const row = (day, weight, reps, exercise = squat, order = 1) =>
  `${day} 18:00:00;"Legs";"${exercise}";${order};${weight};kg;${reps};;;;0;;`;
const days = ["2026-01-05", "2026-01-12", "2026-01-19", "2026-01-26"];

/** A log of four good sessions (lines 2 to 9), five lines with something wrong, a session in another spelling and one under another name. */
const flawed = [
  header,
  ...days.flatMap((day, k) => [row(day, 100 + 2.5 * k, 5), row(day, 100 + 2.5 * k, 5, squat, 2)]),
  row("2026-01-27", 2000, 5),
  row("2026-01-28", 100, -3),
  row("2126-01-28", 100, 5),
  row("2026-01-29", 100, 877_777),
  row("2026-01-30", 100, 0),
  row("2026-02-02", 110, 5, "Squat (barbell)"),
  row("2026-02-09", 112.5, 5, "Back Squat"),
].join("\n");

/** Files that are no log, and what is said of each. */
const refused = [
  ["empty.csv", " ", /empty/],
  ["houses.csv", "rooms,price\n3,100\n", /workouts: .*houses\.csv/],
  [
    "none.csv",
    [header, row("2126-01-05", 100, 5)].join("\n"),
    /none of 1 rows can be used; line 2: date must not lie in the future/,
  ],
];

/** The last is the one that the journeys behind are drawn in. */
const themes = ["JupyterLab Dark", "JupyterLab Dark High Contrast", "JupyterLab Light"];

/** The journeys in order, on an open JupyterLab; later ones read what earlier ones made. */
export function workoutTests({ page, lab }) {
  const panel = () => page.locator(".jp-AssayWorkouts:visible");
  const forecast = () => panel().locator(".jp-AssayWorkouts-forecast");
  const failure = (words) => panel().locator(".jp-Assay-failure", { hasText: words });

  async function openTab(title) {
    await lab.open("assay:open-workouts");
    await panel().getByRole("tab", { name: title, exact: true }).click();
  }

  const upload = (name, text) =>
    panel()
      .locator('input[type="file"]')
      .setInputFiles({ name, mimeType: "text/csv", buffer: Buffer.from(text) });

  const drawn = (exercise) =>
    panel()
      .getByRole("figure", { name: `Top sets, strength and volume of ${exercise}` })
      .locator(".main-svg")
      .first()
      .waitFor();

  const choose = async (exercise) => {
    await panel().locator('select[name="exercise"]').selectOption(exercise);
    await drawn(exercise);
  };

  /** What the panel says of the next session. */
  const said = () =>
    forecast().evaluate((node) => ({
      weight: Number(node.dataset.weight),
      low: Number(node.dataset.low),
      high: Number(node.dataset.high),
      source: node.querySelector("[data-source]").dataset.source,
    }));

  return [
    {
      name: "workouts: the sidebar opens the flow, which says what to do first, and what is no log is refused with the reason",
      async run() {
        await lab.closeAll();
        await page.evaluate(() => window.jupyterapp.shell.activateById("assay-sidebar"));
        await page.locator(".jp-AssaySidebar").getByRole("button", { name: "Workouts", exact: true }).click();
        await panel().getByText("No training log yet.").waitFor();
        await lab.shot("workouts-empty");
        await panel().getByRole("button", { name: "Add a log" }).click();
        for (const [name, text, sentence] of refused) {
          await upload(name, text);
          await failure(sentence).waitFor();
        }
        await lab.shot("workouts-refused");
      },
    },
    {
      name: "workouts: what became of each line of a log stands by its number, and names are brought together",
      async run() {
        await openTab("Log");
        await upload("strong.csv", flawed);
        await panel().getByText("strong.csv is an export of Strong: 15 rows read, 11 sets kept").waitFor();
        const lines = await panel()
          .locator("tr[data-line]")
          .evaluateAll((all) => all.map(({ dataset }) => [dataset.line, dataset.dropped]));
        assert.deepEqual(lines, [
          ["10", "true"],
          ["11", "true"],
          ["12", "true"],
          ["13", "false"],
          ["14", "true"],
        ]);
        await panel().getByText("Line by line").click();
        await panel().locator('tr[data-written="Squat (barbell)"][data-by="spelling"]').waitFor();
        await lab.shot("workouts-report");
        await lab.fitsNarrow(panel(), "workouts-report");

        await panel().getByLabel("Back Squat counts as").fill(squat);
        await panel().getByRole("button", { name: "Save names" }).click();
        await panel().locator('tr[data-written="Back Squat"][data-by="table"]').waitFor();
      },
    },
    {
      name: "workouts: without an ensemble the trend answers and says so; without a session a rule of level and body weight",
      async run() {
        await openTab("Next session");
        await panel()
          .getByRole("figure", { name: `Top sets, strength and volume of ${squat}` })
          .waitFor();
        await forecast().locator('[data-source="basic"]').waitFor();
        await forecast().getByText("in place of the ensemble").waitFor();
        await lab.shot("workouts-basic");

        await openTab("You");
        await panel().locator('select[name="level"]').selectOption("intermediate");
        await panel().locator('select[name="goals"]').selectOption("strength");
        await panel().locator('input[name="body_weight"]').fill("80");
        await panel().getByRole("button", { name: "Save", exact: true }).click();
        await panel().getByText("Saved with your settings.").waitFor();
        await lab.shot("workouts-lifter");

        await openTab("Next session");
        await panel().locator('select[name="exercise"]').selectOption({ label: "another exercise…" });
        await panel().getByLabel("Its name").fill("Bench Press (Barbell)");
        await panel().getByRole("button", { name: "Ask" }).click();
        await forecast().locator('[data-source="emergency"]').waitFor();
        const { weight } = await lab.post("workouts/predict", {
          exercise_name: "Bench Press (Barbell)",
          user_data: { level: "intermediate", goals: "strength", current_weight: 80 },
        });
        assert.equal((await said()).weight, weight);
        await lab.shot("workouts-emergency");
      },
    },
    {
      name: "workouts: the example log trains an ensemble as a job, and what it is worth is told in words",
      async run() {
        await openTab("Log");
        await panel().locator('input[name="replace"]').check();
        await panel().getByRole("button", { name: "Take the example log" }).click();
        await page.locator(".jp-Dialog").getByRole("button", { name: "Take the example log" }).click();
        await panel().getByRole("button", { name: "Follow the training" }).click();
        await panel().getByRole("tab", { name: "Forecasts", selected: true }).waitFor();
        await panel().locator("[data-job]").first().waitFor();
        await lab.shot("workouts-training");
        await panel().locator("[data-verdict]").waitFor({ timeout: 240_000 });
        await panel().locator('[data-job][data-status="completed"]').first().waitFor();
        const { backtest } = await lab.get("workouts/backtest");
        const verdict = panel().locator(`[data-verdict="${backtest.verdict}"]`);
        await verdict.getByText("“the same as last time”").waitFor();
        const names = new Set([...Object.keys(backtest.member_errors), ...Object.keys(backtest.baseline_errors)]);
        await holds(async () => assert.equal(await panel().locator("tr[data-forecast]").count(), 1 + names.size));
        await panel().locator('[data-forecast="last"]').getByText(backtest.baseline_errors.last.toFixed(2)).waitFor();
        await panel().locator(".jp-AssayWorkouts-looking .main-svg").first().waitFor();
        await lab.shot("workouts-forecasts");
        await lab.fitsNarrow(panel(), "workouts-forecasts");
      },
    },
    {
      name: "workouts: the ensemble forecasts the next session as the service says it, and its bars add up",
      async run() {
        await openTab("Next session");
        await choose(squat);
        await forecast().locator('[data-source="advanced"]').waitFor();
        const { weight, low, high, source, last_weight } = await lab.post("workouts/predict", {
          exercise_name: squat,
          user_data: { level: "intermediate", goals: "strength", current_weight: 176.4 },
          unit: "lb",
        });
        assert.deepEqual(await said(), { weight, low, high, source });
        const waterfall = panel().locator(".jp-AssayWorkouts-waterfall");
        if ((await waterfall.count()) > 0) {
          const sum = await waterfall.evaluate((table) =>
            [...table.querySelectorAll("[data-change]")].reduce(
              (at, { dataset }) => at + Number(dataset.change),
              Number(table.dataset.last),
            ),
          );
          assert.ok(Math.abs(sum - weight) < 1e-9, `the bars end at ${sum}, the forecast is ${weight}`);
        } else assert.equal(weight, last_weight);
        await panel().locator("[data-plateau]").waitFor();
        await panel().locator(".jp-AssayWorkouts-advice li").first().waitFor();
        await lab.shot("workouts-next");
        await lab.fitsNarrow(panel(), "workouts-next");
      },
    },
    {
      name: "workouts: patterns and exercises are drawn, and one leads to its next session",
      async run() {
        await openTab("Patterns");
        for (const title of ["Sessions by day of the week", "Sessions by month of the year"])
          await panel().getByRole("figure", { name: title }).locator(".main-svg").first().waitFor();
        await lab.shot("workouts-patterns");
        await lab.fitsNarrow(panel(), "workouts-patterns");
        await panel().getByRole("button", { name: "Leg Press", exact: true }).click();
        await drawn("Leg Press");
      },
    },
    {
      name: "workouts: axe finds nothing wrong on any of its pages, in each theme",
      async run() {
        const found = [];
        for (const theme of themes) {
          await lab.theme(theme);
          for (const title of ["Log", "Patterns", "Forecasts", "You", "Next session"]) {
            await openTab(title);
            await panel().locator(".jp-Assay-loading").first().waitFor({ state: "detached" });
            found.push(...(await lab.violations(".jp-AssayWorkouts")).map((each) => `${title}, ${theme}: ${each}`));
            await lab.shot(`workouts-${title}-${theme}`.toLowerCase().replaceAll(" ", "-"));
          }
        }
        assert.deepEqual(found, []);
      },
    },
    {
      name: "workouts: a reload brings exercise and tab back, and a link opens them",
      async run() {
        await openTab("Next session");
        await choose("Deadlift (Barbell)");
        await lab.kept('"exercise":"Deadlift (Barbell)"');
        await lab.leave();
        await lab.reload();
        await drawn("Deadlift (Barbell)");
        await openTab("You");
        await panel().locator('select[name="level"]').waitFor();
        await holds(async () => assert.equal(await panel().locator('select[name="level"]').inputValue(), "intermediate"));
        await lab.visit("assay=open-workouts&tab=patterns&exercise=Leg+Press");
        await panel().getByRole("tab", { name: "Patterns", selected: true }).waitFor();
        await panel().getByRole("tab", { name: "Next session" }).click();
        await drawn("Leg Press");
      },
    },
  ];
}
