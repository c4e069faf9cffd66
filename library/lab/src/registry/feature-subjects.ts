import { defineSubjectRows } from "./subjects.ts";

/** A person's features are the online rows of their key; the offline rows go when the view is materialised next, and are not joined before that. */
defineSubjectRows({
  name: "features",
  async erase(db, { projectId }, userKey) {
    const { numDeletedRows } = await db
      .deleteFrom("feature_rows")
      .where("project_id", "=", projectId)
      .where("key", "=", userKey)
      .executeTakeFirst();
    return Number(numDeletedRows);
  },
});
