import type { Artifact, RunInfo } from "assay-lab/contract";
import React, { useEffect, useState } from "react";
import { formatBytes } from "../elements/format";
import { Failure } from "../elements/states";
import { useAction } from "../elements/use-action";
import { usePanel } from "../panel";
import { routes } from "../routes";

/** Pictures that are shown; larger ones are only offered as files. */
const pictureType = /^image\/(png|jpeg|gif|webp|svg\+xml)$/;
const pictureMost = 5e6;

/** The files of a run, pictures shown, each to be downloaded. */
export function Artifacts({ run }: { run: RunInfo }): React.JSX.Element {
  const { api, trans } = usePanel();
  const { act, failure } = useAction();
  return (
    <section aria-label={trans.__("Artifacts")}>
      <h2>{trans.__("Artifacts")}</h2>
      {run.artifacts.length === 0 && <p className="jp-Assay-faint">{trans.__("None.")}</p>}
      <Failure error={failure} />
      <ul className="jp-AssayRun-artifacts">
        {run.artifacts.map((artifact) => (
          <li key={artifact.id} data-artifact={artifact.name}>
            {isPicture(artifact) && <Picture runId={run.id} artifact={artifact} />}
            <button
              type="button"
              className="jp-Assay-link"
              title={trans.__("Download %1", artifact.name)}
              onClick={() => act(() => routes.downloadArtifact(api, run.id, artifact))}
            >
              {artifact.name}
            </button>
            <span className="jp-Assay-faint">
              {artifact.kind} · {formatBytes(artifact.size_bytes)}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function isPicture({ content_type, size_bytes }: Artifact): boolean {
  return pictureType.test(content_type) && size_bytes <= pictureMost;
}

/** A picture from its bytes: in an image element nothing in it can run. */
function Picture({ runId, artifact }: { runId: string; artifact: Artifact }): React.JSX.Element | null {
  const { api } = usePanel();
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => {
    let made: string | null = null;
    let wanted = true;
    routes.artifact(api, runId, artifact).then(
      (blob) => {
        if (!wanted) return;
        made = URL.createObjectURL(new Blob([blob], { type: artifact.content_type }));
        setUrl(made);
      },
      (error) => console.warn(`assay: the picture ${artifact.name} was not loaded`, error),
    );
    return () => {
      wanted = false;
      if (made !== null) URL.revokeObjectURL(made);
    };
  }, [api, runId, artifact.id]);
  return url === null ? null : <img src={url} alt={artifact.name} />;
}
