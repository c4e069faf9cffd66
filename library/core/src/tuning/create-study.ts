import { checkKeys } from "../base/check-keys.ts";
import { ConflictError, ParamsError } from "../base/errors.ts";
import { suggest } from "../base/near-name.ts";
import { wrongOption } from "./check-options.ts";
import { checkSpace } from "./check-space.ts";
import type { Space } from "./distribution.ts";
import { memoryStorage } from "./memory-storage.ts";
import { nsga2 } from "./nsga2-sampler.ts";
import type { Pruner } from "./pruner.ts";
import { nopPruner } from "./pruner.ts";
import { type PrunerJson, prunerFromJson } from "./pruner-json.ts";
import type { Sampler } from "./sampler.ts";
import { type SamplerJson, samplerFromJson } from "./sampler-json.ts";
import type { Direction, NewStudy, StudyRecord, StudyStorage } from "./storage.ts";
import { Study } from "./study.ts";
import { tpe } from "./tpe-sampler.ts";

/** What a study is created with, or opened. */
export interface StudyOptions {
  /** Default "minimize". */
  readonly direction?: Direction;
  /** Instead of `direction`: one for each of several objectives. */
  readonly directions?: readonly Direction[];
  /** Default TPE; NSGA-II for several objectives. */
  readonly sampler?: Sampler | SamplerJson;
  /** Default none prunes. */
  readonly pruner?: Pruner | PrunerJson;
  /** Where it is kept; default in memory, for as long as the process lives. */
  readonly storage?: StudyStorage;
  /** Default a name of its own. A name that the storage knows opens that study with all its trials. */
  readonly name?: string;
  /** What a taken name does: open (default) or refuse. */
  readonly ifExists?: "open" | "refuse";
  /** The space that trials will ask for, for people and panels. */
  readonly space?: Space;
  /** JSON for people and panels. */
  readonly attributes?: Readonly<Record<string, unknown>>;
}

const known = ["direction", "directions", "sampler", "pruner", "storage", "name", "ifExists", "space", "attributes"];

/**
 * Creates a study, or opens the one of that name with all its trials.
 * Throws ParamsError for a wrong option, ConflictError where the name is of a study with other directions, or must not exist.
 *
 * @example
 * const study = await ml.createStudy({ direction: "minimize", sampler: ml.tpe({ seed: 7 }) });
 * await study.optimize((trial) => (trial.suggestFloat("x", -5, 5) - 2) ** 2, { trials: 50 });
 * study.best.params;
 */
export async function createStudy(options: StudyOptions = {}): Promise<Study> {
  checkKeys("createStudy", options, known);
  const { storage = memoryStorage(), name = `study-${crypto.randomUUID().slice(0, 8)}`, ifExists = "open" } = options;
  const directions = directionsOf(options);
  const sampler = samplerFromJson(options.sampler ?? (directions.length > 1 ? nsga2() : tpe()));
  const pruner = prunerFromJson(options.pruner ?? nopPruner());
  if (options.space) checkSpace("createStudy", options.space);
  if (typeof name !== "string" || name === "" || name.length > 200)
    throw wrongOption("createStudy", "name", "must be a text of 1 to 200 letters", name);
  const attributes = {
    sampler: { name: sampler.name, ...sampler.options },
    pruner: { name: pruner.name, ...pruner.options },
    ...options.attributes,
  };
  const record = await opened(
    storage,
    { name, directions, attributes, ...(options.space && { space: options.space }) },
    ifExists,
  );
  if (record.directions.join() !== directions.join() && (options.direction || options.directions))
    throw new ConflictError(
      `createStudy: the study "${name}" has directions ${record.directions.join(", ")}, got ${directions.join(", ")}`,
    );
  const study = new Study({ record, storage, sampler, pruner });
  await study.sync();
  return study;
}

/** The study of a name, created where there is none; another process may do the same at the same time. */
async function opened(storage: StudyStorage, study: NewStudy, ifExists: "open" | "refuse"): Promise<StudyRecord> {
  const former = await storage.find(study.name);
  if (former && ifExists === "refuse") throw new ConflictError(`createStudy: there is a study "${study.name}" already`);
  if (former) return former;
  try {
    return await storage.create(study);
  } catch (error) {
    const other = ifExists === "open" && error instanceof ConflictError ? await storage.find(study.name) : undefined;
    if (!other) throw error;
    return other;
  }
}

function directionsOf({ direction, directions }: StudyOptions): readonly Direction[] {
  if (direction !== undefined && directions !== undefined)
    throw new ParamsError("createStudy: give direction or directions, got both");
  const all: readonly unknown[] = directions ?? [direction ?? "minimize"];
  if (!Array.isArray(all) || all.length === 0)
    throw wrongOption("createStudy", "directions", "must be a list of at least one direction", directions);
  for (const each of all)
    if (each !== "minimize" && each !== "maximize") {
      const hint = typeof each === "string" ? suggest(each, ["minimize", "maximize"]) : "";
      throw wrongOption("createStudy", "direction", `must be "minimize" or "maximize"${hint}`, each);
    }
  return all as readonly Direction[];
}
