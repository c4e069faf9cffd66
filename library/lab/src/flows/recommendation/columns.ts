import { type ColumnDraft, columnsOf, type DatasetColumnSpec } from "./column.ts";
import { daysBetween, joinedText } from "./steps/portable-sql.ts";

/** The eight dimensions of users and items, in order: name, user's column, item's column, what it says. */
export const dimensions = [
  ["climate", "user_climate_pref", "item_climate", "warmth"],
  ["culture", "user_culture_pref", "item_culture", "culture"],
  ["budget", "user_budget_level", "item_budget", "price level"],
  ["activity", "user_activity_level", "item_activity", "physical activity"],
  ["group", "user_group_type", "item_group", "company: alone 0 to large groups 1"],
  ["urban", "user_urban_pref", "item_urban", "city 1 or countryside 0"],
  ["gastronomy", "user_gastronomy_pref", "item_gastronomy", "food and drink"],
  ["popularity", "user_popularity_pref", "item_popularity", "well-known places"],
] as const;

const unitRange = [0, 1] as const;
const counts = [0, 2 ** 31 - 1] as const;

const keys: readonly ColumnDraft[] = [
  {
    name: "interaction_id",
    type: "text",
    description: "Of the row: the same in every run over the same source.",
    sql: `md5(${joinedText("p.user_key", "i.id", "r.shown_at", "r.is_negative_sample")})`,
  },
  { name: "user_key", type: "text", description: "HMAC-SHA-256 of the user's id under the project's key.", sql: "p.user_key" },
  { name: "item_id", type: "text", description: "The item, as the application knows it.", sql: "i.id" },
  {
    name: "shown_at",
    type: "instant",
    unit: "UTC",
    description: "When the item was shown, or would have been.",
    sql: "r.shown_at",
  },
];

const users: readonly ColumnDraft[] = [
  ...dimensions.map(
    ([name, column, , says]): ColumnDraft => ({
      name: column,
      type: "number",
      range: unitRange,
      description: `What the user likes of ${says}, as last computed before the moment; 0.5 where it was not.`,
      sql: `coalesce(us.${name}, 0.5)`,
      needs: "user_vectors",
    }),
  ),
  {
    name: "primary_segment",
    type: "category",
    description: "The application's segment of the user, as of the moment.",
    sql: "coalesce(us.segment, 'UNKNOWN')",
    needs: "user_vectors",
  },
  {
    name: "user_age_group",
    type: "category",
    range: ["under 18", "18-24", "25-34", "35-44", "45-54", "55-64", "65+", "unknown", "other"],
    description: "Age at the end of the window; other where few share it.",
    sql: "p.age_group",
  },
  { name: "user_region", type: "category", description: "Where the user lives; other where few share it.", sql: "p.region" },
  {
    name: "user_category",
    type: "category",
    range: ["new", "occasional", "regular", "frequent"],
    description: "By what was shown to the user before that day: nothing, up to 5, up to 25, more.",
    sql: "case when ud.shown_before = 0 then 'new' when ud.shown_before <= 5 then 'occasional' when ud.shown_before <= 25 then 'regular' else 'frequent' end",
  },
  {
    name: "user_has_vector",
    type: "boolean",
    description: "Whether a vector was computed before the moment.",
    sql: "us.user_no is not null",
  },
  {
    name: "user_travel_style",
    type: "category",
    description: "From the onboarding, where it was answered before the moment.",
    sql: "case when p.onboarded_at <= r.shown_at then p.travel_style else 'unknown' end",
    needs: "onboarding",
  },
  {
    name: "user_preferred_season",
    type: "category",
    range: ["winter", "spring", "summer", "autumn", "unknown"],
    description: "From the onboarding, where it was answered before the moment.",
    sql: "case when p.onboarded_at <= r.shown_at then p.preferred_season else 'unknown' end",
    needs: "onboarding",
  },
  {
    name: "user_tenure_days",
    type: "integer",
    range: [0, 36_500],
    unit: "days",
    required: false,
    description: "Since the user came.",
    sql: `greatest(0, ${daysBetween("p.created_at", "r.shown_at")})`,
  },
];

