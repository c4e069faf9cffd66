import type { SourceSize } from "./source-settings.ts";

/** Kinds of travellers with what they like, in the order of `dimensions`; the items of the same place are made for them. */
const archetypes = [
  {
    segment: "BUDGET_BACKPACKER",
    category: "hostel_route",
    style: "backpacking",
    likes: [0.6, 0.5, 0.1, 0.8, 0.3, 0.5, 0.4, 0.4],
  },
  { segment: "FAMILY_EXPLORER", category: "family_park", style: "family", likes: [0.7, 0.4, 0.45, 0.5, 0.9, 0.4, 0.5, 0.7] },
  { segment: "LUXURY_TRAVELER", category: "luxury_retreat", style: "luxury", likes: [0.75, 0.5, 0.95, 0.2, 0.4, 0.4, 0.9, 0.5] },
  { segment: "CULTURE_SEEKER", category: "city_tour", style: "city", likes: [0.4, 0.95, 0.55, 0.4, 0.4, 0.9, 0.75, 0.6] },
  {
    segment: "ADVENTURE_LOVER",
    category: "mountain_trek",
    style: "adventure",
    likes: [0.25, 0.3, 0.4, 0.95, 0.4, 0.1, 0.3, 0.3],
  },
  { segment: "BEACH_RELAXER", category: "beach_resort", style: "beach", likes: [0.95, 0.2, 0.5, 0.2, 0.6, 0.2, 0.6, 0.8] },
] as const;
const regions = ["north", "south", "east", "west", "islands", "capital", "coast", "abroad"];
const seasons = ["winter", "spring", "summer", "autumn"];
/** Groups of taste that no vector tells: only what people do gives them away. */
const tastes = 12;

/** Columns of the eight dimensions, in order. */
export const vectorColumns = ["climate", "culture", "budget", "activity", "group_size", "urban", "gastronomy", "popularity"];

const list = (values: readonly (string | number)[]): string =>
  `[${values.map((value) => (typeof value === "string" ? `'${value}'` : value)).join(", ")}]`;
const centres = `[${archetypes.map(({ likes }) => list(likes)).join(", ")}]`;

/** Eight coordinates around an archetype's, within [0, 1]: one array. */
const around = (archetype: string, row: string, stream: number, spread: number): string =>
  `[${vectorColumns.map((_, k) => `least(1, greatest(0, ${centres}[${archetype} + 1][${k + 1}] + ${spread} * gauss(${row}, ${stream + 2 * k})))`).join(", ")}]`;

const spread = (array: string): string => vectorColumns.map((name, k) => `${array}[${k + 1}]::float as ${name}`).join(", ");

/** A row in a thousand is wrong, as rows of applications are. */
const dirty = (row: string, stream: number): string => `u(${row}, ${stream}) < 0.001`;

/** Statements that make the people and items of the generator; macros `u` (even) and `gauss` draw by row and stream. */
export function peopleStatements({ users, items, days, seed, until }: SourceSize): readonly string[] {
  const end = `timestamp '${until.toISOString().slice(0, 23).replace("T", " ")}'`;
  return [
    `create macro u(i, k) as ((hash(i, k, ${seed}) >> 11)::double / 9007199254740992.0)`,
    `create macro gauss(i, k) as (sqrt(-2 * ln(u(i, k) + 1e-12)) * cos(6.283185307179586 * u(i, k + 1)))`,
    `create macro day_before(n) as (${end} - to_microseconds((n * 86400000000)::bigint))`,
    `create table made_users as
      select i as id, floor(${archetypes.length} * u(i, 1))::int as archetype, floor(${tastes} * u(i, 2))::int as taste,
        day_before(${days} + 900 * u(i, 3)) as created_at
      from range(${users}) as t(i)`,
    `create table made_user_states as
      select id, archetype, taste, created_at, ${around("archetype", "id", 10, 0.16)} as likes from made_users`,
    // popularity falls with the place: the first items are asked for most
    `create table made_items as
      select i as id, floor(${archetypes.length} * u(-i - 1, 1))::int as archetype, floor(${tastes} * u(-i - 1, 2))::int as taste,
        1 - i / ${items}::double as popularity,
        case when u(-i - 1, 3) < 0.1 then day_before(${days} * u(-i - 1, 4)) else day_before(${days} + 700 * u(-i - 1, 5)) end as created_at
      from range(${items}) as t(i)`,
    `create table made_item_states as
      select *, ${around("archetype", "-id - 1", 40, 0.14)} as offers from made_items`,
    `create table made_shelf as
      select id, taste, row_number() over (partition by taste order by id) - 1 as place, count(*) over (partition by taste) as size from made_items`,
  ];
}

/** What is loaded into the tables of people and items: table to query. */
export function peopleTables({ days }: SourceSize): ReadonlyMap<string, string> {
  const segment = `${list(archetypes.map((each) => each.segment))}[archetype + 1]`;
  const style = `${list(archetypes.map((each) => each.style))}[archetype + 1]`;
  const moved = vectorColumns.map((_, k) => `least(1, greatest(0, likes[${k + 1}] + 0.05 * gauss(id, ${80 + 2 * k})))`);
  return new Map([
    [
      "users",
      `select id, 'traveller' || id || '@example.org', 'Traveller ' || id,
        (date '2008-01-01' - (365 * (60 * u(id, 4) * u(id, 5) + 1))::int)::date,
        ${list(regions)}[floor(${regions.length} * u(id, 6) * u(id, 6))::int + 1], created_at from made_users`,
    ],
    [
      "user_vectors",
      `select id, created_at, ${vectorColumns.map((name, k) => `(likes[${k + 1}]${k === 0 ? ` + case when ${dirty("id", 70)} then 1 else 0 end` : ""})::float as ${name}`).join(", ")}, ${segment}
        from made_user_states
       union all select id, day_before(${days} * u(id, 71)), ${moved.map((value) => `${value}::float`).join(", ")}, ${segment}
        from made_user_states where u(id, 72) < 0.4`,
    ],
    [
      "travel_onboarding_profiles",
      `select id, created_at + to_minutes((1 + 200 * u(id, 7))::int), ${style}, ${list(seasons)}[floor(4 * u(id, 8))::int + 1]
        from made_users where u(id, 9) < 0.8`,
    ],
    [
      "items",
      `select id, ${list(archetypes.map((each) => each.category))}[archetype + 1] || ' ' || id,
        ${list(archetypes.map((each) => each.category))}[archetype + 1], ${list(regions)}[floor(${regions.length} * u(-id - 1, 6))::int + 1],
        created_at, null from made_items`,
    ],
    [
      "item_vectors",
      `select id, created_at, ${spread("offers")}, popularity::float, 0, 0 from made_item_states
       union all select id, greatest(day_before(${days} / 2), created_at + interval 1 hour), ${spread("offers")},
        least(1, greatest(0, popularity + 0.05 * gauss(-id - 1, 60)))::float, (100 * popularity)::int, (900 * popularity)::int from made_item_states`,
    ],
  ]);
}
