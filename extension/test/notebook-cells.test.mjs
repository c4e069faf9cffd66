// What the kernel's cells show in a notebook: data with markup in them stay text and start no command, the stop button stops, figures go on.
import { strict as assert } from "node:assert";
import { holds } from "./pages.mjs";

/** Data that run, or start a command of JupyterLab, where a page takes them for markup. */
const markup = [
  "<script>window.__ran = 1</script>",
  '<img src=x onerror="window.__ran = 1">',
  '"><img src=x onerror=window.__ran=1>',
  "' onmouseover='window.__ran = 1",
  "<a href='javascript:window.__ran=1'>open</a>",
  '<button data-commandlinker-command="console:create" data-commandlinker-args="{}">press</button>',
  '[open](javascript:window.__ran=1) <img src=x onerror="window.__ran = 1">',
  "$\\href{javascript:window.__ran=1}{x}$",
  "\u001b[31m<img src=x onerror='window.__ran = 1'>",
];

const values = `const markup: string[] = ${JSON.stringify(markup)};`;
const shown = [
  // the library's own
  `import * as ml from "assay";
   ml.table(markup.map((text, i) => ({ [markup[1]!]: text, kind: i % 2 ? text : markup[5]!, n: i })))`,
  "ml.profile(ml.table(Array.from({ length: 60 }, (_, i) => ({ [markup[i % 2]!]: 'x', text: markup[i % markup.length]!, n: i % 7 }))))",
  "ml.plotConfusion(ml.confusionMatrix(markup.map((_, i) => markup[i % 2]!), markup.map((_, i) => markup[i % 3 ? 1 : 0]!)))",
  // what cells put together
  `html\`<p title="\${markup[2]}">\${markup}</p>\${markup.map((text) => html\`<i title=\${text} class='\${text}'>\${text}</i>\`)}\``,
  `svg\`<svg xmlns="http://www.w3.org/2000/svg" width="300" height="40"><text y="20" fill="gray">\${markup[1]}</text></svg>\``,
  `md\`## \${markup[6]}\\n\\n\${markup.map((text) => md\`- \${text}\\n\`)}\``,
  "({ toMimeBundle: () => ({ 'text/plain': markup[1]! }) })",
  "for (const text of markup) console.log(text), console.error(text)",
  "throw new Error(markup.join(' '))",
];

/** Those of them in which every piece can be read as it is. */
const [html, markdown, printed] = ["html`", "md`", "for "].map((start) => shown.findIndex((source) => source.startsWith(start)));

