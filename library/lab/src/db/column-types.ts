import type { ColumnType } from "kysely";

/** Set by the database, never written by us. */
export type Stamp = ColumnType<Date, Date | undefined, Date>;
/** bigint as text, as pg reads it. */
export type Big = ColumnType<string, string | number | bigint, string | number | bigint>;
/** JSON, written as its text. */
// biome-ignore lint/suspicious/noExplicitAny: JSON columns hold what their room says
export type Json<T = any> = ColumnType<T, string, string>;
/** The same, with a default. */
// biome-ignore lint/suspicious/noExplicitAny: as above
export type DefaultJson<T = any> = ColumnType<T, string | undefined, string>;
