// The journey of the exoplanet flow: a table is uploaded and checked, a session trains, its network answers; by mouse, over HTTP and in a cell.
import { strict as assert } from "node:assert";
import { readdirSync, readFileSync } from "node:fs";
import { holds } from "./pages.mjs";

const row = (star, label, change = {}) =>
  Object.values({
    kepid: star,
    period: 3.5 + star,
    duration: 2.8,
    depth: 900 + star,
    impact: 0.3,
    snr: 25,
    steff: 5500,
    srad: 1,
    slogg: 4.4,
    tmag: 12 + star / 100,
    label,
    koi_score: 0.5,
    ...change,
  }).join(",");
const header = "kepid,period,duration,depth,impact,snr,steff,srad,slogg,tmag,label,koi_score";
const good = Array.from({ length: 36 }, (_, k) => row(k, k % 3));

/** A table of which 36 rows pass; lines 5, 11 and 17 are wrong. */
const flawed = [
  header,
  ...good.slice(0, 3),
  row(50, 7),
  ...good.slice(3, 8),
  row(51, 1, { period: -3.5 }),
  ...good.slice(8, 13),
  row(52, 2, { impact: "" }),
  ...good.slice(13),
].join("\n");

/** Files that are no table of signals, and what is said of each. */
const refused = [
  ["paper.csv", "%PDF-1.7", "exoplanets: must be a CSV table, got a PDF document (paper.csv)"],
  ["near.csv", [header.replace("depth", "dephts"), ...good].join("\n"), 'lacks the column "depth", did you mean dephts'],
  [
    "sevens.csv",
    [header, ...good.map((line) => line.replace(/,\d,0.5$/, ",7,0.5"))].join("\n"),
    "the first problem is in line 2",
  ],
  [
    "past.csv",
    [header, ...good.map((line) => line.replace(/^(\d+),/, "$1,-"))].join("\n"),
    "the first problem is in line 2: period must be > 0, got -3.5",
  ],
  ["empty.csv", " ", "exoplanets: the file is empty (empty.csv)"],
];

