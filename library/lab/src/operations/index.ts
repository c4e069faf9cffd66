export type { Check } from "./check.ts";
export { examine } from "./doctor.ts";
export { readiness } from "./ready.ts";
export { changeRetention, getRetention } from "./retention.ts";
export { sweep, sweepAlone } from "./sweep.ts";
