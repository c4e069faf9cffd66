import { type Action, type Asking, authorize } from "./authorize.ts";

const freshMs = 1000;
const most = 20_000;
/** When it was allowed, by the store of the service and who may do what. */
let allowed = new WeakMap<object, Map<string, number>>();

/** Forgets what was allowed, when people, members or tokens changed. */
export function forgetAllowed(): void {
  allowed = new WeakMap();
}

/**
 * As `authorize`, for what is asked thousands of times a second: what was allowed within the last second is not asked again, what was refused is.
 * Throws NotFoundError, PermissionError.
 */
export async function authorizeOften(session: Asking & { readonly store: object }, action: Action): Promise<void> {
  const { store, userId, projectId, grant } = session;
  let times = allowed.get(store);
  if (!times) allowed.set(store, (times = new Map()));
  const key = `${action} ${userId} ${projectId} ${grant ? JSON.stringify(grant) : ""}`;
  const at = performance.now();
  if (at - (times.get(key) ?? Number.NEGATIVE_INFINITY) < freshMs) return;
  await authorize(session, action);
  if (times.size >= most) times.clear();
  times.set(key, at);
}
