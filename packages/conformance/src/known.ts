import { fieldOf, isJsonList, isJsonObject, type Json } from './json.ts';
import type { KnownFailure } from './plan.ts';
import type { Parsed } from './protocol.ts';

/**
 * Reads a list of known failures: `{"known":[{"id":"…","reason":"…"},…]}`, one reason each, no id twice (rule CONF-9).
 * Further fields, such as a link to an issue, are left alone. Not checked: whether the cases exist.
 */
export function parseKnown(content: Json): Parsed<readonly KnownFailure[]> {
  const list = isJsonObject(content) ? fieldOf(content, 'known') : undefined;
  if (!isJsonList(list)) return { ok: false, detail: 'the known failures must be an object with a list named known' };
  const known = new Map<string, KnownFailure>();
  for (const [index, entry] of list.entries()) {
    const id = isJsonObject(entry) ? fieldOf(entry, 'id') : undefined;
    const reason = isJsonObject(entry) ? fieldOf(entry, 'reason') : undefined;
    if (typeof id !== 'string' || id === '') return { ok: false, detail: `known failure ${index} has no id` };
    if (typeof reason !== 'string' || reason.trim() === '') {
      return { ok: false, detail: `the known failure ${id} needs a reason` };
    }
    if (known.has(id)) return { ok: false, detail: `the known failure ${id} is listed twice` };
    known.set(id, { id, reason });
  }
  return { ok: true, value: [...known.values()] };
}
