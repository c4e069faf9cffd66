// One training of the network of `networks.mjs` on a backend: prints samples a second of the best epoch.

import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "../setup.mjs";

const ml = await import(pathToFileURL(join(root, "library/core/dist/index.js")).href);
const [rows, backend] = [Number(process.argv[2]), process.argv[3]];
const length = 2001;
const { float } = ml.random(0, "networks");
const data = { curve: ml.sharedFloat64(rows * length), stars: ml.sharedFloat64(rows * 6) };
const targets = { label: [], size: [], sum: [] };
for (let i = 0; i < rows; i++) {
  const [size, phase] = [0.5 + float(), 6 * float()];
  for (let j = 0; j < length; j++)
    data.curve[i * length + j] = size * Math.sin(((i % 3) + 1) * 0.02 * j + phase) + 0.1 * (float() - 0.5);
  for (let j = 0; j < 6; j++) data.stars[i * 6 + j] = float();
  targets.label.push(i % 3);
  targets.size.push(size);
  targets.sum.push(data.stars[i * 6] + data.stars[i * 6 + 1]);
}
const convolution = (filters, kernelSize) => [
  { kind: "conv1d", filters, kernelSize, activation: "relu", ...(filters === 16 && { from: "curve" }) },
  { kind: "maxPooling1d", poolSize: 4 },
];
const network = ml.neuralNetwork({
  inputs: { curve: { shape: [length, 1] }, stars: { shape: [6], scale: "none" } },
  layers: [
    ...convolution(16, 7),
    ...convolution(32, 5),
    ...convolution(64, 5),
    { kind: "flatten" },
    { kind: "dense", units: 64, activation: "relu", name: "shape" },
    { kind: "concatenate", from: ["shape", "stars"] },
    { kind: "dense", units: 64, activation: "relu" },
  ],
  outputs: { label: { task: "classification" }, size: { task: "regression" }, sum: { task: "regression" } },
  epochs: 4,
  batchSize: 32,
  backend,
});
const times = [];
const inputs = {
  curve: { rows, columns: length, data: data.curve },
  stars: { rows, columns: 6, data: data.stars },
};
await network.fit(inputs, targets, { observer: { progress: ({ elapsedMs }) => times.push(elapsedMs) } });
const gaps = times.slice(1).map((time, k) => time - times[k]);
console.log((1000 * rows) / Math.min(...gaps));
process.exit(0);
