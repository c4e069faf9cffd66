/** Turns each row of scores (n × k, row-major) into probabilities, in place, without overflow. */
export function softmaxRows(data: Float64Array, columns: number): void {
  for (let row = 0; row < data.length; row += columns) {
    let top = -Infinity;
    for (let k = 0; k < columns; k++) if (data[row + k]! > top) top = data[row + k]!;
    let sum = 0;
    for (let k = 0; k < columns; k++) {
      data[row + k] = Math.exp(data[row + k]! - top);
      sum += data[row + k]!;
    }
    for (let k = 0; k < columns; k++) data[row + k]! /= sum;
  }
}
