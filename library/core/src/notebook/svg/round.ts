/** A pixel to a tenth, an opacity to a hundredth: pictures stay small. */
export function round(value: number): number {
  return Math.abs(value) < 1.5 ? Math.round(value * 100) / 100 : Math.round(value * 10) / 10;
}
