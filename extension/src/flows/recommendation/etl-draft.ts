import type { EtlRequest, EtlRun, EtlSettings } from "assay-lab/contract";
import { draftOfMapping, lackingIn, type MappingDraft, mappingOf, noMapping } from "./mapping";

/** What the form of a new version holds. */
export interface EtlDraft {
  /** The application that ships with the flow, or tables of one's own. */
  source: "travel" | "own";
  mapping: MappingDraft;
  /** Empty: the next refresh. */
  version: string;
  windowDays: number;
  ratio: number;
  /** Share of the newest rows, in percent. */
  testShare: number;
  seed: number;
  kAnonymity: number;
  /** The window's last day; empty: today. */
  until: string;
  /** The setting that an earlier run was refused for, and its words. */
  refused: { setting: string; message: string } | null;
}

/** The form as it is opened first. */
export const firstEtlDraft: EtlDraft = {
  source: "travel",
  mapping: noMapping,
  version: "",
  windowDays: 90,
  ratio: 2,
  testShare: 20,
  seed: 42,
  kAnonymity: 5,
  until: "",
  refused: null,
};

/** Versions that exist. */
export function versionsOf(runs: readonly Pick<EtlRun, "run_status" | "version">[]): string[] {
  return runs.flatMap(({ run_status, version }) => (run_status === "completed" && version !== null ? [version] : []));
}

/** The refresh behind the newest version, and the first of the next schema or window: 1.1 and 2.0 behind 1.0. */
export function suggestedVersions(versions: readonly string[]): { refresh: string; change: string } {
  const [newest] = versions.map((version) => version.split(".").map(Number)).sort(newestFirst);
  if (!newest) return { refresh: "1.0", change: "2.0" };
  const [major = 0, minor = 0] = newest;
  return { refresh: `${major}.${minor + 1}`, change: `${major + 1}.0` };
}

/** Whether a text is a version's. */
export function isVersion(text: string): boolean {
  return /^\d{1,4}\.\d{1,4}$/.test(text);
}

/** What keeps a draft from being sent, as settings are named; nothing where it can be. */
export function problemsOf(draft: EtlDraft, versions: readonly string[]): readonly string[] {
  const bad = (name: string, value: number, least: number, most: number) => (value >= least && value <= most ? [] : [name]);
  const { version } = draft;
  return [
    ...(version !== "" && (!isVersion(version) || versions.includes(version)) ? ["version"] : []),
    ...bad("window_days", draft.windowDays, 1, 3650),
    ...bad("negative_sample_ratio", draft.ratio, 0, 20),
    ...bad("test_size", draft.testShare, 1, 99),
    ...bad("random_seed", draft.seed, 0, 2 ** 31),
    ...bad("k_anonymity", draft.kAnonymity, 2, 1000),
    ...(draft.source === "own" ? lackingIn(draft.mapping) : []),
  ];
}

/** The draft as the service takes it. */
export function requestOf(draft: EtlDraft, versions: readonly string[]): EtlRequest {
  return {
    version: draft.version || suggestedVersions(versions).refresh,
    window_days: draft.windowDays,
    negative_sample_ratio: draft.ratio,
    test_size: draft.testShare / 100,
    random_seed: draft.seed,
    k_anonymity: draft.kAnonymity,
    ...(draft.until !== "" && { until: endOf(draft.until) }),
    ...(draft.source === "own" && { mapping: mappingOf(draft.mapping) }),
  };
}

/** The settings of a run as the form holds them, to be run again; a version that exists is not taken again. */
export function draftOf(settings: EtlSettings, refused: EtlDraft["refused"], versions: readonly string[]): EtlDraft {
  const isFree = isVersion(settings.version) && !versions.includes(settings.version);
  return {
    source: settings.mapping ? "own" : "travel",
    mapping: settings.mapping ? draftOfMapping(settings.mapping) : noMapping,
    version: isFree ? settings.version : "",
    windowDays: settings.window_days,
    ratio: settings.negative_sample_ratio,
    testShare: Math.round(1e6 * settings.test_size) / 1e4,
    seed: settings.random_seed,
    kAnonymity: settings.k_anonymity,
    until: settings.until === undefined ? "" : dayOf(settings.until),
    refused,
  };
}

/** The end of a day, UTC. */
function endOf(day: string): string {
  return new Date(Date.parse(day) + 86_400_000).toISOString();
}

/** The day that a window ends with. */
function dayOf(until: string): string {
  return new Date(Date.parse(until) - 1).toISOString().slice(0, 10);
}

function newestFirst(a: readonly number[], b: readonly number[]): number {
  return b[0]! - a[0]! || b[1]! - a[1]!;
}
