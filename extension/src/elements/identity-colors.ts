/** Twelve hues that stand out from light and from dark ground alike (3 : 1 and more), each with a light and a deep tone. */
const tones = [
  // a hue a column: 30° apart in OKLCH, neighbours of unequal lightness
  "#eb4848 #b65d01 #af8301 #778101 #07a72e #028d75 #039daa #0083b6 #4f81fe #8556e0 #c455cc #cb317f",
  "#ff958e #ff8506 #e5ae0d #a8b60a #51d75e #0dc6a6 #0dcfdf #07b8fe #95b6fe #b296ff #f584fd #ff74b0",
  "#ac011a #7e3f02 #735601 #515803 #046f1c #036150 #016770 #045a7e #214bc9 #5f28b2 #8e1a96 #960157",
].map((row) => row.split(" "));

/** Colours that an id alone can have. */
export const identityColors: readonly string[] = tones[0]!;

/** The colour of a run or a study, by its id: the same in every list and figure, on every day. */
export function colorOf(id: string): string {
  return identityColors[hueOf(id)]!;
}

/**
 * The colours of those that one figure shows. Each has its own hue; where several share one, the second is drawn in its light tone and the third in its
 * deep one, so that three at least stay apart.
 */
export function colorsOf(ids: readonly string[]): ReadonlyMap<string, string> {
  const taken = new Map<number, number>();
  return new Map(
    [...new Set(ids)].map((id) => {
      const hue = hueOf(id);
      const before = taken.get(hue) ?? 0;
      taken.set(hue, before + 1);
      return [id, tones[before % tones.length]![hue]!];
    }),
  );
}

/** FNV-1a over the id: ids that follow each other in time lie apart. */
function hueOf(id: string): number {
  let hash = 0x811c9dc5;
  for (let k = 0; k < id.length; k++) hash = Math.imul(hash ^ id.charCodeAt(k), 0x01000193);
  return ((hash ^ (hash >>> 15)) >>> 0) % identityColors.length;
}
