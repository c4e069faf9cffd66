import { expect, test } from "vitest";
import { datasetColumns } from "./columns.ts";

const wanted = `user_climate_pref, user_culture_pref, user_budget_level, user_activity_level, user_group_type, user_urban_pref,
  user_gastronomy_pref, user_popularity_pref, primary_segment, user_age_group, user_region, user_category, item_climate, item_culture,
  item_budget, item_activity, item_group, item_urban, item_gastronomy, item_popularity, item_popularity_score, item_booking_count,
  item_search_count, season, is_weekend, days_until_departure, search_passengers, engagement_score, booking_probability`.split(
  /,\s+/,
);

test("at least 52 columns are declared, each once, those of the specification among them", () => {
  const names = datasetColumns.map(({ name }) => name);
  expect(names.length).toBeGreaterThanOrEqual(52);
  expect(new Set(names).size).toBe(names.length);
  expect(names).toEqual(expect.arrayContaining(wanted));
});

test("every column says what it is, and every number its range", () => {
  for (const { name, description, type, range } of datasetColumns) {
    expect(description, name).toMatch(/\.$/);
    if (type === "number" || type === "integer") expect(range, name).toHaveLength(2);
  }
});
