import type { AbTest } from "assay-lab/contract";
import React, { useState } from "react";
import { formatInstant } from "../elements/format";
import { Empty, State } from "../elements/states";
import { Status } from "../elements/status";
import { Wide } from "../elements/Wide";
import { commandIds } from "../ids";
import { usePanel } from "../panel";
import { NewTest } from "./NewTest";
import { useAbTests } from "./use-ab-tests";

/** The document of every A/B test. */
export function AbTestsPanel(): React.JSX.Element {
  return (
    <div className="jp-Assay-panel jp-mod-scroll">
      <AbTests />
    </div>
  );
}

/** A/B tests, of one model or of all: make one, open one. */
export function AbTests({ model }: { model?: string }): React.JSX.Element {
  const { commands, trans } = usePanel();
  const tests = useAbTests(model);
  const [isMaking, setMaking] = useState(false);
  const open = ({ id, test_name }: AbTest) => void commands.execute(commandIds.abTest, { id, name: test_name });
  const none = (
    <Empty title={trans.__("No A/B tests yet.")} action={{ label: trans.__("Try two versions"), run: () => setMaking(true) }}>
      <p>{trans.__("A test sends a share of the people to another version, and tells which of the two does better.")}</p>
    </Empty>
  );
  return (
    <section className="jp-AssayAbTests" aria-label={trans.__("A/B tests")}>
      <div className="jp-Assay-bar">
        <button
          type="button"
          data-autofocus
          className={isMaking ? "jp-mod-styled jp-mod-minimal" : "jp-mod-styled jp-mod-accept"}
          aria-expanded={isMaking}
          onClick={() => setMaking(!isMaking)}
        >
          {isMaking ? trans.__("Close the form") : trans.__("New A/B test…")}
        </button>
      </div>
      {isMaking && (
        <NewTest
          model={model}
          onMade={(test) => {
            setMaking(false);
            tests.reload();
            open(test);
          }}
        />
      )}
      <State of={tests} empty={(all) => all.length === 0 && (isMaking || none)}>
        {(all) => (
          <Wide>
            <table className="jp-Assay-table">
              <thead>
                <tr>
                  <th scope="col">{trans.__("Test")}</th>
                  <th scope="col">{trans.__("Status")}</th>
                  <th scope="col">A</th>
                  <th scope="col">B</th>
                  <th scope="col" className="jp-mod-numeric">
                    {trans.__("B's share")}
                  </th>
                  <th scope="col">{trans.__("Judged by")}</th>
                  <th scope="col">{trans.__("Started")}</th>
                  <th scope="col">{trans.__("Ended")}</th>
                </tr>
              </thead>
              <tbody>
                {all.map((test) => (
                  <tr key={test.id} data-test={test.test_name}>
                    <th scope="row">
                      <button type="button" className="jp-Assay-link" onClick={() => open(test)}>
                        {test.test_name}
                      </button>
                    </th>
                    <td>
                      <Status status={test.test_status} />
                    </td>
                    <td>{test.model_a}</td>
                    <td>{test.model_b}</td>
                    <td className="jp-mod-numeric">
                      {test.shadow ? trans.__("shadow") : `${Math.round(1000 * test.split_ratio) / 10} %`}
                    </td>
                    <td>{test.metrics.map(({ name }) => name).join(", ")}</td>
                    <td>{test.started_at ? formatInstant(test.started_at) : "–"}</td>
                    <td>
                      {test.stopped_at ? formatInstant(test.stopped_at) : "–"}
                      {test.winner && ` · ${trans.__("%1 won", test.winner.toUpperCase())}`}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Wide>
        )}
      </State>
    </section>
  );
}
