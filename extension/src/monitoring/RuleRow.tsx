import type { Monitor, MonitorChange } from "assay-lab/contract";
import React, { useState } from "react";
import { formatInstant } from "../elements/format";
import { usePanel } from "../panel";
import { measuresOf } from "./measures";
import { monitorRoutes } from "./monitor-routes";

type Bound = "threshold" | "window_hours" | "min_rows" | "cooldown_hours";

interface RuleRowProps {
  monitor: Monitor;
  act(action: () => Promise<unknown>): Promise<boolean>;
}

/** One rule; a bound that is changed is kept when the field is left or Enter is pressed. */
export function RuleRow({ monitor, act }: RuleRowProps): React.JSX.Element {
  const { api, trans } = usePanel();
  const { monitor_id, name, measure, subject, value, checked_at, paused } = monitor;
  const words = measuresOf(trans)[measure];
  const change = (body: MonitorChange) => act(() => monitorRoutes.change(api, monitor_id, body));
  const bound = (field: Bound, label: string, min?: number) => (
    <BoundField
      label={`${label}: ${name}`}
      name={field}
      value={monitor[field]}
      min={min}
      onKeep={(next) => void change({ [field]: next })}
    />
  );
  return (
    <tr data-rule={name} data-paused={paused}>
      <th scope="row">
        {name}
        <span className="jp-Assay-faint jp-AssayModels-under">
          {[words.label, ...(subject ? [subject] : []), ...(paused ? [trans.__("paused")] : [])].join(" · ")}
        </span>
      </th>
      <td>
        {value === null ? "–" : value.toPrecision(3)}
        <span className="jp-Assay-faint jp-AssayModels-under">
          {checked_at ? formatInstant(checked_at) : trans.__("not checked yet")}
        </span>
      </td>
      <td>
        {bound("threshold", trans.__("Bound"))} <span className="jp-Assay-faint">{words.unit}</span>
      </td>
      <td>{bound("window_hours", trans.__("Hours looked at"), 1)}</td>
      <td>{bound("min_rows", trans.__("Rows at least"), 1)}</td>
      <td>{bound("cooldown_hours", trans.__("Hours of rest"), 0)}</td>
      <td>
        <div className="jp-Assay-actions">
          <button
            type="button"
            className="jp-mod-styled jp-mod-minimal"
            aria-label={paused ? trans.__("Resume %1", name) : trans.__("Pause %1", name)}
            onClick={() => void change({ paused: !paused })}
          >
            {paused ? trans.__("Resume") : trans.__("Pause")}
          </button>
          <button
            type="button"
            className="jp-mod-styled jp-mod-minimal"
            aria-label={trans.__("Delete %1", name)}
            onClick={() => void act(() => monitorRoutes.unwatch(api, monitor_id))}
          >
            {trans.__("Delete")}
          </button>
        </div>
      </td>
    </tr>
  );
}

interface BoundFieldProps {
  label: string;
  name: string;
  value: number;
  min: number | undefined;
  onKeep(value: number): void;
}

function BoundField({ label, name, value, min, onKeep }: BoundFieldProps): React.JSX.Element {
  const [text, setText] = useState<string | null>(null);
  const next = text === null || text.trim() === "" ? Number.NaN : Number(text);
  const isWrong = text !== null && (Number.isNaN(next) || (min !== undefined && (next < min || !Number.isInteger(next))));
  const keep = () => {
    if (text !== null && !isWrong && next !== value) onKeep(next);
    setText(null);
  };
  return (
    <input
      className="jp-mod-styled jp-AssayRules-bound"
      type="number"
      step="any"
      name={name}
      aria-label={label}
      aria-invalid={isWrong || undefined}
      value={text ?? value}
      onChange={({ target }) => setText(target.value)}
      onBlur={keep}
      onKeyDown={({ key }) => {
        if (key === "Enter") keep();
        if (key === "Escape") setText(null);
      }}
    />
  );
}
