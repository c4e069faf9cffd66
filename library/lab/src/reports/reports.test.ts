import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as ml from "assay";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { uploadDataset } from "../datasets/index.ts";
import { connect } from "../lab.ts";
import type { Opened } from "../projects/session.ts";
import { testSession } from "../testing/test-session.ts";
import { ActiveRun, createRun, finishRun, logLines, logMetrics } from "../tracking/index.ts";
import { evaluationSections } from "./evaluation-sections.ts";
import { codePointsOf, inFont } from "./font-coverage.ts";
import {
  comparisonReport,
  datasetReport,
  drawReport,
  type Report,
  reportDocument,
  reportHtml,
  reportPolicy,
  runReport,
} from "./index.ts";
import { reportPdf } from "./report-pdf.ts";
import { shownText } from "./shown-text.ts";

let opened: Opened;
const session = () => opened.session;
beforeAll(async () => {
  opened = await testSession();
});
afterAll(() => opened.close());

/** Texts that people write into names: each must come out as text. */
const hostile: readonly string[] = [
  "<script>alert(1)</script>",
  '"><img src=x onerror=alert(1)>',
  "'><svg/onload=alert(1)>",
  "</style><script>alert(1)</script>",
  "</title><script>alert(1)</script>",
  '<button data-commandlinker-command="terminal:create-new">go</button>',
  "javascript:alert(1)",
  "\u202eexe.txt\u202c\u0000\u001b[2J",
  "=cmd|' /C calc'!A0",
  "{{7*7}}$\u007balert(1)}",
  "数据 данные δεδομένα 🌸",
  "long ".repeat(20_000),
];
const all = hostile.join(" ");
/** The same without NUL, which no database takes. */
const stored = hostile.map((text) => text.replaceAll("\0", ""));

/** A run whose every field holds them. */
async function hostileRun(name = all.slice(0, 5000)): Promise<string> {
  const id = await createRun(session(), {
    experiment: hostile[1]!,
    name,
    status: "training",
    algorithm: hostile[0]!,
    params: Object.fromEntries(hostile.map((text) => [text.slice(0, 500), { [text.slice(0, 500)]: text }])),
    tags: Object.fromEntries(hostile.map((text) => [text.slice(0, 500), text])),
    description: all,
    notes: all,
    datasetName: hostile[0]!,
    target: hostile[1]!,
    features: hostile,
    environment: { [hostile[0]!]: all, pipeline: [{ name: hostile[0], params: { [hostile[1]!]: all } }] },
    code: { cell: all, commit: hostile[0] },
  });
  const points = hostile
    .slice(0, 8)
    .flatMap((text) => [0, 1].map((step) => ({ name: text.slice(0, 100), split: text.slice(0, 40), step, value: step })));
  await logMetrics(session(), id, points);
  await logLines(
    session(),
    id,
    hostile.map((message) => ({ level: "info" as const, message })),
  );
  await finishRun(session(), id, "failed", { error: all });
  return id;
}

/** A table whose columns and cells hold them. */
function hostileTable(): ml.Table {
  const draw = ml.random(3, "hostile");
  return ml.table(
    Array.from({ length: 60 }, (_, i) =>
      Object.fromEntries(
        stored.map((text, j) => [text.slice(0, 300), j === 0 ? draw.normal() : stored[(i + j) % stored.length]!.slice(0, 500)]),
      ),
    ),
  );
}

const elements = new Set(
  "!doctype html head meta title style body header h1 h2 p dl dt dd nav ol ul li a main section div table caption thead tbody tr th td pre figure figcaption svg g path rect text tspan circle line polyline polygon defs clippath lineargradient stop".split(
    " ",
  ),
);
const attributes = new Set(
  "lang version charset http-equiv content name class aria-label aria-labelledby id href scope xmlns viewbox width height font-family font-size font-weight fill fill-opacity stroke stroke-width stroke-opacity stroke-dasharray stroke-linejoin stroke-linecap opacity x y x1 y1 x2 y2 cx cy r rx ry d points transform text-anchor dominant-baseline role color offset stop-color clip-path style xml:space".split(
    " ",
  ),
);

