import type { AbResult } from "assay-lab/contract";
import React from "react";
import { formatCount, formatMetric, formatPercent } from "../elements/format";
import { usePanel } from "../panel";

/** How many people got which version, and whether that is the share that was asked for. */
export function Exposures({ result }: { result: AbResult }): React.JSX.Element {
  const { trans } = usePanel();
  const { exposures, sample_ratio: ratio } = result;
  return (
    <section aria-label={trans.__("People")} className="jp-AssayAb-facts">
      <Fact label={trans.__("People with A")} value={formatCount(exposures.a)} name="exposures_a" />
      <Fact label={trans.__("People with B")} value={formatCount(exposures.b)} name="exposures_b" />
      <Fact
        label={trans.__("B's share; asked for %1", formatPercent(ratio.expected))}
        value={ratio.observed === null ? "–" : formatPercent(ratio.observed)}
        name="ratio"
      />
      <div data-fact="mismatch" data-mismatch={ratio.mismatch}>
        <span className="jp-Assay-badge" data-tone={ratio.mismatch ? "bad" : "good"}>
          {ratio.mismatch ? trans.__("the ratio is wrong") : trans.__("the ratio is as asked for")}
        </span>
        <span className="jp-Assay-faint">{trans.__("always-valid p = %1", formatMetric(ratio.always_valid_p_value, 2))}</span>
      </div>
    </section>
  );
}

function Fact({ label, value, name }: { label: string; value: string; name: string }): React.JSX.Element {
  return (
    <div data-fact={name}>
      <span className="jp-Assay-big">{value}</span>
      <span className="jp-Assay-faint">{label}</span>
    </div>
  );
}
