import { type Retention, type RetentionChange, retention } from "../contract/operations.ts";
import { type Database, transaction } from "../db/database.ts";

const name = "retention";

/** How long things are kept, defaults filled in. */
export async function getRetention(db: Pick<Database, "selectFrom">): Promise<Retention> {
  const row = await db.selectFrom("operation_settings").select("value").where("name", "=", name).executeTakeFirst();
  const known = Object.entries(row?.value ?? {}).filter(([field]) => field in retention.shape); // a later release may know more
  return retention.parse(Object.fromEntries(known));
}

/** Changes some of it. Throws ParamsError by its schema at the door; the caller has checked that the user administers. */
export function changeRetention(db: Database, change: RetentionChange, userId: string | null): Promise<Retention> {
  return transaction(db, async (work) => {
    const given = Object.entries(change).filter(([, value]) => value !== undefined);
    const kept = retention.parse({ ...(await getRetention(work)), ...Object.fromEntries(given) });
    const value = JSON.stringify(kept);
    await work
      .insertInto("operation_settings")
      .values({ name, value, updated_by: userId })
      .onConflict((conflict) => conflict.column("name").doUpdateSet({ value, updated_by: userId, updated_at: new Date() }))
      .execute();
    return kept;
  });
}
