"""Keras on layers of ours: what a network's head gives for some weights, its loss, and the gradient by every weight, in 64-bit numbers."""

import os

os.environ["KERAS_BACKEND"] = "jax"
os.environ["JAX_ENABLE_X64"] = "1"
os.environ.setdefault("JAX_PLATFORMS", "cpu")
os.environ.setdefault("XLA_FLAGS", "--xla_backend_optimization_level=0 --xla_llvm_disable_expensive_passes=true")

import jax  # noqa: E402
import keras  # noqa: E402
import numpy as np  # noqa: E402
from keras.src.backend.common import dtypes  # noqa: E402

from . import case  # noqa: E402

dtypes.BIT64_TO_BIT32_DTYPE["float64"] = "float64"  # Keras takes some functions on JAX to 32 bits otherwise
keras.config.set_floatx("float64")
keras.config.set_dtype_policy("float64")


def of_keras(kind, params):
    """The layer of Keras that a layer of ours names."""
    names = {"kernelSize": "kernel_size", "stride": "strides", "poolSize": "pool_size", "inputDim": "input_dim", "outputDim": "output_dim", "returnSequences": "return_sequences"}  # fmt: skip
    params = {names.get(key, key): tuple(value) if isinstance(value, list) else value for key, value in params.items()}
    both = params.pop("bidirectional", False)
    known = {"lstm": "LSTM", "gru": "GRU", "conv1d": "Conv1D", "conv2d": "Conv2D"}
    name = known.get(kind, kind[0].upper() + kind[1:].replace("1d", "1D").replace("2d", "2D"))
    if kind.startswith("conv"):
        params.setdefault("padding", "same")
    layer = getattr(keras.layers, name)(**params)
    return keras.layers.Bidirectional(layer) if both else layer


def network(seed, shape, layers, codes=0):
    rng = np.random.default_rng(seed)
    draw = lambda *size: np.round(rng.normal(size=size), 3)
    x = rng.integers(0, codes, (5, *shape)).astype(float) if codes else draw(5, *shape)
    y = draw(5)
    given = keras.Input(shape)
    inner = given
    for layer in layers:
        inner = of_keras(layer["kind"], {key: value for key, value in layer.items() if key != "kind"})(inner)
    model = keras.Model(given, keras.layers.Dense(1)(inner))
    weights = [np.round(0.7 * rng.normal(size=each.shape), 3) for each in model.trainable_variables]

    def loss(values):
        sums, _ = model.stateless_call(values, [each.value for each in model.non_trainable_variables], x)
        return ((sums[:, 0] - y) ** 2).mean(), sums

    (total, sums), gradient = jax.jit(jax.value_and_grad(loss, has_aux=True))([jax.numpy.asarray(each) for each in weights])
    flat = lambda arrays: np.concatenate([np.asarray(each).ravel() for each in arrays])
    return {
        "shape": shape, "layers": layers, "x": x.reshape(5, -1), "y": y, "weights": flat(weights),
        "sums": np.round(np.asarray(sums).ravel(), 8), "loss": round(float(total), 8), "gradient": np.round(flat(gradient), 7),
    }  # fmt: skip


@case("keras-layers", "neural")
def keras_layers():
    return {
        "lstm": network(1, [6, 3], [{"kind": "lstm", "units": 4, "returnSequences": True}, {"kind": "lstm", "units": 3}]),
        "lstm, both directions": network(2, [5, 2], [{"kind": "lstm", "units": 3, "returnSequences": True, "bidirectional": True}, {"kind": "lstm", "units": 2, "bidirectional": True}]),
        "gru": network(3, [6, 3], [{"kind": "gru", "units": 4, "returnSequences": True}, {"kind": "gru", "units": 3}]),
        "gru, both directions": network(4, [5, 2], [{"kind": "gru", "units": 3, "returnSequences": True, "bidirectional": True}, {"kind": "gru", "units": 2, "bidirectional": True}]),
        "embedding": network(5, [7], [{"kind": "embedding", "inputDim": 6, "outputDim": 3}, {"kind": "conv1d", "filters": 4, "kernelSize": 3, "activation": "relu"}, {"kind": "globalMaxPooling1d"}], codes=6),
        "embedding of single codes": network(6, [2], [{"kind": "embedding", "inputDim": 4, "outputDim": 3}, {"kind": "flatten"}, {"kind": "dense", "units": 3, "activation": "tanh"}], codes=4),
        "image": network(7, [7, 9, 2], [{"kind": "conv2d", "filters": 3, "kernelSize": [3, 2], "activation": "relu"}, {"kind": "maxPooling2d", "poolSize": 2}, {"kind": "conv2d", "filters": 4, "kernelSize": [2, 3], "padding": "valid", "activation": "tanh"}, {"kind": "globalAveragePooling2d"}]),
        "image, wide steps": network(8, [8, 11, 2], [{"kind": "conv2d", "filters": 3, "kernelSize": 3, "stride": [2, 1], "activation": "relu"}, {"kind": "conv2d", "filters": 9, "kernelSize": [1, 3], "stride": [1, 2], "activation": "relu"}, {"kind": "globalMaxPooling2d"}]),
        "image, pools that overlap": network(9, [6, 7, 3], [{"kind": "maxPooling2d", "poolSize": [3, 2], "stride": [1, 2], "padding": "same"}, {"kind": "conv2d", "filters": 2, "kernelSize": 2, "stride": 2}, {"kind": "averagePooling2d", "poolSize": [2, 1], "padding": "same"}, {"kind": "flatten"}]),
        "sequence, wide steps": network(10, [13, 2], [{"kind": "conv1d", "filters": 3, "kernelSize": 3, "activation": "relu"}, {"kind": "conv1d", "filters": 5, "kernelSize": 4, "stride": 3, "activation": "relu"}, {"kind": "globalAveragePooling1d"}]),
        "layer normalization": network(11, [6, 4], [{"kind": "layerNormalization"}, {"kind": "conv1d", "filters": 3, "kernelSize": 2, "activation": "elu"}, {"kind": "layerNormalization", "epsilon": 0.1}, {"kind": "flatten"}]),
    }  # fmt: skip
