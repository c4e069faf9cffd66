import { extractUsers } from "./01-extract-users.ts";
import { extractRecommendations } from "./02-extract-recommendations.ts";
import { extractSearches } from "./03-extract-searches.ts";
import { columnList, timestamp } from "./portable-sql.ts";
import type { EtlStep } from "./step.ts";

const { users, onboarding } = extractUsers.writes;
const { recommendations, items } = extractRecommendations.writes;
const { searches, bookings } = extractSearches.writes;

/** A showing that stands twice is the same person, item and moment. */
const same = 't."user" = r."user" and t.item = r.item and t."at" = r."at"';
/** Of a showing that stands twice the one is kept of which most came, in the order in which labels judge. */
const most = ["booked_at", "rejected_at", "clicked_at", "viewed_at", "position", "searched_at"].map(
  (name) => `${name} nulls last`,
);

/** What a showing has of its search. */
const ofSearch = ["searched_at", "departure", "passengers", "nights", "search_region"];
const events = {
  user_no: "INTEGER",
  item_no: "INTEGER",
  shown_at: "TIMESTAMP",
  viewed_at: "TIMESTAMP",
  clicked_at: "TIMESTAMP",
  booked_at: "TIMESTAMP",
  rejected_at: "TIMESTAMP",
  position: "INTEGER",
  searched_at: "TIMESTAMP",
  departure: "DATE",
  passengers: "DOUBLE",
  nights: "DOUBLE",
  search_region: "VARCHAR",
  broken_search: "BOOLEAN",
};

/**
 * Brings the tables together: people and items get numbers, a showing its search and its booking. What was not yet known at the end of the
 * window is taken out, and what stands twice: nothing counts it again. A search that came after its showing or its booking is not that showing's.
 */
export const merge: EtlStep = {
  number: 4,
  name: "merge",
  reads: {
    users: users!,
    onboarding: onboarding!,
    recommendations: recommendations!,
    items: items!,
    searches: searches!,
    bookings: bookings!,
  },
  writes: {
    people: {
      user_no: "INTEGER",
      id: "VARCHAR",
      birth_date: "DATE",
      region: "VARCHAR",
      created_at: "TIMESTAMP",
      onboarded_at: "TIMESTAMP",
      travel_style: "VARCHAR",
      preferred_season: "VARCHAR",
    },
    catalogue: {
      item_no: "INTEGER",
      id: "VARCHAR",
      category: "VARCHAR",
      region: "VARCHAR",
      created_at: "TIMESTAMP",
      retired_at: "TIMESTAMP",
    },
    events,
    booked: { user_no: "INTEGER", item_no: "INTEGER", at: "TIMESTAMP" },
    searched: { user_no: "INTEGER", at: "TIMESTAMP" },
  },
  settings: ({ until }) => until,
  async run({ engine, write, found, plan: { until } }) {
    const end = timestamp(until);
    await write(
      "people",
      `select row_number() over (order by u.id) - 1 as user_no, u.*, o.onboarded_at, coalesce(o.travel_style, 'unknown') as travel_style,
        coalesce(o.preferred_season, 'unknown') as preferred_season
       from (select id, min(birth_date) as birth_date, min(region) as region, min(created_at) as created_at from users where id is not null group by id) u
       left join (select "user", min(coalesce("at", timestamp '1970-01-01')) as onboarded_at, min(travel_style) as travel_style,
         min(preferred_season) as preferred_season from onboarding group by "user") o on o."user" = u.id`,
    );
    await write(
      "catalogue",
      `select row_number() over (order by id) - 1 as item_no, id, min(category) as category, min(region) as region,
        min(created_at) as created_at, max(retired_at) as retired_at from items where id is not null group by id`,
    );
    const unbroken = ofSearch.map((name) => [name, `case when not broken_search then ${name} end`]);
    const known = (column: string): string => `case when r.${column} < ${end} then r.${column} end as ${column}`;
    // few stand twice: only they are put in order
    await engine.hold(
      "twice",
      `select r."user", r.item, r."at", r.n - 1 as spare from (select "user", item, "at", count(*) as n from recommendations
         group by "user", item, "at" having count(*) > 1) r join people p on p.id = r."user" join catalogue c on c.id = r.item`,
    );
    const shown = (join: string): string =>
      `select p.user_no, c.item_no, r."at" as shown_at, ${["viewed_at", "clicked_at", "rejected_at"].map(known).join(", ")},
         case when least(r.booked_at, b.booked_at) < ${end} then least(r.booked_at, b.booked_at) end as booked_at,
         try_cast(r.position as integer) as position, s."at" as searched_at, s.departure, s.passengers, s.nights, s.region as search_region
       from recommendations r
       ${join} twice t on ${same}
       join people p on p.id = r."user"
       join catalogue c on c.id = r.item
       left join (select id, "user", min("at") as "at", min(departure) as departure, min(passengers) as passengers, min(nights) as nights,
         min(region) as region from searches group by id, "user") s on s.id = r.search and s."user" = r."user"
       left join (select recommendation, min("at") as booked_at from bookings where recommendation is not null group by recommendation) b
         on b.recommendation = r.id`;
    const { broken_search, ...ofShowing } = events;
    await write(
      "events",
      `with single as (select ${columnList(ofShowing)} from (${shown("left join")} where t.item is null) once
         union all
         select ${columnList(ofShowing)} from (select *, row_number() over (partition by user_no, item_no, shown_at order by ${most.join(", ")}) as turn
           from (${shown("join")}) again) each_turn where turn = 1),
       judged as (select *, coalesce(searched_at > shown_at or searched_at > booked_at, false) as broken_search from single)
       select ${columnList(events, Object.fromEntries(unbroken))} from judged`,
    );
    const unshown = `from bookings b join people p on p.id = b."user" join catalogue c on c.id = b.item
       where b."at" < ${end} and not exists (select 1 from recommendations r where r.id = b.recommendation)`;
    const ofEvents = "from events where booked_at is not null";
    const booked = await write(
      "booked",
      `select p.user_no, c.item_no, b."at" ${unshown} union select user_no, item_no, booked_at ${ofEvents}`,
    );
    const ofPeople = `from searches s join people p on p.id = s."user" where s."at" < ${end}`;
    const searched = await write(
      "searched",
      `select user_no, "at" from (select distinct p.user_no, s."at", s.departure, s.passengers, s.nights, s.region ${ofPeople}) single`,
    );
    const [all] = await engine.sql(
      `select (select coalesce(sum(spare), 0) from twice) as events, (select count(*) ${unshown}) + (select count(*) ${ofEvents}) as booked,
        (select count(*) ${ofPeople}) as searched`,
    );
    found([
      { problem: "events that stand twice", rows: Number(all!["events"]), done: "kept once" },
      { problem: "bookings that stand twice", rows: Number(all!["booked"]) - booked, done: "kept once" },
      { problem: "searches that stand twice", rows: Number(all!["searched"]) - searched, done: "kept once" },
    ]);
  },
};
