// `npm run new linear/lasso`: an algorithm's file and its test, with every section in place.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fail, root } from "./setup.mjs";

const source = join(root, "library/core/src");
const [, room, file] =
  /^([a-z-]+)\/([a-z0-9-]+)$/.exec(process.argv[2] ?? "") ?? fail("npm run new <room>/<name>, as npm run new linear/lasso");
const rooms = [
  "tree",
  "linear",
  "svm",
  "neighbors",
  "bayes",
  "cluster",
  "decomposition",
  "series",
  "neural",
  "ensemble",
  "recommend",
];
if (!existsSync(join(source, room)) && !rooms.includes(room))
  fail(`no room ${room}: there are ${readdirSync(source).join(", ")}`);
const path = join(source, room, `${file}.ts`);
if (existsSync(path)) fail(`library/core/src/${room}/${file}.ts is there already`);

const camel = file.replace(/-(.)/g, (_, letter) => letter.toUpperCase());
const pascal = camel[0].toUpperCase() + camel.slice(1);
const snake = file.replaceAll("-", "_");

writeFileSync(
  path,
  `import { z } from "zod";
import { regressor } from "../base/estimator.ts";

/** What ${snake.replaceAll("_", " ")} learns. */
export interface ${pascal}State {
  /** Prediction for every row, in units of y. */
  readonly mean: number;
}

/**
 * One sentence: what it is, what it minimises.
 * How it is solved, and its cost: O(n d).
 * Source: author (year), journal, section. Oracle: sklearn.
 */
export const ${camel} = regressor({
  name: "${snake}",
  params: () =>
    z.strictObject({
      alpha: z.number().min(0).default(0).meta({ title: "Penalty α", description: "What 0 means.", search: "log" }),
    }),
  fit(x, y, { alpha }, { weights, checkpoint }): ${pascal}State {
    checkpoint(0, 1);
    let sum = 0;
    let total = alpha;
    for (let i = 0; i < x.rows; i++) {
      const weight = weights?.[i] ?? 1;
      sum += weight * y[i]!;
      total += weight;
    }
    return { mean: sum / total };
  },
  predict: (x, { mean }) => new Float64Array(x.rows).fill(mean),
});
`,
);
writeFileSync(
  path.replace(/\.ts$/, ".test.ts"),
  `import { describe, expect, test } from "vitest";
import { estimatorChecks } from "../testing/estimator-checks.ts";
import { ${camel} } from "./${file}.ts";

describe("${snake}", () => {
  test("with alpha 0 predicts the mean", async () => {
    const model = await ${camel}({ alpha: 0 }).fit([[0], [1]], [1, 3]);
    expect(Array.from(model.predict([[5]]))).toEqual([2]);
  });
});

describe.each(estimatorChecks("regression", "${snake}"))("${snake}", ({ name, run }) => test(name, run));
`,
);
const index = join(source, room, "index.ts");
const lines = existsSync(index) ? readFileSync(index, "utf8").trim().split("\n") : [];
writeFileSync(index, `${[...lines, `export * from "./${file}.ts";`].sort().join("\n")}\n`);
console.log(`library/core/src/${room}/${file}.ts and its test
next: params, state, fit, predict, TSDoc; its case in tools/oracle/${room.replaceAll("-", "_")}.py`);
