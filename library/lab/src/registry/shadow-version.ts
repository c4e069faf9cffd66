import type { Session } from "../projects/session.ts";
import { rowReader } from "./read-rows.ts";
import type { Served, ServedModel } from "./serving.ts";
import type { ShadowQuestion } from "./shadow-thread.ts";
import { findVersion, toVersion } from "./versions.ts";

/** A version that is asked as a shadow: its model is loaded by the shadow's thread, never here. */
interface Shadow extends Pick<Served, "modelId" | "log"> {
  readonly by: ServedModel;
  readonly question: Omit<ShadowQuestion, "rows">;
}

const freshMs = 1000;
const shadowsMost = 1000;
const known = new Map<string, { readonly shadow: Shadow; readonly at: number }>();

/** A version by its id, from memory when it is not older than a second. Throws NotFoundError, StoreError. */
export async function findShadow(session: Session, versionId: string): Promise<Shadow> {
  const there = known.get(versionId);
  if (there && performance.now() - there.at < freshMs) return there.shadow;
  const row = await findVersion(session, versionId);
  const version = toVersion(row);
  const { signature, content_hash: hash } = version;
  const shadow: Shadow = {
    modelId: row.model_id,
    log: row.log,
    by: { source: "advanced", version, reader: rowReader(signature), file: row.file },
    question: { path: await session.store.fetch(row.file), hash, signature },
  };
  known.set(versionId, { shadow, at: performance.now() });
  if (known.size > shadowsMost) known.delete(known.keys().next().value!);
  return shadow;
}
