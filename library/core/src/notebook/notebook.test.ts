import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import "../index.ts";
import { compareProfiles } from "../data/compare-profiles.ts";
import { table } from "../data/table.ts";
import { evaluate } from "../inspection/index.ts";
import { logisticRegression } from "../linear/index.ts";
import { confusionMatrix } from "../metrics/index.ts";
import { plotConfusion, plotLoss } from "../plots/index.ts";

const shown = (value: object): Record<string, string> =>
  (value as Record<symbol, () => Record<string, string>>)[Symbol.for("Jupyter.display")]!();

describe("in a notebook", () => {
  test("a table is HTML with its kinds, and text of its cells is escaped", () => {
    const bundle = shown(table({ "<b>": ['<img src=x onerror="alert(1)">', "plain"] }));
    expect(bundle["text/html"]).toContain("&lt;img src=x");
    expect(bundle["text/html"]).not.toContain("<img");
    expect(bundle["text/html"]).not.toContain("<b>");
  });

  test("a table tells front ends to typeset nothing in it as mathematics", () => {
    const bundle = shown(table({ price: ["$5 and $6"] }));
    expect(bundle["text/html"]).toMatch(/^<div class="mathjax_ignore tex2jax_ignore">[\s\S]*\$5 and \$6[\s\S]*<\/div>$/);
  });

  test("a figure is plotly's JSON, with a picture for readers that cannot draw it", () => {
    const bundle = shown(plotConfusion(confusionMatrix(["a", "b"], ["a", "a"])));
    expect(bundle["application/vnd.plotly.v1+json"]).toMatchObject({ data: [{ type: "heatmap" }] });
    expect(bundle["image/svg+xml"]).toMatch(/^<svg[\s\S]*<\/svg>$/);
  });

  test("labels in a picture are escaped", () => {
    const bundle = shown(
      plotLoss([
        { name: "</text><script>", steps: [1, 2], values: [1, 2] },
        { name: "b", steps: [1], values: [1] },
      ]),
    );
    expect(bundle["image/svg+xml"]).not.toContain("<script");
  });

  test("a comparison of tables shows what changed, names escaped, and is plain JSON all the same", () => {
    const before = table({ "<i>": Array.from({ length: 100 }, (_, i) => i), gone: new Array(100).fill(1) });
    const drift = compareProfiles(before, table({ "<i>": Array.from({ length: 100 }, (_, i) => i + 90) }));
    expect(shown(drift)["text/plain"]).toMatch(/<i> .* changed/);
    expect(shown(drift)["text/html"]).toContain("only in the first: gone");
    expect(shown(drift)["text/html"]).not.toContain("<i>");
    expect(JSON.parse(JSON.stringify(drift)).removed).toEqual(["gone"]);
  });

  test("an evaluation shows every metric, and is plain JSON all the same", async () => {
    const rows = table({ x: [1, 2, 3, 4, 5, 6], y: ["a", "a", "a", "b", "b", "b"] });
    const evaluation = evaluate(await logisticRegression().fit(rows, { target: "y" }), rows);
    for (const name of Object.keys(evaluation.metrics))
      expect(shown(evaluation)["text/html"]).toContain(name.replaceAll("_", " "));
    expect(JSON.parse(JSON.stringify(evaluation)).metrics.accuracy).toBe(1);
  });
});

describe("in a plain program, console.log shows", () => {
  const rows = table({ x: [1, 2, 3, 4, 5, 6], y: ["a", "a", "a", "b", "b", "b"] });

  test("a result as the text that a notebook has of it", async () => {
    const evaluation = evaluate(await logisticRegression().fit(rows, { target: "y" }), rows);
    expect(inspect(evaluation)).toBe(shown(evaluation)["text/plain"]);
  });

  test("a model as the text that a notebook has of it", async () => {
    const model = await logisticRegression().fit(rows, { target: "y" });
    expect(inspect(model)).toBe(shown(model)["text/plain"]);
  });
});
