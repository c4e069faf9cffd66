import { dimensions } from "../columns.ts";
import { extractUsers } from "./01-extract-users.ts";
import { extractRecommendations } from "./02-extract-recommendations.ts";
import { merge } from "./04-merge.ts";
import { dateOf } from "./portable-sql.ts";
import { type EtlStep, pick } from "./step.ts";

const names = dimensions.map(([name]) => name);
const vector = Object.fromEntries(names.map((name) => [name, "DOUBLE"]));
const { people, catalogue, events, booked, searched } = merge.writes;

/**
 * What was known of people and items, and since when. Vectors hold from the moment at which they were computed; counts stand by day and tell
 * the days before it: what a row of that day takes of them was known at its moment.
 */
export const features: EtlStep = {
  number: 5,
  name: "features",
  reads: {
    user_vectors: extractUsers.writes["user_vectors"]!,
    item_vectors: extractRecommendations.writes["item_vectors"]!,
    people: pick(people!, "user_no", "id"),
    catalogue: pick(catalogue!, "item_no", "id"),
    events: events!,
    booked: booked!,
    searched: searched!,
  },
  writes: {
    user_states: { user_no: "INTEGER", valid_from: "TIMESTAMP", valid_to: "TIMESTAMP", ...vector, segment: "VARCHAR" },
    item_states: { item_no: "INTEGER", valid_from: "TIMESTAMP", valid_to: "TIMESTAMP", ...vector, popularity_score: "DOUBLE" },
    user_days: {
      user_no: "INTEGER",
      day: "DATE",
      shown_before: "INTEGER",
      clicks_before: "INTEGER",
      rejections_before: "INTEGER",
      bookings_before: "INTEGER",
      searches_before: "INTEGER",
      last_shown: "DATE",
      last_booking: "DATE",
    },
    item_days: {
      item_no: "INTEGER",
      day: "DATE",
      shown_before: "INTEGER",
      clicks_before: "INTEGER",
      bookings_before: "INTEGER",
      searches_before: "INTEGER",
      last_booking: "DATE",
    },
  },
  settings: () => null,
  async run({ write }) {
    await write("user_states", states("user_vectors", "people", "user_no", '"user"', ["segment"]));
    await write("item_states", states("item_vectors", "catalogue", "item_no", "item", ["popularity_score"]));
    await write(
      "user_days",
      days("user_no", {
        shown: perDay("user_no", "events", "shown_at"),
        clicks: perDay("user_no", "events", "clicked_at"),
        rejections: perDay("user_no", "events", "rejected_at"),
        bookings: perDay("user_no", "booked", '"at"'),
        searches: perDay("user_no", "searched", '"at"'),
      }),
    );
    await write(
      "item_days",
      days("item_no", {
        shown: perDay("item_no", "events", "shown_at"),
        clicks: perDay("item_no", "events", "clicked_at"),
        bookings: perDay("item_no", "booked", '"at"'),
        searches: perDay("item_no", "events", "shown_at", "searched_at"),
      }),
    );
  },
};

/** Vectors with the stretch of time in which each was the newest. */
function states(vectors: string, owners: string, number: string, owner: string, more: readonly string[]): string {
  const columns = [...names.map((name) => `"${name}"`), ...more].map((name) => `min(v.${name}) as ${name}`).join(", ");
  return `select *, lead(valid_from, 1, timestamp '9999-12-31') over (partition by ${number} order by valid_from) as valid_to from
    (select o.${number}, coalesce(v."at", timestamp '1970-01-01') as valid_from, ${columns} from ${vectors} v join ${owners} o on o.id = v.${owner} group by 1, 2)`;
}

/** How often something happened to each on each day: where `happened`, which is the instant itself unless another is named, is there. */
function perDay(number: string, table: string, at: string, happened = at): string {
  return `select ${number}, ${dateOf(at)} as day, count(*) as n from ${table} where ${happened} is not null group by ${number}, ${dateOf(at)}`;
}

/** Counts by day of what happened on the days before it; days on which something was shown. */
function days(number: string, happened: Readonly<Record<string, string>>): string {
  const kinds = Object.keys(happened);
  const all = Object.entries(happened).map(
    ([kind, query]) =>
      `select ${number}, day, ${kinds.map((each) => `${each === kind ? "n" : "0"} as ${each}`).join(", ")} from (${query})`,
  );
  return `with moves as (select ${number}, day, ${kinds.map((kind) => `sum(${kind}) as ${kind}`).join(", ")} from (${all.join(" union all ")}) group by ${number}, day)
    select * from (
      select ${number}, day, shown, ${kinds.map((kind) => `coalesce(sum(${kind}) over earlier, 0) as ${kind}_before`).join(", ")},
        max(case when shown > 0 then day end) over earlier as last_shown, max(case when bookings > 0 then day end) over earlier as last_booking
      from moves window earlier as (partition by ${number} order by day rows between unbounded preceding and 1 preceding)) where shown > 0`;
}
