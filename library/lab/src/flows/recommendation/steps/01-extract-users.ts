import { extractedSchema } from "../source-schema.ts";
import type { EtlStep } from "./step.ts";

/** Reads people: who there is, what they like as it was computed each time, what they said when they came. No name, no address. */
export const extractUsers: EtlStep = {
  number: 1,
  name: "extract users",
  reads: {},
  writes: {
    users: extractedSchema("users"),
    user_vectors: extractedSchema("user_vectors"),
    onboarding: extractedSchema("onboarding"),
  },
  settings: ({ source, mapping: { schema, users, user_vectors, onboarding }, until }) => [
    source,
    schema,
    users,
    user_vectors,
    onboarding,
    until,
  ],
  async run({ extract }) {
    await extract("users", "user_vectors", "onboarding");
  },
};
