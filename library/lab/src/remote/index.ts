export { openRemoteLab } from "./lab.ts";
