// The browser suite: `npm start` with the real service and database, Chromium, and the panels' journeys.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { tests } from "../extension/test/panels.test.mjs";
import { runTests, startAssay, temporaryFolder } from "./assay.mjs";
import { openChromium } from "./chromium.mjs";
import { root } from "./setup.mjs";

const screenshots = join(root, ".assay/screenshots");
mkdirSync(screenshots, { recursive: true });
// the journeys call JupyterLab's commands, which a page sees only when it is asked for
const config = temporaryFolder("config");
mkdirSync(join(config, "labconfig"));
writeFileSync(join(config, "labconfig/page_config.json"), '{ "exposeAppInBrowser": true }');
const assay = startAssay({ env: { JUPYTER_CONFIG_PATH: config } });
const browser = await openChromium();
try {
  const lab = await assay.ready;
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await runTests(
    await tests({ page, browser, baseUrl: lab.base, token: lab.token, screenshotDir: screenshots, home: assay.home }),
  );
} catch (error) {
  console.log(`${error.stack}\n0 passed, 1 failed`);
  process.exitCode = 1;
} finally {
  await browser.close();
  await assay.stop();
}
