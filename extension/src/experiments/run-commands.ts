import type { JupyterFrontEnd } from "@jupyterlab/application";
import { Clipboard, Notification } from "@jupyterlab/apputils";
import type { ReadonlyPartialJSONObject } from "@lumino/coreutils";
import type { Run } from "assay-lab/contract";
import { commandIds } from "../ids";
import type { Surroundings } from "../panel";
import { routes } from "../routes";
import { deployRun } from "../run/deploy";
import { type RunsInHand, runsAt } from "./runs-in-hand";
import { runsRoutes } from "./runs-routes";
import { tagRuns } from "./tag-runs";

/** What a command is about: runs by their ids, and where they stand in a table. */
interface Meant {
  ids: readonly string[];
  /** Empty where the command was given ids alone. */
  runs: readonly Run[];
  table: RunsInHand | null;
}

interface RunCommand {
  id: string;
  label(count: number): string;
  /** Whether it can be done with these runs; they are empty where only ids are known. */
  fits(meant: Meant): boolean;
  run(meant: Meant): Promise<unknown>;
}

/** The runs that the row's menu was opened on; null where it was opened on none. */
export function runsMeant(app: JupyterFrontEnd): Meant | null {
  const row = app.contextMenuHitTest((node) => node.matches("tr[data-run]"));
  const found = row && runsAt(row);
  return found ? { ...found, ids: found.runs.map(({ id }) => id) } : null;
}

/** Adds the commands of runs: they take ids, and without them the runs that a table's menu was opened on. */
export function addRunCommands(app: JupyterFrontEnd, surroundings: Surroundings): void {
  const { trans } = surroundings;
  const meantBy = ({ ids }: ReadonlyPartialJSONObject): Meant | null => {
    const given = Array.isArray(ids) ? ids.filter((id): id is string => typeof id === "string" && id !== "") : [];
    return given.length > 0 ? { ids: given, runs: [], table: null } : runsMeant(app);
  };
  for (const { id, label, fits, run } of runCommands(surroundings))
    app.commands.addCommand(id, {
      label: (given) => label(meantBy(given)?.ids.length ?? 1),
      describedBy: {
        args: {
          type: "object",
          properties: {
            ids: {
              type: "array",
              items: { type: "string" },
              description: "Ids of the runs; without them the runs that a table's menu was opened on.",
            },
          },
        },
      },
      isEnabled: (given) => {
        const meant = meantBy(given);
        return meant !== null && fits(meant);
      },
      execute: async (given) => {
        const meant = meantBy(given);
        if (!meant) throw new Error(`${id}: needs the ids of runs, got ${JSON.stringify(given)}`);
        try {
          await run(meant);
        } catch (error) {
          Notification.error(trans.__("%1: %2", label(meant.ids.length), (error as Error).message));
        }
      },
    });
}

const isOpen = ({ status }: Run) => status === "pending" || status === "training";
const isOneDone = ({ ids, runs }: Meant) =>
  ids.length === 1 && runs.every(({ status, deleted_at }) => status === "completed" && !deleted_at);
const isOne = ({ ids }: Meant) => ids.length === 1;
const isAny = () => true;
/** Deleted runs are first brought back. */
const isKept = ({ runs }: Meant) => runs.every(({ deleted_at }) => !deleted_at);

function runCommands({ api, commands, trans }: Surroundings): RunCommand[] {
  const copied = (text: string) => {
    Clipboard.copyToSystem(text);
    return Promise.resolve();
  };
  const remove = async ({ ids, table }: Meant) => {
    if (table) return table.remove(ids);
    await runsRoutes.delete(api, ids);
    Notification.info(trans._n("%1 run deleted", "%1 runs deleted", ids.length), {
      actions: [{ label: trans.__("Undo"), callback: () => void runsRoutes.restore(api, ids) }],
      autoClose: 10_000,
    });
  };
  const replay = async ({ ids, runs }: Meant) => {
    const { experiment_id } = await routes.replay(api, ids[0]!);
    Notification.info(trans.__("%1 is trained again, from its record.", runs[0]?.name ?? ids[0]!), {
      actions: [{ label: trans.__("Open run"), callback: () => void commands.execute(commandIds.run, { id: experiment_id }) }],
      autoClose: 8000,
    });
  };
  const cancel = async ({ ids, runs }: Meant) => {
    const open = runs.length > 0 ? runs.filter(isOpen).map(({ id }) => id) : ids;
    await Promise.all(open.map((id) => routes.cancel(api, id)));
  };
  return [
    {
      id: commandIds.tagRuns,
      label: () => trans.__("Tag…"),
      fits: isKept,
      run: async ({ ids, table }) => (await tagRuns(api, trans, ids)) && table?.changed(),
    },
    { id: commandIds.replayRun, label: () => trans.__("Train Again and Compare"), fits: isOneDone, run: replay },
    {
      id: commandIds.registerRun,
      label: () => trans.__("Register Model…"),
      fits: isOneDone,
      run: async ({ ids }) => deployRun(api, trans, await routes.run(api, ids[0]!)),
    },
    {
      id: commandIds.cancelRuns,
      label: (count) => trans._n("Cancel Run", "Cancel %1 Runs", count),
      fits: ({ runs }) => runs.length === 0 || runs.some(isOpen),
      run: cancel,
    },
    {
      id: commandIds.deleteRuns,
      label: (count) => trans._n("Delete Run", "Delete %1 Runs", count),
      fits: isKept,
      run: remove,
    },
    {
      id: commandIds.copyRunId,
      label: (count) => trans._n("Copy Id", "Copy %1 Ids", count),
      fits: isAny,
      run: ({ ids }) => copied(ids.join("\n")),
    },
    {
      id: commandIds.copyRunCell,
      label: () => trans.__("Copy as Cell"),
      fits: isOne,
      run: async ({ ids }) => copied(await routes.cell(api, ids[0]!)),
    },
  ];
}
