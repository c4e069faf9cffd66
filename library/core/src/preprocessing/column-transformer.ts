import { z } from "zod";
import type { FitContext, Fitted, Spec } from "../base/contract.ts";
import { DataError } from "../base/errors.ts";
import { transformer } from "../base/estimator.ts";
import { suggest } from "../base/near-name.ts";
import { estimatorParam } from "../base/params.ts";
import { fitSlices, transformSync } from "../base/run.ts";
import { type Matrix, sharedFloat64 } from "../numeric/matrix.ts";

/** What a column transformer learns. */
export interface ColumnTransformerState {
  /** Each part: the places of its columns, and its fitted transformer; null passes the columns on. */
  readonly parts: readonly { readonly columns: Int32Array; readonly fitted: Fitted | null }[];
}

const columns = z.union([z.array(z.string()).min(1), z.enum(["number", "category"])]);

/**
 * Gives different columns to different transformers and sets the results side by side. Columns are named, or taken by kind:
 * "number" or "category". Columns that no part takes pass (`remainder: "passthrough"`) or are dropped.
 * Oracle: sklearn.compose.ColumnTransformer.
 */
export const columnTransformer = transformer({
  name: "column_transformer",
  missing: true,
  categories: true,
  params: z.strictObject({
    parts: z
      .array(z.strictObject({ columns, transformer: estimatorParam() }))
      .min(1)
      .meta({ title: "Parts" }),
    remainder: z.enum(["passthrough", "drop"]).default("passthrough").meta({ title: "Other columns" }),
  }),
  fit: fit as never,
  transform(x, { parts }: ColumnTransformerState): Matrix {
    return beside(
      x.rows,
      parts.map(({ columns, fitted }) => (fitted ? transformSync(fitted, pick(x, columns)) : pick(x, columns))),
    );
  },
});

function* fit(
  x: Matrix,
  y: Float64Array,
  { parts, remainder }: { parts: readonly { columns: string[] | "number" | "category"; transformer: Spec }[]; remainder: string },
  context: FitContext,
): Generator<void, ColumnTransformerState> {
  const taken = new Set<number>();
  const fitted: { columns: Int32Array; fitted: Fitted | null }[] = [];
  for (const part of parts) {
    const places = Int32Array.from(placesOf(x, part.columns).filter((j) => !taken.has(j)));
    if (places.length === 0) continue;
    for (const j of places) taken.add(j);
    fitted.push({ columns: places, fitted: yield* fitSlices(part.transformer, pick(x, places), y, context) });
  }
  const rest = Int32Array.from(x.names!.map((_, j) => j).filter((j) => !taken.has(j)));
  if (remainder === "passthrough" && rest.length > 0) fitted.push({ columns: rest, fitted: null });
  return { parts: fitted };
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

/** Columns of these places, in their order. */
function pick(x: Matrix, places: Int32Array): Matrix {
  const data = sharedFloat64(x.rows * places.length);
  for (let i = 0; i < x.rows; i++)
    for (let k = 0; k < places.length; k++) data[i * places.length + k] = x.data[i * x.columns + places[k]!]!;
  const at = Array.from(places);
  return {
    rows: x.rows,
    columns: at.length,
    data,
    names: at.map((j) => x.names![j]!),
    levels: x.levels && at.map((j) => x.levels![j]),
  };
}

/** Matrices of the same rows, one beside the other. */
function beside(rows: number, parts: readonly Matrix[]): Matrix {
  const width = parts.reduce((sum, part) => sum + part.columns, 0);
  const data = sharedFloat64(rows * width);
  let start = 0;
  for (const part of parts) {
    for (let i = 0; i < rows; i++) data.set(part.data.subarray(i * part.columns, (i + 1) * part.columns), i * width + start);
    start += part.columns;
  }
  return {
    rows,
    columns: width,
    data,
    names: parts.flatMap(({ names }) => names!),
    levels: parts.flatMap(({ columns, levels }) => levels ?? Array.from({ length: columns }, () => undefined)),
  };
}
