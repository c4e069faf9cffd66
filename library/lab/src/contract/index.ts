/** Every HTTP body and event of Assay as zod schemas; imports zod only, so that browsers can use it. */
export * from "./charts.ts";
export * from "./datasets.ts";
export * from "./events.ts";
export * from "./filter.ts";
export * from "./models.ts";
export * from "./splits.ts";
export * from "./steps.ts";
export * from "./training.ts";
export * from "./values.ts";
