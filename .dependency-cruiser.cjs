/** The layers of the house: source imports only downwards. The table is the one of CONTRIBUTING.md. */
const below = {
  wire: [],
  keys: ['wire'],
  'keys-wasm': ['keys', 'wire'],
  'keys-native': ['keys', 'wire'],
  ecies: ['keys', 'wire'],
  posts: ['ecies', 'keys', 'wire'],
  chain: ['posts', 'ecies', 'keys', 'wire'],
  dht: ['posts', 'ecies', 'keys', 'wire'],
  swarm: ['posts', 'ecies', 'keys', 'wire'],
  peerster: [],
  whisper: ['keys', 'wire'],
  gossamer: ['keys', 'wire'],
  simnet: [],
  conformance: [],
};

const layers = Object.entries(below).map(([name, allowed]) => ({
  name: `layer-${name}`,
  comment: `${name} may import ${allowed.length ? allowed.join(', ') : 'no other package of ours'}`,
  severity: 'error',
  from: { path: `^packages/${name}/src/` },
  to: { path: '^packages/', pathNot: `^packages/(${[name, ...allowed].join('|')})/` },
}));

module.exports = {
  forbidden: [
    ...layers,
    {
      name: 'no-examples',
      comment: 'nothing imports an example but the example itself',
      severity: 'error',
      from: { path: '^(packages|spec)/' },
      to: { path: '^examples/' },
    },
    {
      name: 'no-node',
      comment: 'packages run in browsers; only keys-native and the command line of conformance may use Node',
      severity: 'error',
      from: { path: '^packages/[^/]+/src/', pathNot: '^packages/(keys-native/src/|conformance/src/cli/)' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'no-development-dependency',
      comment: 'source uses declared dependencies only; a declared peer is one',
      severity: 'error',
      from: { path: '^(packages|examples)/[^/]+/src/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'unknown', 'undetermined'], dependencyTypesNot: ['npm-peer'] },
    },
    {
      name: 'no-circular',
      comment: 'modules form no ring',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
  ],
  options: {
    doNotFollow: { path: '(node_modules|/dist/)' },
    exclude: { path: '(/dist/|/node_modules/\\.|^spec/vectors)' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'default'] },
  },
};
