import type { Cell, ModelVersion, Prediction } from "assay-lab/contract";
import React, { useState } from "react";
import { Field, Select } from "../elements/Field";
import { formatMetric } from "../elements/format";
import { Failure } from "../elements/states";
import { usePanel } from "../panel";
import { routes } from "../routes";

/** A form made from a version's signature, and the prediction for what it holds. */
export function TryPrediction({ version }: { version: ModelVersion }): React.JSX.Element {
  const { api, preferences, trans } = usePanel();
  const [texts, setTexts] = useState<Record<string, string>>({});
  const [answer, setAnswer] = useState<Prediction | null>(null);
  const [error, setError] = useState<unknown>(null);
  const { columns } = version.signature;

  const ask = (event: React.FormEvent) => {
    event.preventDefault();
    setError(null);
    const features = Object.fromEntries(columns.map(({ name, kind }) => [name, cellOf(texts[name] ?? "", kind)]));
    routes.predict(api, version.model_id, features).then(setAnswer, setError);
  };
  return (
    <section className="jp-AssayTry" aria-label={trans.__("Try a prediction")}>
      <h3>{trans.__("Try a prediction with %1", `${version.name}@${version.version}`)}</h3>
      <form onSubmit={ask}>
        <div className="jp-Assay-fields">
          {columns.map(({ name, kind, levels }) => (
            <Field key={name} label={name}>
              {(id) => {
                const shared = { id, name, value: texts[name] ?? "" };
                const options = levels ?? (kind === "boolean" ? ["true", "false"] : null);
                const change = (text: string) => setTexts((old) => ({ ...old, [name]: text }));
                return options ? (
                  <Select
                    {...shared}
                    none={trans.__("missing")}
                    options={options.map((level) => ({ value: level, label: level }))}
                    onChange={change}
                  />
                ) : (
                  <input
                    {...shared}
                    className="jp-mod-styled"
                    type={kind === "number" ? "number" : "text"}
                    step="any"
                    placeholder={trans.__("missing")}
                    onChange={({ target }) => change(target.value)}
                  />
                );
              }}
            </Field>
          ))}
        </div>
        <button type="submit" className="jp-mod-styled jp-mod-accept">
          {trans.__("Predict")}
        </button>
      </form>
      {error !== null && <Failure error={error} />}
      {answer && <Answer answer={answer} digits={preferences.values.decimals} target={version.signature.target} />}
    </section>
  );
}

interface AnswerProps {
  answer: Prediction;
  digits: number;
  target: string | null;
}

function Answer({ answer, digits, target }: AnswerProps): React.JSX.Element {
  const { trans } = usePanel();
  const [label] = answer.prediction;
  const shares = answer.prediction_proba?.[0];
  return (
    <div className="jp-AssayTry-answer" role="status">
      <p>
        <span className="jp-Assay-faint">{target ?? trans.__("prediction")}</span>
        <output>{typeof label === "number" ? formatMetric(label, digits) : String(label)}</output>
        <span className="jp-Assay-faint">{trans.__("%1 ms", answer.latency_ms.toFixed(1))}</span>
      </p>
      {shares && answer.classes && (
        <dl className="jp-AssayTry-shares">
          {answer.classes.map((name, k) => (
            <div key={String(name)}>
              <dt>{String(name)}</dt>
              <dd>
                <span aria-hidden="true" style={{ width: `${100 * (shares[k] ?? 0)}%` }} />
              </dd>
              <dd>{(100 * (shares[k] ?? 0)).toFixed(1)} %</dd>
            </div>
          ))}
        </dl>
      )}
      {answer.source !== "advanced" && (
        <p className="jp-Assay-warning">{trans.__("Answered by the %1 fallback.", answer.source)}</p>
      )}
      {answer.warnings.map((warning) => (
        <p key={warning} className="jp-Assay-warning">
          {warning}
        </p>
      ))}
    </div>
  );
}

/** What was typed as a value of the column's kind; nothing typed is missing. */
function cellOf(text: string, kind: string): Cell {
  if (text === "") return null;
  if (kind === "number") return Number(text);
  return kind === "boolean" ? text === "true" : text;
}
