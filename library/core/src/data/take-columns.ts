import type { Column } from "../base/columns.ts";
import { type CrewMember, defineCrew } from "../base/crew.ts";
import { crewOfPool } from "../base/pool.ts";
import { sharedInt32 } from "../numeric/matrix.ts";
import { sliceColumn, takeColumn } from "./column.ts";
import { type Cells, type GatherPlan, moveCells, planGather } from "./gather.ts";

/** Fewer cells are moved by this thread alone. */
const cellsOfThread = 500_000;
const piecesOfColumn = 8;

/**
 * The cells of these rows of every column, in their order; −1 gives a missing cell. All rows in order give the columns themselves, rows in a row
 * are copied as they lie, many others are moved by all idle threads. O(n d).
 */
export function takeColumns(columns: readonly Column[], indices: ArrayLike<number>, rows: number): Column[] {
  const first = indices[0] ?? 0;
  if (isRange(indices, first, rows)) {
    if (first === 0 && indices.length === rows) return [...columns];
    return columns.map((column) => sliceColumn(column, first, first + indices.length));
  }
  const plan = planGather(indices, rows);
  if (indices.length * columns.length < 2 * cellsOfThread) return columns.map((column) => takeColumn(column, indices, plan));
  return takeTogether(columns, indices, plan);
}

/** Whether the indices are first, first + 1, …, all of rows that are there. */
function isRange(indices: ArrayLike<number>, first: number, rows: number): boolean {
  if (!(first >= 0 && first + indices.length <= rows)) return false;
  for (let k = 0; k < indices.length; k++) if (indices[k] !== first + k) return false;
  return true;
}

const takeCrew = "take rows";

/** Columns whose cells threads move, each from one array to another, `none` where there is no row. */
interface TakeWork {
  readonly moves: readonly { readonly source: Cells; readonly target: Cells; readonly none: number }[];
  /** Cell `to[k]` is that of row `from[k]`; without `to` cell k. */
  readonly from: Int32Array;
  readonly to: Int32Array | undefined;
}

function takeTogether(columns: readonly Column[], indices: ArrayLike<number>, plan: GatherPlan | undefined): Column[] {
  const moves: TakeWork["moves"][number][] = [];
  const taken = columns.map((column) => {
    const source = column.kind === "text" ? undefined : column.kind === "category" ? column.codes : column.values;
    if (column.kind === "text" || !(source!.buffer instanceof SharedArrayBuffer)) return takeColumn(column, indices, plan);
    const made = emptyColumn(column, indices.length);
    const none = column.kind === "category" ? -1 : column.kind === "boolean" ? 255 : Number.NaN;
    moves.push({ source: source!, target: "codes" in made ? made.codes : (made.values as Cells), none });
    return made;
  });
  const work: TakeWork = { moves, from: sharedIndices(plan?.from ?? indices), to: plan && sharedIndices(plan.to) };
  const crew = crewOfPool(takeCrew, work, Math.ceil((indices.length * moves.length) / cellsOfThread));
  try {
    // a crew takes 4095 pieces at once, 511 columns
    for (let column = 0; column < moves.length; column += 500)
      crew.run(column, piecesOfColumn * Math.min(500, moves.length - column));
  } finally {
    crew.end();
  }
  return taken;
}

function sharedIndices(indices: ArrayLike<number>): Int32Array {
  if (indices instanceof Int32Array && indices.buffer instanceof SharedArrayBuffer) return indices;
  const shared = sharedInt32(indices.length);
  shared.set(indices);
  return shared;
}

function emptyColumn(column: Exclude<Column, { readonly kind: "text" }>, n: number): Column {
  switch (column.kind) {
    case "number":
    case "datetime":
      return { kind: column.kind, values: new Float64Array(new SharedArrayBuffer(8 * n)) };
    case "boolean":
      return { kind: "boolean", values: new Uint8Array(new SharedArrayBuffer(n)) };
    case "category":
      return { kind: "category", codes: sharedInt32(n), levels: column.levels };
  }
}

defineCrew(takeCrew, ({ moves, from, to }: TakeWork): CrewMember => {
  const size = Math.ceil(from.length / piecesOfColumn);
  return (firstColumn, piece) => {
    const { source, target, none } = moves[firstColumn + Math.floor(piece / piecesOfColumn)]!;
    const begin = (piece % piecesOfColumn) * size;
    moveCells(source, target, none, from, to, begin, Math.min(from.length, begin + size));
  };
});
