import { emit } from "../db/events.ts";
import type { Session } from "../projects/session.ts";
import { standing } from "./studies-list.ts";

/** A study tells how it stands this often at most: a panel draws no faster. */
const periodMs = 250;

/** Tells, soon, how a study stands: however many trials move meanwhile, one event. */
export function emitStudy(session: Session): (study: string) => void {
  const waiting = new Set<string>();
  const lastAt = new Map<string, number>();
  return (study) => {
    if (waiting.has(study)) return;
    waiting.add(study);
    const due = (lastAt.get(study) ?? Number.NEGATIVE_INFINITY) + periodMs - performance.now();
    setTimeout(
      () => {
        waiting.delete(study);
        lastAt.set(study, performance.now());
        void tell(session, study).catch(() => {}); // the next move tells again
      },
      Math.max(10, due),
    ).unref();
  };
}

async function tell(session: Session, study: string): Promise<void> {
  const progress = await standing(session, study);
  if (progress) await emit(session.db, session.projectId, study, { kind: "study", study_id: study, ...progress });
}
