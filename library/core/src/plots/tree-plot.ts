import type { InputColumn, Label } from "../base/contract.ts";
import { DataError } from "../base/errors.ts";
import type { TreeArrays } from "../tree/grow.ts";
import type { MultiwayTree } from "../tree/multiway-tree.ts";
import { colour, type Figure, figure } from "./figure.ts";
import { answerText, branchText, isMultiway, type MultiwayModel, multiwayText } from "./multiway-text.ts";

/** A model whose state is a tree, or a forest with `roots`. */
export interface TreeModel {
  readonly columns: readonly InputColumn[];
  readonly classes?: readonly Label[] | undefined;
  readonly state: TreeArrays & { readonly roots?: Int32Array };
}

/** What of a tree is shown. */
export interface TreeView {
  /** Which tree of a forest; default 0. */
  readonly tree?: number;
  /** Questions below this depth are left out. */
  readonly maxDepth?: number;
  /** Digits behind the point. */
  readonly decimals?: number;
}

/**
 * The rules of a tree as text, one line a side of a question and one a leaf; `maxDepth` is 10 by default. The lines are those of
 * scikit-learn's export_text, its oracle; for trees of many branches (C4.5, CHAID) those of Weka's J48, with 6 `decimals` at most.
 * Throws DataError for a tree that the forest does not have.
 */
export function treeText(model: TreeModel | MultiwayModel, view: TreeView = {}): string {
  const { tree = 0, maxDepth = 10, decimals = 2 } = view;
  if (isMultiway(model)) return multiwayText(model, maxDepth, view.decimals);
  const { feature, threshold, left, right } = model.state;
  const lines: string[] = [];
  const tell = (node: number, depth: number): void => {
    const indent = `${"|   ".repeat(depth)}|--- `;
    const isLeaf = feature[node]! < 0;
    if (isLeaf) lines.push(indent + answer(model, node, decimals));
    else if (depth > maxDepth) lines.push(`${indent}truncated branch of depth ${levels(model.state, node)}`);
    else {
      const question = (sign: string): string =>
        `${indent}${model.columns[feature[node]!]!.name} ${sign} ${number(threshold[node]!, decimals)}`;
      lines.push(question("<="));
      tell(left[node]!, depth + 1);
      lines.push(question("> "));
      tell(right[node]!, depth + 1);
    }
  };
  tell(rootOf(model, tree), 0);
  return `${lines.join("\n")}\n`;
}

/**
 * A tree drawn: each question with its impurity, weight of rows and value, yes to the left; in trees of many branches each answer stands
 * above its box. Questions below `maxDepth` (default 3) are left out and marked. Throws DataError for a tree that the forest does not have.
 */
export function plotTree(model: TreeModel | MultiwayModel, { tree = 0, maxDepth = 3, decimals = 2 }: TreeView = {}): Figure {
  const children = (node: number): number[] => childrenOf(model.state, node);
  const places = layOut(children, isMultiway(model) ? 0 : rootOf(model, tree), maxDepth);
  const labels = isMultiway(model) ? multiwayLabels(model, places, decimals) : undefined;
  const edges = [...places].flatMap(([node, from]) =>
    children(node)
      .filter((child) => places.has(child))
      .map((child) => {
        const to = places.get(child)!;
        return {
          type: "scatter",
          mode: "lines",
          x: [from.x, to.x],
          y: [from.y, to.y],
          line: { color: "#999999", width: 1 },
          hoverinfo: "skip",
          showlegend: false,
        };
      }),
  );
  const annotations = [...places].map(([node, { x, y }]) => ({
    x,
    y,
    text: (labels?.get(node) ?? label(model as TreeModel, node, decimals, places.has(children(node)[0]!))).join("<br>"),
    showarrow: false,
    borderpad: 3,
    bordercolor: colour(model.classes ? mostProbable(model.state, node) : 0),
    bgcolor: "#ffffff",
    font: { size: 10, color: "#333333" },
  }));
  const leaves = new Set([...places.values()].map(({ x }) => x)).size;
  const hidden = { visible: false, showgrid: false, zeroline: false };
  return figure("Tree", edges, {
    annotations,
    xaxis: { ...hidden, range: [-0.6, Math.max(...[...places.values()].map(({ x }) => x)) + 0.6] },
    yaxis: { ...hidden, range: [Math.min(...[...places.values()].map(({ y }) => y)) - 0.5, 0.5] },
    width: Math.max(480, 80 * leaves),
    height: 120 + 100 * (1 + Math.max(...[...places.values()].map(({ y }) => -y))),
  });
}

