import { fieldOf, isJsonObject, type Json, type JsonObject, showJson } from './json.ts';
import { KIT_LIMITS } from './limits.ts';
import type { Refusal } from './vectors.ts';

/** Version of the driver protocol that this kit speaks. */
export const PROTOCOL_VERSION = 1;

/** What a driver says of itself (rule CONF-1). */
export interface Hello {
  readonly name: string;
  readonly version: string;
  readonly language: string;
  readonly homepage: string;
  readonly ops: readonly string[];
  readonly engines: readonly string[];
  readonly profiles: readonly string[];
}

/** One of the four answers of a driver (rule CONF-2). */
export type Answer =
  | { readonly kind: 'ok'; readonly ok: Json }
  | { readonly kind: 'reject'; readonly reject: Refusal }
  | { readonly kind: 'skip'; readonly reason: string; readonly issueUrl?: string }
  | { readonly kind: 'error'; readonly message: string };

/** An answer that was read, or a sentence that says why it is none. */
export type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly detail: string };

const HELLO_TEXTS = ['name', 'version', 'language', 'homepage'] as const;
const HELLO_LISTS = ['ops', 'engines', 'profiles'] as const;
const ANSWERS = ['ok', 'reject', 'skip', 'error'] as const;

/**
 * Reads the answer to `hello`: `{"seq":0,"hello":{…}}`, every field as the protocol lists it.
 * Not checked: whether the operations exist and the profiles are known.
 */
export function parseHello(answer: JsonObject): Parsed<Hello> {
  const hello = fieldOf(answer, 'hello');
  if (!isJsonObject(hello)) return wrong(`the answer to hello has no hello object: ${shown(answer)}`);
  for (const name of HELLO_TEXTS) {
    if (typeof fieldOf(hello, name) !== 'string') return wrong(`hello.${name} must be text`);
  }
  for (const name of HELLO_LISTS) {
    const list = fieldOf(hello, name);
    if (!Array.isArray(list) || !list.every((item) => typeof item === 'string')) {
      return wrong(`hello.${name} must be a list of texts`);
    }
  }
  return { ok: true, value: hello as unknown as Hello };
}

/**
 * Reads an answer: exactly one of `ok`, `reject`, `skip` and `error`, each of its shape. Further fields are no fault.
 * The same is stated by `spec/conformance/answer.schema.json`.
 */
export function parseAnswer(answer: JsonObject): Parsed<Answer> {
  const kinds = ANSWERS.filter((name) => Object.hasOwn(answer, name));
  const [kind] = kinds;
  if (kind === undefined) return wrong(`an answer without ok, reject, skip and error: ${shown(answer)}`);
  if (kinds.length > 1) return wrong(`an answer with ${kinds.join(' and ')} at once`);
  const content = fieldOf(answer, kind);
  if (!isJsonObject(content)) return wrong(`${kind} must be an object: ${shown(answer)}`);
  switch (kind) {
    case 'ok':
      return { ok: true, value: { kind, ok: content } };
    case 'reject':
      return parseReject(content);
    case 'skip':
      return parseSkip(content);
    case 'error': {
      const message = fieldOf(content, 'message');
      if (typeof message !== 'string') return wrong('error.message must be text');
      return { ok: true, value: { kind, message } };
    }
  }
}

function parseReject(content: JsonObject): Parsed<Answer> {
  const code = fieldOf(content, 'code');
  const penalty = fieldOf(content, 'penalty');
  if (typeof code !== 'string' || code === '') return wrong('reject.code must be a code');
  if (penalty === undefined) return { ok: true, value: { kind: 'reject', reject: { code } } };
  if (!Number.isSafeInteger(penalty)) return wrong('reject.penalty must be an integer');
  return { ok: true, value: { kind: 'reject', reject: { code, penalty: penalty as number } } };
}

function parseSkip(content: JsonObject): Parsed<Answer> {
  const reason = fieldOf(content, 'reason');
  const issueUrl = fieldOf(content, 'issueUrl');
  if (typeof reason !== 'string') return wrong('skip.reason must be text');
  if (issueUrl === undefined) return { ok: true, value: { kind: 'skip', reason } };
  if (typeof issueUrl !== 'string') return wrong('skip.issueUrl must be text');
  return { ok: true, value: { kind: 'skip', reason, issueUrl } };
}

function wrong(detail: string): { readonly ok: false; readonly detail: string } {
  return { ok: false, detail };
}

function shown(value: Json): string {
  return showJson(value, KIT_LIMITS.shownCharacters);
}
