import { z } from "zod";
import type { FitContext } from "../base/contract.ts";
import { classifier } from "../base/estimator.ts";
import { type Matrix, sharedFloat64 } from "../numeric/matrix.ts";
import { type C45Node, type C45Table, growC45 } from "./c45-grow.ts";
import { collapse, prune } from "./c45-prune.ts";
import { type C45Question, classTotals } from "./c45-split.ts";
import { codeColumns, weightsOf } from "./coded-columns.ts";
import { weightedRows } from "./decision-tree.ts";
import {
  checkMultiway,
  childOf,
  flattenTree,
  importanceOfColumns,
  type MultiwayNode,
  type MultiwayQuestion,
  type MultiwayTree,
} from "./multiway-tree.ts";
import { weighedEntropy, xlogxTable } from "./weighed-entropy.ts";

/** What C4.5 learns. */
export type C45State = MultiwayTree;

/**
 * A classification tree with a branch for each level of a category (C4.5): questions by gain ratio, rows with a missing value in parts down
 * every branch, error-based pruning with subtree raising. Numbers are cut in two. Grows and prunes as Weka's J48, but for numbers closer
 * than 1e-5, which it holds to be equal. O(d n depth). Source: Quinlan (1993), C4.5: Programs for Machine Learning; Quinlan (1996), JAIR 4.
 * Oracle: Weka 3.9's J48.
 */
export const c45Classifier = classifier({
  name: "decision_tree_c45",
  missing: true,
  categories: true,
  params: () =>
    z.strictObject({
      confidence: z.number().min(0.001).max(0.5).default(0.25).meta({
        title: "Confidence",
        description: "Of the error estimates that prune; smaller prunes more.",
        search: "log",
      }),
      minNumObj: z.int().min(1).default(2).meta({ title: "Rows in two branches, at least", search: "log" }),
      maxDepth: z.int().min(1).nullable().default(null).meta({ title: "Depth at most", description: "Empty: no bound." }),
      unpruned: z.boolean().default(false).meta({ title: "Leave unpruned" }),
      subtreeRaising: z.boolean().default(true).meta({
        title: "Raise subtrees",
        description: "Pruning may put a question's largest branch in its place.",
      }),
      collapseTree: z.boolean().default(true).meta({
        title: "Collapse",
        description: "Take back what does not better the answers on the training rows, before pruning.",
      }),
      binarySplits: z.boolean().default(false).meta({ title: "Binary splits", description: "One level against all others." }),
      mdlCorrection: z.boolean().default(true).meta({ title: "Numbers pay for the choice of their cut" }),
      laplace: z.boolean().default(false).meta({ title: "Smooth leaves", description: "Adds one row of each class (Laplace)." }),
    }),
  fit(x, y, { maxDepth, ...params }, { classes, weights, checkpoint }: FitContext): C45State {
    const rows = weightedRows(x.rows, weights);
    const columns = codeColumns(x, rows, checkpoint);
    const table: C45Table = {
      columns,
      y: Int32Array.from(rows, (row) => y[row]!),
      classes,
      hasMissing: columns.some(({ cells }) => cells.includes(-1)),
      places: new Int32Array(rows.length).fill(-1),
    };
    const held = {
      rows: Int32Array.from(rows, (_, i) => i),
      weights: weightsOf("decision_tree_c45", rows, weights),
    };
    const root = growC45(table, held, { ...params, maxDepth: maxDepth ?? Infinity }, checkpoint);
    if (params.collapseTree) collapse(root, table);
    if (!params.unpruned) prune(root, table, params.confidence, params.subtreeRaising, checkpoint);
    return flattenTree("decision_tree_c45", multiwayOf(root, table)).tree;
  },
  predictProba(x, tree, { laplace }): Matrix {
    const { outputs } = tree;
    const data = sharedFloat64(x.rows * outputs);
    for (let i = 0; i < x.rows; i++)
      addRow(tree, x.data.subarray(i * x.columns, (i + 1) * x.columns), laplace, data.subarray(i * outputs, (i + 1) * outputs));
    return { rows: x.rows, columns: outputs, data };
  },
  importances: (tree) => importanceOfColumns(tree),
  check: checkMultiway,
});

/** Adds one row's answer (k): where a value is missing, that of all children by their share of the weight. */
function addRow(tree: MultiwayTree, row: Float64Array, laplace: boolean, out: Float64Array): void {
  const { feature, firstChild, childCount, weight } = tree;
  const open: [number, number][] = [[0, 1]];
  for (let at = open.pop(); at; at = open.pop()) {
    const [node, share] = at;
    const child = feature[node]! < 0 ? -1 : childOf(tree, node, row[feature[node]!]!);
    if (child >= 0 && weight[child]! > 0) {
      open.push([child, share]);
      continue;
    }
    const children = feature[node]! < 0 || child >= 0 ? 0 : childCount[node]!;
    let total = 0;
    for (let c = 0; c < children; c++) total += weight[firstChild[node]! + c]!;
    if (total > 0)
      for (let c = children - 1; c >= 0; c--) {
        const part = weight[firstChild[node]! + c]! / total;
        if (part > 0) open.push([firstChild[node]! + c, share * part]);
      }
    else answer(tree, node, laplace, share, out); // a leaf, or the way leads to a leaf without rows
  }
}

function answer(
  { value, weight, outputs }: MultiwayTree,
  node: number,
  laplace: boolean,
  share: number,
  out: Float64Array,
): void {
  for (let k = 0; k < outputs; k++) {
    const p = value[node * outputs + k]!;
    out[k]! += share * (laplace ? (p * weight[node]! + 1) / (weight[node]! + outputs) : p);
  }
}

/** The pruned tree as it is stored; a leaf without rows answers as its parent. */
function multiwayOf(root: C45Node, { columns, classes }: C45Table): MultiwayNode {
  const xlogx = xlogxTable(0);
  const shell = (node: C45Node, fallback: Float64Array): MultiwayNode & { children: MultiwayNode[] } => {
    const totals = classTotals(node.bags, Math.max(1, node.sons.length), classes);
    const weight = totals.reduce((a, b) => a + b, 0);
    return {
      question: node.question && storedQuestion(node.question, columns),
      children: [],
      value: weight > 0 ? totals.map((each) => each / weight) : fallback,
      weight,
      impurity: weight > 0 ? weighedEntropy(totals, 0, classes, xlogx) / weight : 0,
    };
  };
  const top = shell(root, new Float64Array(classes).fill(1 / classes));
  const open: [C45Node, ReturnType<typeof shell>][] = [[root, top]];
  for (let at = open.pop(); at; at = open.pop())
    for (const son of at[0].sons) {
      const child = shell(son, at[1].value);
      at[1].children.push(child);
      open.push([son, child]);
    }
  return top;
}

function storedQuestion(question: C45Question, columns: C45Table["columns"]): MultiwayQuestion {
  const { column } = question;
  const { levels, values } = columns[column]!;
  if (question.kind === "number")
    return { column, pieceChild: [0, 1], pieceEnd: [values[question.cut]!, Infinity], missingChild: -1 };
  const pieceChild = Array.from({ length: levels }, (_, level) =>
    question.kind === "levels" ? level : level === question.level ? 0 : 1,
  );
  return { column, pieceChild, missingChild: -1 };
}
