// What a reader does in JupyterLab, in words of the panels.
import { readFile } from "node:fs/promises";
import { join } from "node:path";

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

  return {
    get: (path) => request(path),
    post: (path, body) =>
      request(path, { method: "POST", body: JSON.stringify(body), headers: { "Content-Type": "application/json" } }),

    async start() {
      await page.goto(`${address}/lab?token=${token}&reset`);
      await page.waitForFunction(() => window.jupyterapp?.commands.hasCommand("assay-jupyterlab:open-experiments"), null, {
        timeout: 60_000,
      });
      await page.evaluate(() => window.jupyterapp.restored.then(() => undefined));
      const news = page.locator(".Toastify").getByRole("button", { name: "No" });
      await news.click({ timeout: 3000 }).catch(() => undefined);
    },

    /** Opens a document and waits until it is drawn. */
    async open(command, args) {
      await run(command, args);
      await page.locator(".jp-Assay-panel:visible").first().waitFor();
    },

    /** A fresh form. */
    async newExperiment() {
      await page.evaluate(() => {
        for (const widget of window.jupyterapp.shell.widgets("main"))
          if (widget.id.startsWith("assay-new-experiment")) widget.close();
      });
      await run("assay-jupyterlab:new-experiment");
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

    async upload(file) {
      await page.locator('.jp-AssayNew:visible input[type="file"]').setInputFiles(file);
    },

    /** Chooses the first option of a select whose words fit. */
    async choose(name, words) {
      const option = page.locator(`.jp-AssayNew:visible select[name="${name}"] option`).filter({ hasText: words }).first();
      await option.waitFor({ state: "attached" });
      await page.locator(`.jp-AssayNew:visible select[name="${name}"]`).selectOption(await option.getAttribute("value"));
    },

    /** Changes each hyperparameter that a plain field shows, and answers what was filled in. */
    async fill({ properties }) {
      const changed = {};
      const names = Object.keys(properties);
      if (names.length === 0) {
        await page.getByText("This algorithm has no hyperparameters.").waitFor();
        return changed;
      }
      await page.locator(".jp-AssayNew-params form, .jp-AssayNew-params [id^=assay-param]").first().waitFor();
      for (const [name, property] of Object.entries(properties)) {
        const field = page.locator(`[id="assay-param_${name}"]`);
        if ((await field.count()) !== 1) continue;
        const next = another(property);
        if (next === undefined) continue;
        if (typeof next === "boolean") await field.setChecked(next);
        else if (property.enum) await field.selectOption({ label: String(next) });
        else await field.fill(String(next));
        changed[name] = next;
      }
      if (Object.keys(changed).length === 0) throw new Error(`no field of ${names.join(", ")} could be filled`);
      return changed;
    },

    /** Presses Start and answers the id of the run's document. */
    async startTraining() {
      await page.locator('.jp-AssayNew:visible button[name="start"]:enabled').click();
      await page.locator(".jp-AssayRun:visible").waitFor({ timeout: 30_000 });
      return page.evaluate(() => window.jupyterapp.shell.currentWidget.id);
    },

    /** JupyterLab keeps its layout a moment after it changed. */
    layoutSaved: () => page.waitForResponse((answer) => answer.request().method() === "PUT" && /workspaces/.test(answer.url())),

    /** Calls `action` while the main area is 300 pixels wide. */
    async narrow(action) {
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
    },

    names: () => page.locator('.jp-AssayExperiments:visible [data-column="name"]').allTextContents(),

    async theme(name) {
      await run("apputils:change-theme", { theme: name });
      await page.waitForFunction((wanted) => document.body.dataset.jpThemeName === wanted, name);
    },

    shot: (name) => page.screenshot({ path: join(screenshotDir, `${name}.png`) }),
  };
}

/** A value other than the default that the schema allows and that keeps a training short. */
function another({ type, anyOf, default: value, enum: values, minimum = 0, maximum = Number.POSITIVE_INFINITY }) {
  if (values) return values.find((each) => each !== value);
  if (type === "boolean") return value === false ? true : undefined; // what is on may be what others need
  const number = type === "integer" || type === "number" ? { type, minimum, maximum } : nullableNumber(anyOf);
  if (!number) return undefined;
  const start = typeof value === "number" ? value : 3;
  const next = number.type === "integer" ? start + 1 : start / 2;
  return next >= (number.minimum ?? 0) && next <= (number.maximum ?? Number.POSITIVE_INFINITY) && next !== value
    ? next
    : undefined;
}

function nullableNumber(anyOf) {
  const real = anyOf?.filter(({ type }) => type !== "null");
  return real?.length === 1 && /^(integer|number)$/.test(real[0].type) ? real[0] : undefined;
}
