// What a reader does in JupyterLab, in words of the panels.
import { strict as assert } from "node:assert";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

/** Path of a file of the folder `fixtures`. */
export const fixture = (name) => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));

/** Drags along the height of an element, from one share of it to another, once it stands still; `between` is called while it is held. */
export async function dragAlong(element, from, to, between = async () => {}) {
  const { width, height } = await element.boundingBox();
  const mouse = element.page().mouse;
  await element.hover({ position: { x: width / 2, y: height * from } });
  await mouse.down();
  await between();
  const { x, y } = await element.boundingBox();
  await mouse.move(x + width / 2, y + height * to, { steps: 8 });
  await mouse.up();
}

/** JupyterLab in one page, driven by commands, labels and names. */
export function opened({ page, baseUrl, token, screenshotDir }) {
  const address = baseUrl.replace(/\/$/, "");
  const run = (command, args = {}) =>
    page.evaluate(([id, given]) => void window.jupyterapp.commands.execute(id, given), [command, args]);

  async function request(path, init = {}) {
    const response = await fetch(`${address}/assay/api/ml/${path}`, {
      ...init,
      headers: { Authorization: `token ${token}`, "X-Assay": "1", ...init.headers },
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response.json();
  }

  async function contents(method, name, body) {
    const response = await fetch(`${address}/api/contents/${encodeURIComponent(name)}`, {
      method,
      headers: { Authorization: `token ${token}`, "Content-Type": "application/json" },
      body,
    });
    if (!response.ok) throw new Error(`${method} ${name}: ${response.status} ${await response.text()}`);
  }

  /** Waits until the layout that JupyterLab keeps holds these words. */
  async function kept(words) {
    const headers = { Authorization: `token ${token}` };
    const wanted = words.replaceAll(/\s/g, "");
    for (let tries = 0; tries < 1200; tries++) {
      const text = await (await fetch(`${address}/lab/api/workspaces/default`, { headers })).text();
      if (text.replaceAll(/\s/g, "").includes(wanted)) return;
      await page.waitForTimeout(100);
    }
    throw new Error(`the layout does not hold ${words}`);
  }

  const leave = () => page.goto("about:blank");

  async function isThere() {
    await page.waitForFunction(() => window.jupyterapp?.commands.hasCommand("assay:open-experiments"));
    await page.evaluate(() => window.jupyterapp.restored.then(() => undefined));
    await page.locator("#jupyterlab-splash").waitFor({ state: "detached" });
  }

  /** Calls `action` while the main area is 300 pixels wide. */
  async function narrow(action) {
    const size = page.viewportSize();
    const beside = await page.evaluate(() => {
      const { shell } = window.jupyterapp;
      shell.collapseLeft();
      return new Promise((resolve) => requestAnimationFrame(() => resolve(innerWidth - shell.currentWidget.node.clientWidth)));
    });
    await page.setViewportSize({ width: 300 + beside, height: size.height });
    await page.waitForFunction(() => window.jupyterapp.shell.currentWidget.node.clientWidth <= 320);
    try {
      await action();
    } finally {
      await page.setViewportSize(size);
      await page.evaluate(() => window.jupyterapp.shell.expandLeft());
    }
  }

  /** Fails where an element of the narrow main area stays wider than that, or wider inside than it is seen: what is drawn by its width follows it. */
  const fits = (place, what) =>
    holds(async () => {
      const size = await place.evaluate(({ scrollWidth, clientWidth }) => ({ scrollWidth, clientWidth }));
      assert.ok(size.clientWidth <= 320, `${what} is ${size.clientWidth} wide`);
      assert.ok(size.scrollWidth <= size.clientWidth, `${what} takes ${size.scrollWidth} of ${size.clientWidth}`);
    });

  return {
    origin: new URL(address).origin,
    get: (path) => request(path),
    post: (path, body) =>
      request(path, { method: "POST", body: JSON.stringify(body), headers: { "Content-Type": "application/json" } }),

    /** Waits until a job has ended: its stream of events ends with it. */
    async ended(job) {
      const response = await fetch(`${address}/assay/api/ml/jobs/${job}/events`, {
        headers: { Authorization: `token ${token}`, "X-Assay": "1" },
      });
      await response.text();
    },

    /** Sends a form with a file in it. */
    async send(path, fields, file) {
      const form = new FormData();
      for (const [name, value] of Object.entries(fields)) form.set(name, value);
      form.set("file", new Blob([file.bytes], { type: file.type }), file.name);
      return request(path, { method: "POST", body: form });
    },
    put: (path, body) =>
      request(path, { method: "PUT", body: JSON.stringify(body), headers: { "Content-Type": "application/json" } }),

    async start() {
      await page.goto(`${address}/lab?token=${token}&reset`);
      await isThere();
    },

    /** Opens a document and waits until it is drawn, and what stood before it is not seen any more. */
    async open(command, args = {}) {
      const document = await page.evaluate(
        async ([id, given]) => (await window.jupyterapp.commands.execute(id, given)).id,
        [command, args],
      );
      await page.waitForFunction((id) => {
        const panel = window.document.getElementById(id)?.querySelector(".jp-Assay-panel");
        return window.jupyterapp.shell.currentWidget?.id === id && panel?.checkVisibility();
      }, document);
    },

    /** Closes every document of ours. */
    async closeAll() {
      await page.evaluate(() => {
        for (const widget of [...window.jupyterapp.shell.widgets("main")]) if (widget.id.startsWith("assay-")) widget.close();
      });
    },

    /** Ends the kernels of all open notebooks and closes them; what was written into them is not kept. */
    async closeNotebooks() {
      await page.evaluate(async () => {
        for (const widget of [...window.jupyterapp.shell.widgets("main")])
          if (widget.hasClass("jp-NotebookPanel")) {
            await widget.sessionContext.shutdown();
            widget.dispose();
          }
      });
    },

    /** Shows the sidebar, so many pixels wide. */
    async sidebar(width) {
      await page.evaluate(async (wanted) => {
        const { shell } = window.jupyterapp;
        await window.jupyterapp.commands.execute("assay:show-sidebar");
        const panel = shell._hsplitPanel;
        const sizes = panel.relativeSizes();
        const whole = panel.node.clientWidth;
        panel.setRelativeSizes([wanted, whole - wanted, ...sizes.slice(2).map(() => 0)]);
      }, width);
      await page.locator(".jp-AssaySidebar:visible").waitFor();
    },

    /** Closes a document. */
    close: (id) =>
      page.evaluate((wanted) => {
        for (const widget of [...window.jupyterapp.shell.widgets("main")]) if (widget.id === wanted) widget.close();
      }, id),

    /** A fresh form. */
    async newExperiment() {
      await page.evaluate(() => {
        for (const widget of [...window.jupyterapp.shell.widgets("main")])
          if (widget.id.startsWith("assay-new-experiment")) widget.close();
      });
      await run("assay:new-experiment");
      await page.locator(".jp-AssayNew:visible").waitFor();
    },

    /** A file of this folder as an upload takes it. */
    file: async (path) => ({ buffer: await readFile(path) }),

    /** Puts a file where JupyterLab's file browser shows it. */
    async write(name, path) {
      const body = JSON.stringify({ type: "file", format: "text", content: await readFile(path, "utf8") });
      await contents("PUT", name, body);
    },

    remove: (name) => contents("DELETE", name),

    makeFolder: (name) => contents("PUT", name, JSON.stringify({ type: "directory" })),

    /** Goes away, and changes one of the reader's settings of the panels: an open page writes its own over it. */
    async setting(name, value) {
      await leave();
      const place = `${address}/lab/api/settings/assay-jupyterlab:plugin`;
      const headers = { Authorization: `token ${token}`, "Content-Type": "application/json" };
      const { settings } = await (await fetch(place, { headers })).json();
      const body = JSON.stringify({ raw: JSON.stringify({ ...settings, [name]: value }) });
      const response = await fetch(place, { method: "PUT", headers, body });
      if (!response.ok) throw new Error(`setting ${name}: ${response.status} ${await response.text()}`);
    },

    kept,

    /** Goes away from JupyterLab, and back as it was left. */
    leave,
    async reload() {
      await leave();
      await page.goto(`${address}/lab?token=${token}`);
      await isThere();
    },

    /** Follows a link in the open page, as one that is pressed there. */
    visit: (hash) =>
      page.evaluate((to) => {
        location.hash = to;
      }, hash),

    async upload(file) {
      await page.locator('.jp-AssayNew:visible input[type="file"]').setInputFiles(file);
    },

    /** Chooses the first option of a select whose words fit. */
    async choose(name, words) {
      const option = page.locator(`.jp-AssayNew:visible select[name="${name}"] option`).filter({ hasText: words }).first();
      await option.waitFor({ state: "attached" });
      await page.locator(`.jp-AssayNew:visible select[name="${name}"]`).selectOption(await option.getAttribute("value"));
    },

    /** Chooses an algorithm by its name, from the list that a search of it leaves. */
    async algorithm(name) {
      const field = page.locator('.jp-AssayNew:visible input[name="algorithm"]');
      await field.fill(name);
      await page.locator(`.jp-AssayNew:visible [data-algorithm="${name}"]`).click();
      await page.locator(`.jp-AssayNew:visible input[name="algorithm"][data-value="${name}"]`).waitFor();
    },

    /** Waits for the form of these hyperparameters, and answers how each is drawn. */
    async drawn({ properties }) {
      const names = Object.keys(properties);
      if (names.length === 0) {
        await page.getByText("This algorithm has no hyperparameters.").waitFor();
        return {};
      }
      await page.locator(`.jp-AssayNew:visible [id="assay-param_${names[0]}"]`).waitFor();
      const more = page.locator(".jp-AssayNew:visible .jp-AssayNew-more");
      if ((await more.count()) > 0) await more.evaluate((details) => details.setAttribute("open", ""));
      return page.evaluate(drawnFields, names);
    },

    /** Changes the first hyperparameters that hold a number, three at most, and answers what was filled in. */
    async fill({ properties }) {
      const changed = {};
      for (const [name, property] of Object.entries(properties)) {
        const next = another(property);
        if (next === undefined) continue;
        await page.locator(`.jp-AssayNew:visible [id="assay-param_${name}"]`).fill(String(next));
        changed[name] = next;
        if (Object.keys(changed).length === 3) break;
      }
      return changed;
    },

    /** Presses Start and answers the id of the run's document. */
    async startTraining() {
      await page.locator('.jp-AssayNew:visible button[name="start"]:enabled').click();
      await page.locator(".jp-AssayRun:visible").waitFor();
      const document = await page.waitForFunction(() => {
        const { currentWidget } = window.jupyterapp.shell;
        return currentWidget?.id.startsWith("assay-run-") && currentWidget.id;
      });
      return document.jsonValue();
    },

    /** Waits until the layout that JupyterLab keeps has this document in front. */
    isCurrent: (document) => kept(`"current": "${document}"`),

    fits,
    narrow,

    /** What is there fits into 300 pixels; a picture of it. */
    fitsNarrow: (place, name) =>
      narrow(async () => {
        await fits(place, name);
        await page.screenshot({ path: join(screenshotDir, `narrow-${name}.png`) });
      }),

    /** Presses what downloads a file, and answers its name and bytes. */
    async downloaded(press) {
      const [file] = await Promise.all([page.waitForEvent("download"), press()]);
      return { name: file.suggestedFilename(), bytes: await readFile(await file.path()) };
    },

    /** What axe finds wrong in what is seen there: by every rule, or by some. */
    async violations(selector, runOnly) {
      if (!(await page.evaluate(() => "axe" in window))) await page.addScriptTag({ path: axe });
      return page.evaluate(
        async ([within, rules]) => {
          const options = { resultTypes: ["violations"], ...(rules && { runOnly: rules }) };
          const { violations: found } = await window.axe.run(within, options);
          return found.flatMap(({ id, nodes }) =>
            nodes.map(({ html, any }) => `${id}: ${html.slice(0, 160)} ${any[0]?.message ?? ""}`),
          );
        },
        [selector, runOnly],
      );
    },

    names: () => page.locator('.jp-AssayExperiments:visible [data-column="name"]').allTextContents(),

    /** Changes the theme; JupyterLab hides all of itself for a moment then, and fades the splash out. */
    async theme(name) {
      await run("apputils:change-theme", { theme: name });
      await page.waitForFunction(
        (wanted) => document.body.dataset.jpThemeName === wanted && window.jupyterapp.shell.isVisible,
        name,
      );
      await page.locator("#jupyterlab-splash").waitFor({ state: "detached" });
    },

    shot: (name) => page.screenshot({ path: join(screenshotDir, `${name}.png`) }),
  };
}

/** Runs in the page: what the form shows of each hyperparameter. */
function drawnFields(names) {
  const form = [...document.querySelectorAll(".jp-AssayNew")].find((each) => each.offsetParent !== null);
  const field = (name) => {
    const node = form.querySelector(`[id="assay-param_${name}"]`);
    if (!node) return null;
    const [label] = node.labels ?? [];
    return {
      kind: { INPUT: node.type, SELECT: "select", DETAILS: "constraints", FIELDSET: "parts" }[node.tagName] ?? node.tagName,
      title: node.getAttribute("aria-label") ?? (label ?? node).querySelector(".jp-FormGroup-fieldLabel")?.textContent,
      value: node.type === "checkbox" ? node.checked : (node.selectedOptions?.[0]?.textContent ?? node.value),
      chosen: [...node.querySelectorAll("input:checked")].map(({ name: each }) => each.split(" ").at(-1)),
      width: node.getBoundingClientRect().width,
    };
  };
  return Object.fromEntries(names.map((name) => [name, field(name)]));
}

/** Waits until an assertion holds of what is on the page; fails as it does at last. */
export async function holds(assertion) {
  for (const end = Date.now() + 120_000; ; ) {
    try {
      return await assertion();
    } catch (error) {
      if (Date.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/** How a hyperparameter should be drawn, from its schema. */
export function expected({ type, anyOf, items, enum: values, estimator }) {
  if (estimator || values) return "select";
  if (items?.estimator) return "parts";
  if (type === "object") return "constraints";
  if (type === "boolean") return "checkbox";
  const kinds = (anyOf ?? [type].flat().map((each) => ({ type: each }))).filter((each) => each.type !== "null");
  return kinds.length === 1 && !kinds[0].enum && /^(integer|number)$/.test(kinds[0].type) ? "number" : "text";
}

/** A number other than the default that the schema allows and that keeps a training short. */
function another({ anyOf, default: value, ...property }) {
  const real = anyOf?.filter(({ type }) => type !== "null") ?? [property];
  const [{ type, minimum = 0, maximum = Number.POSITIVE_INFINITY, exclusiveMinimum = -1, exclusiveMaximum = maximum + 1 }] = real;
  if (real.length !== 1 || !/^(integer|number)$/.test(type)) return undefined;
  const start = typeof value === "number" ? value : 3;
  const next = type === "integer" || start >= 2 ? start + 1 : start / 2;
  const fits = next >= minimum && next > exclusiveMinimum && next <= maximum && next < exclusiveMaximum;
  return fits && next !== value ? next : undefined;
}
