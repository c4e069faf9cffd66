import { rename, rm, writeFile } from "node:fs/promises";
import type { Fitted } from "../../base/contract.ts";
import { DataError, StoreError } from "../../base/errors.ts";
import type { BoostedTrees } from "../boosting/boosted-trees.ts";

/** One tree as other libraries have it: all its leaves add to one output. */
export interface WrittenTree {
  /** First node in the state, and behind the last. Both are 0 for a tree that only fills a round. */
  readonly begin: number;
  readonly end: number;
  readonly output: number;
  /** What is added to each leaf: the first tree of an output carries the sum's beginning. */
  readonly shift: number;
  /** Value of a node, without the shift. */
  value(node: number): number;
}

/** The state of a model of boosted trees. Throws DataError for any other. */
export function boostedTreesOf(who: string, model: Fitted): BoostedTrees {
  if (model?.name !== "hist_gradient_boosting")
    throw new DataError(`${who}: needs a model of hist_gradient_boosting, got ${JSON.stringify(model?.name) ?? typeof model}`);
  return model.state as BoostedTrees;
}

/** The trees round by round, one for each output in turn. What a sum begins with goes into the leaves of its first tree. */
export function treesByRound(state: BoostedTrees): WrittenTree[] {
  const { outputs, roots, output, value, feature, base, average } = state;
  const vectors = output.includes(-1);
  const own: WrittenTree[][] = Array.from({ length: outputs }, () => []);
  for (let t = 0; t < roots.length; t++)
    for (const k of output[t]! < 0 ? Array.from({ length: outputs }, (_, each) => each) : [output[t]!])
      own[k]!.push({
        begin: roots[t]!,
        end: roots[t + 1] ?? feature.length,
        output: k,
        shift: average || own[k]!.length === 0 ? base[k]! : 0,
        value: (node) => value[vectors ? node * outputs + k : node]!,
      });
  const rounds = Math.max(1, ...own.map((trees) => trees.length));
  return Array.from({ length: rounds * outputs }, (_, t) => {
    const k = t % outputs;
    const round = (t - k) / outputs;
    return own[k]![round] ?? { begin: 0, end: 0, output: k, shift: round === 0 ? base[k]! : 0, value: () => 0 };
  });
}

/** Codes in the set of a node that asks for categories, ascending. */
export function codesOf({ threshold, setOffsets, setBits }: BoostedTrees, node: number): number[] {
  const begin = setOffsets[threshold[node]!]!;
  const end = setOffsets[threshold[node]! + 1]!;
  const codes: number[] = [];
  for (let word = begin; word < end; word++)
    for (let bit = 0; bit < 32; bit++) if ((setBits[word]! >>> bit) & 1) codes.push((word - begin) * 32 + bit);
  return codes;
}

/** Where each of several lists begins when they lie one behind the other, and where the last ends. */
export function boundsOf(lists: readonly { readonly length: number }[]): number[] {
  const bounds = [0];
  for (const [k, list] of lists.entries()) bounds.push(bounds[k]! + list.length);
  return bounds;
}

/** Writes a text to a file, whole or not at all. Throws StoreError. */
export async function writeText(who: string, path: string, text: string): Promise<void> {
  const draft = `${path}.${process.pid}.draft`;
  try {
    await writeFile(draft, text, { flush: true });
    await rename(draft, path);
  } catch (cause) {
    await rm(draft, { force: true });
    throw new StoreError(`${who}: cannot write ${path}: ${(cause as Error).message}`, { cause });
  }
}
