import { type CartKernels, nodeBlock } from "../numeric/cart-kernels.ts";
import type { Cells } from "./cells.ts";
import type { Criterion, Views } from "./criteria.ts";
import type { FindSplit, Split } from "./find-split.ts";
import type { GrowOptions } from "./grow.ts";
import type { NodeList } from "./node-list.ts";
import type { GrowingRoom, RankedColumns } from "./rank-columns.ts";

/** A node that is to be opened: the rows from place `begin` to before `end`. */
export interface Task {
  readonly begin: number;
  readonly end: number;
  readonly depth: number;
  /** The parent's number; −1 for the root. */
  readonly parent: number;
  readonly isLeft: boolean;
  /** How many columns are known to be constant. */
  readonly constants: number;
  /** Bounds of the value under monotone constraints. */
  readonly lower: number;
  readonly upper: number;
  /** Whether its cells lie in the copy of a node above it. */
  readonly isCompact: boolean;
}

/** A node that was cut, and its children to come. */
interface Cut {
  readonly node: number;
  /** What the cut takes off the impurity of the whole; 0 where nobody asks. */
  readonly gain: number;
  readonly left: Task;
  readonly right: Task;
}

/** Adds a node to the tree and cuts its rows; undefined for a leaf. */
export type OpenNode = (task: Task) => Cut | undefined;

/** Below this impurity a node counts as pure. */
const pure = Number.EPSILON;

/** Opens nodes over one thread's room. */
export function nodeOpener(
  { values, sizes }: RankedColumns,
  cells: Cells,
  kernels: CartKernels,
  { f64, u32 }: Views,
  { rows, y, w, keys, scratch, counts, block }: GrowingRoom,
  criterion: Criterion,
  findSplit: FindSplit,
  nodes: NodeList,
  total: number,
  options: GrowOptions,
): OpenNode {
  const { maxDepth, minSamplesSplit, minSamplesLeaf, minImpurityDecrease, monotonic, maxLeafNodes } = options;
  const minWeight = (options.minWeightFractionLeaf ?? 0) * total;
  const isGainAsked = minImpurityDecrease > 0 || maxLeafNodes != null;
  const at = block / 8;
  f64[at + nodeBlock.minWeight] = minWeight;

  return (task) => {
    const { begin, end, depth, constants, lower, upper } = task;
    const n = end - begin;
    criterion.measure(begin, n);
    const weight = criterion.weight();
    const impurity = criterion.impurity();
    const node = nodes.add(task.parent, task.isLeft, weight, impurity);
    criterion.write(nodes.value, node * nodes.outputs, lower, upper);
    const grows =
      depth < maxDepth && n >= minSamplesSplit && n >= 2 * minSamplesLeaf && weight >= 2 * minWeight && impurity > pure;
    if (!grows) return undefined;
    f64[at + nodeBlock.lower] = lower;
    f64[at + nodeBlock.upper] = upper;
    const isCompact = cells.look(begin, n, depth, task.isCompact);
    const split = findSplit(begin, n, constants);
    if (split.feature < 0) return undefined;
    const middle = begin + partition(split, begin, n);
    const sign = monotonic?.[split.feature] ?? 0;
    let gain = 0;
    let between = 0;
    if (isGainAsked || sign !== 0) {
      const left = measured(begin, middle);
      const right = measured(middle, end);
      gain = (weight * impurity - left.loss - right.loss) / total;
      between = (left.level + right.level) / 2;
      if (gain + pure < minImpurityDecrease) return undefined;
    }
    nodes.cut(node, split.feature, split.threshold, split.missingLeft);
    const [leftLower, leftUpper] = [sign < 0 ? between : lower, sign > 0 ? between : upper];
    const [rightLower, rightUpper] = [sign > 0 ? between : lower, sign < 0 ? between : upper];
    return {
      node,
      gain,
      left: child(begin, middle, depth + 1, node, true, split.constants, leftLower, leftUpper, isCompact),
      right: child(middle, end, depth + 1, node, false, split.constants, rightLower, rightUpper, isCompact),
    };
  };

  function partition({ feature, cut, threshold, missingLeft }: Split, begin: number, n: number): number {
    const [own, ys, ws] = [rows + 4 * begin, y + 8 * begin, w + 8 * begin];
    const column = cells.column(feature);
    if (values) {
      const step = cells.rowStep();
      return kernels.cartPartitionValues(
        column,
        step,
        values.bytes,
        threshold,
        missingLeft,
        own,
        ys,
        ws,
        n,
        counts,
        keys,
        scratch,
      );
    }
    return kernels.cartPartition(column, u32[sizes / 4 + feature]!, cut, missingLeft, own, ys, ws, n, counts, keys, scratch);
  }

  function measured(begin: number, end: number): { loss: number; level: number } {
    criterion.measure(begin, end - begin);
    return { loss: criterion.weight() * criterion.impurity(), level: criterion.level() };
  }
}

function child(
  begin: number,
  end: number,
  depth: number,
  parent: number,
  isLeft: boolean,
  constants: number,
  lower: number,
  upper: number,
  isCompact: boolean,
): Task {
  return { begin, end, depth, parent, isLeft, constants, lower, upper, isCompact };
}
