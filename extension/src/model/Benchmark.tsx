import type { Benchmark as Measured, ModelVersion } from "assay-lab/contract";
import React, { useId, useState } from "react";
import { datasetRoutes } from "../dataset-routes";
import { Field, Select } from "../elements/Field";
import { formatBytes, formatInterval, formatMetric } from "../elements/format";
import { Failure } from "../elements/states";
import { useAction } from "../elements/use-action";
import { useLoaded } from "../elements/use-loaded";
import { Wide } from "../elements/Wide";
import { modelRoutes } from "../model-routes";
import { usePanel } from "../panel";

/** Measures versions on the rows of one dataset: the metric with its interval, the difference to the first, latency, size. */
export function Benchmark({ versions }: { versions: readonly ModelVersion[] }): React.JSX.Element {
  const { api, trans } = usePanel();
  const id = useId();
  const datasets = useLoaded("datasets", async () => (await datasetRoutes.list(api)).items);
  const [dataset, setDataset] = useState(versions[0]?.dataset ?? "");
  const [measured, setMeasured] = useState<Measured | null>(null);
  const { act, failure, busy } = useAction();
  const options = [
    ...new Set([...versions.flatMap((each) => each.dataset ?? []), ...(datasets.data ?? []).map(({ name }) => name)]),
  ];
  const run = (event: React.FormEvent) => {
    event.preventDefault();
    const ids = versions.map(({ model_id }) => model_id);
    act(() => modelRoutes.benchmark(api, { model_ids: ids, dataset_id: dataset }), setMeasured);
  };
  return (
    <section className="jp-AssayModel-beside" aria-label={trans.__("Benchmark of versions")}>
      <h3>{trans.__("Benchmark")}</h3>
      <form className="jp-Assay-bar" onSubmit={run}>
        <Field label={trans.__("Dataset")} hint={trans.__("The first chosen version is what the others are held against.")}>
          {() => (
            <Select
              id={id}
              name="benchmark_dataset"
              label={trans.__("Dataset of the benchmark")}
              value={dataset}
              none={trans.__("choose a dataset")}
              options={options.map((name) => ({ value: name, label: name }))}
              onChange={setDataset}
            />
          )}
        </Field>
        <button type="submit" className="jp-mod-styled jp-mod-accept" disabled={dataset === "" || busy}>
          {busy ? trans.__("Measuring…") : trans.__("Measure")}
        </button>
      </form>
      <Failure error={failure} />
      {measured && <Results measured={measured} />}
    </section>
  );
}

function Results({ measured }: { measured: Measured }): React.JSX.Element {
  const { preferences, trans } = usePanel();
  const number = (value: number) => formatMetric(value, preferences.values.decimals);
  return (
    <>
      <p className="jp-Assay-faint">
        {trans.__("%1 rows of %2", measured.rows.toLocaleString(), measured.dataset)}
        {" · "}
        {measured.greater_is_better ? trans.__("more is better") : trans.__("less is better")}
      </p>
      <Wide>
        <table className="jp-Assay-table" data-benchmark={measured.metric}>
          <thead>
            <tr>
              <th scope="col">{trans.__("Version")}</th>
              <th scope="col">{trans.__("%1, 95 % interval", measured.metric.replaceAll("_", " "))}</th>
              <th scope="col">{trans.__("Difference to the first")}</th>
              <th scope="col">{trans.__("One row: p50, p99")}</th>
              <th scope="col" className="jp-mod-numeric">
                {trans.__("Rows per second")}
              </th>
              <th scope="col" className="jp-mod-numeric">
                {trans.__("Size")}
              </th>
            </tr>
          </thead>
          <tbody>
            {measured.items.map(({ model_id, model, score, difference, latency_ms, rows_per_second, size_bytes, error }) => (
              <tr key={model_id}>
                <th scope="row">{model}</th>
                {error !== null ? (
                  <td colSpan={5} className="jp-Assay-fieldError">
                    {error}
                  </td>
                ) : (
                  <>
                    <td>{score ? `${number(score.value)}  ${formatInterval(number(score.low), number(score.high))}` : "–"}</td>
                    <td>
                      {difference
                        ? `${number(difference.value)}  ${formatInterval(number(difference.low), number(difference.high))}, p ${difference.p_value < 0.001 ? "< 0.001" : `= ${difference.p_value.toPrecision(2)}`}`
                        : "–"}
                    </td>
                    <td>{trans.__("%1 ms, %2 ms", latency_ms.p50.toPrecision(2), latency_ms.p99.toPrecision(2))}</td>
                    <td className="jp-mod-numeric">{Math.round(rows_per_second).toLocaleString()}</td>
                    <td className="jp-mod-numeric">{formatBytes(size_bytes)}</td>
                  </>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </Wide>
    </>
  );
}
