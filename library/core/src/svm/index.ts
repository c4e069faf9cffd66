export { type DecisionOptions, decisionFunction } from "./decision-function.ts";
export { type LinearSvcState, linearSVC } from "./linear-svc.ts";
export { type LinearSvrState, linearSVR } from "./linear-svr.ts";
export { type SvcState, svc } from "./svc.ts";
export { type SvrState, svr } from "./svr.ts";
