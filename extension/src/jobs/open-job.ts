import type { CommandRegistry } from "@lumino/commands";
import type { Job } from "assay-lab/contract";
import { commandIds } from "../ids";

/** Opens what a job makes: a comparison's leaderboard, else its run. */
export function openJob(commands: CommandRegistry, { kind, run_id }: Pick<Job, "kind" | "run_id">): void {
  if (run_id) void commands.execute(kind === "compare" ? commandIds.leaderboard : commandIds.run, { id: run_id });
}
