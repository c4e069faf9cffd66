import { NotFoundError } from "assay";
import type { EmergencyRule, RuleAnswer } from "../contract/emergency-rule.ts";
import type { ModelSettings, ModelVersion } from "../contract/models.ts";
import { isConnectionLoss } from "../db/database.ts";
import { listen } from "../db/listener.ts";
import { checkGrant } from "../projects/authorize.ts";
import { authorize, type Session } from "../projects/session.ts";
import { auditModel } from "./audit.ts";
import { ModelCache } from "./model-cache.ts";
import { writeBeside } from "./prediction-log.ts";
import { type RowReader, rowReader } from "./read-rows.ts";
import { findVersion, toVersion, type VersionRow } from "./versions.ts";

/** One model of a fallback chain. */
export interface ServedModel {
  readonly source: "advanced" | "basic";
  readonly version: ModelVersion;
  readonly reader: RowReader;
  readonly file: string;
}

/** What answers a reference, as far as the database knows. */
export interface Served {
  /** Of `models`. */
  readonly modelId: string;
  readonly log: ModelSettings["log"];
  readonly primary: ServedModel;
  /** Of another version, where one is set; undefined too when it is gone. */
  readonly basic: ServedModel | undefined;
  readonly rule: EmergencyRule | undefined;
  /** The answer without a model and without a rule. */
  readonly prior: RuleAnswer | undefined;
}

interface Entry {
  served: Served;
  /** When it was asked for, on the clock of `performance.now`. */
  at: number;
  /** How often somebody said that it has changed. */
  changes: number;
  refreshing: Promise<Served> | undefined;
}

interface Desk {
  readonly entries: Map<string, Entry>;
  /** References that are asked for the first time: many who ask at once share one answer. */
  readonly asked: Map<string, Promise<Served>>;
  readonly broken: Set<string>;
}

/** From this age on an entry is asked for again beside the request, and from the next on before it. */
const renewMs = 500;
const staleMs = 1000;
const patienceMs = 300;
const entriesMost = 1000;

/** The models of this process; by content hash, so sessions share them. */
export const models = new ModelCache();
const desks = new WeakMap<object, Desk>();

/** All callers of one service share its store, whatever database each is held to. */
function deskOf({ store }: Session): Desk {
  let desk = desks.get(store);
  if (!desk) desks.set(store, (desk = { entries: new Map(), asked: new Map(), broken: new Set() }));
  return desk;
}

function keyOf({ projectId, userId }: Session, ref: string): string {
  return `${projectId} ${userId} ${ref}`;
}

/** What answers a reference now, from memory when it is not older than a second; without the database, however old. */
export function servedNow(session: Session, ref: string): Served | undefined {
  checkGrant(session.grant, "read", session.projectId);
  const entry = deskOf(session).entries.get(keyOf(session, ref));
  if (!entry) return undefined;
  const age = performance.now() - entry.at;
  if (age < renewMs) return entry.served;
  if (age >= staleMs) return undefined;
  if (!entry.refreshing) void renew(session, ref, entry).catch(() => {});
  return entry.served;
}

/**
 * What answers a reference: id, `name`, `name@1.0.0`, `name@production`, `name@alias`. The version's model is in memory before it takes the
 * former's place, so a promotion makes nobody wait. Throws NotFoundError, PermissionError, StoreError.
 */
export async function served(session: Session, ref: string): Promise<Served> {
  const now = servedNow(session, ref);
  if (now) return now;
  const { entries, asked } = deskOf(session);
  const key = keyOf(session, ref);
  const entry = entries.get(key);
  if (entry) return soon(renew(session, ref, entry), entry);
  const asking = asked.get(key) ?? firstAnswer(session, ref, key).finally(() => asked.delete(key));
  asked.set(key, asking);
  return asking;
}

async function firstAnswer(session: Session, ref: string, key: string): Promise<Served> {
  const { entries } = deskOf(session);
  const at = performance.now();
  const found = await resolve(session, ref);
  entries.set(key, { served: found, at, changes: 0, refreshing: undefined });
  if (entries.size > entriesMost) entries.delete(entries.keys().next().value!);
  return found;
}

