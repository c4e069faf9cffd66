import type { Fitted } from "../base/contract.ts";
import { lastStep } from "../base/run.ts";
import type { Figure } from "../plots/figure.ts";
import { plotTree } from "../plots/tree-plot.ts";
import type { JudgedModel } from "./judged-rows.ts";

const trees = new Set(["decision_tree", "decision_tree_c45", "decision_tree_chaid"]);

/** The first questions of a model that is a tree, or whose pipeline ends in one, as a figure; null for all others. */
export function drawnTree(model: JudgedModel): Figure | null {
  const last = lastStep<Fitted>(model);
  if (!trees.has(last.name)) return null;
  const tree = { columns: last.columns, classes: model.classes, state: last.state } as Parameters<typeof plotTree>[0];
  return plotTree(tree, { maxDepth: 2 }); // eight boxes side by side are what a panel has room for
}
