import React, { useState } from "react";
import { Find, holds } from "../elements/Find";
import { usePanel } from "../panel";
import type { ColumnGroup, RunColumn } from "./columns";
import { Popover } from "./Popover";

interface ColumnPickerProps {
  columns: readonly RunColumn[];
  shown: readonly string[];
  pinned: readonly string[];
  onChange(shown: string[], pinned: string[]): void;
}

const groups: readonly ColumnGroup[] = ["run", "metrics", "params", "tags"];
/** Names drawn of a group at most; more are found by the search. */
const namesMost = 200;

/** Chooses the shown columns, one by one or a group at once, their order, and which of them stay at the left. */
export function ColumnPicker({ columns, shown, pinned, onChange }: ColumnPickerProps): React.JSX.Element {
  const { trans } = usePanel();
  const [search, setSearch] = useState("");
  const titles = {
    run: trans.__("Run"),
    metrics: trans.__("Metrics"),
    params: trans.__("Hyperparameters"),
    tags: trans.__("Tags"),
  };
  const show = (ids: readonly string[], on: boolean) => {
    const rest = shown.filter((each) => !ids.includes(each));
    onChange(
      on ? [...shown, ...ids.filter((id) => !shown.includes(id))] : rest,
      on ? [...pinned] : pinned.filter((id) => !ids.includes(id)),
    );
  };
  const move = (id: string, by: number) => {
    const at = shown.indexOf(id);
    const order = shown.filter((each) => each !== id);
    order.splice(Math.max(0, at + by), 0, id);
    onChange(order, [...pinned]);
  };
  const pin = (id: string) => onChange([...shown], pinned.includes(id) ? pinned.filter((each) => each !== id) : [...pinned, id]);

  return (
    <Popover label={trans.__("Columns")} title={trans.__("Shown columns")}>
      <Find className="jp-AssayExperiments-search" label={trans.__("Find columns")} value={search} onChange={setSearch} />
      {groups.map((group) => {
        const members = columns.filter((column) => column.group === group && holds(column.id, search));
        if (members.length === 0) return null;
        const ids = members.map(({ id }) => id);
        const isWhole = ids.every((id) => shown.includes(id));
        return (
          <fieldset key={group}>
            <legend>
              {titles[group]}{" "}
              <button type="button" className="jp-Assay-link" onClick={() => show(ids, !isWhole)}>
                {isWhole ? trans.__("none") : trans.__("all %1", ids.length)}
              </button>
            </legend>
            {members.slice(0, namesMost).map(({ id, title }) => (
              <div key={id} className="jp-AssayExperiments-choice" data-choice={id}>
                <label>
                  <input type="checkbox" checked={shown.includes(id)} onChange={({ target }) => show([id], target.checked)} />
                  {title}
                </label>
                {shown.includes(id) && (
                  <>
                    <button type="button" aria-label={trans.__("%1 further left", title)} onClick={() => move(id, -1)}>
                      ←
                    </button>
                    <button type="button" aria-label={trans.__("%1 further right", title)} onClick={() => move(id, 1)}>
                      →
                    </button>
                    <button
                      type="button"
                      aria-pressed={pinned.includes(id)}
                      aria-label={trans.__("Keep %1 at the left", title)}
                      title={trans.__("Keep at the left")}
                      onClick={() => pin(id)}
                    >
                      ⇤
                    </button>
                  </>
                )}
              </div>
            ))}
            {members.length > namesMost && (
              <p className="jp-Assay-faint">{trans.__("%1 more: search for them", members.length - namesMost)}</p>
            )}
          </fieldset>
        );
      })}
    </Popover>
  );
}