/** The journeys, on an open JupyterLab. */
export function cellTests({ page, lab, stamp }) {
  const folder = `cells-${stamp}`;
  const cell = (k) => page.locator(".jp-NotebookPanel:visible .jp-Cell").nth(k);
  const output = (k) => cell(k).locator(".jp-OutputArea-output");

  /** A new notebook with these cells; answers its path. */
  async function notebook(sources) {
    await lab.makeFolder(folder);
    return page.evaluate(
      async ([cwd, cells]) => {
        const { commands } = window.jupyterapp;
        const panel = await commands.execute("notebook:create-new", { cwd, kernelName: "assay" });
        await panel.sessionContext.ready;
        const { sharedModel } = panel.content.model;
        sharedModel.deleteCellRange(0, sharedModel.cells.length);
        sharedModel.insertCells(
          0,
          cells.map((source) => ({ cell_type: "code", source })),
        );
        return panel.context.path;
      },
      [folder, sources],
    );
  }

  const press = (command, args = {}) =>
    page.evaluate(([id, given]) => void window.jupyterapp.commands.execute(id, given), [command, args]);

  /** Runs the k-th cell; resolves when it has been sent. */
  async function begin(k) {
    await page.evaluate((at) => {
      window.jupyterapp.shell.currentWidget.content.activeCellIndex = at;
    }, k);
    await press("notebook:run-cell");
  }

  /** Waits until the k-th cell has ended. */
  const ended = (k) =>
    cell(k)
      .locator(".jp-InputPrompt", { hasText: /\[\d+\]:/ })
      .waitFor();

  async function closed(path) {
    await lab.closeNotebooks();
    await lab.remove(path);
    await lab.remove(folder);
  }

  return [
    {
      name: "cells: data with markup in them stay text in everything that a cell shows, and start no command",
      async run() {
        const dialogs = [];
        const dialog = (opened) => dialogs.push(opened.message()) && opened.dismiss();
        page.on("dialog", dialog);
        const path = await notebook([values, ...shown]);
        try {
          for (const k of [0, ...shown.keys().map((each) => each + 1)]) {
            await begin(k);
            await ended(k);
          }
          for (const k of shown.keys())
            await output(k + 1)
              .first()
              .waitFor();
          await lab.shot("cells-markup");
          const found = await page.evaluate(() => {
            const all = [...document.querySelectorAll(".jp-NotebookPanel .jp-OutputArea-output *")];
            const runs = (name) => /^(on|data-commandlinker)/.test(name);
            const odd = all.filter(
              (each) =>
                ["SCRIPT", "IFRAME"].includes(each.tagName) ||
                each.getAttributeNames().some(runs) ||
                /^\s*javascript:/i.test(each.getAttribute("href") ?? "") ||
                (each.tagName === "IMG" && each.getAttribute("src") === "x"),
            );
            return odd.map((each) => each.outerHTML.slice(0, 200));
          });
          assert.deepEqual(found, []);
          // each piece of data is there to be read
          for (const k of [html, markdown, printed]) {
            const read = k === printed ? (each) => each.replace("\u001b[31m", "") : (each) => each; // colours are the printer's
            await holds(async () => {
              const text = (await output(k + 1).allInnerTexts()).join("\n");
              for (const each of markup) assert.ok(text.includes(read(each)), `${each} in ${shown[k]}: ${text}`);
            });
          }
          // whatever can be pressed or pointed at
          const widgets = await page.evaluate(() => [...window.jupyterapp.shell.widgets("main")].length);
          await page.evaluate(() => {
            for (const each of document.querySelectorAll(".jp-NotebookPanel .jp-OutputArea-output *")) {
              each.dispatchEvent(new MouseEvent("mouseover", { bubbles: true }));
              if (each.tagName !== "A") each.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }));
            }
          });
          await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
          assert.equal(await page.evaluate(() => window.__ran), undefined);
          assert.equal(await page.evaluate(() => [...window.jupyterapp.shell.widgets("main")].length), widgets);
          assert.deepEqual(dialogs, []);
        } finally {
          page.off("dialog", dialog);
          await closed(path);
        }
      },
    },
    {
      name: "cells: the stop button ends an endless loop, variables are kept, and a figure goes on after its cell",
      async run() {
        const path = await notebook([
          "const kept = 42;",
          "console.log('begun'); while (true) {}",
          "kept",
          `const kernel = (globalThis as any)[Symbol.for("assay.kernel")];
           kernel.display({ "text/html": "<b>before</b>" }, { displayId: "figure" });`,
          'kernel.display({ "text/html": "<b>after</b>" }, { displayId: "figure", update: true });',
        ]);
        try {
          await begin(0);
          await ended(0);
          await begin(1);
          await output(1).getByText("begun").waitFor();
          await page.locator('.jp-NotebookPanel:visible [data-jp-item-name="interrupt"]').first().click();
          await output(1).getByText("the cell was interrupted").waitFor();
          await lab.shot("cells-interrupted");
          await begin(2);
          await output(2).getByText("42").waitFor();
          await begin(3);
          await output(3).getByText("before").waitFor();
          await begin(4);
          await output(3).getByText("after").waitFor();
          await output(3).getByText("before").waitFor({ state: "detached" });
        } finally {
          await closed(path);
        }
      },
    },
  ];
}
