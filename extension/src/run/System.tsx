import type { TranslationBundle } from "@jupyterlab/translation";
import type { RunInfo } from "assay-lab/contract";
import React, { useMemo, useState } from "react";
import { formatCount } from "../elements/format";
import { Empty, State } from "../elements/states";
import { useEvents, useSoon } from "../elements/use-events";
import { useLoaded } from "../elements/use-loaded";
import { usePanel } from "../panel";
import { Figure } from "../plotly/Figure";
import { routes } from "../routes";
import { highest, type SystemWords, systemFigure } from "./system-figure";

/** What a run's process and machine did by time; asked for and drawn when it is opened, and live while it stays open. */
export function System({ run }: { run: RunInfo }): React.JSX.Element {
  const { api, trans } = usePanel();
  const [isOpen, setIsOpen] = useState(false);
  const system = useLoaded(isOpen ? run.id : null, () => routes.system(api, run.id));
  const soon = useSoon(system.reload, 500);
  useEvents((event) => isOpen && event.kind === "system" && event.run_id === run.id && soon(), system.reload);
  const words = useMemo(() => wordsOf(trans), [trans]);
  const drawn = useMemo(() => systemFigure(system.data ?? [], words), [system.data, words]);
  const memory = highest(system.data ?? [], "memory_mb");
  return (
    <details className="jp-AssayRun-system" onToggle={({ currentTarget }) => setIsOpen(currentTarget.open)}>
      <summary>{trans.__("Processor and memory")}</summary>
      {isOpen && (
        <State of={system} rows={8}>
          {() =>
            drawn ? (
              <figure data-figure="system">
                <figcaption>
                  {memory !== undefined && trans.__("At most %1 MB of memory", formatCount(Math.round(memory)))}
                </figcaption>
                <Figure figure={drawn.figure} height={drawn.height} label={trans.__("Processor and memory by time")} />
              </figure>
            ) : (
              <Empty small title={trans.__("Nothing was sampled.")}>
                <p>{trans.__("Jobs are sampled by themselves, cells with %1.", "systemMetrics: true")}</p>
              </Empty>
            )
          }
        </State>
      )}
    </details>
  );
}

function wordsOf(trans: TranslationBundle): SystemWords {
  return {
    rows: {
      processor: trans.__("Processor, % of a core"),
      memory: trans.__("Memory, MB"),
      disk: trans.__("Disk since the start, MB"),
      shares: trans.__("Machine, %"),
      gpuMemory: trans.__("GPU memory, MB"),
      sizes: trans.__("Machine, MB"),
    },
    lines: {
      cpu_percent: trans.__("processor"),
      memory_mb: trans.__("memory"),
      disk_read_mb: trans.__("read"),
      disk_written_mb: trans.__("written"),
      machine_cpu_percent: trans.__("processor of the machine"),
      machine_memory_percent: trans.__("memory of the machine"),
    },
    seconds: trans.__("seconds"),
    minutes: trans.__("minutes"),
    hours: trans.__("hours"),
  };
}