/** Places of a node's children; none at a leaf. */
function childrenOf(state: TreeArrays | MultiwayTree, node: number): number[] {
  if (state.feature[node]! < 0) return [];
  if ("left" in state) return [state.left[node]!, state.right[node]!];
  return Array.from({ length: state.childCount[node]! }, (_, c) => state.firstChild[node]! + c);
}

/** Leaves side by side, a question above the middle of its sides; depth downward. */
function layOut(
  children: (node: number) => readonly number[],
  root: number,
  maxDepth: number,
): Map<number, { x: number; y: number }> {
  const places = new Map<number, { x: number; y: number }>();
  let leaves = 0;
  const place = (node: number, depth: number): number => {
    places.set(node, { x: 0, y: -depth });
    const below = depth > maxDepth ? [] : children(node).map((child) => place(child, depth + 1));
    const x = below.length === 0 ? leaves++ : (below[0]! + below.at(-1)!) / 2;
    places.get(node)!.x = x;
    return x;
  };
  place(root, 0);
  return places;
}

function label(model: TreeModel, node: number, decimals: number, isOpen: boolean): string[] {
  const { feature, threshold, missingLeft, impurity, weight } = model.state;
  const column = feature[node]! < 0 ? undefined : escaped(model.columns[feature[node]!]!.name);
  const question = threshold[node] === Infinity ? `${column} is there` : `${column} ≤ ${number(threshold[node]!, decimals)}`;
  return [
    ...(column === undefined ? [] : [isOpen ? `<b>${question}</b>` : `${question} …`]),
    ...(column !== undefined && missingLeft?.[node] === 1 && isOpen ? ["or missing"] : []),
    `impurity ${number(impurity[node]!, decimals)}`,
    `rows ${number(weight[node]!, Number.isInteger(weight[node]) ? 0 : decimals)}`,
    escaped(answer(model, node, decimals)),
  ];
}

/** Of a tree of many branches: the answer that leads to a node, its impurity, and what it says of how many rows. */
function multiwayLabels(model: MultiwayModel, places: ReadonlyMap<number, unknown>, decimals: number): Map<number, string[]> {
  const lines = (node: number, title: string[], isOpen: boolean): string[] => [
    ...title.map((text) => `<b>${escaped(text)}</b>`),
    `impurity ${number(model.state.impurity[node]!, decimals)}`,
    escaped(answerText(model, node, decimals)) + (isOpen || model.state.feature[node]! < 0 ? "" : " …"),
  ];
  const isOpen = (node: number): boolean => places.has(childrenOf(model.state, node)[0]!);
  const labels = new Map([[0, lines(0, [], isOpen(0))]]);
  for (const node of places.keys())
    if (isOpen(node))
      for (const [c, child] of childrenOf(model.state, node).entries())
        labels.set(child, lines(child, [branchText(model, node, c, decimals)], isOpen(child)));
  return labels;
}

function answer({ state, classes }: TreeModel, node: number, decimals: number): string {
  const { value, outputs } = state;
  if (classes) return `class: ${classes[mostProbable(state, node)]}`;
  const values = Array.from(value.subarray(node * outputs, (node + 1) * outputs), (each) => number(each, decimals));
  return `value: [${values.join(", ")}]`;
}

function mostProbable({ value, outputs }: Pick<TreeArrays, "value" | "outputs">, node: number): number {
  const own = value.subarray(node * outputs, (node + 1) * outputs);
  return own.indexOf(Math.max(...own));
}

function number(value: number, decimals: number): string {
  return Number.isFinite(value) ? value.toFixed(decimals) : value > 0 ? "inf" : String(value);
}

/** plotly reads some HTML in text. */
function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** Levels of a subtree, a leaf being 1. */
function levels({ feature, left, right }: TreeArrays, node: number): number {
  let deepest = 0;
  const stack: [number, number][] = [[node, 1]];
  for (let at = stack.pop(); at; at = stack.pop()) {
    deepest = Math.max(deepest, at[1]);
    if (feature[at[0]]! >= 0) stack.push([left[at[0]]!, at[1] + 1], [right[at[0]]!, at[1] + 1]);
  }
  return deepest;
}

function rootOf({ state }: TreeModel, tree: number): number {
  if (!(state?.feature instanceof Int32Array))
    throw new DataError("a tree is drawn of a decision tree or a forest, this model has none");
  const roots = state.roots ?? Int32Array.of(0, state.feature.length);
  if (!(Number.isInteger(tree) && tree >= 0 && tree < roots.length - 1))
    throw new DataError(`tree must be 0 … ${roots.length - 2}, got ${tree}`);
  return roots[tree]!;
}
