import { Clipboard } from "@jupyterlab/apputils";
import React, { useState } from "react";
import type { Features } from "../model-routes";
import { usePanel } from "../panel";
import { path } from "../routes";
import { asCell, asCurl } from "./request-text";

interface RequestTextProps {
  /** How the version is cited. */
  version: string;
  features: Features | readonly Features[];
}

/** The request that was made, for a shell and for a notebook. */
export function RequestText({ version, features }: RequestTextProps): React.JSX.Element {
  const { api, trans, writeCell } = usePanel();
  const [form, setForm] = useState<"curl" | "cell">("cell");
  const cell = asCell(version, features);
  const text = form === "cell" ? cell : asCurl(api.address(path("models", "predict")), version, features);
  return (
    <details className="jp-AssayTry-request">
      <summary>{trans.__("The same from a notebook or a program")}</summary>
      <div className="jp-Assay-bar">
        {(["cell", "curl"] as const).map((each) => (
          <button
            type="button"
            key={each}
            className="jp-mod-styled jp-mod-minimal"
            aria-pressed={form === each}
            onClick={() => setForm(each)}
          >
            {each === "cell" ? trans.__("Cell") : "curl"}
          </button>
        ))}
        <span className="jp-Assay-spring" />
        <button type="button" className="jp-mod-styled jp-mod-minimal" onClick={() => Clipboard.copyToSystem(text)}>
          {trans.__("Copy")}
        </button>
        <button type="button" className="jp-mod-styled jp-mod-minimal" onClick={() => void writeCell(cell)}>
          {trans.__("Insert as cell")}
        </button>
      </div>
      <pre className="jp-Assay-code" tabIndex={0} data-request={form}>
        {text}
      </pre>
    </details>
  );
}
