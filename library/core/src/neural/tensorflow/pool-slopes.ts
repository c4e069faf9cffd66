import type { TensorFlow } from "./backend.ts";

/** Attributes of pooling in two directions. */
export interface PoolAttributes {
  readonly filterSize: [number, number];
  readonly strides: [number, number];
  readonly pad: "same" | "valid";
  readonly dimRoundingMode?: "floor" | "round" | "ceil";
}

/** The gradient of average pooling (n × height × width × channels): each window's slope is shared by those of its places that lie within the image. */
export function spreadMeans(
  tf: TensorFlow,
  shape: readonly number[],
  attributes: PoolAttributes,
  slopes: Float32Array,
  out: Float32Array,
): void {
  const { filterSize, strides, pad, dimRoundingMode } = attributes;
  const pool = tf.backend_util.computePool2DInfo(
    shape as [number, number, number, number],
    filterSize,
    strides,
    1,
    pad,
    dimRoundingMode,
  );
  const { batchSize, inHeight, inWidth, outHeight, outWidth, inChannels: channels, padInfo } = pool;
  out.fill(0);
  for (let n = 0, from = 0; n < batchSize; n++)
    for (let i = 0; i < outHeight; i++)
      for (let j = 0; j < outWidth; j++, from += channels) {
        const [top, left] = [i * pool.strideHeight - padInfo.top, j * pool.strideWidth - padInfo.left];
        const [first, last] = [Math.max(0, top), Math.min(top + pool.filterHeight, inHeight)];
        const [begin, end] = [Math.max(0, left), Math.min(left + pool.filterWidth, inWidth)];
        const share = 1 / ((last - first) * (end - begin));
        for (let row = first; row < last; row++)
          for (
            let column = begin, to = ((n * inHeight + row) * inWidth + begin) * channels;
            column < end;
            column++, to += channels
          )
            for (let c = 0; c < channels; c++) out[to + c]! += share * slopes[from + c]!;
      }
}
