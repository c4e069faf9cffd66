import type { CommandRegistry } from "@lumino/commands";
import type { ReadonlyPartialJSONObject } from "@lumino/coreutils";
import type { Api } from "../api";
import { commandIds } from "../ids";
import { routes } from "../routes";

/** Opens the form of a training with a compared model's data and hyperparameters: the comparison itself keeps no model. */
export async function trainModel(api: Api, commands: CommandRegistry, runId: string): Promise<void> {
  const { dataset, target_column, algorithm, preset, hyperparameters } = await routes.run(api, runId);
  await commands.execute(commandIds.newExperiment, {
    ...(dataset && { dataset }),
    ...(target_column && { target: target_column }),
    ...(algorithm && { algorithm }),
    ...(preset === null && { hyperparameters: hyperparameters as ReadonlyPartialJSONObject }),
  });
}
