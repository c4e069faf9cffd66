export { openRemoteLab } from "./lab.ts";
export type { ServiceOptions } from "./service.ts";
