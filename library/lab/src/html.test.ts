import { expect, test } from "vitest";
import { display, htmlTable, listed } from "./html.ts";

const shown = (value: object): Record<string, string> =>
  (value as Record<symbol, () => Record<string, string>>)[Symbol.for("Jupyter.display")]!();

test("what is displayed tells front ends to typeset nothing in it as mathematics", () => {
  const html = shown(display({}, () => htmlTable([{ price: "$5 and $6" }])))["text/html"]!;
  expect(html).toMatch(/^<div class="mathjax_ignore tex2jax_ignore">.*\$5 and \$6.*<\/div>$/);
});

test("a list is shown as a table of its columns, cells escaped, and stays a list", () => {
  const list = listed([{ name: "<b>", share: 1 / 3, hidden: 1 }], ["name", "share"]);
  expect(shown(list)["text/html"]).toContain("<tr><td>&lt;b&gt;</td><td>0.3333</td></tr>");
  expect(shown(list)["text/html"]).not.toContain("hidden");
  expect(JSON.stringify(list)).toBe('[{"name":"<b>","share":0.3333333333333333,"hidden":1}]');
});
