import { ShapeError, StoreError } from "../base/errors.ts";
import { type Matrix, sharedFloat64 } from "../numeric/matrix.ts";
import { checkNumbers } from "./step-checks.ts";

/** What a scaler learns: x becomes (x − centre) / scale. */
export interface ScalerState {
  /** What is subtracted, one per column (d). */
  readonly centre: Float64Array;
  /** What is divided by, one per column (d); 1 for a constant column. */
  readonly scale: Float64Array;
}

/** Every column centred and scaled; missing cells stay missing. O(n d). */
export function standardise(x: Matrix, state: ScalerState): Matrix {
  const data = sharedFloat64(x.data.length);
  standardiseInto(x, state, data, 0, x.columns);
  return { ...x, data };
}

/** The same, written to columns start … of rows that are `stride` wide. */
export function standardiseInto(
  { rows, columns, data: from }: Matrix,
  { centre, scale }: ScalerState,
  out: Float64Array,
  start: number,
  stride: number,
): void {
  const isHuge = scale.some((value) => value > 1e150) || centre.some((value) => Math.abs(value) > 1e150);
  const half = isHuge ? 0.5 : 1; // halved, no difference of two numbers overflows; a power of two changes no bit
  const c = centre.map((value) => value * half);
  const s = scale.map((value) => value * half);
  for (let i = 0, at = 0, to = start; i < rows; i++, to += stride)
    for (let j = 0; j < columns; j++, at++) out[to + j] = (from[at]! * half - c[j]!) / s[j]!;
}

/** The rows that `standardise` turned into these. O(n d). */
export function unstandardise(who: string, x: Matrix, { centre, scale }: ScalerState): Matrix {
  const { rows, columns } = x;
  if (columns !== centre.length) throw new ShapeError(`${who}: x has ${columns} columns, the scaler ${centre.length}`);
  const data = sharedFloat64(x.data.length);
  for (let i = 0, at = 0; i < rows; i++) for (let j = 0; j < columns; j++, at++) data[at] = x.data[at]! * scale[j]! + centre[j]!;
  return { ...x, data };
}

/** Throws StoreError for a loaded state that no scaler learns. */
export function checkScaler(who: string, { centre, scale }: ScalerState, columns: number): void {
  checkNumbers(who, { centre, scale }, columns);
  if (scale.includes(0)) throw new StoreError(`${who}: state scale must not be 0`);
}
