import type { RunGroup } from "assay-lab/contract";
import React from "react";
import { formatCount, formatMetric } from "../elements/format";
import { usePanel } from "../panel";
import { rowHeight } from "./RunRow";

interface LineProps {
  /** Of the element. */
  id: string;
  index: number;
  columns: number;
  isActive: boolean;
}

interface GroupRowProps extends LineProps {
  group: RunGroup;
  isOpen: boolean;
  /** Whose mean is told. */
  metric: string;
  onToggle(value: string | null): void;
}

/** A group of runs in one line: its value, how many they are, how they ended, the mean of a metric with its ends. */
export function GroupRow({ id, group, isOpen, metric, index, columns, isActive, onToggle }: GroupRowProps): React.JSX.Element {
  const { preferences, trans } = usePanel();
  const { value, runs, completed, failed, training, mean, min, max } = group;
  const digits = preferences.values.decimals;
  const facts = [
    trans._n("%2 run", "%2 runs", runs, formatCount(runs)),
    completed > 0 && trans.__("%1 completed", formatCount(completed)),
    failed > 0 && trans.__("%1 failed", formatCount(failed)),
    training > 0 && trans.__("%1 training", formatCount(training)),
    mean !== null && trans.__("mean %1 %2 (%3 to %4)", metric, ...[mean, min, max].map((value) => formatMetric(value, digits))),
  ];
  return (
    <tr
      id={id}
      data-group={value ?? ""}
      aria-rowindex={index + 2}
      className="jp-AssayExperiments-group"
      style={{ top: index * rowHeight }}
    >
      <td colSpan={columns} aria-colindex={1}>
        <button type="button" aria-expanded={isOpen} tabIndex={isActive ? 0 : -1} onClick={() => onToggle(value)}>
          <span aria-hidden="true">{isOpen ? "▾" : "▸"}</span> <strong>{value ?? trans.__("none")}</strong>{" "}
          <span className="jp-Assay-faint">{facts.filter(Boolean).join(" · ")}</span>
        </button>
      </td>
    </tr>
  );
}

interface MoreRowProps extends LineProps {
  value: string | null;
  left: number;
  onMore(value: string | null): void;
}

/** Asks for more runs of an opened group. */
export function MoreRow({ id, value, left, index, columns, isActive, onMore }: MoreRowProps): React.JSX.Element {
  const { trans } = usePanel();
  return (
    <tr id={id} aria-rowindex={index + 2} className="jp-AssayExperiments-more" style={{ top: index * rowHeight }}>
      <td colSpan={columns} aria-colindex={1}>
        <button type="button" className="jp-Assay-link" tabIndex={isActive ? 0 : -1} onClick={() => onMore(value)}>
          {trans.__("%1 more…", left)}
        </button>
      </td>
    </tr>
  );
}
