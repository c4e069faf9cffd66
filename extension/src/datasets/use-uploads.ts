import { useRef, useState } from "react";
import type { Api } from "../api";
import { datasetRoutes, type UploadOptions } from "../dataset-routes";
import { usePanel } from "../panel";

/** A file that is being sent, or could not be. */
interface Sending {
  key: number;
  fileName: string;
  /** Share that was sent, 0 to 1; at 1 the service reads it. */
  share: number;
  error: unknown;
}

/** Files on their way, and what sends more. */
export interface Uploads {
  sendings: readonly Sending[];
  send(files: readonly File[], options?: UploadOptions): void;
  dismiss(key: number): void;
}

/** Sends files one after another, each as a new dataset; calls `onUploaded` for each that became one. */
export function useUploads(onUploaded: (datasetId: string, name: string) => void): Uploads {
  const { api } = usePanel();
  const [sendings, setSendings] = useState<readonly Sending[]>([]);
  const next = useRef(0);
  const queue = useRef<Promise<void>>(Promise.resolve());
  const change = (key: number, part: Partial<Sending>) =>
    setSendings((old) => old.map((each) => (each.key === key ? { ...each, ...part } : each)));
  const dismiss = (key: number) => setSendings((old) => old.filter((each) => each.key !== key));

  const send = (files: readonly File[], options: UploadOptions = {}) => {
    for (const file of files) {
      const key = next.current++;
      setSendings((old) => [...old, { key, fileName: file.name, share: 0, error: null }]);
      queue.current = queue.current
        .then(() => sendFile(api, file, options, (share) => change(key, { share })))
        .then(({ dataset_id, name }) => {
          dismiss(key);
          onUploaded(dataset_id, name);
        })
        .catch((error) => change(key, { error }));
    }
  };
  return { sendings, send, dismiss };
}

/** Sends a file as a dataset of its own name, or of that name with the first free number behind it. */
export async function sendFile(
  api: Api,
  file: File,
  options: UploadOptions,
  onProgress: (share: number) => void,
): Promise<{ dataset_id: string; name: string }> {
  const { items } = await datasetRoutes.list(api, 500);
  const taken = new Set(items.filter(({ processing_status }) => processing_status !== "failed").map(({ name }) => name));
  const wanted = (options.name ?? file.name.replace(/\.\w+$/, "")).replaceAll("@", "-");
  return datasetRoutes.upload(api, file, { ...options, name: freeName(wanted, taken) }, onProgress);
}

/** The name, or the name with the first number behind it that no dataset has. */
function freeName(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name;
  let number = 2;
  while (taken.has(`${name} ${number}`)) number++;
  return `${name} ${number}`;
}
