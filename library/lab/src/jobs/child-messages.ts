import type { TakenJob } from "./leases.ts";

/** Why a job is told to stop. */
export type StopReason = "cancelled" | "timeout" | "stop" | "lost";

/** What a worker tells its child. */
export type ToChild = { readonly job: TakenJob } | { readonly abort: StopReason };

/** How a child's job ended: `again` is tried again, `stopped` obeyed, what else is over and written. */
export type ToWorker =
  | { readonly ready: true }
  | { readonly resident: number }
  | { readonly ended: "over" | "stopped" }
  | { readonly ended: "again"; readonly error: string };
