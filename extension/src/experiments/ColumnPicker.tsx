import type { ColumnDef } from "@tanstack/react-table";
import type { Run } from "assay-lab/contract";
import React, { useEffect, useRef, useState } from "react";
import { usePanel } from "../panel";
import { columnGroup } from "./columns";

interface ColumnPickerProps {
  columns: ColumnDef<Run>[];
  shown: readonly string[];
  onChange(shown: string[]): void;
}

/** A button with a list of the columns; Escape or a press outside closes it. */
export function ColumnPicker({ columns, shown, onChange }: ColumnPickerProps): React.JSX.Element {
  const { trans } = usePanel();
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!open) return;
    const close = (event: PointerEvent) => !root.current?.contains(event.target as Node) && setOpen(false);
    document.addEventListener("pointerdown", close);
    return () => document.removeEventListener("pointerdown", close);
  }, [open]);

  const titles = { run: trans.__("Run"), metrics: trans.__("Metrics"), params: trans.__("Hyperparameters") };
  const toggle = (id: string, on: boolean) => onChange(on ? [...shown, id] : shown.filter((each) => each !== id));
  return (
    <div className="jp-Assay-picker" ref={root} onKeyDown={({ key }) => key === "Escape" && setOpen(false)}>
      <button
        type="button"
        className="jp-mod-styled jp-mod-minimal"
        aria-expanded={open}
        aria-haspopup="true"
        onClick={() => setOpen(!open)}
      >
        {trans.__("Columns")}
      </button>
      {open && (
        <div className="jp-Assay-pickerList" role="group" aria-label={trans.__("Shown columns")}>
          {(["run", "metrics", "params"] as const).map((group) => {
            const members = columns.filter((column) => columnGroup(column.id!) === group);
            return members.length === 0 ? null : (
              <fieldset key={group}>
                <legend>{titles[group]}</legend>
                {members.map(({ id, header }) => (
                  <label key={id}>
                    <input type="checkbox" checked={shown.includes(id!)} onChange={({ target }) => toggle(id!, target.checked)} />
                    {String(header)}
                  </label>
                ))}
              </fieldset>
            );
          })}
        </div>
      )}
    </div>
  );
}