const items: readonly ColumnDraft[] = [
  ...dimensions.map(
    ([name, , column, says]): ColumnDraft => ({
      name: column,
      type: "number",
      range: unitRange,
      description: `What the item offers of ${says}, as last computed before the moment; 0.5 where it was not.`,
      sql: `coalesce(vs.${name}, 0.5)`,
      needs: "item_vectors",
    }),
  ),
  {
    name: "item_popularity_score",
    type: "number",
    range: unitRange,
    description: "The application's score, as last computed before the moment.",
    sql: "coalesce(vs.popularity_score, 0)",
    needs: "item_vectors",
  },
  {
    name: "item_booking_count",
    type: "integer",
    range: counts,
    description: "Bookings before that day, within what was read.",
    sql: "vd.bookings_before",
  },
  {
    name: "item_search_count",
    type: "integer",
    range: counts,
    description: "Times that a search showed it before that day, within what was read.",
    sql: "vd.searches_before",
  },
  {
    name: "item_shown_count",
    type: "integer",
    range: counts,
    description: "Times shown before that day, within the window.",
    sql: "vd.shown_before",
  },
  {
    name: "item_click_rate",
    type: "number",
    range: unitRange,
    description: "Clicks by showings before that day, (c + 1) / (n + 5).",
    sql: "(vd.clicks_before + 1) / (vd.shown_before + 5)",
  },
  {
    name: "item_days_since_booking",
    type: "integer",
    range: [0, 3650],
    unit: "days",
    required: false,
    description: "Since the last booking before that day.",
    sql: daysBetween("vd.last_booking", "r.shown_on"),
  },
  { name: "item_category", type: "category", description: "The application's category.", sql: "coalesce(i.category, 'unknown')" },
  { name: "item_region", type: "category", description: "Where it lies.", sql: "coalesce(i.region, 'unknown')" },
  {
    name: "item_age_days",
    type: "integer",
    range: [0, 36_500],
    unit: "days",
    required: false,
    description: "Since it came into the catalogue.",
    sql: `greatest(0, ${daysBetween("i.created_at", "r.shown_at")})`,
  },
];

const gap = (name: string): string => `coalesce(vs.${name}, 0.5) - coalesce(us.${name}, 0.5)`;
const squares = dimensions.map(([name]) => `(${gap(name)}) * (${gap(name)})`).join(" + ");
const dot = dimensions.map(([name]) => `coalesce(vs.${name}, 0.5) * coalesce(us.${name}, 0.5)`).join(" + ");
const norm = (state: string): string =>
  `sqrt(${dimensions.map(([name]) => `coalesce(${state}.${name}, 0.5) * coalesce(${state}.${name}, 0.5)`).join(" + ")} + 1e-12)`;

const pairs: readonly ColumnDraft[] = [
  {
    name: "similarity_cosine",
    type: "number",
    range: unitRange,
    description: "Cosine of the user's and the item's vector.",
    sql: `least(1, (${dot}) / (${norm("us")} * ${norm("vs")}))`,
  },
  {
    name: "similarity_euclidean",
    type: "number",
    range: unitRange,
    description: "1 less their distance by the greatest that there can be.",
    sql: `1 - sqrt((${squares}) / 8)`,
  },
  ...(["climate", "budget", "activity", "popularity"] as const).map(
    (name): ColumnDraft => ({
      name: `${name}_gap`,
      type: "number",
      range: [-1, 1],
      description: `The item's ${name} less the user's.`,
      sql: gap(name),
    }),
  ),
  {
    name: "region_match",
    type: "boolean",
    description: "Whether the item lies where the user lives.",
    sql: "coalesce(i.region = p.region, false)",
  },
];

/** 1 is Monday, as the first day of the first year was. */
const weekday = `1 + ${daysBetween("date '0001-01-01'", "r.shown_at")} % 7`;

const moments: readonly ColumnDraft[] = [
  {
    name: "season",
    type: "category",
    range: ["winter", "spring", "summer", "autumn"],
    description: "Of the northern year, at the moment.",
    sql: "case when month(r.shown_at) in (12, 1, 2) then 'winter' when month(r.shown_at) <= 5 then 'spring' when month(r.shown_at) <= 8 then 'summer' else 'autumn' end",
  },
  { name: "is_weekend", type: "boolean", description: "Saturday or Sunday, UTC.", sql: `${weekday} >= 6` },
  { name: "day_of_week", type: "integer", range: [1, 7], description: "1 is Monday.", sql: weekday },
  { name: "hour_of_day", type: "integer", range: [0, 23], unit: "hours", description: "UTC.", sql: "hour(r.shown_at)" },
  { name: "month", type: "integer", range: [1, 12], description: "1 is January.", sql: "month(r.shown_at)" },
  {
    name: "list_position",
    type: "integer",
    range: [1, 1000],
    required: false,
    description: "Place in the list that was shown; missing for sampled rows.",
    sql: "r.position",
  },
];

