import { expect, test } from 'vitest';
import { isAcceptedName, isName, nameBytes } from '../src/index.ts';
import { captured, unhex } from './captured.ts';

interface SyntaxCase {
  readonly destination_hex: string;
  readonly ok: boolean;
  readonly reject_in_new: boolean;
}

const { cases } = captured<{ cases: SyntaxCase[] }>('name_syntax');

test.each(cases)('$destination_hex passes where the original lets it pass (PEERSTER-9)', (listed) => {
  const bytes = unhex(listed.destination_hex);
  expect(isAcceptedName(bytes, 'compat')).toBe(listed.ok);
  expect(isAcceptedName(bytes, 'strict')).toBe(listed.ok && !listed.reject_in_new);
  expect(isName(bytes)).toBe(listed.ok && !listed.reject_in_new);
});

test('compat reads padding as RFC 4648 has it and no other way', () => {
  const passes = (text: string) => isAcceptedName(nameBytes(text), 'compat');
  expect(passes('aaaaaaaaaaaaaa==')).toBe(false);
  expect(passes('aaaaaaaaaaaaa===')).toBe(true);
  expect(passes('aaaaaaaaaaaa====')).toBe(true);
  expect(passes('aaaaaaaaaaa=====')).toBe(false);
  expect(passes('aaaaaaaaaa======')).toBe(true);
  expect(passes('aaaaaaaaa=======')).toBe(false);
  expect(passes('aaaaaaaa========')).toBe(false);
  expect(passes('aaaaaaa=aaaaaaaa')).toBe(false);
  expect(passes('aaaaaaaaaaaaaaa\n')).toBe(false);
});

test('compat folds the two letters beyond ASCII that have ASCII capitals', () => {
  const dotless = unhex('c4b1'.repeat(8));
  expect(isAcceptedName(dotless, 'compat')).toBe(true);
  expect(isAcceptedName(unhex('c3a4'.repeat(8)), 'compat')).toBe(false);
  expect(isAcceptedName(unhex(`${'c4b1'.repeat(7)}c461`), 'compat')).toBe(false);
});

test('a name of ours is ASCII', () => {
  expect(() => nameBytes('ſſſſſſſſ')).toThrow(TypeError);
});
