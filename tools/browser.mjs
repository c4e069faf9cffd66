// The browser suite: `npm start` with the real service and database, Chromium, and the journeys of the panels and of the page for signing in.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { journeyTests } from "../extension/test/journey.test.mjs";
import { opened } from "../extension/test/pages.mjs";
import { otherTests, tests } from "../extension/test/panels.test.mjs";
import { accountTests } from "../library/lab/test/account.test.mjs";
import { runSideBySide, startAssay, temporaryFolder } from "./assay.mjs";
import { openChromium } from "./chromium.mjs";
import { root } from "./setup.mjs";

const screenshots = join(root, ".assay/screenshots");
mkdirSync(screenshots, { recursive: true });
// the journeys call JupyterLab's commands, which a page sees only when it is asked for
const config = temporaryFolder("config");
mkdirSync(join(config, "labconfig"));
writeFileSync(join(config, "labconfig/page_config.json"), '{ "exposeAppInBrowser": true }');
// the recommendation flow's application is a small one
const env = { JUPYTER_CONFIG_PATH: config, ETL_MIN_TRAIN_MB: "0.05", ETL_MIN_TEST_MB: "0.01" };
const viewport = { width: 1440, height: 900 };
// two of them, each with journeys of its own: one waits while the other works
const labs = [startAssay({ env }), startAssay({ env })];
const browser = await openChromium();
try {
  const below = { name: "journey: from a file to a prediction by mouse, at /user/someone/", run: journeyBelowPath };
  const lists = [
    async (lab) => [...(await accountTests({ browser })), ...(await tests(lab))],
    async (lab) => [...(await otherTests(lab)), below],
  ];
  await runSideBySide(await Promise.all(labs.map(async (assay, k) => listIn(k, assay, lists[k]))));
} catch (error) {
  console.log(`${error.stack}\n0 passed, 1 failed`);
  process.exitCode = 1;
} finally {
  await browser.close();
  await Promise.all(labs.map((assay) => assay.stop()));
}

/** A list of journeys in a page of its own. */
async function listIn(k, assay, journeys) {
  const { base: baseUrl, token } = await assay.ready;
  const page = await browser.newPage({ viewport });
  const told = (failure) => seenOn(page, join(screenshots, `failure-${k + 1}-${failure}.png`));
  return { tests: await journeys({ page, browser, baseUrl, token, screenshotDir: screenshots, home: assay.home }), told };
}

/** What stands on the page where a journey failed: its dialogs, its main area, its sidebar; also as a picture. */
async function seenOn(page, picture) {
  try {
    await page.screenshot({ path: picture });
    const parts = await page.locator(".jp-Dialog, #jp-main-dock-panel, #jp-left-stack").allInnerTexts();
    return parts.map((text) => `  | ${text.replaceAll(/\s+/g, " ").slice(0, 1200)}`).join("\n");
  } catch (error) {
    return `  | nothing to be seen: ${error.message}`;
  }
}

/** The journey below a path of its own, as behind a JupyterHub: a second JupyterLab on the home of the first. */
async function journeyBelowPath() {
  const second = startAssay({ args: ["--base-url", "/user/someone/"], home: labs[1].home, env });
  try {
    const { base: baseUrl, token } = await second.ready;
    const page = await browser.newPage({ viewport });
    const lab = opened({ page, baseUrl, token, screenshotDir: screenshots });
    await lab.start();
    for (const { run } of journeyTests({ page, lab, stamp: Date.now().toString(36), baseUrl })) await run();
    await page.close();
  } finally {
    await second.stop();
  }
}
