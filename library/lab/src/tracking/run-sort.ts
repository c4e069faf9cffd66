import { type RawBuilder, sql } from "kysely";
import { type RowKey, readSort } from "../db/sort-rows.ts";
import { fieldOf } from "./run-fields.ts";

/** One key of an order of runs. */
export interface SortKey extends RowKey {
  /** What brings the place in, or nothing. */
  readonly join: RawBuilder<unknown>;
}

/**
 * The same order where its first key is a metric's last value, over the runs that have one: the index gives them in order, so that a page costs
 * O(page). Undefined for another order.
 */
export function sortRunsWithMetric(text: string, projectId: string): SortKey[] | undefined {
  const [first = "", ...rest] = text.split(",").map((part) => part.trim());
  if (!/^[-+]?metrics\./.test(first)) return undefined;
  const field = fieldOf(first.replace(/^[-+]/, ""), "sort");
  if (field.kind !== "metric" || field.of !== "value") return undefined;
  const join = sql`join run_values v on v.project_id = ${projectId} and v.kind = 'metric' and v.name = ${field.name}
    and v.run_id = r.id and v.value <> 'NaN'`;
  const key: SortKey = { place: sql`v.value`, join, type: "double precision", descending: first.startsWith("-"), required: true };
  const others = rest.length > 0 ? sortRuns(rest.join(), projectId).slice(0, -1) : [];
  return [key, ...others, idKey(key.descending)];
}

function idKey(descending: boolean): SortKey {
  return { place: sql`r.id`, join: sql``, type: "uuid", descending, required: true };
}

/** `-metrics.test.accuracy,name` as keys, the id last so that the order is whole. Parameters: numbers first, then text. Throws ParamsError. */
export function sortRuns(text: string, projectId: string): SortKey[] {
  const keys = readSort(text).flatMap(({ name, descending }, k): SortKey[] => {
    const field = fieldOf(name, "sort");
    if (field.kind === "column")
      return [{ place: field.place, join: sql``, type: field.type, descending, required: field.required }];
    const alias = sql.raw(`v${k}`);
    const join = sql`left join run_values ${alias} on ${alias}.project_id = ${projectId} and ${alias}.kind = ${field.kind}
      and ${alias}.name = ${field.name} and ${alias}.run_id = r.id`;
    const key = { descending, required: false };
    const asText = { ...key, place: sql`${alias}.text`, type: "text" as const };
    if (field.kind === "tag") return [{ ...asText, join }];
    const number = sql`nullif(${alias}.${sql.raw(field.of)}::double precision, 'NaN')`;
    const asNumber = { ...key, place: number, join, type: "double precision" as const };
    return field.kind === "metric" ? [asNumber] : [asNumber, { ...asText, join: sql`` }];
  });
  return [...keys, idKey(keys[0]!.descending)];
}
