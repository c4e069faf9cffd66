import { createHash } from "node:crypto";
import * as ml from "assay";
import { sql } from "kysely";
import { v7 as uuidv7 } from "uuid";
import type { DatasetVersion } from "../../datasets/index.ts";
import type { Session } from "../../projects/session.ts";
import { nameFiles } from "./name-files.ts";
import type { StoredInteractions } from "./read-interactions.ts";

/** Stores a recommender with the facts of its items, and its vectors where it has any; the newest answers. Gives its id. */
export async function keepRecommender(
  session: Session,
  { version, items }: Pick<StoredInteractions, "items"> & { readonly version: Pick<DatasetVersion, "name" | "version"> },
  model: ml.RecommenderModel,
  { runId, measures }: { readonly runId: string | undefined; readonly measures: Readonly<Record<string, ml.MeasuredValue>> },
): Promise<string> {
  const id = uuidv7();
  const folder = `recommendation/project_${session.projectId}/models`;
  const bytes = ml.encodeModel(model);
  const { hash, sizeBytes } = await session.store.write(`${folder}/${id}.assay`, bytes);
  await session.store.write(`${folder}/${id}.items.json`, Buffer.from(JSON.stringify(items)));
  await session.db
    .insertInto("recommenders")
    .values({
      id,
      project_id: session.projectId,
      run_id: runId ?? null,
      algorithm: model.name,
      dataset: `${version.name}@${version.version}`,
      file: `${folder}/${id}.assay`,
      items_file: `${folder}/${id}.items.json`,
      content_hash: hash ?? createHash("sha256").update(bytes).digest("hex"),
      size_bytes: sizeBytes,
      user_count: ml.userIds(model).length,
      item_count: ml.itemIds(model).length,
      measures: JSON.stringify(measures),
      created_by: session.userId,
    })
    .execute();
  await nameFiles(session, id, [`${folder}/${id}.items.json`]);
  const vectors = model.embeddings();
  if (vectors)
    for (const [kind, found] of [
      ["user", vectors.users],
      ["item", vectors.items],
    ] as const)
      await keepVectors(session, id, kind, found, vectors.dimensions);
  return id;
}

const rowsAWrite = 1000;

async function keepVectors(
  { db, projectId }: Session,
  recommender: string,
  kind: "user" | "item",
  { ids, vectors }: ml.Vectors,
  dimensions: number,
): Promise<void> {
  for (let begin = 0; begin < ids.length; begin += rowsAWrite) {
    const entities = ids.slice(begin, begin + rowsAWrite).map(String);
    const texts = entities.map(
      (_, k) => `{${vectors.subarray((begin + k) * dimensions, (begin + k + 1) * dimensions).join(",")}}`,
    );
    await sql`insert into embeddings (recommender_id, project_id, kind, entity, vector)
      select ${recommender}, ${projectId}, ${kind}, entity, vector::real[] from unnest(${entities}::text[], ${texts}::text[]) as t (entity, vector)`.execute(
      db,
    );
  }
}
