// TensorFlow.js as the package brings it: `npm run build` puts the parts that networks use into dist/tensorflow.cjs, each opened when it is asked for.
exports.core = () => require("@tensorflow/tfjs-core");
exports.layers = () => require("@tensorflow/tfjs-layers");
exports.cpu = () => require("@tensorflow/tfjs-backend-cpu");
exports.wasm = () => require("@tensorflow/tfjs-backend-wasm");
exports.emscripten = () => require("@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm.js");
