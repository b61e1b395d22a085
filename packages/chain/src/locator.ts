/**
 * The heights of a locator (CHAIN-66): the tip and `recent` blocks below it, then steps of 2, 4, 8 …, and at the end the
 * first block, as deployed nodes write it even where it stands there already.
 */
export function locatorHeights(tip: number, recent: number): number[] {
  const heights: number[] = [];
  let step = 1;
  for (let height = tip; height >= 0; ) {
    heights.push(height);
    height -= step;
    if (heights.length > recent) step *= 2;
  }
  heights.push(0);
  return heights;
}
