import { expect, test } from "vitest";
import { workoutFeatures } from "./features.ts";

/** A cell of a table of Markdown. */
const cell = (text: string): string => text.replaceAll("|", "\\|");

test("the page of features is what they declare", async () => {
  const rows = workoutFeatures.map(({ name, family, unit, formula, window, source }) =>
    [`\`${name}\``, family, unit, formula, window, source].map(cell).join(" | "),
  );
  const page = `# Features of the workout ensemble

${workoutFeatures.length} features, each of what was known before the session began. w1, w2 … are the top loads of the exercise's sessions, the latest first; e the best
one-repetition maximum by Epley, repetitions counted to 12. A feature that the log does not tell is missing. This page is written by its test from the declarations
(\`library/lab/src/flows/workout\`, *-features.ts).

| name | family | unit | formula | looks back on | made of |
| --- | --- | --- | --- | --- | --- |
${rows.map((row) => `| ${row} |`).join("\n")}
`;
  await expect(page).toMatchFileSnapshot("../../../../../docs/workout-features.md");
});
