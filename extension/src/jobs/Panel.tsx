import React from "react";
import { Empty } from "../elements/states";
import { Tabs } from "../elements/Tabs";
import { commandIds } from "../ids";
import { usePanel } from "../panel";
import { useKeptText } from "../use-kept";
import { JobList } from "./JobList";
import { Schedules } from "./Schedules";

/** Long work: what runs, what waits, what ended in the middle, and what comes again and again. */
export function JobsPanel(): React.JSX.Element {
  const { commands, trans } = usePanel();
  const first = { label: trans.__("Train a model"), run: () => void commands.execute(commandIds.newExperiment) };
  const [chosen, setChosen] = useKeptText("tab", "all");
  return (
    <div className="jp-Assay-panel jp-mod-scroll jp-AssayJobs">
      <Tabs
        label={trans.__("Training")}
        chosen={chosen}
        onChoose={setChosen}
        tabs={[
          {
            name: "all",
            label: trans.__("All"),
            draw: () => <JobList key="all" query={{}} empty={<Empty title={trans.__("No jobs yet.")} action={first} />} />,
          },
          {
            name: "queued",
            label: trans.__("Waiting"),
            draw: () => (
              <JobList key="queued" query={{ job_status: "queued" }} empty={<Empty title={trans.__("Nothing waits.")} />} />
            ),
          },
          {
            name: "dead",
            label: trans.__("Dead letters"),
            draw: () => (
              <JobList
                key="dead"
                query={{ dead: "true" }}
                empty={<Empty title={trans.__("No job ended in the middle too often.")} />}
              />
            ),
          },
          { name: "schedules", label: trans.__("Schedules"), draw: () => <Schedules /> },
        ]}
      />
    </div>
  );
}
