import type { InputColumn, Label } from "../base/contract.ts";
import { asksNumber, type MultiwayTree } from "../tree/multiway-tree.ts";

/** A model whose state is a tree of questions with two answers or more. */
export interface MultiwayModel {
  readonly columns: readonly InputColumn[];
  readonly classes?: readonly Label[] | undefined;
  readonly state: MultiwayTree;
}

/** Whether a model's tree is one of many branches (C4.5, CHAID). */
export function isMultiway(model: { readonly state: object }): model is MultiwayModel {
  return "firstPiece" in (model.state ?? {});
}

/**
 * The rules of a tree as text, one line an answer, with what a leaf says, its rows and, after the stroke, those it gets wrong. The lines are
 * those of Weka's J48, its oracle.
 */
export function multiwayText(model: MultiwayModel, maxDepth: number, decimals = 6): string {
  const { firstChild, childCount } = model.state;
  const lines: string[] = [];
  const open: [number, number, string][] = [];
  const expand = (node: number, depth: number): void => {
    for (let c = childCount[node]! - 1; c >= 0; c--)
      open.push([firstChild[node]! + c, depth, "|   ".repeat(depth) + branchText(model, node, c, decimals)]);
  };
  if (childCount[0] === 0) return `: ${answerText(model, 0, decimals)}\n`;
  expand(0, 0);
  for (let at = open.pop(); at; at = open.pop()) {
    const [node, depth, text] = at;
    const isLeaf = childCount[node] === 0;
    if (isLeaf) lines.push(`${text}: ${answerText(model, node, decimals)}`);
    else if (depth >= maxDepth) lines.push(`${text} …`);
    else {
      lines.push(text);
      expand(node, depth + 1);
    }
  }
  return `${lines.join("\n")}\n`;
}

/** What leads from a node to one of its children: "age <= 40", "colour = red or blue". */
export function branchText({ columns, state }: MultiwayModel, node: number, child: number, decimals: number): string {
  const { feature, firstPiece, pieceChild, missingChild } = state;
  const { name, levels = [] } = columns[feature[node]!]!;
  const pieces = Array.from(pieceChild.subarray(firstPiece[node]!, firstPiece[node + 1]!));
  const places = pieces.flatMap((each, place) => (each === child ? [place] : []));
  const missing = missingChild[node] === child ? ["missing"] : [];
  if (asksNumber(state, node))
    return [...intervals(state, node, places, name, decimals), ...missing.map((m) => `${name} ${m}`)].join(" or ");
  const first = pieces.indexOf(0);
  const isOneAgainstAll = pieces.length > 2 && first >= 0 && pieces.every((each, place) => each === (place === first ? 0 : 1));
  if (isOneAgainstAll && child === 1 && missing.length === 0) return `${name} != ${levels[first]}`;
  return `${name} = ${[...places.map((place) => levels[place] ?? `level ${place}`), ...missing].join(" or ")}`;
}

/** Intervals of a column, neighbours joined. */
function intervals(
  { firstPiece, pieceEnd }: MultiwayTree,
  node: number,
  places: readonly number[],
  name: string,
  decimals: number,
): string[] {
  const begin = firstPiece[node]!;
  const ends = places.filter((place, k) => places[k + 1] !== place + 1);
  const starts = places.filter((place, k) => places[k - 1] !== place - 1);
  return starts.map((start, k) => {
    const upper = pieceEnd[begin + ends[k]!]!;
    const below = upper === Infinity ? "" : ` <= ${short(upper, decimals)}`;
    if (start === 0) return below ? name + below : `${name} is there`;
    const lower = short(pieceEnd[begin + start - 1]!, decimals);
    return below ? `${lower} < ${name}${below}` : `${name} > ${lower}`;
  });
}

/** What a node answers: "yes (5.0/1.0)" or "3.25 (12.0)". */
export function answerText({ classes, state }: MultiwayModel, node: number, decimals: number): string {
  const { value, outputs, weight } = state;
  const own = value.subarray(node * outputs, (node + 1) * outputs);
  const rows = weight[node]!;
  if (!classes) return `${short(own[0]!, decimals)} (${rounded(rows)})`;
  const best = own.indexOf(Math.max(...own));
  const wrong = rows * (1 - own[best]!);
  return `${classes[best]} (${rounded(rows)}${wrong > 1e-6 ? `/${rounded(wrong)}` : ""})`;
}

/** At most so many digits behind the point. */
function short(value: number, decimals: number): string {
  return Math.abs(value) < 1e21 ? String(Number(value.toFixed(decimals))) : String(value);
}

/** Two digits behind the point at most, one at least. */
function rounded(value: number): string {
  const text = short(value, 2);
  return /^-?\d+$/.test(text) ? `${text}.0` : text;
}