const searches: readonly ColumnDraft[] = [
  { name: "has_search", type: "boolean", description: "Whether a search came before.", sql: "r.searched_at is not null" },
  {
    name: "days_until_departure",
    type: "integer",
    range: [0, 730],
    unit: "days",
    required: false,
    description: "From the moment to the departure that was searched for.",
    sql: "r.days_until_departure",
    needs: "searches",
  },
  {
    name: "search_passengers",
    type: "integer",
    range: [1, 20],
    unit: "persons",
    required: false,
    description: "Who were searched for.",
    sql: "r.passengers",
    needs: "searches",
  },
  {
    name: "search_nights",
    type: "integer",
    range: [0, 365],
    unit: "nights",
    required: false,
    description: "How long was searched for.",
    sql: "r.nights",
    needs: "searches",
  },
  {
    name: "minutes_since_search",
    type: "number",
    range: [0, 1440],
    unit: "minutes",
    required: false,
    description: "From the search to the moment.",
    sql: "r.minutes_since_search",
    needs: "searches",
  },
  {
    name: "search_region_match",
    type: "boolean",
    description: "Whether the item lies where was searched.",
    sql: "coalesce(r.search_region = i.region, false)",
  },
];

const history: readonly ColumnDraft[] = [
  {
    name: "user_shown_before",
    type: "integer",
    range: counts,
    description: "Items shown to the user before that day, within the window.",
    sql: "ud.shown_before",
  },
  { name: "user_clicks_before", type: "integer", range: counts, description: "Of them clicked.", sql: "ud.clicks_before" },
  {
    name: "user_bookings_before",
    type: "integer",
    range: counts,
    description: "Bookings of the user before that day, within what was read.",
    sql: "ud.bookings_before",
  },
  {
    name: "user_searches_before",
    type: "integer",
    range: counts,
    description: "Searches of the user before that day, within what was read.",
    sql: "ud.searches_before",
  },
  {
    name: "user_rejections_before",
    type: "integer",
    range: counts,
    description: "Items that the user rejected before that day.",
    sql: "ud.rejections_before",
  },
  {
    name: "user_click_rate",
    type: "number",
    range: unitRange,
    description: "Clicks by showings before that day, (c + 1) / (n + 5).",
    sql: "(ud.clicks_before + 1) / (ud.shown_before + 5)",
  },
  {
    name: "user_recency_days",
    type: "integer",
    range: [0, 3650],
    unit: "days",
    required: false,
    description: "Since something was last shown to the user, before that day.",
    sql: daysBetween("ud.last_shown", "r.shown_on"),
  },
  {
    name: "user_booking_recency_days",
    type: "integer",
    range: [0, 3650],
    unit: "days",
    required: false,
    description: "Since the user's last booking before that day.",
    sql: daysBetween("ud.last_booking", "r.shown_on"),
  },
];

const labels: readonly ColumnDraft[] = [
  {
    name: "is_negative_sample",
    type: "boolean",
    description: "Whether the row was drawn among items that were not shown to the user.",
    sql: "r.is_negative_sample",
  },
  {
    name: "engagement_score",
    type: "integer",
    range: [-1, 5],
    description: "Label: 0 not viewed, 1 viewed, 3 clicked, 5 booked, −1 rejected.",
    sql: "r.engagement_score",
  },
  {
    name: "booking_probability",
    type: "integer",
    range: [0, 1],
    description: "Label: 1 booked, else 0.",
    sql: "r.booking_probability",
  },
];

/** Every column of the dataset, in order; declared here and nowhere else. */
export const datasetColumns: readonly DatasetColumnSpec[] = columnsOf([
  ...keys,
  ...users,
  ...items,
  ...pairs,
  ...moments,
  ...searches,
  ...history,
  ...labels,
]);

/** How a column's type is written in Parquet. */
export const storedTypes = {
  text: "VARCHAR",
  category: "VARCHAR",
  integer: "INTEGER",
  number: "FLOAT",
  boolean: "BOOLEAN",
  instant: "TIMESTAMP",
} as const;
