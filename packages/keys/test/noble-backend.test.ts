import { describe, expect, it } from 'vitest';
import { createNobleBackend, defaultBackend } from '../src/index.ts';
import { describeBackend } from './backend-laws.ts';

describeBackend('noble', () => createNobleBackend());
describeBackend('noble without tables', () => createNobleBackend({ tables: 0 }));

describe('default backend', () => {
  it('is one and the same', () => {
    expect(defaultBackend()).toBe(defaultBackend());
  });

  it.each([{ tables: -1 }, { tables: 1.5 }, { sightings: 0 }, { window: 1 }, { window: 9 }])(
    'refuses %o',
    (options) => {
      expect(() => createNobleBackend(options)).toThrow(RangeError);
    },
  );
});
