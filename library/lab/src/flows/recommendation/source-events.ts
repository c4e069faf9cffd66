import { vectorColumns } from "./source-people.ts";
import type { SourceSize } from "./source-settings.ts";

/** Items that a search shows. */
const shown = 5;
const sigmoid = (z: string): string => `1 / (1 + exp(-(${z})))`;

/** Statements that make what the generator's people did, a search and what it showed after the other. */
export function eventStatements({ users, items, interactions, days }: SourceSize): readonly string[] {
  const searches = Math.ceil(interactions / shown);
  const distance = vectorColumns.map((_, k) => `(i.offers[${k + 1}] - p.likes[${k + 1}]) ** 2`).join(" + ");
  // warm places are wanted in summer; a shared taste counts as much as the vectors do
  const wish = `0.7 - 6.0 * sqrt((${distance}) / 8) + 1.7 * (i.taste = p.taste)::int
    + 1.6 * (i.offers[1] - 0.5) * cos(0.5235987755982988 * (month(e.shown_at) - 7)) + 0.8 * (i.popularity - 0.5)`;
  return [
    // few people search much, and more do from month to month
    `create table made_searches as
      select s as id, floor(${users} * pow(u(s, 101), 1.5))::bigint as user_id, date_trunc('milliseconds', day_before(${days} * (1 - sqrt(u(s, 102))))) as searched_at
      from range(${searches}) as t(s)`,
    // the place on the shelf first: joined at once, every user would meet every item of the same taste
    `create table made_places as
      select r as id, s.id as search_id, s.user_id, r % ${shown} + 1 as position,
        s.searched_at + to_seconds(r % ${shown} + 1) as shown_at, p.taste, floor(h.size * pow(u(r, 113), 1.8))::bigint as place
      from range(${interactions}) as t(r)
      join made_searches s on s.id = r // ${shown}
      join made_users p on p.id = s.user_id
      join (select distinct taste, size from made_shelf) h on h.taste = p.taste`,
    `create table made_events as
      select e.* exclude (taste, place), case when u(e.id, 111) < 0.55 then f.id else floor(${items} * pow(u(e.id, 112), 2.2))::bigint end as item_id
      from made_places e join made_shelf f on f.taste = e.taste and f.place = e.place`,
    "drop table made_places",
    `create table made_wishes as
      select e.*, ${wish} as wish from made_events e
      join made_item_states i on i.id = e.item_id join made_user_states p on p.id = e.user_id
      where i.created_at < e.shown_at and p.created_at < e.shown_at`,
    `create table made_answers as
      select *, viewed and u(id, 122) < ${sigmoid("wish - 0.1")} as clicked from
        (select *, u(id, 121) < 0.75 as viewed from made_wishes)`,
    `create table made_recommendations as
      select *, clicked and u(id, 123) < ${sigmoid("wish - 0.8")} as booked, viewed and not clicked and u(id, 124) < 0.15 as rejected from made_answers`,
    "drop table made_wishes",
    "drop table made_answers",
    "drop table made_events",
  ];
}

const after = (flag: string, stream: number, minutes: number): string =>
  `case when ${flag} then shown_at + to_milliseconds((1000 + ${minutes * 60_000} * u(id, ${stream}))::bigint) end`;

/** What is loaded into the tables of events: table to query. Few rows of each are wrong: shown twice, booked before they were searched. */
export function eventTables({ interactions }: SourceSize): ReadonlyMap<string, string> {
  const times = `${after("viewed", 131, 5)}, ${after("clicked", 132, 20)}, ${after("booked", 133, 600)}, ${after("rejected", 134, 10)}`;
  return new Map([
    [
      "search_history",
      `select id, user_id, case when u(id, 144) < 0.001 then searched_at + interval 3 hour else searched_at end, null,
        (searched_at + to_days((2 + 110 * u(id, 141) * u(id, 142))::int))::date,
        case when u(id, 143) < 0.001 then 999 else 1 + floor(5 * u(id, 145) * u(id, 146))::int end, 1 + floor(13 * u(id, 147))::int from made_searches`,
    ],
    [
      "recommendations",
      `select id, user_id, item_id, search_id, position, shown_at, ${times} from made_recommendations
       union all select ${interactions} + id, user_id, item_id, search_id, position, shown_at, ${times} from made_recommendations where u(id, 151) < 0.001`,
    ],
    [
      "booking_data",
      `select row_number() over (order by id) - 1, user_id, item_id, id, booked_at, 1 + floor(4 * u(id, 161))::int, round(80 + 900 * u(id, 162), 2)
       from (select *, ${after("booked", 133, 600)} as booked_at from made_recommendations where booked)`,
    ],
  ]);
}
