import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';

function sources(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? sources(path) : name.endsWith('.ts') ? [path] : [];
  });
}

/** Code blocks tagged `ts` inside doc comments. */
function examplesOf(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  return [...text.matchAll(/^[ \t]*\* ```ts\n([\s\S]*?)^[ \t]*\* ```$/gm)].map(([, block = '']) =>
    block.replace(/^[ \t]*\* ?/gm, ''),
  );
}

/** Names that a package exports; an example may use those of its own package without importing them. */
function exportsOf(name: string): string[] {
  const index = readFileSync(join('packages', name, 'src', 'index.ts'), 'utf8');
  const lists = [...index.matchAll(/^export (?:type )?\{([\s\S]*?)\}/gm)].flatMap(([, list = '']) => list.split(','));
  return lists.map((entry) => entry.replace(/^\s*type /, '').trim()).filter((entry) => entry !== '');
}

function withImports(code: string, name: string, exported: readonly string[]): string {
  const imported = [...code.matchAll(/^import (?:type )?\{([^}]*)\}/gm)].flatMap(([, list = '']) =>
    list.split(/[\s,]+/),
  );
  const used = exported.filter((entry) => new RegExp(`\\b${entry}\\b`).test(code) && !imported.includes(entry));
  return used.length === 0 ? code : `import { ${used.join(', ')} } from '@rookery/${name}';\n${code}`;
}

const base = ts.readConfigFile('tsconfig.base.json', ts.sys.readFile).config as { compilerOptions: object };

describe('the examples of doc comments compile', () => {
  test.each(readdirSync('packages'))('%s', (name) => {
    const folder = join('packages', name, `.doc-examples-${process.pid}`);
    mkdirSync(folder, { recursive: true });
    const exported = exportsOf(name);
    try {
      const files = sources(join('packages', name, 'src')).flatMap((file) =>
        examplesOf(file).map((code, index) => {
          const path = join(folder, `${file.replaceAll(/[^a-z0-9]+/gi, '-')}-${index}.mts`);
          writeFileSync(path, `${withImports(code, name, exported)}\nexport {};\n`);
          return path;
        }),
      );
      const { options, errors } = ts.convertCompilerOptionsFromJson(
        {
          ...base.compilerOptions,
          noEmit: true,
          composite: false,
          declarationMap: false,
          isolatedDeclarations: false,
          noUnusedLocals: false,
          verbatimModuleSyntax: false,
          types: ['node'],
        },
        '.',
      );
      expect(errors).toEqual([]);
      const program = ts.createProgram(files, options);
      const problems = files.length === 0 ? [] : ts.getPreEmitDiagnostics(program);
      expect(
        problems.map(
          ({ file, messageText }) => `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`,
        ),
      ).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
