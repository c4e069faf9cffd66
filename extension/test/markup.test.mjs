// Text with markup in every place where a reader gives text, and every panel and report that shows it: nothing of it may run.
import { strict as assert } from "node:assert";

/** Text that runs where a page takes it for markup. */
const markup = [
  "<script>window.__ran = 1</script>",
  '<img src=x onerror="window.__ran = 1">',
  '<svg onload="window.__ran = 1"></svg>',
  '"><img src=x onerror=window.__ran=1>',
  "<a href='javascript:window.__ran=1'>open</a>",
  '<iframe srcdoc="<script>parent.__ran = 1</script>"></iframe>',
  '<button data-commandlinker-command="console:create">x</button>',
  '<img src="http://canary.invalid/seen">',
];

/** The journey, on an open JupyterLab. */
export function markupTests({ page, lab, stamp }) {
  const seen = [];
  const name = `${markup[1]} ${stamp}`;

  async function plant() {
    const columns = [...markup.slice(0, 4), "kind"];
    const quoted = (text) => `"${String(text).replaceAll('"', '""')}"`;
    const rows = Array.from({ length: 60 }, (_, i) => [
      i % 7,
      markup[i % markup.length],
      i % 5,
      markup[(i + 3) % 4],
      markup[i % 2],
    ]);
    const bytes = [columns, ...rows].map((row) => row.map(quoted).join()).join("\n");
    await lab.send("datasets/upload", { name }, { name: "poisoned.csv", type: "text/csv", bytes });
    const { run_id: id } = await lab.post("runs", {
      experiment: name,
      name,
      notes: markup.join("\n"),
      description: markup.join("\n"),
      tags: { [markup[0]]: markup[1] },
      params: { [markup[2]]: markup[3] },
    });
    await lab.post(`runs/${id}/metrics`, { metrics: markup.map((text, step) => ({ name: text, step, value: step })) });
    await lab.post(`runs/${id}/finish`, { run_status: "failed", error: markup.join(" ") });
    return id;
  }

  async function nothingRan(where) {
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
    assert.equal(await page.evaluate(() => window.__ran), undefined, `something ran in ${where}`);
    assert.deepEqual(seen, [], `${where} asked for something, or opened a dialog`);
  }

  return [
    {
      name: "markup: text with markup in it is text in every panel and report",
      async run() {
        const watch = (request) => new URL(request.url()).hostname === "canary.invalid" && seen.push(request.url());
        const dialog = (opened) => seen.push(opened.message()) && opened.dismiss();
        page.on("request", watch).on("dialog", dialog);
        try {
          const id = await plant();
          for (const [command, args] of [
            ["open-experiments"],
            ["open-run", { id, name }],
            ["open-datasets"],
            ["open-dataset", { name, id: name }],
            ["open-models"],
          ]) {
            await lab.open(`assay:${command}`, args);
            await nothingRan(command);
          }
          for (const path of [
            `experiments/${id}/report?format=html`,
            `datasets/${encodeURIComponent(name)}/report?format=html`,
          ]) {
            const address = `${new URL(page.url()).origin}/assay/api/ml/${path}`;
            const opened = page.waitForEvent("popup");
            await page.evaluate((url) => void window.open(url), address);
            const report = await opened;
            report.on("request", watch).on("dialog", dialog);
            await report.waitForLoadState();
            assert.equal(await report.evaluate(() => window.__ran), undefined, path);
            await report.close();
            await nothingRan(path);
          }
        } finally {
          page.off("request", watch).off("dialog", dialog);
        }
      },
    },
  ];
}
