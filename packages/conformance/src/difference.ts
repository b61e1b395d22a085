import { fieldOf, isJsonList, isJsonObject, type Json, showJson } from './json.ts';
import { KIT_LIMITS } from './limits.ts';

/**
 * Where an actual value differs from an expected one, as sentences such as `at value.d[0]: expected 1, got 2`; empty if it fits.
 * An object may have more fields than expected, at any depth; a list must have as many elements. Numbers and texts must be equal:
 * `5` is not `"5"`. Stops after `most` differences.
 */
export function differencesOf(
  expected: Json,
  actual: Json | undefined,
  most: number = KIT_LIMITS.shownDifferences,
): string[] {
  const found: string[] = [];
  compare('', expected, actual, found, most);
  return found;
}

function compare(path: string, expected: Json, actual: Json | undefined, found: string[], most: number): void {
  if (found.length >= most) return;
  if (isJsonList(expected) && isJsonList(actual)) {
    if (expected.length !== actual.length) {
      found.push(`${at(path)}expected ${expected.length} elements, got ${actual.length}`);
    }
    const shared = Math.min(expected.length, actual.length);
    for (let index = 0; index < shared; index += 1) {
      compare(`${path}[${index}]`, expected[index]!, actual[index], found, most);
    }
    return;
  }
  if (isJsonObject(expected) && isJsonObject(actual)) {
    for (const [name, value] of Object.entries(expected)) {
      compare(path === '' ? name : `${path}.${name}`, value, fieldOf(actual, name), found, most);
    }
    return;
  }
  if (expected !== actual) {
    const characters = KIT_LIMITS.shownCharacters;
    found.push(`${at(path)}expected ${showJson(expected, characters)}, got ${showJson(actual, characters)}`);
  }
}

function at(path: string): string {
  return path === '' ? '' : `at ${path}: `;
}
