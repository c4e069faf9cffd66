import type pg from "pg";

/** What each connection is held to: a project's id, or "" where it is trusted with all. */
const held = new WeakMap<object, string>();

/** Whether the server has the role that row-level security holds, and this user may take it. */
const roleQuery = `select coalesce((select pg_has_role(current_user, oid, 'member') from pg_roles where rolname = 'assay_service'), false) as usable`;

/** The net under a pool's connections: row-level security by project (0009). */
interface Net {
  /** Holds a connection to one project's rows, or with "" to none; asks the server only where that changes. */
  hold(client: pg.ClientBase, project: string): Promise<void>;
}

/**
 * A net under the connections of one server. A held connection takes the role assay_service where the server lets it: policies do not bind a
 * superuser; else they bind the owner of the tables.
 */
export function makeNet(): Net {
  let hasRole: Promise<boolean> | undefined;
  const mayTakeRole = async (client: pg.ClientBase): Promise<boolean> => (await client.query(roleQuery)).rows[0].usable;
  return {
    async hold(client, project) {
      if ((held.get(client) ?? "") === project) return;
      hasRole ??= mayTakeRole(client).catch((error) => {
        hasRole = undefined;
        throw error;
      });
      const role = (await hasRole) && project !== "" ? "assay_service" : "none";
      await client.query("select set_config('role', $1, false), set_config('assay.project', $2, false)", [role, project]);
      held.set(client, project);
    },
  };
}
