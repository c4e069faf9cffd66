import type { SourceMapping } from "../../contract/source-mapping.ts";

const dimensions = {
  climate: "climate",
  culture: "culture",
  budget: "budget",
  activity: "activity",
  group: "group_size",
  urban: "urban",
  gastronomy: "gastronomy",
  popularity: "popularity",
};

/** The travel application whose schema ships with this flow. */
export const travelMapping: SourceMapping = {
  schema: "travel",
  users: { table: "users", columns: { id: "id", birth_date: "birth_date", region: "region", created_at: "created_at" } },
  user_vectors: {
    table: "user_vectors",
    columns: { user: "user_id", at: "computed_at", ...dimensions, segment: "primary_segment" },
  },
  onboarding: {
    table: "travel_onboarding_profiles",
    columns: { user: "user_id", at: "completed_at", travel_style: "travel_style", preferred_season: "preferred_season" },
  },
  items: {
    table: "items",
    columns: { id: "id", category: "category", region: "region", created_at: "created_at", retired_at: "retired_at" },
  },
  item_vectors: {
    table: "item_vectors",
    columns: { item: "item_id", at: "computed_at", ...dimensions, popularity_score: "popularity_score" },
  },
  recommendations: {
    table: "recommendations",
    columns: {
      id: "id",
      user: "user_id",
      item: "item_id",
      at: "shown_at",
      viewed_at: "viewed_at",
      clicked_at: "clicked_at",
      booked_at: "booked_at",
      rejected_at: "rejected_at",
      search: "search_id",
      position: "position",
    },
  },
  searches: {
    table: "search_history",
    columns: {
      id: "id",
      user: "user_id",
      at: "searched_at",
      departure: "departure_on",
      passengers: "passengers",
      nights: "nights",
      region: "region",
    },
  },
  bookings: {
    table: "booking_data",
    columns: { user: "user_id", item: "item_id", at: "booked_at", recommendation: "recommendation_id" },
  },
};

/**
 * MovieLens in the tables of `loadMovielens`: a rating is a showing that was viewed; from 3.5 stars on it counts as a click, from 5 as a
 * booking, and with 1.5 or less as a rejection.
 */
export const movielensMapping: SourceMapping = {
  schema: "movielens",
  users: { table: "users", columns: { id: "user_id" } },
  items: { table: "movies", columns: { id: "movie_id", category: "genre" } },
  recommendations: {
    table: "ratings",
    columns: {
      user: "user_id",
      item: "movie_id",
      at: "rated_at",
      viewed_at: "rated_at",
      clicked_at: { column: "rated_at", where: { column: "rating", least: 3.5 } },
      booked_at: { column: "rated_at", where: { column: "rating", least: 5 } },
      rejected_at: { column: "rated_at", where: { column: "rating", most: 1.5 } },
    },
  },
};
