import { type Table, table } from "assay";
import { userKey } from "../flows/recommendation/index.ts";

const offers = ["climate", "culture", "budget", "activity", "group", "urban", "gastronomy", "popularity"];
const at = (n: number): Date => new Date(Date.UTC(2026, 0, 1) + n * 60_000);

/**
 * Rows as the ETL gives them, of two tastes: of the users u0 … u39 the even ones take items i00 to i09, odd ones i10 to i19, each without every fourth, which
 * differs from turn to turn; i00 is taken by all.
 */
export function tastes(key: Uint8Array, turn: number): Table {
  return table(
    Array.from({ length: 40 }, (_, user) => user).flatMap((user) =>
      Array.from({ length: 20 }, (_, item) => item)
        .filter((item) => item === 0 || (item < 10 === (user % 2 === 0) && (user + item) % 4 !== turn))
        .map((item) => ({
          user_key: userKey(`u${user}`, key),
          item_id: `i${String(item).padStart(2, "0")}`,
          shown_at: at(user * 20 + item + turn * 1000),
          engagement_score: item % 3 === 0 ? 5 : 3,
          is_negative_sample: false,
          item_category: item < 10 ? "beach" : "city",
          item_region: "north",
          primary_segment: user % 2 === 0 ? "BEACH" : "CITY",
          ...Object.fromEntries(offers.map((name) => [`item_${name}`, item / 20])),
        })),
    ),
  );
}
