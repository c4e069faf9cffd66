import { ConflictError, ParamsError } from "assay";
import type { ModelVersion, VersionStatus } from "../contract/models.ts";
import { transaction, type Work } from "../db/database.ts";
import { authorize, type Session } from "../projects/session.ts";
import { auditModel } from "./audit.ts";
import { checkPromotion } from "./promotion-checks.ts";
import { refreshServed } from "./serving.ts";
import { findVersion, getVersion, type VersionRow } from "./versions.ts";

/** How a version is moved. */
export interface MoveOptions {
  readonly reason?: string | undefined;
  /** The version that the caller saw in production, null for none: refused when it is another by now. */
  readonly expectedProduction?: string | null | undefined;
  /** Promotes past required checks that fail; for owners, with a reason. */
  readonly force?: boolean | undefined;
}

type Move = "promote" | "demote" | "archive" | "rollback";

const up: Readonly<Record<VersionStatus, VersionStatus | undefined>> = {
  training: "staged",
  staged: "production",
  archived: "staged",
  production: undefined,
};
const down: Readonly<Record<VersionStatus, VersionStatus | undefined>> = {
  production: "staged",
  staged: "training",
  training: undefined,
  archived: undefined,
};

/** One step up: staged → production (the version there is archived), archived or training → staged. Throws ConflictError. */
export function promote(session: Session, ref: string, options?: MoveOptions | string): Promise<ModelVersion> {
  return move(session, "promote", ref, options, (status) => up[status]);
}

/** One step down: production → staged → training. */
export function demote(session: Session, ref: string, options?: MoveOptions | string): Promise<ModelVersion> {
  return move(session, "demote", ref, options, (status) => down[status]);
}

/** Out of use; it can be staged again. */
export function archive(session: Session, ref: string, options?: MoveOptions | string): Promise<ModelVersion> {
  return move(session, "archive", ref, options, (status) => (status === "archived" ? undefined : "archived"));
}

/** Puts an earlier version of a model back into production. */
export function rollback(session: Session, name: string, version: string, options?: MoveOptions | string): Promise<ModelVersion> {
  return move(session, "rollback", `${name}@${version}`, options, (status) =>
    status === "production" ? undefined : "production",
  );
}

/**
 * Moves a version in one transaction with its audit rows; what it displaces from production is archived. It begins from the status that
 * the caller's reference was found in: when another was faster, ConflictError says what they made of it.
 */
async function move(
  session: Session,
  verb: Move,
  ref: string,
  given: MoveOptions | string | undefined,
  next: (status: VersionStatus) => VersionStatus | undefined,
): Promise<ModelVersion> {
  await authorize(session, "promote");
  const options: MoveOptions = typeof given === "string" ? { reason: given } : (given ?? {});
  const seen = await findVersion(session, ref);
  const to = next(seen.status);
  if (to === undefined) throw new ConflictError(`registry: ${seen.name}@${seen.version}: ${standing(seen.status)}`);
  if (to === "production" && verb === "promote") await requireChecks(session, seen, options);
  await transaction(session.db, async (db) => {
    await db.selectFrom("models").select("id").where("id", "=", seen.model_id).forUpdate().executeTakeFirstOrThrow();
    await refuseRaced(db, seen);
    const former = await productionOf(db, seen.model_id);
    refuseUnexpected(seen, former?.version, options.expectedProduction);
    const { reason = "" } = options;
    if (to === "production" && former) {
      await setStatus(db, former.id, "archived");
      const displaced = { modelId: seen.model_id, versionId: former.id, version: former.version, action: "move" } as const;
      await auditModel(session, db, { ...displaced, from: "production", to: "archived", reason: `displaced by ${seen.version}` });
    }
    await setStatus(db, seen.id, to);
    const change = { modelId: seen.model_id, versionId: seen.id, version: seen.version, action: "move" } as const;
    await auditModel(session, db, { ...change, from: seen.status, to, reason, detail: { verb } });
  });
  await refreshServed(session, seen.model_id);
  return getVersion(session, seen.id);
}

function standing(status: VersionStatus): string {
  return status === "production" || status === "archived"
    ? `it is in ${status} already`
    : `it is ${status}, there is nothing below`;
}

async function requireChecks(session: Session, version: VersionRow, { force = false, reason = "" }: MoveOptions): Promise<void> {
  const report = await checkPromotion(session, version.id);
  if (report.passed || !report.required) return;
  const failed = report.checks.filter(({ passed }) => !passed).map(({ name, detail }) => `${name}: ${detail}`);
  if (!force)
    throw new ConflictError(`registry: ${version.name}@${version.version} fails what a promotion requires: ${failed.join("; ")}`);
  if (reason.trim() === "") throw new ParamsError("registry: a promotion past failed checks needs a reason");
  await authorize(session, "protect");
}

async function refuseRaced(db: Work, seen: VersionRow): Promise<void> {
  const now = await db.selectFrom("model_versions").select("status").where("id", "=", seen.id).executeTakeFirst();
  const cited = `registry: ${seen.name}@${seen.version}`;
  if (!now) throw new ConflictError(`${cited} was deleted meanwhile`);
  if (now.status === seen.status) return;
  const last = await db
    .selectFrom("model_audit as a")
    .leftJoin("users as u", "u.id", "a.actor")
    .select(["u.username", "a.at"])
    .where("a.model_version_id", "=", seen.id)
    .orderBy("a.id", "desc")
    .limit(1)
    .executeTakeFirst();
  const by = last ? ` by ${last.username ?? "somebody"} at ${last.at.toISOString()}` : "";
  throw new ConflictError(
    `${cited} was ${seen.status} when this was asked; it was moved to ${now.status}${by}: look, and ask again`,
  );
}

async function productionOf(db: Work, modelId: string): Promise<{ id: string; version: string } | undefined> {
  return db
    .selectFrom("model_versions")
    .select(["id", "version"])
    .where("model_id", "=", modelId)
    .where("status", "=", "production")
    .executeTakeFirst();
}

function refuseUnexpected({ name }: VersionRow, there: string | undefined, expected: string | null | undefined): void {
  if (expected === undefined || (there ?? null) === expected) return;
  const said = (version: string | null | undefined): string => (version == null ? "no version" : `${name}@${version}`);
  throw new ConflictError(`registry: expected ${said(expected)} in production, ${said(there)} is: look, and ask again`);
}

async function setStatus(db: Work, id: string, status: VersionStatus): Promise<void> {
  await db.updateTable("model_versions").set({ status }).where("id", "=", id).execute();
}
