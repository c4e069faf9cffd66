// The parity report as Markdown.
import { isLower, verdicts } from "./verdicts.mjs";

const plainNumber = (value) => value.toFixed(4);
const signed = (value) => `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(4)}`;
const short = (value) => (value === 0 ? "0" : value.toExponential(1));
const markdown = (head, rows) => [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
const sum = (values) => values.reduce((total, value) => total + value, 0);

function groupBy(rows, key) {
  const groups = new Map();
  for (const row of rows) groups.set(row[key], [...(groups.get(row[key]) ?? []), row]);
  return [...groups];
}

const cells = ({ table, score, ours, theirs, deviation, difference, t, verdict }) => [
  table,
  score,
  plainNumber(ours),
  plainNumber(theirs),
  `± ${plainNumber(2 * deviation)}`,
  signed(difference),
  t.toFixed(1),
  verdict,
];
const head = ["table", "score", "ours", "oracle", "spread", "difference", "t", "verdict"];

function summary(judged, plan) {
  const rows = groupBy(judged, "algorithm").map(([algorithm, all]) => [
    algorithm,
    plan[algorithm].oracle ?? "scikit-learn",
    all.length,
    ...["same", "inside", "better", "MISS"].map((verdict) => all.filter((row) => row.verdict === verdict).length),
    signed(sum(all.map(({ difference }) => difference)) / all.length),
  ]);
  return markdown(["algorithm", "oracle", "rows", "same", "inside", "better", "MISS", "mean difference"], rows);
}

function list(rows, none) {
  return rows.length === 0
    ? none
    : markdown(
        ["algorithm", ...head],
        rows.map((row) => [row.algorithm, ...cells(row)]),
      );
}

/** Trees node by node, answers that must be the same, and weights of convex models. */
function exact({ splits, weights }) {
  const parts = [];
  const grown = groupBy(
    splits.filter(({ nodes }) => nodes),
    "table",
  );
  if (grown.length > 0) {
    const count = (rows, key) => sum(rows.map(({ nodes }) => nodes[key]));
    parts.push(
      "A CART tree of each split beside scikit-learn's. `ties` are nodes where both took splits of equal gain, below which nothing is compared, and",
      "nodes of equal targets, which scikit-learn may split by a rounding; `close` are cuts of ours between values that scikit-learn takes for one",
      "(1e-7 apart); where the best split is unique, `differ` must be 0.",
      "",
      markdown(
        ["table", "same nodes", "ties", "close", "differ"],
        grown.map(([table, rows]) => [table, ...["same", "ties", "close", "differ"].map((key) => count(rows, key))]),
      ),
      "",
    );
  }
  const equal = groupBy(
    splits.filter(({ apart }) => apart),
    "algorithm",
  );
  if (equal.length > 0)
    parts.push(
      "Algorithms without chance: labels that differ, and the largest difference of a probability or value, relative to the largest.",
      "",
      markdown(
        ["algorithm", "answers", "labels that differ", "largest difference", "on"],
        equal.map(([algorithm, rows]) => {
          const worst = rows.reduce((a, b) => (b.apart.largest > a.apart.largest ? b : a));
          const total = (key) => sum(rows.map(({ apart }) => apart[key]));
          return [algorithm, total("of"), total("labels"), short(worst.apart.largest), worst.table];
        }),
      ),
      "",
    );
  const solved = groupBy(weights, "model");
  if (solved.length > 0)
    parts.push(
      "Convex models, both sides at a tolerance of 1e-12 or less, tables of up to 1,000 rows: the largest difference of a weight, relative to the",
      "largest weight above 1. The aim is 1e-6.",
      "",
      markdown(
        ["model", "tables", "largest difference", "on"],
        solved.map(([model, rows]) => {
          const worst = rows.reduce((a, b) => (b.largest > a.largest ? b : a));
          return [model, rows.length, short(worst.largest), worst.table];
        }),
      ),
      "",
    );
  return parts.join("\n");
}

/** One set of algorithms ("trees" or "models") as a chapter, with what decides the exit code. */
export function chapter(set, result, plan) {
  const judged = verdicts(result.splits);
  const misses = judged.filter(({ verdict }) => verdict === "MISS");
  const failures = result.failures.map(
    ({ algorithm, table, split, error }) => `- ${algorithm} on ${table}, split ${split}: ${error}`,
  );
  const text = [
    `## ${set === "trees" ? "Trees and boosting" : "The other algorithms"}`,
    "",
    `${result.when}; ${result.machine}; ${result.versions}.`,
    "",
    summary(judged, plan),
    "",
    `### Misses: ${misses.length}`,
    "",
    list(misses, "None."),
    ...(failures.length > 0 ? ["", "Fits of ours that ended with an error:", "", ...failures] : []),
    "",
    "### Inside the spread, and lower on nearly every split (t < −3)",
    "",
    list(judged.filter(isLower), "None."),
    "",
    "### To the last digit",
    "",
    exact(result),
    "### Every row",
    "",
    ...groupBy(judged, "algorithm").flatMap(([algorithm, rows]) => [
      `#### ${algorithm}`,
      "",
      markdown(head, rows.map(cells)),
      "",
    ]),
  ].join("\n");
  return { text, misses, judged };
}

/** The tables that were scored, as a chapter. */
export function tablesChapter({ tables, absent }) {
  const rows = tables.map(({ name, task, rows, classes, missing, levels }) => [
    name,
    task,
    rows,
    levels.length,
    levels.filter(Boolean).length,
    missing,
    classes || "–",
  ]);
  return [
    "## Tables",
    "",
    markdown(["table", "task", "rows", "columns", "of these categories", "rows with missing values", "classes"], rows),
    "",
    absent.length > 0 ? `Not there when this was run: ${absent.join(", ")}.` : "",
  ].join("\n");
}
