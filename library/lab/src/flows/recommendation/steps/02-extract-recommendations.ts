import { extractedSchema } from "../source-schema.ts";
import type { EtlStep } from "./step.ts";

/** Reads what was shown in the window, and the items that there are. */
export const extractRecommendations: EtlStep = {
  number: 2,
  name: "extract recommendations",
  reads: {},
  writes: {
    recommendations: extractedSchema("recommendations"),
    items: extractedSchema("items"),
    item_vectors: extractedSchema("item_vectors"),
  },
  settings: ({ source, mapping: { schema, items, item_vectors, recommendations }, from, until }) => [
    source,
    schema,
    items,
    item_vectors,
    recommendations,
    from,
    until,
  ],
  async run({ extract }) {
    await extract("items", "item_vectors", "recommendations");
  },
};
