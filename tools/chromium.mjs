// Finds Chromium, or installs it: Debian's when root, Playwright's else.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fail, node24, root, run } from "./setup.mjs";

const places = [
  process.env.ASSAY_CHROMIUM,
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
  "/snap/bin/chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];
/** Playwright's Chromium; loaded when one is wanted, so that whoever sets up the packages first may import this file. */
const playwright = async () => (await import("playwright-core")).chromium;
const found = async () => [...places, (await playwright()).executablePath()].find((place) => place && existsSync(place));

/** Path of a Chromium that can be driven. */
async function findChromium() {
  const there = await found();
  if (there) return there;
  let out = "";
  if (process.getuid?.() === 0 && existsSync("/usr/bin/apt-get")) {
    const env = { DEBIAN_FRONTEND: "noninteractive" };
    out += (await run("apt-get", ["update", "-qq"], { env })).out;
    out += (await run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "chromium"], { env })).out;
  } else out += (await run(node24(), [join(root, "node_modules/playwright-core/cli.js"), "install", "chromium"])).out;
  return (
    (await found()) ?? fail(`found no Chromium and could not install it: install it, or set ASSAY_CHROMIUM\n${out.slice(-1000)}`)
  );
}

/** So long a page may take for what it is asked; a limit that only ends what hangs. */
const waitMs = 120_000;

/** A headless Chromium that talks to nobody but the pages it is given. */
export async function openChromium() {
  const browser = await (await playwright()).launch({
    executablePath: await findChromium(),
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
  const newContext = browser.newContext.bind(browser);
  browser.newContext = async (options) => {
    const context = await newContext(options);
    context.setDefaultTimeout(waitMs);
    return context;
  };
  return browser;
}
