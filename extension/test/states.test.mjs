// Every section and every kind of document in the states that no reader wants to meet: nothing there, refused, forbidden, the service away; opened
// and closed again and again; 300 pixels wide; and read by a machine.
import { strict as assert } from "node:assert";
import { readdirSync, readFileSync } from "node:fs";
import { holds } from "./pages.mjs";
import { makeThings } from "./things.mjs";

const themes = ["JupyterLab Dark", "JupyterLab Dark High Contrast", "JupyterLab Light"];
const requests = /\/assay\/api\/(?!ml\/events)/;
const problem = (status, kind, detail) => ({
  status,
  contentType: "application/problem+json",
  body: JSON.stringify({ type: `urn:assay:problem:${kind}`, title: `${kind} error`, status, detail }),
});
const refused = problem(500, "internal", "the service failed; request 7 in its log says why");
const role = (action, needed, has) =>
  `this user may not ${action} in the project: needs the role ${needed}, has ${has} (the project survey of ada)`;
/** Times that a document is opened and closed. */
const often = 10;

/** The journeys, on an open JupyterLab; they make what they show. */
export function stateTests({ page, lab, stamp, home }) {
  let made;
  const sections = [
    ["experiments", "open-experiments", "No runs yet."],
    ["datasets", "open-datasets", "No datasets yet."],
    ["studies", "open-studies", "No studies yet."],
    ["jobs", "open-jobs", "No jobs yet."],
    ["models", "open-models", "No models yet."],
    ["ab-tests", "open-ab-tests", "No A/B tests yet."],
    ["alerts", "open-alerts", "No alerts."],
    ["exoplanets", "open-exoplanets", "No training sessions yet."],
    ["workouts", "open-workouts", "No training log yet."],
    ["recommendations", "open-recommendations", "No dataset version yet."],
  ];
  const kinds = () => [
    ...sections.map(([name, command]) => [name, command, {}]),
    ["dataset", "open-dataset", { id: made.dataset }],
    ["run", "open-run", { id: made.runs[0] }],
    ["compare", "compare-runs", { ids: made.runs }],
    ["study", "open-study", { id: made.study }],
    ["compare-studies", "compare-studies", { ids: [made.study, made.imported] }],
    ["leaderboard", "open-leaderboard", { id: made.board }],
    ["model", "open-model", { name: made.model }],
    ["ab-test", "open-ab-test", { id: made.test }],
    ["new-experiment", "new-experiment", { datasetId: made.dataset, target: "species", algorithm: "random_forest" }],
  ];
  const seen = ".jp-MainAreaWidget:not(.lm-mod-hidden) .jp-Assay";
  const panel = () => page.locator(".jp-MainAreaWidget .jp-Assay-panel:visible");
  const offline = () => page.locator(".jp-MainAreaWidget .jp-Assay-offline:visible");

  /** Calls `action` for every kind, opened while requests are answered by `handler`. */
  async function each(of, handler, action) {
    made ??= await makeThings(lab, stamp);
    for (const [name, command, args] of of()) {
      await lab.closeAll();
      if (handler) await page.route(requests, handler);
      try {
        await lab.open(`assay:${command}`, args);
        await action(name, args);
      } catch (error) {
        throw new Error(`${name}: ${error.message}`, { cause: error });
      } finally {
        await page.unrouteAll({ behavior: "ignoreErrors" }); // a request may still be on its way to its handler's answer
      }
    }
  }
  const drawn = () => panel().locator(".jp-Assay-loading").first().waitFor({ state: "detached" });

  return [
    {
      name: "states: each section without anything says what to do first, with the button that does it",
      async run() {
        const emptied = async (route) => {
          if (route.request().method() !== "GET") return route.continue();
          const answer = await route.fetch();
          const body = await answer.json();
          const lists = Object.entries(body).map(([key, value]) => [key, Array.isArray(value) ? [] : value]);
          return route.fulfill({ response: answer, json: Object.fromEntries(lists) });
        };
        await each(
          () => sections,
          emptied,
          async (name) => {
            const [, , title] = sections.find(([each]) => each === name);
            const empty = panel().locator(".jp-Assay-empty", { hasText: title });
            await empty.getByRole("button").waitFor();
            await lab.shot(`state-empty-${name}`);
          },
        );
      },
    },
    {
      name: "states: each section and document that is refused says why, and is drawn after Try again",
      async run() {
        await each(
          kinds,
          (route) => route.fulfill(refused),
          async (name) => {
            const failures = panel().locator('.jp-Assay-failure[data-state="error"]', { hasText: "request 7" });
            await failures.first().waitFor();
            await lab.shot(`state-error-${name}`);
            await page.unroute(requests);
            await page.waitForFunction(tryAgain, undefined, { polling: 1000 }); // an answer takes its time
            await drawn();
          },
        );
      },
    },
    {
      name: "states: each section and document that may not be read says whose project it is, and which role it needs",
      async run() {
        const words = role("read", "viewer", "none");
        await each(
          kinds,
          (route) => route.fulfill(problem(403, "permission", words)),
          async (name) => {
            await panel().locator('.jp-Assay-failure[data-state="forbidden"]', { hasText: words }).first().waitFor();
            if (name === "run") await lab.shot("state-forbidden");
          },
        );
      },
    },
    {
      name: "states: who may only look is told so where they change something",
      async run() {
        const words = role("write", "editor", "viewer");
        const handler = (route) =>
          route.request().method() === "GET" ? route.continue() : route.fulfill(problem(403, "permission", words));
        const writes = {
          run: () => panel().getByRole("button", { name: "Delete", exact: true }).click(),
          dataset: () => panel().locator('select[name="target"]').selectOption("habitat"),
          "ab-test": async () => {
            await panel().getByRole("button", { name: "Stop the test…" }).click();
            await page.locator(".jp-Dialog").getByRole("button", { name: "Stop the test" }).click();
          },
          "new-experiment": async () => {
            await panel().getByRole("button", { name: "Save as template…" }).click();
            await page.locator('.jp-Dialog input[name="name"]').fill("mine");
            await page.locator(".jp-Dialog").getByRole("button", { name: "Save" }).click();
          },
        };
        made ??= await makeThings(lab, stamp);
        await each(
          () => kinds().filter(([name]) => name in writes),
          handler,
          async (name) => {
            await writes[name]();
            await panel().locator('.jp-Assay-failure[data-state="forbidden"]', { hasText: words }).first().waitFor();
            await lab.shot(`state-viewer-${name}`);
          },
        );
      },
    },
    {
      name: "states: each section and document says once that the service is away, and is drawn when it is back",
      async run() {
        await each(
          kinds,
          (route) => route.abort(),
          async (name) => {
            await offline().waitFor();
            assert.equal(await offline().count(), 1);
            await holds(async () => assert.equal(await panel().locator(".jp-Assay-failure").count(), 0));
            await lab.shot(`state-offline-${name}`);
            await page.unroute(requests);
            await offline().getByRole("button", { name: "Try now" }).click();
            await offline().waitFor({ state: "detached" });
            await drawn();
          },
        );
      },
    },
    {
      name: "states: a service that is killed leaves what was drawn, and what happens after it is back is seen",
      async run() {
        await lab.closeAll();
        await lab.open("assay:open-experiments");
        const newest = panel().locator("tr[data-run]").first();
        const kept = panel().locator(`tr[data-run="${await newest.getAttribute("data-run")}"]`);
        const old = servicesOf(home);
        assert.equal(old.length, 1, `one service serves ${home}`);
        process.kill(old[0], "SIGKILL");
        assert.ok(await kept.isVisible());
        const run = await answered(() => lab.post("runs", { experiment: "states", name: `after ${stamp}` }));
        await panel().locator(`tr[data-run="${run.run_id}"]`).waitFor();
        await offline().waitFor({ state: "detached" });
        assert.notDeepEqual(servicesOf(home), old);
      },
    },
    {
      name: `states: documents that are opened and closed ${often} times leave nothing behind`,
      async run() {
        made ??= await makeThings(lab, stamp);
        const streams = new Set();
        const begun = (request) => request.url().includes("/api/ml/events") && streams.add(request);
        const ended = (request) => streams.delete(request);
        page.on("request", begun).on("requestfinished", ended).on("requestfailed", ended);
        const devtools = await page.context().newCDPSession(page);
        try {
          await lab.closeAll();
          await lab.open("assay:open-models");
          const { result } = await devtools.send("Runtime.evaluate", {
            expression: "window.jupyterapp.shell.currentWidget.content.constructor.prototype",
          });
          const count = async () => {
            await lab.closeAll();
            await lab.open("assay:open-models"); // so that the focus remembers none of those
            await drawn();
            for (let k = 0; k < 2; k++) await devtools.send("HeapProfiler.collectGarbage");
            const { objects } = await devtools.send("Runtime.queryObjects", { prototypeObjectId: result.objectId });
            const closed = await devtools.send("Runtime.callFunctionOn", {
              objectId: objects.objectId,
              functionDeclaration: "function () { return this.filter((each) => !each.isAttached).length; }",
              returnByValue: true,
            });
            await devtools.send("Runtime.releaseObject", { objectId: objects.objectId });
            const { metrics } = await devtools.send("Performance.getMetrics");
            const metric = (name) => metrics.find((each) => each.name === name).value;
            return { widgets: closed.result.value, listeners: metric("JSEventListeners"), nodes: metric("Nodes") };
          };
          await devtools.send("Performance.enable");
          // what is fetched and made once, with the first of a kind
          for (const [, command, args] of kinds()) await page.evaluate(openAndClose, [`assay:${command}`, args, 1]);
          let before = await count();
          for (const [name, command, args] of kinds()) {
            await page.evaluate(openAndClose, [`assay:${command}`, args, often]);
            // what was asked while it was closed holds it until the answer is there; what it leaves behind stays
            before = await holds(async () => {
              const after = await count();
              const grown = Object.fromEntries(Object.keys(after).map((key) => [key, after[key] - before[key]]));
              const isClean = grown.widgets <= 1 && grown.listeners < 20 * often && grown.nodes < 20 * often;
              assert.ok(isClean, `${name}: ${JSON.stringify(grown)} after ${often} times`);
              assert.ok(streams.size <= 1, `${name}: ${streams.size} streams of events`);
              return after;
            });
          }
        } finally {
          page.off("request", begun).off("requestfinished", ended).off("requestfailed", ended);
          await devtools.detach();
        }
      },
    },
    {
      name: "states: nothing is asked while the page is hidden",
      async run() {
        made ??= await makeThings(lab, stamp);
        await lab.closeAll();
        await lab.open("assay:open-model", { name: made.model, tab: "ab" });
        await lab.open("assay:open-ab-test", { id: made.test });
        await drawn();
        const asked = [];
        const note = (request) => requests.test(request.url()) && asked.push(request.url());
        await page.clock.install();
        await page.evaluate(() => {
          Object.defineProperty(document, "visibilityState", { configurable: true, get: () => "hidden" });
          document.dispatchEvent(new Event("visibilitychange"));
        });
        page.on("request", note);
        await page.clock.runFor(300_000);
        page.off("request", note);
        await page.evaluate(() => {
          delete document.visibilityState;
          document.dispatchEvent(new Event("visibilitychange"));
        });
        await page.clock.resume();
        assert.deepEqual(asked, []);
      },
    },
    {
      name: "states: 300 pixels wide nothing moves sideways and axe finds nothing wrong, in each section and document and in the sidebar",
      async run() {
        made ??= await makeThings(lab, stamp);
        const found = [];
        await lab.closeAll();
        await lab.open("assay:open-experiments");
        await lab.narrow(async () => {
          await each(kinds, null, async (name) => {
            await drawn();
            await lab.fits(panel(), name);
            found.push(...(await lab.violations(seen)).map((each) => `${name}: ${each}`));
            await lab.shot(`state-narrow-${name}`);
          });
        });
        assert.deepEqual(found, []);
        await lab.sidebar(300);
        await lab.fits(page.locator(".jp-AssaySidebar"), "the sidebar");
        await lab.shot("state-narrow-sidebar");
      },
    },
    ...themes.map((theme) => ({
      name: `states: axe finds nothing wrong in any section, document and the sidebar, in ${theme}`,
      async run() {
        made ??= await makeThings(lab, stamp);
        // a theme changes colours and nothing else: the other rules are read once
        const rules = theme === themes.at(-1) ? undefined : ["color-contrast", "link-in-text-block"];
        await lab.theme(theme);
        const found = [];
        await each(kinds, null, async (name) => {
          await drawn();
          found.push(...(await lab.violations(seen, rules)).map((each) => `${name}: ${each}`));
        });
        await lab.sidebar(300);
        found.push(...(await lab.violations("#assay-sidebar", rules)).map((each) => `sidebar: ${each}`));
        if (theme !== themes.at(-1)) await lab.shot(`state-theme-${theme.replaceAll(" ", "-")}`);
        assert.deepEqual(found, []);
      },
    })),
  ];
}

