import { extractedSchema } from "../source-schema.ts";
import type { EtlStep } from "./step.ts";

/** Reads searches and bookings of the window and of as long before it, so that its first day has a past. */
export const extractSearches: EtlStep = {
  number: 3,
  name: "extract searches and bookings",
  reads: {},
  writes: { searches: extractedSchema("searches"), bookings: extractedSchema("bookings") },
  settings: ({ source, mapping: { schema, searches, bookings }, from, until }) => [
    source,
    schema,
    searches,
    bookings,
    from,
    until,
  ],
  async run({ extract }) {
    await extract("searches", "bookings");
  },
};
