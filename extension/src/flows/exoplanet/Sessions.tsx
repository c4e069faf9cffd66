import React from "react";
import { Empty, State } from "../../elements/states";
import { usePanel } from "../../panel";
import { SessionCard } from "./SessionCard";
import { useSessions } from "./use-sessions";

/** How many of the newest sessions show their curves at once. */
const openMost = 1;

/** Training sessions as cards, newest first; those that train show their curves. */
export function Sessions({ onStart }: { onStart(): void }): React.JSX.Element {
  const { trans } = usePanel();
  const sessions = useSessions();
  const none = (
    <Empty title={trans.__("No training sessions yet.")} action={{ label: trans.__("Train a network"), run: onStart }} />
  );
  return (
    <State of={sessions} rows={5} empty={(all) => all.length === 0 && none}>
      {(all) => (
        <ul className="jp-AssayExoplanets-cards" aria-label={trans.__("Training sessions")}>
          {all.map((session, k) => (
            <SessionCard
              key={session.session_id}
              session={session}
              isOpen={k < openMost || session.session_status === "training"}
              onChanged={sessions.reload}
            />
          ))}
        </ul>
      )}
    </State>
  );
}
