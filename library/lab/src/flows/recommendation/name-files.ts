import type { Session } from "../../projects/session.ts";

/** Says of files in the store what they are of, so that they are not swept out of it. */
export async function nameFiles({ db, projectId }: Session, subjectId: string, files: readonly string[]): Promise<void> {
  await db
    .insertInto("recommendation_files")
    .values(files.map((file) => ({ file, project_id: projectId, subject_id: subjectId })))
    .onConflict((conflict) => conflict.column("file").doUpdateSet({ subject_id: subjectId }))
    .execute();
}
