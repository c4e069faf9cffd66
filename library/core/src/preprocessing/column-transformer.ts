import { z } from "zod";
import type { FitContext, Fitted, Spec } from "../base/contract.ts";
import { type CrewMember, defineCrew } from "../base/crew.ts";
import { DataError, StoreError } from "../base/errors.ts";
import { transformer } from "../base/estimator.ts";
import { suggest } from "../base/near-name.ts";
import { estimatorParam } from "../base/params.ts";
import { crewOfPool } from "../base/pool.ts";
import { isShipped } from "../base/registry.ts";
import { fitSlices, inverseSync, place, transformInto, transformSync, transformTrainingSync } from "../base/run.ts";
import { type Matrix, sharedFloat64, toShared } from "../numeric/matrix.ts";
import { distinctNames } from "./distinct-names.ts";
import { checkFitted } from "./fitted-part.ts";
import { checkNames, requireWidth } from "./step-checks.ts";

/** What a column transformer learns. */
export interface ColumnTransformerState {
  /** Each part: the places of its columns, and its fitted transformer; null passes the columns on. */
  readonly parts: readonly ColumnPart[];
  /** Names of all input columns (d). */
  readonly names: readonly string[];
}

/** Columns that go through one transformer together. */
export interface ColumnPart {
  /** Places of the input columns. */
  readonly columns: Int32Array;
  readonly fitted: Fitted | null;
  /** How many columns come out. */
  readonly width: number;
}

const columns = () => z.union([z.array(z.string()).min(1), z.enum(["number", "category"])]);

/**
 * Gives different columns to different transformers and sets the results side by side. Columns are named, or taken by kind:
 * "number" or "category". Columns that no part takes pass (`remainder: "passthrough"`) or are dropped.
 * Cost: that of the parts, one after another.
 * Oracle: sklearn.compose.ColumnTransformer.
 */
export const columnTransformer = transformer({
  name: "column_transformer",
  missing: true,
  categories: true,
  params: () =>
    z.strictObject({
      parts: z
        .array(z.strictObject({ columns: columns(), transformer: estimatorParam() }))
        .min(1)
        .meta({ title: "Parts" }),
      remainder: z.enum(["passthrough", "drop"]).default("passthrough").meta({ title: "Other columns" }),
    }),
  fit: fit as never,
  transform: (x, { parts }: ColumnTransformerState): Matrix => inBlocks(x, parts),
  transformTraining: (x, y, { parts }, _params, context) =>
    through(x, parts, (fitted, part) => transformTrainingSync(fitted, part, y, context)),
  inverse: (x, state) => inverse(x, state),
  check({ parts, names }, count) {
    checkNames("column_transformer", names, count);
    if (!Array.isArray(parts) || parts.length === 0) throw new StoreError("column_transformer: state must have parts");
    for (const part of parts as readonly (ColumnPart | null)[]) {
      const { columns, fitted, width } = part ?? {};
      if (!(columns instanceof Int32Array) || columns.some((j) => j < 0 || j >= names.length))
        throw new StoreError(`column_transformer: a part points outside the ${names.length} columns`);
      if (!(Number.isInteger(width) && width! >= 0)) throw new StoreError(`column_transformer: a part has ${width} columns`);
      if (fitted !== null) checkFitted("column_transformer", fitted!, columns.length);
    }
  },
});

function* fit(
  x: Matrix,
  y: Float64Array,
  { parts, remainder }: { parts: readonly { columns: string[] | "number" | "category"; transformer: Spec }[]; remainder: string },
  context: FitContext,
): Generator<void, ColumnTransformerState> {
  const taken = new Set<number>();
  const fitted: ColumnPart[] = [];
  for (const part of parts) {
    const places = Int32Array.from(placesOf(x, part.columns).filter((j) => !taken.has(j)));
    if (places.length === 0) continue;
    for (const j of places) taken.add(j);
    const own = pick(x, places);
    const made = yield* fitSlices(part.transformer, own, y, context);
    fitted.push({ columns: places, fitted: made, width: transformSync(made, { ...own, ...firstRow(own) }).columns });
  }
  const rest = Int32Array.from(x.names!.map((_, j) => j).filter((j) => !taken.has(j)));
  if (remainder === "passthrough" && rest.length > 0) fitted.push({ columns: rest, fitted: null, width: rest.length });
  return { parts: fitted, names: x.names! };
}

function placesOf(x: Matrix, wanted: readonly string[] | "number" | "category"): number[] {
  const all = x.names!.map((_, j) => j);
  if (wanted === "number") return all.filter((j) => !x.levels?.[j]);
  if (wanted === "category") return all.filter((j) => x.levels?.[j]);
  return wanted.map((name) => {
    const place = x.names!.indexOf(name);
    if (place < 0) throw new DataError(`column_transformer.fit: no column "${name}"${suggest(name, x.names!)}`);
    return place;
  });
}

function firstRow({ columns, data }: Matrix): Pick<Matrix, "rows" | "data"> {
  return { rows: 1, data: data.subarray(0, columns) };
}

/** Each part's columns through its transformer, and the results side by side. */
function through(x: Matrix, parts: readonly ColumnPart[], transform: (fitted: Fitted, part: Matrix) => Matrix): Matrix {
  return beside(
    x.rows,
    parts.map(({ columns, fitted }) => (fitted ? transform(fitted, pick(x, columns)) : pick(x, columns))),
  );
}

