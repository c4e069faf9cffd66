/** The declaration of a column of the dataset. */
export interface DatasetColumnSpec {
  readonly name: string;
  readonly type: "text" | "category" | "integer" | "number" | "boolean" | "instant";
  /** Least and greatest value, levels, or null where there are none. */
  readonly range: readonly [number, number] | readonly string[] | null;
  readonly unit: string | null;
  readonly description: string;
  /** May hold no missing value, where the source has what it is made of. */
  readonly required: boolean;
  /** SQL over the tables of the last step: `r` rows, `u` and `us` people and their states, `i` and `is` items and theirs, `ud` and `id` their days. */
  readonly sql: string;
  /** The source's table that it needs; without it the column is empty. */
  readonly needs?: "user_vectors" | "item_vectors" | "searches" | "onboarding" | "bookings";
}

/** How a column is declared without repeating what is usual. */
export type ColumnDraft = Omit<DatasetColumnSpec, "range" | "unit" | "required"> &
  Partial<Pick<DatasetColumnSpec, "range" | "unit" | "required">>;

/** The declarations, whole: no range, no unit and required where nothing else is said. */
export function columnsOf(drafts: readonly ColumnDraft[]): readonly DatasetColumnSpec[] {
  return drafts.map((draft) => ({ range: null, unit: null, required: true, ...draft }));
}