/** What is found, or what was there when that takes its time: a database that is away stops no predictions. */
async function soon(renewing: Promise<Served>, { served }: Entry): Promise<Served> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Served>((resolve) => {
    timer = setTimeout(() => resolve(served), patienceMs);
  });
  try {
    return await Promise.race([renewing, late]);
  } finally {
    clearTimeout(timer);
    renewing.catch(() => {});
  }
}

/** Asks again for what one model's references mean; whoever predicts after it is answered by what is there now. */
export async function refreshServed(session: Session, modelId: string): Promise<void> {
  const { entries, asked } = deskOf(session);
  const prefix = keyOf(session, "");
  await Promise.allSettled(asked.values());
  const touched = [...entries].filter(([, { served }]) => served.modelId === modelId || served.basic !== undefined);
  await Promise.all(
    touched.map(async ([key, entry]) => {
      await entry.refreshing?.catch(() => {}); // it may have asked before the change
      if (key.startsWith(prefix)) await renew(session, key.slice(prefix.length), entry).catch(() => {});
      else markChanged(entry);
    }),
  );
}

/** Hears of moves that other processes make in any project, for a service that lives long; the answer ends it. */
export async function followMoves(session: Session): Promise<() => Promise<void>> {
  return listen((wake) => {
    for (const entry of deskOf(session).entries.values())
      if (!wake || wake.subject === entry.served.modelId || entry.served.basic) markChanged(entry);
  });
}

/** Tells the audit trail once that a version's model does not work. Off the request path, a flush waits for it; its own failure is not told. */
export function tellBroken(
  session: Session,
  { modelId }: Pick<Served, "modelId">,
  { version }: ServedModel,
  reason: string,
): void {
  const desk = deskOf(session);
  const key = `${version.model_id} ${reason}`;
  if (desk.broken.has(key) || desk.broken.size > 1000) return;
  desk.broken.add(key);
  const change = { modelId, versionId: version.model_id, version: version.version, action: "broken", reason } as const;
  const telling = session.db.transaction().execute((db) => auditModel(session, db, change));
  writeBeside(
    session,
    telling.catch(() => void desk.broken.delete(key)),
  );
}

function renew(session: Session, ref: string, entry: Entry): Promise<Served> {
  entry.refreshing ??= renewed(session, ref, entry).finally(() => {
    entry.refreshing = undefined;
  });
  return entry.refreshing;
}

async function renewed(session: Session, ref: string, entry: Entry): Promise<Served> {
  const at = performance.now();
  const { changes } = entry;
  try {
    entry.served = await resolve(session, ref);
  } catch (error) {
    if (!isConnectionLoss(error)) {
      deskOf(session).entries.delete(keyOf(session, ref));
      throw error;
    } // without the database it goes on as it was
  }
  if (entry.changes === changes) entry.at = at;
  return entry.served;
}

/** Has an entry asked for before its next use. */
function markChanged(entry: Entry): void {
  entry.changes++;
  entry.at = Number.NEGATIVE_INFINITY;
}

async function resolve(session: Session, ref: string): Promise<Served> {
  await authorize(session, "read");
  const row = await findVersion(session, ref);
  const fallback = row.fallback as Partial<ModelSettings["fallback"]>;
  const basicRow = fallback.basic ? await versionIfThere(session, fallback.basic) : undefined;
  const found: Served = {
    modelId: row.model_id,
    log: row.log,
    primary: servedModel("advanced", row),
    basic: basicRow && basicRow.id !== row.id ? servedModel("basic", basicRow) : undefined,
    rule: fallback.rule ?? undefined,
    prior: (row.prior as RuleAnswer | null) ?? undefined,
  };
  const { file, version } = found.primary;
  await models.load(session.store, file, version.content_hash).catch(() => {}); // a broken one is told by the answers
  return found;
}

/** A version's row; undefined where it is gone. A database that is away is no version gone. */
async function versionIfThere(session: Session, ref: string): Promise<VersionRow | undefined> {
  try {
    return await findVersion(session, ref);
  } catch (error) {
    if (error instanceof NotFoundError) return undefined;
    throw error;
  }
}

const readers = new Map<string, RowReader>();

function servedModel(source: ServedModel["source"], row: VersionRow): ServedModel {
  const version = toVersion(row);
  let reader = readers.get(row.id);
  if (!reader) {
    reader = rowReader(version.signature);
    readers.set(row.id, reader);
    if (readers.size > entriesMost) readers.delete(readers.keys().next().value!);
  }
  return { source, version, reader, file: row.file };
}