/** Cells that are transformed together: what lies between input and result stays in cache. */
const blockCells = 8192;
/** Blocks that a thread takes at a time. */
const blocksOfPiece = 16;
/** Cells of a result, 4 GiB. */
const mostCells = 2 ** 29;
/** Cells of a result that are worth a thread. */
const cellsOfThread = 500_000;
const blocksCrew = "column blocks";

/** What each thread needs. */
interface BlockWork {
  readonly x: Matrix;
  readonly parts: readonly ColumnPart[];
  readonly out: Float64Array;
  readonly width: number;
  readonly blockRows: number;
}

defineCrew(blocksCrew, (work: BlockWork): CrewMember => {
  return (first, piece) => {
    for (let k = 0; k < blocksOfPiece; k++) fillBlock(work, (first + piece) * blocksOfPiece + k);
  };
});

/** Transforms the rows of one block into their places of the result. */
function fillBlock({ x, parts, out, width, blockRows }: BlockWork, block: number): void {
  const begin = block * blockRows;
  const rows = Math.min(x.rows - begin, blockRows);
  if (rows <= 0) return;
  const part = { ...x, rows, data: x.data.subarray(begin * x.columns, (begin + rows) * x.columns) };
  let start = begin * width;
  for (const { columns, fitted, width: own } of parts) {
    const picked = pick(part, columns, new Float64Array(rows * columns.length));
    if (fitted) transformInto(fitted, picked, out, start, width);
    else place(picked, out, start, width);
    start += own;
  }
}

/** `through` by the fitted transformers, which see each row alone, in blocks of rows on all idle threads. */
function inBlocks(x: Matrix, parts: readonly ColumnPart[]): Matrix {
  const blockRows = Math.max(1, Math.floor(blockCells / x.columns));
  if (x.rows <= blockRows) return through(x, parts, transformSync);
  const head = through({ ...x, rows: 1, data: x.data.subarray(0, x.columns) }, parts, transformSync);
  if (x.rows * head.columns <= mostCells) {
    const out = sharedFloat64(x.rows * head.columns);
    const isKnown = parts.every(({ fitted }) => !fitted || isShipped(fitted));
    const isShared = isKnown && x.rows * head.columns >= cellsOfThread;
    const work: BlockWork = { x: isShared ? { ...x, data: toShared(x.data) } : x, parts, out, width: head.columns, blockRows };
    const pieces = Math.ceil(x.rows / blockRows / blocksOfPiece);
    const crew = crewOfPool(blocksCrew, work, isShared ? Math.ceil((x.rows * head.columns) / cellsOfThread) : 1);
    try {
      for (let first = 0; first < pieces; first += 4000) crew.run(first, Math.min(4000, pieces - first));
      return { ...head, rows: x.rows, data: out };
    } catch {
      // refused by a block: the rows together name the row among all
    } finally {
      crew.end();
    }
  }
  return through(x, parts, transformSync);
}

/** The input columns again, in their first order. Throws DataError where a column was dropped. */
function inverse(x: Matrix, { parts, names }: ColumnTransformerState): Matrix {
  const taken = parts.reduce((sum, { columns }) => sum + columns.length, 0);
  if (taken < names.length)
    throw new DataError(
      `column_transformer.inverseTransform: ${names.length - taken} columns were dropped, there is no way back`,
    );
  requireWidth(
    "column_transformer.inverseTransform",
    x,
    parts.reduce((sum, { width }) => sum + width, 0),
  );
  const data = sharedFloat64(x.rows * names.length);
  const levels: (readonly string[] | undefined)[] = names.map(() => undefined);
  let start = 0;
  for (const { columns, fitted, width } of parts) {
    const part = pick(
      x,
      Int32Array.from({ length: width }, (_, k) => start + k),
    );
    const back = fitted ? inverseSync(fitted, part) : part;
    for (const [k, j] of columns.entries()) {
      levels[j] = back.levels?.[k];
      for (let i = 0; i < x.rows; i++) data[i * names.length + j] = back.data[i * back.columns + k]!;
    }
    start += width;
  }
  return { rows: x.rows, columns: names.length, data, names, levels };
}

/** Columns of these places, in their order. */
function pick(x: Matrix, places: Int32Array, data: Float64Array = sharedFloat64(x.rows * places.length)): Matrix {
  for (let i = 0; i < x.rows; i++)
    for (let k = 0; k < places.length; k++) data[i * places.length + k] = x.data[i * x.columns + places[k]!]!;
  const at = Array.from(places);
  return {
    rows: x.rows,
    columns: at.length,
    data,
    names: at.map((j) => x.names?.[j] ?? `x${j}`),
    levels: x.levels && at.map((j) => x.levels![j]),
  };
}

/** Matrices of the same rows, one beside the other. */
function beside(rows: number, parts: readonly Matrix[]): Matrix {
  const width = parts.reduce((sum, part) => sum + part.columns, 0);
  const data = sharedFloat64(rows * width);
  let start = 0;
  for (const part of parts) {
    place(part, data, start, width);
    start += part.columns;
  }
  return {
    rows,
    columns: width,
    data,
    names: distinctNames(parts.flatMap(({ names }) => names!)),
    levels: parts.flatMap(({ columns, levels }) => levels ?? Array.from({ length: columns }, () => undefined)),
  };
}
