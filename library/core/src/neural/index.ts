export type {
  NetworkInputState,
  NetworkModel,
  NetworkOptions,
  NetworkOutputState,
  NetworkParts,
  NetworkState,
  NetworkTargets,
  NetworkWeight,
  NeuralNetwork,
  OutputPrediction,
} from "./graph/network-contract.ts";
export type { NetworkInput, NetworkParams } from "./graph/network-params.ts";
export { networkClassifier, networkOutputs, networkRegressor, neuralNetwork, targetColumns } from "./graph/neural-network.ts";
export { type MlpState, mlpClassifier, mlpRegressor } from "./mlp.ts";
export { nativeFolder } from "./tensorflow/backend.ts";
export { fromTfjs, type WrappedTfjs } from "./tfjs/from-tfjs.ts";
export type { TfjsFiles, TfjsModel, TfjsOptions, TfjsOutput, TfjsState, TfjsTensor } from "./tfjs/tfjs-contract.ts";
