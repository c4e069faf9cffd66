import * as ml from "assay";
import { v7 as uuidv7 } from "uuid";
import type { TrialQuery } from "../contract/studies.ts";
import type { Studies } from "../tracking/index.ts";
import { shownStudies, shownStudy, shownTrials, studyOptions } from "../tracking/studies-for-cells.ts";
import { fromStudyWire, fromTrialWire, toToldWire } from "../tracking/study-wire.ts";
import { once } from "./once.ts";
import type { Service } from "./service.ts";

/** The studies of a service; a storage of `ml.tune` and `ml.createStudy` too. */
export function remoteStudies(service: Service): Studies {
  const { studies } = service.client;
  return {
    ...remoteStorage(service),
    list: async (query) => shownStudies((await studies.list(query)).items),
    get: async (ref) => shownStudy((await studies.get({ id: ref })).study),
    trials: async (ref, query: TrialQuery = {}) => shownTrials((await studies.trials({ ...query, id: ref })).items),
    stop: async (ref) => void (await studies.stop({ id: ref })),
    delete: async (ref) => void (await studies.delete({ id: ref })),
  };
}

/** A study of a service with all its trials. */
export async function openRemoteStudy(service: Service, ref: string): Promise<ml.Study> {
  const { study } = await service.client.studies.get({ id: ref });
  return ml.createStudy({ storage: remoteStorage(service), ...studyOptions(study) });
}

type Storage = Omit<Studies, "list" | "get" | "trials" | "stop" | "delete">;

/** Ask and tell over HTTP. Each call has an id of its own, so that it may come twice. */
function remoteStorage({ client: { studies } }: Service): Storage {
  const known = (): { call: string } => ({ call: uuidv7() });
  return {
    async create({ name, directions, attributes = {}, space }) {
      const body = { name, directions: [...directions], attributes: { ...attributes }, ...(space && { space: space as never }) };
      return fromStudyWire((await studies.create(body)).study);
    },
    async find(name) {
      const { study } = await studies.find({ name });
      return study === null ? undefined : fromStudyWire(study);
    },
    async begin(id, options) {
      const { trial, changes } = await studies.begin({ ...options, ...known(), id }, once());
      return { trial: trial === null ? undefined : fromTrialWire(trial), changes: changesOf(changes) };
    },
    async update(id, { number, worker, attempt }, update) {
      return (await studies.updateTrial({ ...toToldWire(update), ...known(), id, number, worker, attempt }, once())).held;
    },
    async finish(id, { number, worker, attempt }, { state, error, ...end }) {
      const wire = { values: null, ...toToldWire(end), state, error: error ?? null };
      return (await studies.finishTrial({ ...wire, ...known(), id, number, worker, attempt }, once())).held;
    },
    async add(id, trials) {
      const numbers: number[] = [];
      for (let at = 0; at < trials.length; at += addedMost) {
        const wire = trials.slice(at, at + addedMost).map((trial) => ({ ...toToldWire(trial), state: trial.state }));
        numbers.push(...(await studies.addTrials({ id, trials: wire })).numbers);
      }
      return numbers;
    },
    changes: async (id, since, options = {}) => changesOf((await studies.changes({ ...options, since, id })).changes),
    heartbeat: async (id, worker) => void (await studies.heartbeat({ id, worker }, once())),
    reclaim: async (id, { silentMs, attempts, workers }) =>
      (await studies.reclaim({ id, silent_ms: silentMs, attempts, workers }, once())).trials,
    setAttributes: async (id, attributes) => void (await studies.change({ id, attributes: { ...attributes } }, once())),
    setStopped: async (id, stopped) => void (await studies.change({ id, stopped }, once())),
    setTrialAttributes: async (id, number, attributes) =>
      void (await studies.changeTrial({ id, number, attributes: { ...attributes } }, once())),
  };
}

/** Trials of one message at most. */
const addedMost = 1000;

function changesOf({
  trials,
  ...rest
}: Omit<ml.StudyChanges, "trials"> & { readonly trials: readonly Parameters<typeof fromTrialWire>[0][] }): ml.StudyChanges {
  return { ...rest, trials: trials.map(fromTrialWire) };
}
