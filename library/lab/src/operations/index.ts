export type { Check } from "./check.ts";
export { examine } from "./doctor.ts";
export { type Readiness, readiness } from "./ready.ts";
export { changeRetention, getRetention } from "./retention.ts";
export { settings, unknownSettings } from "./settings.ts";
export { sweep, sweepAlone } from "./sweep.ts";
