/**
 * Delta debugging, after Zeller and Hildebrandt (2002): takes parts away from a list that fails, large ones first, for as
 * long as what is left still fails. The result fails, and no single item can be taken from it, unless `fails` says no
 * because a budget is spent. Only complements are tried: of what a bug needs, little lies close together. Parts are taken
 * from the end first, as later items need earlier ones.
 */
export function ddmin<T>(items: readonly T[], fails: (part: readonly T[]) => boolean): readonly T[] {
  if (items.length === 0 || fails([])) return [];
  let rest = items;
  let size = Math.ceil(rest.length / 2);
  for (;;) {
    const before = rest.length;
    for (let end = rest.length; end > 0; end -= size) {
      const start = Math.max(0, end - size);
      if (end - start === rest.length) continue;
      const part = [...rest.slice(0, start), ...rest.slice(end)];
      if (fails(part)) rest = part;
    }
    if (size > 1) size = Math.ceil(Math.min(size, rest.length) / 2);
    else if (rest.length === before) return rest;
  }
}
