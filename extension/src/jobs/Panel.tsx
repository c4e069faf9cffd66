import React, { useState } from "react";
import { Tabs } from "../elements/Tabs";
import { usePanel } from "../panel";
import { JobList } from "./JobList";
import { Schedules } from "./Schedules";

/** Long work: what runs, what waits, what ended in the middle, and what comes again and again. */
export function JobsPanel(): React.JSX.Element {
  const { trans } = usePanel();
  const [chosen, setChosen] = useState("all");
  return (
    <div className="jp-Assay-panel jp-mod-scroll jp-AssayJobs">
      <Tabs
        label={trans.__("Jobs")}
        chosen={chosen}
        onChoose={setChosen}
        tabs={[
          { name: "all", label: trans.__("All"), draw: () => <JobList key="all" query={{}} empty={trans.__("No jobs yet.")} /> },
          {
            name: "queued",
            label: trans.__("Waiting"),
            draw: () => <JobList key="queued" query={{ job_status: "queued" }} empty={trans.__("Nothing waits.")} />,
          },
          {
            name: "dead",
            label: trans.__("Dead letters"),
            draw: () => <JobList key="dead" query={{ dead: "true" }} empty={trans.__("No job ended in the middle too often.")} />,
          },
          { name: "schedules", label: trans.__("Schedules"), draw: () => <Schedules /> },
        ]}
      />
    </div>
  );
}
