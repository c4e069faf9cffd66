import React, { useId, useRef } from "react";

/** One page behind a tab. */
interface Tab {
  name: string;
  label: string;
  draw(): React.ReactNode;
}

interface TabsProps {
  label: string;
  tabs: readonly Tab[];
  chosen: string;
  onChoose(name: string): void;
}

/** Pages behind tabs, of which one is drawn; arrow keys, Home and End move between the tabs. */
export function Tabs({ label, tabs, chosen, onChoose }: TabsProps): React.JSX.Element {
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const at = Math.max(
    0,
    tabs.findIndex(({ name }) => name === chosen),
  );
  const move = (event: React.KeyboardEvent) => {
    const places: Record<string, number> = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 };
    const place = places[event.key];
    if (place === undefined) return;
    event.preventDefault();
    const next = (place + tabs.length) % tabs.length;
    onChoose(tabs[next]!.name);
    list.current?.querySelectorAll<HTMLElement>("[role=tab]")[next]?.focus();
  };
  return (
    <>
      <div className="jp-Assay-tabs" role="tablist" aria-label={label} ref={list} onKeyDown={move}>
        {tabs.map((tab, k) => (
          <button
            key={tab.name}
            type="button"
            role="tab"
            id={`${id}-${tab.name}`}
            aria-selected={k === at}
            aria-controls={`${id}-page`}
            tabIndex={k === at ? 0 : -1}
            onClick={() => onChoose(tab.name)}
          >
            {tab.label}
          </button>
        ))}
      </div>
      <div role="tabpanel" id={`${id}-page`} aria-labelledby={`${id}-${tabs[at]!.name}`} className="jp-Assay-page">
        {tabs[at]!.draw()}
      </div>
    </>
  );
}
