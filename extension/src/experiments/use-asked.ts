import { useEffect, useMemo, useState } from "react";
import { allConditions, conditionText, noParts, quickCondition } from "./filter";
import type { Selection } from "./runs-routes";
import type { RunsView } from "./view";

/** Typing rests so long before the service is asked. */
const restMs = 300;

/** The whole filter of a view in the filter grammar. */
function filterOf({ quick, filter, conditions, withParts }: RunsView): string {
  const parts = withParts || /\bparent\b/.test(filter) ? "" : noParts;
  return allConditions(filter, ...conditions.map(conditionText), quickCondition(quick), parts);
}

/** The runs that the service is asked for, a moment after the view's filter was changed. */
export function useAsked(view: RunsView): Selection {
  const filter = filterOf(view);
  const [asked, setAsked] = useState(filter);
  useEffect(() => {
    const wait = setTimeout(() => setAsked(filter), restMs);
    return () => clearTimeout(wait);
  }, [filter]);
  return useMemo(() => ({ filter: asked, deleted: view.deleted }), [asked, view.deleted]);
}
