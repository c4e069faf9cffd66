import { ConflictError } from "assay";
import { checkRequest, type MonitorCheck } from "../contract/monitoring.ts";
import type { Session } from "../projects/session.ts";
import { checkMonitors } from "../registry/index.ts";
import { defineJobKind } from "./kinds.ts";
import { createSchedule } from "./schedules.ts";

/** A look at what is watched of models: opens and resolves alerts. */
defineJobKind({
  name: "monitor",
  request: checkRequest,
  async run(session, { model }, { log }): Promise<MonitorCheck> {
    const counts = await checkMonitors(session, { model });
    log(`${counts.checked} monitors: ${counts.opened} alerts opened, ${counts.resolved} resolved`);
    return counts;
  },
});

/** Has monitors looked at every ten minutes; done once, it may be called again. */
export async function scheduleMonitoring(session: Session): Promise<void> {
  await createSchedule(session, { name: "monitoring", cron: "*/10 * * * *", kind: "monitor", request: {} }).catch((error) => {
    if (!(error instanceof ConflictError)) throw error; // it is there
  });
}
