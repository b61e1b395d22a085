import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Problem } from '../codes.ts';
import { isJsonObject, type Json } from '../json.ts';
import { type PlannedCase, planOf, type VectorFile } from '../plan.ts';
import { compileSchemas, readVectors } from '../schemas.ts';
import type { Rule } from '../vectors.ts';
import { CommandError } from './failure.ts';

/** The folder of the package, from `dist/cli/` as well as from `src/cli/`. */
const PACKAGE = fileURLToPath(new URL('../../', import.meta.url));

/** What the kit brings along: in the repository `spec/`, in the tarball `data/`, with the same folders in both. */
const BUNDLED: readonly string[] = [join(PACKAGE, '..', '..', 'spec'), join(PACKAGE, 'data')];

/** Everything that the commands read. */
export interface Data {
  readonly plan: readonly PlannedCase[];
  readonly files: readonly VectorFile[];
  readonly problems: readonly Problem[];
}

/** Reads the vectors of a folder, or the bundled ones, and checks them against the schemas. */
export function loadData(folder: string | undefined): Data {
  const root = bundle();
  const schemas = readdirSync(join(root, 'conformance'))
    .filter((name) => name.endsWith('.schema.json'))
    .sort()
    .map((name) => readJson(join(root, 'conformance', name)));
  const base = folder ?? join(root, 'vectors');
  if (!existsSync(base) || !statSync(base).isDirectory()) throw new CommandError(`there is no folder ${base}`);
  const found: { readonly path: string; readonly content: Json }[] = [];
  const unread: Problem[] = [];
  for (const file of jsonFilesBelow(base)) {
    const path = relative(base, file).split(sep).join('/');
    try {
      found.push({ path, content: readJson(file) });
    } catch (error) {
      unread.push({ code: 'unread-vectors', detail: (error as Error).message });
    }
  }
  const { files, problems } = readVectors(found, compileSchemas(schemas));
  return { plan: planOf(files), files, problems: [...unread, ...problems] };
}

/** The rules of the specification. */
export function loadRules(): readonly Rule[] {
  const content = readJson(join(bundle(), 'conformance', 'rules.json'));
  return (content as unknown as { readonly rules: readonly Rule[] }).rules;
}

/** The text of a rule as its page states it, from its heading to the next. */
export function loadRuleText({ id, page }: Rule): string {
  const text = readText(join(bundle(), page));
  const [, found = ''] = text.split(new RegExp(`^(?=### ${id} )`, 'm'));
  const [rule = ''] = found.split(/\n(?=#{1,3} )/);
  return `${rule.trimEnd()}\n`;
}

/** The text of a skeleton driver. */
export function loadSkeleton(name: string): string {
  return readText(join(PACKAGE, 'skeletons', name));
}

/** Version of the package. */
export function packageVersion(): string {
  const manifest = readJson(join(PACKAGE, 'package.json'));
  return isJsonObject(manifest) ? String(manifest.version) : '';
}

/** Reads a file of JSON; what goes wrong is one sentence. */
export function readJson(file: string): Json {
  const text = readText(file);
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    throw new CommandError(`${file} is no JSON: ${(error as Error).message}`);
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new CommandError(`${file} cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'unknown error'}`);
  }
}

function bundle(): string {
  const found = BUNDLED.find((root) => existsSync(join(root, 'conformance', 'vectors.schema.json')));
  if (found === undefined) throw new CommandError('the vectors that belong to this package are missing');
  return found;
}

/** `captured/` holds what the vectors of the repository are made from, in other formats. */
function jsonFilesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return entry.name === 'captured' ? [] : jsonFilesBelow(path);
      return entry.name.endsWith('.json') ? [path] : [];
    });
}
