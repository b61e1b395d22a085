/** A loader hook that changes one place in one module. */
let fault;

export function initialize(data) {
  fault = data;
}

export async function load(url, context, nextLoad) {
  const loaded = await nextLoad(url, context);
  if (url !== fault?.url) return loaded;
  const source = String(typeof loaded.source === 'string' ? loaded.source : Buffer.from(loaded.source));
  const parts = source.split(fault.find);
  if (parts.length !== 2) throw new Error(`the seeded fault fits ${parts.length - 1} places of ${url}`);
  return { ...loaded, source: parts.join(fault.replace) };
}
