import React from "react";
import { usePanel } from "../panel";
import type { JsonSchema, ParamsSchema } from "../routes";
import { demandOf } from "./param-text";
import { freshRange, type RangeDraft, searchable } from "./range-draft";
import { rangeErrors, type SearchDraft } from "./search-draft";

interface RangesProps {
  search: SearchDraft;
  schema: ParamsSchema;
  /** The hyperparameters that are usually searched: they come first. */
  usualNames: readonly string[];
  refused: { name: string; message: string } | null;
  change(part: Partial<SearchDraft>): void;
}

/** How many come first where nothing is known of what is usual. */
const firstMost = 6;

/** For each hyperparameter whether it is fixed, drawn from a range, or from choices. */
export function Ranges({ search, schema, usualNames, refused, change }: RangesProps): React.JSX.Element {
  const { trans } = usePanel();
  const { usual, ranges } = search;
  const all = Object.entries(schema.properties).filter(([name, property]) => name !== "seed" && isSearchable(property));
  const isFirst = (name: string, k: number) => (usualNames.length > 0 ? usualNames.includes(name) : k < firstMost);
  const [first, more] = [all.filter(([name], k) => isFirst(name, k)), all.filter(([name], k) => !isFirst(name, k))];
  const errors = { ...rangeErrors(search, schema), ...(refused ? { [refused.name]: refused.message } : {}) };
  const set = (name: string, range: RangeDraft | null) => {
    const { [name]: _, ...others } = ranges;
    change({ ranges: range ? { ...ranges, [name]: range } : others });
  };
  const row = ([name, property]: [string, JsonSchema]) => (
    <RangeRow
      key={name}
      name={name}
      schema={property}
      range={ranges[name]}
      error={errors[name]}
      onChange={(range) => set(name, range)}
    />
  );
  return (
    <>
      <label className="jp-Assay-check">
        <input type="checkbox" name="usual_ranges" checked={usual} onChange={({ target }) => change({ usual: target.checked })} />
        {trans.__("The usual ranges of this algorithm; what is set above stays fixed")}
      </label>
      {!usual && (
        <div className="jp-AssayNew-ranges">
          {first.map(row)}
          {more.length > 0 && (
            <details>
              <summary>{trans.__("%1 more", more.length)}</summary>
              {more.map(row)}
            </details>
          )}
          {Object.keys(ranges).length === 0 && (
            <p className="jp-Assay-fieldError">{trans.__("Choose at least one hyperparameter to search.")}</p>
          )}
        </div>
      )}
    </>
  );
}

function isSearchable(schema: JsonSchema): boolean {
  const { range, choices } = searchable(schema);
  return range !== null || choices;
}

interface RangeRowProps {
  name: string;
  schema: JsonSchema;
  range: RangeDraft | undefined;
  error: string | undefined;
  onChange(range: RangeDraft | null): void;
}

function RangeRow({ name, schema, range, error, onChange }: RangeRowProps): React.JSX.Element {
  const { trans } = usePanel();
  const can = searchable(schema);
  const title = schema.title ?? name;
  const kind = !range ? "fixed" : range.type === "categorical" ? "choices" : "range";
  return (
    <div className="jp-AssayNew-range" role="group" aria-label={title} data-param={name} data-kind={kind}>
      <span className="jp-AssayNew-rangeName" title={schema.description ?? name}>
        {title}
      </span>
      <div className="jp-select-wrapper">
        <select
          className="jp-mod-styled"
          name={`search ${name}`}
          aria-label={trans.__("How %1 is searched", title)}
          value={kind}
          onChange={({ target }) =>
            onChange(target.value === "fixed" ? null : freshRange(schema, target.value as "range" | "choices"))
          }
        >
          <option value="fixed">{trans.__("fixed")}</option>
          {can.range && <option value="range">{trans.__("range")}</option>}
          {can.choices && <option value="choices">{trans.__("choices")}</option>}
        </select>
      </div>
      {range && (
        <RangeInputs title={title} name={name} schema={schema} range={range} invalid={error !== undefined} onChange={onChange} />
      )}
      {error !== undefined && <p className="jp-Assay-fieldError">{error}</p>}
    </div>
  );
}

interface RangeInputsProps {
  title: string;
  name: string;
  schema: JsonSchema;
  range: RangeDraft;
  invalid: boolean;
  onChange(range: RangeDraft): void;
}

function RangeInputs({ title, name, schema, range, invalid, onChange }: RangeInputsProps): React.JSX.Element {
  const { trans } = usePanel();
  const input = (key: "low" | "high" | "step" | "choices", label: string, words: string, disabled = false) => (
    <input
      className="jp-mod-styled"
      name={`${name} ${key}`}
      aria-label={label}
      aria-invalid={invalid}
      title={demandOf(schema)}
      placeholder={words}
      inputMode={key === "choices" ? undefined : "decimal"}
      spellCheck={false}
      disabled={disabled}
      value={disabled ? "" : range[key]}
      onChange={({ target }) => onChange({ ...range, [key]: target.value })}
    />
  );
  if (range.type === "categorical")
    return <div className="jp-AssayNew-choices">{input("choices", trans.__("Choices of %1", title), "a, b, c")}</div>;
  return (
    <div className="jp-AssayNew-ends">
      {input("low", trans.__("Low end of %1", title), trans.__("from"))}
      {input("high", trans.__("High end of %1", title), trans.__("to"))}
      {input("step", trans.__("Step of %1", title), trans.__("step"), range.log)}
      <label className="jp-Assay-check">
        <input
          type="checkbox"
          name={`${name} log`}
          checked={range.log}
          onChange={({ target }) => onChange({ ...range, log: target.checked })}
        />
        {trans.__("log")}
      </label>
    </div>
  );
}
