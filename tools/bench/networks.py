"""The network of networks.mjs in PyTorch or Keras, on two threads: prints samples a second of the best of four epochs."""

import sys
import time

import numpy as np

rows, side = int(sys.argv[1]), sys.argv[2]
length, threads, batch = 2001, 2, 32
rng = np.random.default_rng(0)
label = np.arange(rows) % 3
size = 0.5 + rng.random(rows)
wave = (label + 1)[:, None] * 0.02 * np.arange(length)[None] + 6 * rng.random(rows)[:, None]
curve = (size[:, None] * np.sin(wave) + 0.1 * (rng.random((rows, length)) - 0.5)).astype("f4")
stars = rng.random((rows, 6)).astype("f4")
total = stars[:, :1] + stars[:, 1:2]


def torch_epochs():
    import torch
    from torch import nn

    torch.set_num_threads(threads)
    layers = []
    for before, filters, width in [(1, 16, 7), (16, 32, 5), (32, 64, 5)]:
        layers += [nn.Conv1d(before, filters, width, padding="same"), nn.ReLU(), nn.MaxPool1d(4)]
    shape = nn.Sequential(*layers, nn.Flatten(), nn.Linear(31 * 64, 64), nn.ReLU())
    both = nn.Sequential(nn.Linear(70, 64), nn.ReLU())
    heads = [nn.Linear(64, units) for units in (3, 1, 1)]
    optimizer = torch.optim.Adam([p for part in (shape, both, *heads) for p in part.parameters()], 1e-3)
    x, f = torch.tensor(curve)[:, None], torch.tensor(stars)
    y = torch.tensor(label), torch.tensor(size, dtype=torch.float32)[:, None], torch.tensor(total)
    for _ in range(4):
        begin = time.perf_counter()
        order = torch.randperm(rows)
        for at in range(0, rows, batch):
            i = order[at : at + batch]
            hidden = both(torch.cat([shape(x[i]), f[i]], 1))
            a, b, c = (head(hidden) for head in heads)
            loss = nn.functional.cross_entropy(a, y[0][i]) + ((b - y[1][i]) ** 2).mean() + ((c - y[2][i]) ** 2).mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        yield time.perf_counter() - begin


def keras_epochs():
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(threads)
    tf.config.threading.set_inter_op_parallelism_threads(threads)
    import keras
    from keras import layers

    x, f = keras.Input((length, 1)), keras.Input((6,))
    hidden = x
    for filters, width in [(16, 7), (32, 5), (64, 5)]:
        hidden = layers.MaxPooling1D(4)(layers.Conv1D(filters, width, padding="same", activation="relu")(hidden))
    hidden = layers.Dense(64, activation="relu")(layers.Flatten()(hidden))
    hidden = layers.Dense(64, activation="relu")(layers.Concatenate()([hidden, f]))
    heads = [layers.Dense(3, activation="softmax")(hidden), layers.Dense(1)(hidden), layers.Dense(1)(hidden)]
    model = keras.Model([x, f], heads)
    model.compile("adam", ["sparse_categorical_crossentropy", "mse", "mse"], jit_compile=False)
    for _ in range(4):
        begin = time.perf_counter()
        model.fit([curve[..., None], stars], [label, size, total], batch_size=batch, epochs=1, verbose=0)
        yield time.perf_counter() - begin


print(rows / min((torch_epochs if side == "torch" else keras_epochs)()))