/** Runs in the page: presses every Try again, and tells whether nothing is refused any more: what was refused may hold what is refused next. */
function tryAgain() {
  const failures = document.querySelectorAll('.jp-MainAreaWidget:not(.lm-mod-hidden) .jp-Assay-failure[data-state="error"]');
  const refused = [...failures].filter(({ textContent }) => textContent.includes("request 7")); // not what a session itself failed by
  for (const failure of refused) failure.querySelector("button:enabled")?.click();
  return refused.length === 0;
}

/** Runs in the page: opens a document and closes it, so many times; one in four when all of it is drawn, the others while it is loaded. */
async function openAndClose([command, args, times]) {
  for (let k = 0; k < times; k++) {
    const widget = await window.jupyterapp.commands.execute(command, args);
    const isDrawn = () =>
      widget.node.querySelector(".jp-Assay-panel") && (k % 4 || !widget.node.querySelector(".jp-Assay-loading"));
    while (!isDrawn()) await new Promise((resolve) => requestAnimationFrame(resolve));
    widget.close();
  }
}

/** Asks until it is answered, a minute long at most. */
async function answered(ask) {
  for (const end = Date.now() + 60_000; ; ) {
    try {
      return await ask();
    } catch (error) {
      if (Date.now() > end) throw error;
    }
  }
}

/** Processes that serve a home: its services by their environment. Linux only. */
function servicesOf(home) {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const words = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
        return words.includes("serve") && readFileSync(`/proc/${pid}/environ`, "utf8").split("\0").includes(`ASSAY_HOME=${home}`);
      } catch {
        return false; // it has ended meanwhile
      }
    });
}
