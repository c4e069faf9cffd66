import type { Algorithm } from "assay-lab/contract";
import React, { useId, useRef, useState } from "react";
import { usePanel } from "../panel";

interface AlgorithmPickerProps {
  algorithms: readonly Algorithm[];
  value: string;
  onChange(name: string): void;
}

/** Every algorithm with one sentence, found by any of its words; arrow keys move, Enter chooses. */
export function AlgorithmPicker({ algorithms, value, onChange }: AlgorithmPickerProps): React.JSX.Element {
  const { trans } = usePanel();
  const id = useId();
  const [search, setSearch] = useState("");
  const [open, setOpen] = useState(false);
  const list = useRef<HTMLDivElement>(null);
  const chosen = algorithms.find(({ name }) => name === value);
  const found = algorithms.filter((each) => matches(each, search));
  const choose = (name: string) => {
    onChange(name);
    setOpen(false);
    setSearch("");
  };
  const move = (event: React.KeyboardEvent) => {
    const options = [...(list.current?.querySelectorAll<HTMLElement>("[role=option]") ?? [])];
    const at = options.indexOf(document.activeElement as HTMLElement);
    const places: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: options.length - 1 };
    if (event.key === "Escape") setOpen(false);
    const place = places[event.key];
    if (place === undefined || (at < 0 && (event.key === "Home" || event.key === "End"))) return;
    event.preventDefault();
    options[Math.max(0, Math.min(options.length - 1, place))]?.focus();
  };
  return (
    <div
      className="jp-AssayNew-picker"
      onKeyDown={move}
      onBlur={({ currentTarget, relatedTarget }) => !currentTarget.contains(relatedTarget as Node | null) && setOpen(false)}
    >
      <div className="jp-Assay-field">
        <label htmlFor={id}>{trans.__("Algorithm")}</label>
        <input
          id={id}
          type="search"
          name="algorithm"
          className="jp-mod-styled"
          role="combobox"
          aria-expanded={open}
          aria-controls={`${id}-list`}
          autoComplete="off"
          data-value={value}
          placeholder={trans.__("Search %1 algorithms", algorithms.length)}
          value={open ? search : (chosen?.title ?? "")}
          onFocus={() => setOpen(true)}
          onChange={({ target }) => {
            setOpen(true);
            setSearch(target.value);
          }}
          onKeyDown={(event) => {
            if (event.key !== "Enter") return;
            event.preventDefault(); // the form is not sent by it
            if (open && search !== "" && found[0]) choose(found[0].name);
          }}
        />
      </div>
      {!open && chosen && <p className="jp-Assay-hint">{chosen.description}</p>}
      {open && (
        <div className="jp-AssayNew-algorithms" role="listbox" id={`${id}-list`} aria-label={trans.__("Algorithms")} ref={list}>
          {found.map((each) => (
            <button
              key={each.name}
              type="button"
              role="option"
              aria-selected={each.name === value}
              data-algorithm={each.name}
              onClick={() => choose(each.name)}
            >
              <strong>{each.title}</strong>
              <span>{each.description}</span>
              <small>{marks(each).join(" · ")}</small>
            </button>
          ))}
          {found.length === 0 && <p className="jp-Assay-faint">{trans.__("No algorithm has these words.")}</p>}
        </div>
      )}
    </div>
  );

  function marks({ handles_missing, handles_categories, has_probabilities, preset_of }: Algorithm): string[] {
    return [
      ...(preset_of ? [trans.__("preset of %1", preset_of)] : []),
      ...(handles_missing ? [trans.__("takes missing values")] : []),
      ...(handles_categories ? [trans.__("takes categories")] : []),
      ...(has_probabilities ? [trans.__("probabilities")] : []),
    ];
  }
}

/** Whether every word is somewhere in an algorithm's names and sentence. */
function matches({ name, title, description, aliases }: Algorithm, search: string): boolean {
  const text = [name, title, description, ...aliases].join(" ").toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