/** Everything in a page that is not ours: elements, attributes and addresses that no report has. */
function strange(page: string): string[] {
  const found: string[] = [];
  const body = page.replace(/<style>[\s\S]*?<\/style>/, "");
  for (const [, name, rest] of body.matchAll(/<\/?([^\s<>/]+)((?:[^<>"']|"[^"]*"|'[^']*')*)>/g)) {
    if (!elements.has(name!.toLowerCase())) found.push(`<${name}>`);
    for (const [, attribute, value] of rest!.matchAll(/([^\s"'=/]+)="([^"]*)"/g)) {
      if (!attributes.has(attribute!.toLowerCase())) found.push(`${name} ${attribute}`);
      if (attribute === "href" && !/^#part-\d+$/.test(value!)) found.push(`href ${value}`);
      if (attribute === "style" && /url|expression/i.test(value!)) found.push(`style ${value}`);
    }
  }
  return found;
}

describe("a report of hostile texts", () => {
  test("of a run has no element but its own, and no direction or control character", async () => {
    const page = reportDocument(await runReport(session(), await hostileRun())).html();
    expect(strange(page)).toEqual([]);
    expect(page.includes("&lt;script&gt;alert(1)&lt;/script&gt;")).toBe(true);
    expect(page.includes("\\u{202e}exe.txt")).toBe(true);
    expect(["\u202e", "\u202c", "\u0000", "\u001b"].filter((sign) => page.includes(sign))).toEqual([]);
    expect(page.length).toBeLessThan(600_000); // texts of 100,000 characters are cut
  });

  test("of a comparison likewise", async () => {
    const ids = await Promise.all([hostileRun("one"), hostileRun(hostile[1]), hostileRun(hostile[7])]);
    const page = reportDocument(await comparisonReport(session(), ids)).html();
    expect(strange(page)).toEqual([]);
    expect(page.includes("&quot;&gt;&lt;img src=x onerror=alert(1)&gt;")).toBe(true);
  });

  test("of a dataset likewise", async () => {
    await uploadDataset(session(), hostileTable(), {
      name: "<script>alert(1)</script>",
      description: stored.join(" ").slice(0, 5000),
    });
    const page = reportDocument(await datasetReport(session(), "<script>alert(1)</script>")).html();
    expect(strange(page)).toEqual([]);
    expect(page.includes("<h1>&lt;script&gt;alert(1)&lt;/script&gt;@1</h1>")).toBe(true);
  });

  test("in a cell stands in a frame without rights", async () => {
    const document = reportDocument(await runReport(session(), await hostileRun()));
    const shown = (document as unknown as Record<symbol, () => Record<string, string>>)[Symbol.for("Jupyter.display")]!();
    expect(/^<iframe sandbox srcdoc="[^"]*" style="[^"]*" title="report"><\/iframe>$/.test(shown["text/html"]!)).toBe(true);
  });

  test("says in the page itself that nothing may run", async () => {
    const page = reportDocument(await runReport(session(), await hostileRun())).html();
    expect(page.includes(`<meta http-equiv="Content-Security-Policy" content="${reportPolicy.replaceAll("'", "&#39;")}">`)).toBe(
      true,
    );
  });

  test("becomes a PDF", async () => {
    const pdf = await reportPdf(drawReport(await runReport(session(), await hostileRun())));
    expect(Buffer.from(pdf).toString("latin1", 0, 5)).toBe("%PDF-");
    expect(Buffer.from(pdf).toString("latin1")).not.toMatch(/\/(JavaScript|JS|Launch|URI|EmbeddedFile)\b/);
  });
});

describe("a long report", () => {
  test("of a run with 100 classes and 10,000 lines stays bounded and says what was left out", async () => {
    const classes = Array.from({ length: 100 }, (_, k) => `class ${String(k).padStart(2, "0")}`);
    const rows = Array.from({ length: 1000 }, (_, i) => ({ x: (i % 100) + (i % 7) / 3, kind: classes[i % 100]! }));
    const id = await createRun(session(), { experiment: "long", status: "training" });
    const run = new ActiveRun(session(), id);
    const model = await ml.gaussianNB().fit(ml.table(rows), { target: "kind" });
    await run.evaluate(model, ml.table(rows));
    await run.flush();
    await logLines(
      session(),
      id,
      Array.from({ length: 10_000 }, (_, k) => ({ level: "info" as const, message: `line ${k}` })),
    );
    await finishRun(session(), id, "completed");
    const page = reportDocument(await runReport(session(), id)).html();
    expect(page.includes("9800 earlier lines of 10000")).toBe(true);
    expect(page.includes("line 9999")).toBe(true);
    expect(page.includes("Taken for each other most often")).toBe(true);
    expect(page.length).toBeLessThan(400_000);
  });

  test("of a dataset of 200 columns draws the first 60 and lists them all", async () => {
    const rows = Array.from({ length: 30 }, (_, i) =>
      Object.fromEntries(Array.from({ length: 200 }, (_, j) => [`column ${j}`, (i * (j + 1)) % 17])),
    );
    await uploadDataset(session(), ml.table(rows), { name: "wide" });
    const page = reportDocument(await datasetReport(session(), "wide")).html();
    expect(page.match(/<svg /g)!.length).toBe(60);
    expect(page.includes("charts of 140 columns behind the first 60")).toBe(true);
    expect(page.includes(">column 199<")).toBe(true);
  });

  test("of 100 runs turns its tables and becomes a PDF", async () => {
    const ids: string[] = [];
    for (let k = 0; k < 100; k++) {
      const id = await createRun(session(), {
        experiment: "hundred",
        name: `run ${k}`,
        status: "training",
        params: { alpha: k, beta: k % 3 },
      });
      await logMetrics(
        session(),
        id,
        [0, 1].map((step) => ({ name: "score", split: "test", step, value: k / 100 + step })),
      );
      await finishRun(session(), id, "completed");
      ids.push(id);
    }
    const report = drawReport(await comparisonReport(session(), ids));
    const page = reportHtml(report);
    expect(page.includes("<h1>Comparison of 100 runs</h1>")).toBe(true);
    expect(page.includes("100 run 99")).toBe(true);
    expect(Buffer.from(await reportPdf(report)).toString("latin1", 0, 5)).toBe("%PDF-");
  });
});

describe("text", () => {
  test("that a font has not is written as code points, and near twins as letters", () => {
    const covered = new Set([..."abc →"].map((sign) => sign.codePointAt(0)!).filter((code) => code < 0x2000));
    expect(inFont("a 数→b", covered)).toEqual({ text: "a \\u{6570}->b", replaced: 1 });
  });

  test("of Latin, Greek and Cyrillic is in the PDF's font; of others it is not", async () => {
    const { readFile } = await import("node:fs/promises");
    const { createRequire } = await import("node:module");
    const faces = ["Regular", "Medium", "Italic", "MediumItalic"];
    const folder = createRequire(import.meta.url)
      .resolve("pdfmake/package.json")
      .replace(/package\.json$/, "fonts/Roboto/");
    for (const face of faces) {
      const covered = codePointsOf(await readFile(`${folder}Roboto-${face}.ttf`));
      for (const sign of "aZ09äßřΩωЖя±²≤≥…“”−\u200b") expect(covered.has(sign.codePointAt(0)!), `${sign} in ${face}`).toBe(true);
      for (const sign of "数א→") expect(covered.has(sign.codePointAt(0)!), `${sign} in ${face}`).toBe(false);
    }
  });

  test("is cut with its length said, and keeps joiners", () => {
    expect(shownText("x".repeat(1000), 5)).toBe("xxxxx… (1000 characters)");
    expect(shownText("👩\u200d🔬\ud800")).toBe("👩\u200d🔬\\u{d800}");
  });
});

test("a cell asks a run, the lab, or an experiment's answer for a report, and saves it", async () => {
  const lab = await connect();
  const work = (k: number) => lab.experiment("cells").run(`run ${k}`, async (run) => run.log({ loss: k }));
  const [one, two] = [await work(1), await work(2)];
  expect((await one.report()).title).toBe("run 1");
  expect((await (await lab.run(two.id)).report()).html()).toContain("<h1>run 2</h1>");
  expect((await lab.report([one.id, two.id])).title).toBe("Comparison of 2 runs");
  expect((await lab.report({ filter: "experiment = 'cells'" })).title).toBe("Comparison of 2 runs");
  await uploadDataset(session(), ml.table([{ a: 1 }, { a: 2 }]), { name: "small" });
  const folder = mkdtempSync(join(tmpdir(), "assay-report-"));
  await (await lab.report({ dataset: "small" })).save(join(folder, "small.pdf"));
  await (await lab.report(one)).save(join(folder, "one.html"));
  expect(readFileSync(join(folder, "small.pdf"), "latin1").slice(0, 5)).toBe("%PDF-");
  expect(readFileSync(join(folder, "one.html"), "utf8")).toContain("<h1>run 1</h1>");
  await lab.close();
});

test("a heatmap of more cells than can be seen is left out, and named", () => {
  const z = Array.from({ length: 100 }, () => new Array<number>(100).fill(0));
  const figures = [{ name: "confusion", title: "Confusion matrix", figure: ml.figure("", [{ type: "heatmap", z }]) }];
  expect(JSON.stringify(evaluationSections({ figures })[0])).toContain("the figure “Confusion matrix”, which is too large");
});

test("a figure that cannot be drawn is said, and the others are drawn", () => {
  const broken = {
    title: "broken",
    figure: {
      data: [
        {
          type: "bar",
          get x(): never {
            throw new Error("no bars");
          },
        },
      ],
      layout: {},
    },
  };
  const whole = { title: "whole", figure: ml.figure("whole", [{ type: "bar", x: ["a"], y: [1] }]) };
  const report: Report = {
    title: "t",
    subtitle: "",
    madeAt: "2026-01-01T00:00:00Z",
    wide: false,
    facts: [],
    sections: [{ title: "s", blocks: [{ kind: "figures", columns: 1, figures: [broken, whole] as never }] }],
  };
  const [section] = drawReport(report).sections;
  expect(section!.blocks.map(({ kind }) => kind)).toEqual(["figures", "left_out"]);
  expect(JSON.stringify(section)).toContain("broken: could not be drawn (no bars)");
});
