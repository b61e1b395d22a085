/** A block that the rules pin down by its height. */
export interface Checkpoint {
  readonly height: number;
  /** Block id as it is printed: 64 hexadecimal digits, byte-reversed against the wire. */
  readonly printedId: string;
}

/** The hard checkpoints of the main network, by rising height (CHAIN-37). */
export const MAIN_CHECKPOINTS: readonly Checkpoint[] = [
  { height: 121, printedId: 'cfdd9b4eb621c93163af7b730b3590b7a90c3d5e233569d76a1c0363527c92ae' },
  { height: 13081, printedId: '5125dc1f6a3b8f1c463baf3e078d8af9f1b35aa4b34fb441e3a7ee391f8727c6' },
  { height: 18000, printedId: 'a3cab01c0e3e9b17b2a63b3cc93d258112f5ad753df1df7bd45e37a5c60814a9' },
  { height: 18050, printedId: 'ef0d4c9e318a952dd45fcb1c867996df309a0fb586811479c08cf18a176a8864' },
  { height: 18973, printedId: '5f3f60fec53ac03434907ca980b5349875822794a4a0b50b78bcf0411d0c95fe' },
  { height: 20200, printedId: '31f84d32e843baa1fd73b0013466c206ad8a783aaaeab61219bcea2475e1d05d' },
  { height: 20988, printedId: '8e022eb85240176a82bac5e9ba5ad7bd05cb43f2073e08c462b1ba1ac012ba42' },
  { height: 24500, printedId: '04a001c98e63b2c1bf3c24d6459f7de2cdfeb37d6cb960e95d9e2b1792748490' },
  { height: 55450, printedId: '5af4c59d0b14183375dc003df956f666e0b20c73e5879f918f5e8fff179e2563' },
];

/** The one of testnet; it is a block of Bitcoin's testnet, so no chain of twister's can reach it (CHAIN-37). */
export const TESTNET_CHECKPOINTS: readonly Checkpoint[] = [
  { height: 546, printedId: '000000002a936ca763904c3c35fce2f3556c559c0214345d31b1bcebf76acb70' },
];
