import type { CommandRegistry } from "@lumino/commands";
import type { TaskType } from "assay-lab/contract";
import type { Api } from "../api";
import { commandIds } from "../ids";
import { type ParamsSchema, routes } from "../routes";
import { studyRoutes } from "../study-routes";
import { comparisonRequestOf, searchRequestOf, trainingRequestOf } from "./search-requests";
import type { Draft } from "./use-draft";

interface Doors {
  api: Api;
  commands: CommandRegistry;
}

/** Sends what the draft stands for, and opens the document that follows it. */
export async function startDraft(
  { api, commands }: Doors,
  draft: Draft,
  task: TaskType,
  schema: ParamsSchema | null,
): Promise<void> {
  switch (draft.kind) {
    case "train": {
      const { experiment_id, job_id } = await routes.create(api, trainingRequestOf(draft, task, schema));
      if (job_id === null) await routes.train(api, experiment_id);
      return commands.execute(commandIds.run, { id: experiment_id, name: draft.runName || draft.experiment });
    }
    case "search": {
      const { study_id } = await studyRoutes.tune(api, searchRequestOf(draft, task, schema));
      return commands.execute(commandIds.study, { id: study_id, name: draft.runName || draft.algorithm });
    }
    case "compare": {
      const request = comparisonRequestOf(draft, task);
      const { experiment_id } = await studyRoutes.compareModels(api, request);
      return commands.execute(commandIds.leaderboard, { id: experiment_id, name: request.run_name });
    }
  }
}
