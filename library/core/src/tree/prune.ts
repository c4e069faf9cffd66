import type { TreeArrays } from "./grow.ts";
import { inPreorder } from "./tree-arrays.ts";

/** The subtrees that cost-complexity pruning goes through, from the whole tree to its root alone. */
export interface PruningPath {
  /** The complexity parameter from which on a subtree is the best, ascending. */
  readonly ccpAlphas: Float64Array;
  /** Impurity of the leaves of each subtree, by their share of the weight. */
  readonly impurities: Float64Array;
}

/**
 * A tree without the splits that take less than `alpha` off the impurity for each leaf that they add: of all its subtrees the one whose
 * impurity + α · leaves is least, the smallest of equals. O(m) for m nodes, from the leaves up.
 * Source: Breiman et al. (1984), section 3.3. Oracle: ccp_alpha of sklearn.tree.
 */
export function pruneTree(tree: TreeArrays, alpha: number): TreeArrays {
  const nodes = tree.feature.length;
  const cost = new Float64Array(nodes);
  const isLeaf = new Uint8Array(nodes);
  for (let node = nodes - 1; node >= 0; node--) {
    const own = riskOf(tree, node) + alpha;
    const below = tree.feature[node]! < 0 ? Infinity : cost[tree.left[node]!]! + cost[tree.right[node]!]!;
    isLeaf[node] = Number(own <= below);
    cost[node] = Math.min(own, below);
  }
  const { feature, missingLeft } = tree;
  return inPreorder({
    ...tree,
    feature: feature.map((column, node) => (isLeaf[node] ? -1 : column)),
    threshold: tree.threshold.map((threshold, node) => (isLeaf[node] ? 0 : threshold)),
    ...(missingLeft && { missingLeft: missingLeft.map((side, node) => (isLeaf[node] ? 0 : side)) }),
  });
}

/** Impurity of a node by its share of the weight. */
function riskOf({ impurity, weight }: TreeArrays, node: number): number {
  return (impurity[node]! * weight[node]!) / weight[0]!;
}

/**
 * Where cost-complexity pruning of a tree cuts next and what it leaves, its weakest split first. O(m²) for m nodes.
 * Oracle: cost_complexity_pruning_path of sklearn.tree.
 */
export function costComplexityPath(tree: TreeArrays): PruningPath {
  const pruning = new Pruning(tree);
  const ccpAlphas = [0];
  const impurities = [pruning.leafRisk(0)];
  for (let node = pruning.weakest(); node >= 0; node = pruning.weakest()) {
    const alpha = pruning.alpha(node);
    pruning.cut(node);
    ccpAlphas.push(alpha);
    impurities.push(pruning.leafRisk(0));
  }
  return { ccpAlphas: Float64Array.from(ccpAlphas), impurities: Float64Array.from(impurities) };
}

/** A tree in the course of its pruning. */
class Pruning {
  readonly #tree: TreeArrays;
  readonly #parent: Int32Array;
  /** Leaves below each node, and their impurity by share of the weight. */
  readonly #leaves: Int32Array;
  readonly #risk: Float64Array;
  readonly #isLeaf: Uint8Array;
  readonly #isGone: Uint8Array;

  constructor(tree: TreeArrays) {
    const nodes = tree.feature.length;
    this.#tree = tree;
    this.#parent = new Int32Array(nodes).fill(-1);
    this.#leaves = new Int32Array(nodes).fill(1);
    this.#risk = Float64Array.from({ length: nodes }, (_, node) => riskOf(this.#tree, node));
    this.#isLeaf = new Uint8Array(nodes);
    this.#isGone = new Uint8Array(nodes);
    for (let node = nodes - 1; node >= 0; node--) {
      this.#isLeaf[node] = Number(tree.feature[node]! < 0);
      if (this.#isLeaf[node]) continue;
      const [l, r] = [tree.left[node]!, tree.right[node]!];
      this.#parent[l] = node;
      this.#parent[r] = node;
      this.#leaves[node] = this.#leaves[l]! + this.#leaves[r]!;
      this.#risk[node] = this.#risk[l]! + this.#risk[r]!;
    }
  }

  /** Impurity of the leaves below a node. */
  leafRisk(node: number): number {
    return this.#risk[node]!;
  }

  /** What a leaf below a node is worth. */
  alpha(node: number): number {
    return (riskOf(this.#tree, node) - this.#risk[node]!) / (this.#leaves[node]! - 1);
  }

  /** The split that is worth least a leaf, −1 where none is left. */
  weakest(): number {
    let best = -1;
    for (let node = 0; node < this.#isLeaf.length; node++)
      if (!this.#isLeaf[node] && !this.#isGone[node] && (best < 0 || this.alpha(node) < this.alpha(best))) best = node;
    return best;
  }

  /** Makes a split a leaf. */
  cut(node: number): void {
    const { left, right, feature } = this.#tree;
    const below = [node];
    for (let at = below.pop(); at !== undefined; at = below.pop()) {
      if (at !== node) this.#isGone[at] = 1;
      if (feature[at]! >= 0 && !this.#isLeaf[at]) below.push(left[at]!, right[at]!);
    }
    const [leaves, risk] = [1 - this.#leaves[node]!, riskOf(this.#tree, node) - this.#risk[node]!];
    this.#isLeaf[node] = 1;
    for (let at = node; at >= 0; at = this.#parent[at]!) {
      this.#leaves[at]! += leaves;
      this.#risk[at]! += risk;
    }
    this.#risk[node] = riskOf(this.#tree, node);
  }
}
