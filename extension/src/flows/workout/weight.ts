/** A load with at most two decimals. */
export function formatLoad(load: number): string {
  return String(Number(load.toFixed(2)));
}

/** A load with its unit. */
export function formatWeight(load: number, unit: string): string {
  return `${formatLoad(load)} ${unit}`;
}

/** A change of a load with its sign. */
export function formatChange(change: number): string {
  const size = formatLoad(Math.abs(change));
  return size === "0" ? "±0" : `${change > 0 ? "+" : "−"}${size}`;
}

/** A change of an error with its sign, always to two decimals. */
export function formatGain(gain: number): string {
  return `${gain < 0 ? "−" : "+"}${Math.abs(gain).toFixed(2)}`;
}

/** A share in percent. */
export function formatShare(share: number, digits = 0): string {
  return `${(100 * share).toFixed(digits).replace("-", "−")} %`;
}

/** What is reckoned and no load of plates, as the end of an interval: at most one decimal. */
export function formatReckoned(load: number): string {
  return String(Number(load.toFixed(1)));
}
