import { type CartKernels, growthFields } from "../numeric/cart-kernels.ts";
import type { Views } from "./criteria.ts";
import type { EnteredRows } from "./enter-rows.ts";
import { between } from "./find-split.ts";
import type { GrowOptions } from "./grow.ts";
import type { NodeList } from "./node-list.ts";
import type { Task } from "./open-node.ts";
import type { RandomWords } from "./random-words.ts";
import { bufferedNodes, type GrowingRoom, type RankedColumns, subtreeCells } from "./rank-columns.ts";

/** Grows a node to its leaves; false where it is too large, or grows under a rule that the kernel does not know. */
export type GrowSubtree = (task: Task) => boolean;

/** Cells that the kernel looks at before it lets the caller look for an abort: some 10 ms. */
const budget = 1 << 20;
/** The kernel's numbers of the criteria; two classes are cut by Gini as 0 and 1 by squared error. */
const codes = { squared_error: 0, gini: 1, entropy: 2, log_loss: 2 } as const;

/**
 * Small nodes, which are most of a tree, grown by one call of a kernel: the same tree as node by node, without the cost of calls. The
 * kernel knows no bounds that look beyond the node (best-first growth, impurity decrease, monotone constraints) and no absolute error or
 * Poisson deviance.
 */
export function subtreeGrower(
  { x, ranks, values, sizes, compactRows }: RankedColumns,
  kernels: CartKernels,
  { f64, u32 }: Views,
  room: GrowingRoom,
  nodes: NodeList,
  classes: number,
  { centre, isUnit }: EnteredRows,
  options: GrowOptions,
  random: RandomWords,
  checkpoint: () => void,
): GrowSubtree {
  const { criterion, maxFeatures, minSamplesSplit, minSamplesLeaf } = options;
  const { maxLeafNodes, monotonic, minImpurityDecrease } = options;
  if (!(criterion in codes) || maxLeafNodes != null || monotonic != null || minImpurityDecrease > 0) return () => false;
  const place = (field: (typeof growthFields)[number]): number => room.growth / 4 + growthFields.indexOf(field);
  const isWorth = !values && maxFeatures * Math.log2(compactRows) > x.columns;
  const setting = {
    ...room,
    columns: values?.columns ?? ranks,
    sizes,
    table: values?.table ?? 0,
    valueBytes: values?.bytes ?? 0,
    tableRows: values?.tableRows ?? 0,
    isUnit: Number(isUnit),
    height: x.rows,
    d: x.columns,
    criterion: criterion === "gini" && classes === 2 ? 0 : codes[criterion as keyof typeof codes],
    classes,
    maxFeatures: Math.min(maxFeatures, x.columns),
    minSamplesSplit,
    minSamplesLeaf,
    maxDepth: Math.min(options.maxDepth, 0x7fffffff),
    compactRows: isWorth ? compactRows : 0,
    capacity: bufferedNodes,
  };
  for (const [field, value] of Object.entries(setting))
    if (growthFields.includes(field as "rows")) u32[place(field as "rows")] = value;
  const [tasks, made, buffered] = [place("tasks"), place("made"), place("buffered")];

  return (task) => {
    if ((task.end - task.begin) * maxFeatures > subtreeCells) return false;
    const stack = room.stack / 4;
    for (const [k, value] of [task.begin, task.end, task.depth, -1, task.constants, 0].entries()) u32[stack + k] = value;
    u32[tasks] = 1;
    u32[made] = 0;
    u32[buffered] = 0;
    const first = nodes.count;
    for (let isWhole = false; !isWhole; ) {
      random.refill();
      isWhole = kernels.cartGrowSubtree(room.growth, budget) === 1;
      nodes.append(f64, room.nodes / 8, u32[buffered]!, first, task, centre, thresholdOf);
      u32[buffered] = 0;
      checkpoint();
    }
    return true;
  };

  /** A cut that was drawn is its own threshold; others lie between the cells of two rows. */
  function thresholdOf(feature: number, low: number, high: number): number {
    if (values) return low;
    return high < 0 ? Infinity : between(x.data[low * x.columns + feature]!, x.data[high * x.columns + feature]!);
  }
}
