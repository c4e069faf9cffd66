import React from "react";
import { formatDuration } from "../elements/format";
import { useLoaded } from "../elements/use-loaded";
import { noParts } from "../experiments/filter";
import { usePanel } from "../panel";
import { routes } from "../routes";
import { estimateTime, timingsOf } from "./time-estimate";
import { type DraftState, featuresOf } from "./use-draft";

/** About how long it will take, said as a range, and what that is known from. */
export function Estimate({ state }: { state: DraftState }): React.JSX.Element | null {
  const { api, trans } = usePanel();
  const { draft, dataset, datasets } = state;
  const { kind, algorithm } = draft;
  const isKnown = kind !== "compare" && algorithm !== "";
  const runs = useLoaded(isKnown ? algorithm : null, () =>
    routes.runs(api, {
      limit: 50,
      sort: "-created_at",
      filter: `algorithm = '${algorithm}' and status = 'completed' and ${noParts}`,
    }),
  );
  const rows = dataset.data?.rows ?? 0;
  if (!isKnown || rows === 0 || runs.loading) return null;
  const cellsOf = new Map((datasets.data?.items ?? []).map(({ name, rows: n, columns }) => [name, (n ?? 0) * (columns ?? 0)]));
  const cells = rows * (featuresOf(draft).length + 1);
  const trials = Number.isNaN(draft.search.trials) ? 100 : draft.search.trials;
  const fits = kind === "search" ? (trials * draft.search.folds) / Math.max(1, draft.search.workers) : 1 + draft.folds;
  const range = estimateTime(cells, fits, timingsOf(runs.data?.items ?? [], cellsOf));
  const most =
    kind === "search" && !Number.isNaN(draft.search.minutes) ? draft.search.minutes * 60_000 : Number.POSITIVE_INFINITY;
  const [low, high] = [Math.min(most, range.low), Math.min(most, range.high)].map((ms) =>
    formatDuration(roughly(ms)).replace(".0 ", " "),
  );
  const source =
    range.runs === 0
      ? trans.__("a wide guess: nobody has trained this algorithm here")
      : trans._n("from %1 earlier run", "from %1 earlier runs", range.runs);
  return (
    <p className="jp-Assay-faint" data-estimate={range.runs}>
      {low === high ? trans.__("Takes about %1 (%2)", low, source) : trans.__("Takes about %1 to %2 (%3)", low, high, source)}
    </p>
  );
}

/** To one significant digit, in the unit that is shown: an estimate is no measurement. */
function roughly(ms: number): number {
  const unit = ms < 1000 ? 1 : ms < 60_000 ? 1000 : 60_000;
  const size = 10 ** Math.floor(Math.log10(Math.max(1, ms / unit)));
  return Math.max(1, Math.round(ms / unit / size)) * size * unit;
}
