import { type BencodeKind, type BencodeNode, reject, type Verdict } from '@rookery/wire';
import type { PostCode } from './codes.ts';

/** The known fields of a `userpost`, each of its kind; read once, since every rule asks for some. */
export interface PostFields {
  readonly n: BencodeNode;
  readonly k: BencodeNode;
  readonly height: BencodeNode;
  readonly time: BencodeNode | undefined;
  readonly msg: BencodeNode | undefined;
  readonly msg2: BencodeNode | undefined;
  readonly lastk: BencodeNode | undefined;
  readonly reply: BencodeNode | undefined;
  readonly rt: BencodeNode | undefined;
  readonly sig_rt: BencodeNode | undefined;
  readonly fav: BencodeNode | undefined;
  readonly sig_fav: BencodeNode | undefined;
  readonly dm: BencodeNode | undefined;
  readonly pfav: BencodeNode | undefined;
}

/**
 * Reads the known fields of a `userpost`.
 * Refuses with `wrong-type` where one is of another kind and with `missing-field` where `n`, `k` or `height` is absent.
 * Rules POST-4 and POST-3, canonical.
 */
export function readFields(userpost: BencodeNode): Verdict<PostCode, { readonly fields: PostFields }> {
  let misfit: string | undefined;
  // No key stands twice, so once all entries are found nothing is left to look for: common keys first.
  let left = userpost.size;
  const take = (key: string, kind: BencodeKind): BencodeNode | undefined => {
    if (left === 0) return undefined;
    const value = userpost.get(key);
    if (value === undefined) return undefined;
    left -= 1;
    if (value.kind !== kind) misfit ??= key;
    return value;
  };
  const n = take('n', 'bytes');
  const k = take('k', 'integer');
  const height = take('height', 'integer');
  const time = take('time', 'integer');
  const msg = take('msg', 'bytes');
  const lastk = take('lastk', 'integer');
  const msg2 = take('msg2', 'bytes');
  const reply = take('reply', 'dict');
  const rt = take('rt', 'dict');
  const sig_rt = take('sig_rt', 'bytes');
  const dm = take('dm', 'dict');
  const fav = take('fav', 'dict');
  const sig_fav = take('sig_fav', 'bytes');
  const pfav = take('pfav', 'dict');
  take('url', 'bytes');
  take('mimetype', 'bytes');
  if (misfit !== undefined) return reject('wrong-type', `${misfit} has a value of another type`);
  if (n === undefined || k === undefined || height === undefined) {
    return reject('missing-field', 'userpost lacks n, k or height');
  }
  const fields = { n, k, height, time, msg, msg2, lastk, reply, rt, sig_rt, fav, sig_fav, dm, pfav };
  return { ok: true, fields };
}
