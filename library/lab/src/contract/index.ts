/** Every HTTP body and event of Assay as zod schemas; imports zod only, so that browsers can use it. */
export * from "./datasets.ts";
export * from "./events.ts";
export * from "./filter.ts";
export * from "./models.ts";
export * from "./training.ts";
export * from "./values.ts";
