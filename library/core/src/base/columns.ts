/** A column of numbers; NaN is missing. */
export interface NumberColumn {
  readonly kind: "number";
  readonly values: Float64Array;
}

/** A column of a few repeated strings: codes into `levels`, −1 is missing. */
export interface CategoryColumn {
  readonly kind: "category";
  readonly codes: Int32Array;
  readonly levels: readonly string[];
}

/** A column of 0 and 1; 255 is missing. */
export interface BooleanColumn {
  readonly kind: "boolean";
  readonly values: Uint8Array;
}

/** A column of UTC instants in milliseconds since 1970; NaN is missing. */
export interface DatetimeColumn {
  readonly kind: "datetime";
  readonly values: Float64Array;
}

/** A column of free text; null is missing. */
export interface TextColumn {
  readonly kind: "text";
  readonly values: readonly (string | null)[];
}

/** One column of a table. */
export type Column = NumberColumn | CategoryColumn | BooleanColumn | DatetimeColumn | TextColumn;

/** What estimators need of a table; `Table` of the data room is one. */
export interface TableLike {
  readonly rows: number;
  readonly names: readonly string[];
  column(name: string): Column;
}
