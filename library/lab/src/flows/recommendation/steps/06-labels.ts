import { merge } from "./04-merge.ts";
import { dateOf, daysBetween, rounded } from "./portable-sql.ts";
import type { EtlStep } from "./step.ts";

/** What each showing came to: booked 5, rejected −1, clicked 3, viewed 1, else 0; and whether it was booked. */
export const labels: EtlStep = {
  number: 6,
  name: "labels",
  reads: { events: merge.writes["events"]! },
  writes: {
    labelled: {
      user_no: "INTEGER",
      item_no: "INTEGER",
      shown_at: "TIMESTAMP",
      shown_on: "DATE",
      position: "INTEGER",
      searched_at: "TIMESTAMP",
      minutes_since_search: "DOUBLE",
      days_until_departure: "INTEGER",
      passengers: "DOUBLE",
      nights: "DOUBLE",
      search_region: "VARCHAR",
      broken_search: "BOOLEAN",
      engagement_score: "INTEGER",
      booking_probability: "INTEGER",
      is_negative_sample: "BOOLEAN",
    },
  },
  settings: () => null,
  async run({ write, engine: { dialect } }) {
    await write(
      "labelled",
      `select *, ${dateOf("shown_at")} as shown_on, ${daysBetween("shown_at", "departure")} as days_until_departure,
        ${rounded(`(${dialect.milliseconds("shown_at")} - ${dialect.milliseconds("searched_at")}) / 60000`, 2)} as minutes_since_search,
        case when booked_at is not null then 5 when rejected_at is not null then -1 when clicked_at is not null then 3
          when viewed_at is not null then 1 else 0 end as engagement_score,
        case when booked_at is not null then 1 else 0 end as booking_probability, false as is_negative_sample from events`,
    );
  },
};