/** The journeys in order, on an open JupyterLab; later ones read what earlier ones made. */
export function exoplanetTests({ page, lab, stamp, home }) {
  const panel = () => page.locator(".jp-AssayExoplanets:visible");
  const card = (id) => panel().locator(`[data-session="${id}"]`);
  const training = (path) => lab.get(`../training/${path}`);
  const name = `transits_${stamp}`;
  let id;

  async function openTab(title) {
    await page.evaluate(() => window.jupyterapp.shell.activateById("assay-sidebar"));
    await page.locator(".jp-AssaySidebar").getByRole("button", { name: "Exoplanets", exact: true }).click();
    await panel().waitFor();
    await panel().getByRole("tab", { name: title, exact: true }).click();
  }

  const upload = (fileName, text) =>
    panel()
      .locator('input[type="file"]')
      .setInputFiles({ name: fileName, mimeType: "text/csv", buffer: Buffer.from(text) });

  /** Presses Start and answers the id of the card that stands first then. */
  async function started({ epochs, model = name, rate }) {
    const before = await training("sessions");
    await panel().locator('input[name="epochs"]').fill(String(epochs));
    await panel().locator('input[name="model_name"]').fill(model);
    if (rate !== undefined) await panel().locator('input[name="learning_rate"]').fill(String(rate));
    await panel().getByRole("button", { name: "Start training" }).click();
    await panel().getByRole("tab", { name: "Sessions", selected: true }).waitFor();
    const [newest] = (await training("sessions")).items;
    assert.notEqual(newest.session_id, before.items[0]?.session_id);
    await card(newest.session_id).waitFor();
    return newest.session_id;
  }

  /** Waits until a session has so many epochs, and answers it as it is then. */
  const epochsOf = (one, least) =>
    holds(async () => {
      const { session } = await training(`sessions/${one}`);
      assert.ok(session.history.length >= least, `${one} has ${session.history.length} epochs of ${least}`);
      return session;
    });

  /** A fresh notebook whose cells are run one after another; `close` leaves neither file nor kernel behind. */
  async function notebook() {
    const folder = `transits-${stamp}`; // who runs the notebooks of the root meanwhile finds none of ours
    await lab.makeFolder(folder);
    const path = await page.evaluate(async (cwd) => {
      const { commands } = window.jupyterapp;
      const made = await commands.execute("notebook:create-new", { cwd, kernelName: "assay" });
      await made.context.ready;
      await made.sessionContext.ready;
      return made.context.path;
    }, folder);
    const outputsOf = (source) =>
      page.evaluate(
        async ([wanted, written]) => {
          const { shell, commands } = window.jupyterapp;
          const widget = [...shell.widgets("main")].find(({ context }) => context?.path === wanted);
          shell.activateById(widget.id);
          widget.content.activeCell.model.sharedModel.setSource(written);
          await commands.execute("notebook:run-cell-and-insert-below");
          return widget.content.widgets.at(-2).model.outputs.toJSON();
        },
        [path, source],
      );
    return {
      /** The text that a cell prints. */
      async printed(source) {
        const outputs = await outputsOf(source);
        const failed = outputs.find(({ output_type }) => output_type === "error");
        assert.ok(!failed, `${failed?.ename}: ${failed?.evalue}`);
        return outputs
          .filter(({ output_type }) => output_type === "stream")
          .map(({ text }) => [text].flat().join(""))
          .join("");
      },
      /** What a cell draws. */
      async drawn(source) {
        const outputs = await outputsOf(source);
        return outputs.map(({ data }) => [data?.["text/html"] ?? ""].flat().join("")).join("");
      },
      async close() {
        await lab.closeNotebooks();
        await lab.remove(path);
        await lab.remove(folder);
      },
    };
  }

  /** The points that the panel draws of a session's validation accuracy. */
  const drawnAccuracy = (session) =>
    card(session)
      .locator(".js-plotly-plot")
      .first()
      .evaluate(({ data }) => {
        const { x, y } = data.find(({ name }) => name === "validation");
        return x.map((epoch, k) => [epoch, y[k]]);
      });

  return [
    {
      name: "exoplanets: the sidebar opens the flow, and a file that is no table of signals is refused with the reason",
      async run() {
        await openTab("Train");
        for (const [fileName, text, sentence] of refused) {
          await upload(fileName, text);
          await panel().locator(".jp-Assay-failure", { hasText: sentence }).waitFor();
        }
        await lab.shot("exoplanets-refused");
      },
    },
    {
      name: "exoplanets: what is wrong in a table stands by line and column, and leaky columns are named",
      async run() {
        await openTab("Train");
        await upload(`flawed ${stamp}.csv`, flawed);
        const report = panel().locator(".jp-AssayExoplanets-report");
        await report.getByText("36 of 39 signals passed").waitFor();
        const rows = await report
          .locator("tbody tr")
          .evaluateAll((all) => all.map((tr) => [...tr.children].slice(0, 3).map((td) => td.textContent)));
        assert.deepEqual(rows, [
          ["5", "label", "7"],
          ["11", "period", "-3.5"],
          ["17", "impact", "missing"],
        ]);
        await report.getByText("koi_score").waitFor();
        await lab.shot("exoplanets-problems");
        await lab.fitsNarrow(panel(), "exoplanets-problems");
      },
    },
    {
      name: "exoplanets: the shipped table trains a network whose curves are live, and its end is told",
      async run() {
        await openTab("Train");
        await panel().getByRole("button", { name: "Take the example table" }).click();
        await panel().getByText("1200 of 1200 signals passed").waitFor();
        await lab.shot("exoplanets-start");
        id = await started({ epochs: 25 });
        const figures = async () => {
          for (const title of ["Accuracy by epoch", "Loss by epoch", "Errors of period and depth by epoch"])
            await card(id).getByRole("figure", { name: title }).locator(".main-svg").first().waitFor();
          await lab.shot("exoplanets-training");
        };
        // the end is told for some seconds, whatever is looked at meanwhile
        const told = page
          .locator(".Toastify__toast", { hasText: `${name} is done` })
          .first()
          .waitFor();
        await Promise.all([figures(), told, card(id).locator('[data-status="completed"]').waitFor()]);
        await card(id)
          .getByText(new RegExp(`^${name}_\\d{8}_\\d{6}$`))
          .waitFor();
        await lab.shot("exoplanets-completed");
      },
    },
    {
      name: "exoplanets: its model stands in the registry",
      async run() {
        await openTab("Sessions");
        await card(id).getByRole("button", { name: "Open model" }).click();
        const { session } = await training(`sessions/${id}`);
        await page.locator(".jp-AssayModel:visible").getByText(session.saved_as).first().waitFor();
      },
    },
    {
      name: "exoplanets: the form answers label with shares, period and depth, and says who answered",
      async run() {
        await openTab("Predict");
        await panel().getByRole("button", { name: "Predict", exact: true }).click();
        const answer = panel().getByRole("status");
        await answer.locator('[data-source="advanced"]').waitFor();
        await answer.getByText(`exoplanet_model@${name}_`).waitFor();
        const shares = await answer.locator(".jp-AssayTry-shares dd:last-child").allTextContents();
        assert.ok(Math.abs(shares.reduce((sum, share) => sum + Number.parseFloat(share), 0) - 100) < 0.2, String(shares));
        await answer.getByText("Period (days)").waitFor();
        await lab.shot("exoplanets-predict");
        await lab.fitsNarrow(panel(), "exoplanets-predict");
        await panel().locator('input[name="period"]').fill("0.1");
        await panel().getByRole("button", { name: "Predict", exact: true }).click();
        await panel().locator(".jp-Assay-failure", { hasText: "is no part of a period of 0.1 days" }).waitFor();
      },
    },
    {
      name: "exoplanets: the same session in panel, HTTP, cell",
      async run() {
        const cells = await notebook();
        try {
          await cells.printed('import { connect } from "assay-lab";\nconst lab = await connect();');
          const ofMouse = await cells.drawn(`await lab.exoplanets.session("${id}").status()`);
          const { session: byMouse } = await training(`sessions/${id}`);
          for (const told of [id, byMouse.saved_as, byMouse.dataset]) assert.ok(ofMouse.includes(told), `the cell says ${told}`);
          await lab.shot("exoplanets-cell");

          const model = `cell_${stamp}`;
          const begun = await cells.printed(
            `const session = await lab.exoplanets.start("${byMouse.dataset}", { epochs: 150, modelName: "${model}" });\nconsole.log(session.id);`,
          );
          const one = begun.trim();
          await openTab("Sessions");
          const during = await epochsOf(one, 2);
          assert.equal(during.session_status, "training");
          assert.equal(during.history.length, during.history.at(-1).epoch);
          await page.waitForFunction(
            ([wanted, least]) => {
              const plot = document.querySelector(`[data-session="${wanted}"] .js-plotly-plot`);
              return (plot?.data?.find(({ name }) => name === "validation")?.x.length ?? 0) > least;
            },
            [one, during.history.length],
            { timeout: 120_000 },
          );
          await lab.shot("exoplanets-from-cell");

          const history = JSON.parse(
            await cells.printed("const ended = await session.done();\nconsole.log(JSON.stringify(ended.history));"),
          );
          const { session } = await training(`sessions/${one}`);
          assert.equal(session.session_status, "completed");
          assert.deepEqual(history, session.history);
          await openTab("Sessions");
          await card(one).getByText(session.saved_as).waitFor();
          await page.waitForFunction(
            ([wanted, count]) => {
              const plot = document.querySelector(`[data-session="${wanted}"] .js-plotly-plot`);
              return plot?.data?.find(({ name }) => name === "validation")?.x.length === count;
            },
            [one, history.length],
          );
          assert.deepEqual(
            await drawnAccuracy(one),
            history.map(({ epoch, val_accuracy }) => [epoch, val_accuracy]),
          );
        } finally {
          await cells.close();
        }
      },
    },
    {
      name: "exoplanets: a session is cancelled, and one whose loss diverges says why it ended",
      async run() {
        await openTab("Train");
        const slow = await started({ epochs: 900 });
        await card(slow).locator('[role="progressbar"]:not([aria-valuenow="0"])').waitFor();
        await card(slow).getByRole("button", { name: "Cancel" }).click();
        await card(slow).locator('[data-status="cancelled"]').waitFor();
        await openTab("Train");
        const wild = await started({ epochs: 10, rate: 100 });
        await card(wild).locator('[data-status="failed"]').waitFor();
        await card(wild).getByRole("alert").filter({ hasText: "the loss" }).waitFor();
        await lab.shot("exoplanets-ended");
        await lab.fitsNarrow(panel(), "exoplanets-sessions");
        await lab.theme("JupyterLab Dark");
        await lab.shot("dark-exoplanets-sessions");
        await lab.theme("JupyterLab Light");
      },
    },
    {
      name: "exoplanets: a service that is killed in the middle of a session comes back, and the session goes on",
      async run() {
        await openTab("Train");
        const kept = await started({ epochs: 15 });
        await epochsOf(kept, 2);
        for (const pid of services(home)) process.kill(pid, "SIGKILL");
        await card(kept).locator('[data-status="completed"]').waitFor({ timeout: 240_000 });
        const { session } = await training(`sessions/${kept}`);
        const epochs = session.history.map(({ epoch }) => epoch);
        assert.deepEqual(
          epochs,
          epochs.map((_, k) => k + 1),
        );
      },
    },
  ];
}

/** Process ids of the service of this home; Linux only. */
function services(home) {
  return readdirSync("/proc")
    .filter((pid) => /^\d+$/.test(pid))
    .filter((pid) => {
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
        const isOurs = readFileSync(`/proc/${pid}/environ`, "utf8").split("\0").includes(`ASSAY_HOME=${home}`);
        return isOurs && command.includes("serve") && command.includes("--socket");
      } catch {
        return false; // it has just ended, or is another user's
      }
    })
    .map(Number);
}
