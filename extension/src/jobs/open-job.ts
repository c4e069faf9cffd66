import type { CommandRegistry } from "@lumino/commands";
import type { Job } from "assay-lab/contract";
import { commandIds } from "../ids";

/** Opens what a job makes: a comparison's leaderboard, the flow of a session, else its run; false where it makes no document. */
export function openJob(commands: CommandRegistry, { kind, run_id, name }: Pick<Job, "kind" | "run_id" | "name">): boolean {
  if (kind === "etl" || kind === "etl-source") {
    void commands.execute(commandIds.recommendations, { tab: kind === "etl" ? "versions" : "make" });
    return true;
  }
  if (!run_id) return false;
  if (kind === "exoplanet") void commands.execute(commandIds.exoplanets, { tab: "sessions" });
  else if (kind === "workout") void commands.execute(commandIds.workouts, { tab: "forecasts" });
  else void commands.execute(kind === "compare" ? commandIds.leaderboard : commandIds.run, { id: run_id, name });
  return true;
}
