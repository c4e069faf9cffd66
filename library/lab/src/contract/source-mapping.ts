import { z } from "zod";

/** What a user likes and an item offers, each of 0 to 1. */
const vectorFields = {
  climate: { type: "DOUBLE" },
  culture: { type: "DOUBLE" },
  budget: { type: "DOUBLE" },
  activity: { type: "DOUBLE" },
  group: { type: "DOUBLE" },
  urban: { type: "DOUBLE" },
  gastronomy: { type: "DOUBLE" },
  popularity: { type: "DOUBLE" },
} as const;

/** What the ETL reads, table by table: each field, the type that it is read as, and whether it must be mapped. */
export const sourceTables = {
  users: {
    required: true,
    fields: {
      id: { type: "VARCHAR", required: true },
      birth_date: { type: "DATE" },
      region: { type: "VARCHAR" },
      created_at: { type: "TIMESTAMP" },
    },
    key: "id",
  },
  user_vectors: {
    required: false,
    fields: {
      user: { type: "VARCHAR", required: true },
      at: { type: "TIMESTAMP" },
      ...vectorFields,
      segment: { type: "VARCHAR" },
    },
    key: "user",
  },
  onboarding: {
    required: false,
    fields: {
      user: { type: "VARCHAR", required: true },
      at: { type: "TIMESTAMP" },
      travel_style: { type: "VARCHAR" },
      preferred_season: { type: "VARCHAR" },
    },
    key: "user",
  },
  items: {
    required: true,
    fields: {
      id: { type: "VARCHAR", required: true },
      category: { type: "VARCHAR" },
      region: { type: "VARCHAR" },
      created_at: { type: "TIMESTAMP" },
      retired_at: { type: "TIMESTAMP" },
    },
    key: "id",
  },
  item_vectors: {
    required: false,
    fields: {
      item: { type: "VARCHAR", required: true },
      at: { type: "TIMESTAMP" },
      ...vectorFields,
      popularity_score: { type: "DOUBLE" },
    },
    key: "item",
  },
  recommendations: {
    required: true,
    fields: {
      id: { type: "VARCHAR" },
      user: { type: "VARCHAR", required: true },
      item: { type: "VARCHAR", required: true },
      at: { type: "TIMESTAMP", required: true },
      viewed_at: { type: "TIMESTAMP" },
      clicked_at: { type: "TIMESTAMP" },
      booked_at: { type: "TIMESTAMP" },
      rejected_at: { type: "TIMESTAMP" },
      search: { type: "VARCHAR" },
      position: { type: "INTEGER" },
    },
    key: "at",
  },
  searches: {
    required: false,
    fields: {
      id: { type: "VARCHAR", required: true },
      user: { type: "VARCHAR", required: true },
      at: { type: "TIMESTAMP", required: true },
      departure: { type: "DATE" },
      passengers: { type: "INTEGER" },
      nights: { type: "INTEGER" },
      region: { type: "VARCHAR" },
    },
    key: "at",
  },
  bookings: {
    required: false,
    fields: {
      user: { type: "VARCHAR", required: true },
      item: { type: "VARCHAR", required: true },
      at: { type: "TIMESTAMP", required: true },
      recommendation: { type: "VARCHAR" },
    },
    key: "at",
  },
} as const satisfies Record<string, SourceTable>;

interface SourceTable {
  /** Whether a source without it can be used. */
  readonly required: boolean;
  readonly fields: Readonly<
    Record<string, { readonly type: "VARCHAR" | "DOUBLE" | "INTEGER" | "TIMESTAMP" | "DATE"; readonly required?: true }>
  >;
  /** The field by which its rows are read in pages. */
  readonly key: string;
}

/** A table that the ETL reads. */
export type SourceTableName = keyof typeof sourceTables;

const name = (most: number) =>
  z
    .string()
    .min(1)
    .max(most)
    .regex(/^[ -~\u00a0-\uffff]+$/, "must hold no control characters");
const column = name(200);

/** Where a field comes from: a column, or a column where another one is within bounds, as "rated 4 or more" is a click. */
export const sourceField = z.union(
  [
    column,
    z.strictObject({ column, where: z.strictObject({ column, least: z.number().optional(), most: z.number().optional() }) }),
  ],
  {
    error: ({ input }) =>
      `must be a column's name, or { column, where: { column, least, most } }, got ${input === undefined ? "none" : JSON.stringify(input).slice(0, 100)}`,
  },
);
export type SourceField = z.infer<typeof sourceField>;

const sourceTable = <T extends SourceTableName>(name: T) =>
  z.strictObject({
    table: column.describe("Name of the application's table or view."),
    columns: z.strictObject(
      Object.fromEntries(
        Object.entries(sourceTables[name].fields as SourceTable["fields"]).map(([field, { required, type }]) => [
          field,
          (required ? sourceField : sourceField.optional()).describe(`${type.toLowerCase()}${required ? ", must be there" : ""}`),
        ]),
      ) as Record<string, z.ZodType<SourceField | undefined>>,
    ),
  });

/** Which tables and columns of an application are what the ETL reads. */
export const sourceMapping = z.strictObject({
  schema: name(63).default("travel").describe("Schema of the application's tables."),
  users: sourceTable("users"),
  user_vectors: sourceTable("user_vectors").optional(),
  onboarding: sourceTable("onboarding").optional(),
  items: sourceTable("items"),
  item_vectors: sourceTable("item_vectors").optional(),
  recommendations: sourceTable("recommendations"),
  searches: sourceTable("searches").optional(),
  bookings: sourceTable("bookings").optional(),
});
export type SourceMapping = z.infer<typeof sourceMapping>;
