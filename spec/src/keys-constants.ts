/** Values that were computed apart from our packages, for the suite `keys`. */

/** What deployed nodes recover from one pair of numbers, the message being `edge`. */
export interface Recovery {
  readonly name: string;
  readonly comment: string;
  readonly r: string;
  readonly s: string;
  readonly recovery: number;
  /** The compressed key; undefined where there is none. */
  readonly publicKey?: string;
}

/** `edge` in ASCII. */
export const RECOVERY_MESSAGE = '65646765';

/**
 * Computed with OpenSSL 3 by the calls that deployed nodes make: EC_POINT_set_compressed_coordinates, BN_mod_inverse,
 * BN_mod_mul, EC_POINT_mul, without any check of range.
 */
export const RECOVERIES: readonly Recovery[] = [
  {
    name: 'plain-0',
    comment: 'r is the x of a point',
    r: '454349e422f05297191ead13e21d3db520e5abef52055e4964b82fb213f593a4',
    s: '043a718774c572bd8a25adbeb1bfcd5c0256ae11cecf9f9c3f925d0e52beaf89',
    recovery: 0,
    publicKey: '02532f4f774fd2fa350ece27e3ca43ea6fcede02e4d6c2550cb4897f49ee411438',
  },
  {
    name: 'plain-1',
    comment: 'the other parity gives another key',
    r: '454349e422f05297191ead13e21d3db520e5abef52055e4964b82fb213f593a4',
    s: '043a718774c572bd8a25adbeb1bfcd5c0256ae11cecf9f9c3f925d0e52beaf89',
    recovery: 1,
    publicKey: '031751412d878a3e54ca9ca3486ae6f2a4fd80968a3eb05e25ffd09ea35609a5e8',
  },
  {
    name: 'plain-2',
    comment: 'r + n is at or above p',
    r: '454349e422f05297191ead13e21d3db520e5abef52055e4964b82fb213f593a4',
    s: '043a718774c572bd8a25adbeb1bfcd5c0256ae11cecf9f9c3f925d0e52beaf89',
    recovery: 2,
  },
  {
    name: 'high-s',
    comment: 's above n/2 is accepted',
    r: '454349e422f05297191ead13e21d3db520e5abef52055e4964b82fb213f593a4',
    s: 'fbc58e788b3a8d4275da52414e4032a2b8582ed4e079009f8040017e7d7791b8',
    recovery: 0,
    publicKey: '031751412d878a3e54ca9ca3486ae6f2a4fd80968a3eb05e25ffd09ea35609a5e8',
  },
  {
    name: 's-over-n',
    comment: 's = n + 5 counts as 5',
    r: '454349e422f05297191ead13e21d3db520e5abef52055e4964b82fb213f593a4',
    s: 'fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364146',
    recovery: 0,
    publicKey: '034c6d8247aabf543775f8ab31c3fa8a403ab11e73cabe2f754abe4de115a59c86',
  },
  {
    name: 's-five',
    comment: 'a small s',
    r: '454349e422f05297191ead13e21d3db520e5abef52055e4964b82fb213f593a4',
    s: '0000000000000000000000000000000000000000000000000000000000000005',
    recovery: 0,
    publicKey: '034c6d8247aabf543775f8ab31c3fa8a403ab11e73cabe2f754abe4de115a59c86',
  },
  {
    name: 's-top',
    comment: 'the greatest s that fits',
    r: '454349e422f05297191ead13e21d3db520e5abef52055e4964b82fb213f593a4',
    s: 'ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
    recovery: 1,
    publicKey: '0288692a3837b7c3e866f80fd04f7d30c2b050b8543036089196de790e746a5dec',
  },
  {
    name: 's-zero',
    comment: 's = 0 gives a key all the same',
    r: '454349e422f05297191ead13e21d3db520e5abef52055e4964b82fb213f593a4',
    s: '0000000000000000000000000000000000000000000000000000000000000000',
    recovery: 0,
    publicKey: '03fe7e6a33dfd1524389b01e27e48a5a592402e14758ec273463f8e7d10ee6e0ca',
  },
  {
    name: 's-n',
    comment: 's = n counts as 0',
    r: '454349e422f05297191ead13e21d3db520e5abef52055e4964b82fb213f593a4',
    s: 'fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141',
    recovery: 1,
    publicKey: '03fe7e6a33dfd1524389b01e27e48a5a592402e14758ec273463f8e7d10ee6e0ca',
  },
  {
    name: 's-zero-no-point',
    comment: 's = 0, but r is the x of no point',
    r: '454349e422f05297191ead13e21d3db520e5abef52055e4964b82fb213f593a8',
    s: '0000000000000000000000000000000000000000000000000000000000000000',
    recovery: 0,
  },
  {
    name: 'r-over-n-0',
    comment: 'r = n + 2 is taken as x and reduced elsewhere',
    r: 'fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364143',
    s: '043a718774c572bd8a25adbeb1bfcd5c0256ae11cecf9f9c3f925d0e52beaf89',
    recovery: 0,
    publicKey: '03c1b57e13ce0fab6ad6bcff048b7ed1b53c65d0ab7ddae26a9817c01dca176eb7',
  },
  {
    name: 'r-over-n-1',
    comment: 'r above n, the other parity',
    r: 'fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364143',
    s: '043a718774c572bd8a25adbeb1bfcd5c0256ae11cecf9f9c3f925d0e52beaf89',
    recovery: 1,
    publicKey: '02fb5504a4c055247ef89107d7ad018d1b9412d3df84f5b9ec291686c59edf2beb',
  },
  {
    name: 'r-over-n-2',
    comment: 'r above n has no second x',
    r: 'fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364143',
    s: '043a718774c572bd8a25adbeb1bfcd5c0256ae11cecf9f9c3f925d0e52beaf89',
    recovery: 2,
  },
  {
    name: 'r-over-n-s-zero',
    comment: 'r above n and s = 0',
    r: 'fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364143',
    s: '0000000000000000000000000000000000000000000000000000000000000000',
    recovery: 0,
    publicKey: '0321cf0d78fa11aca21eb71a2c57ad3175ba1ac6fc991c51a32e2928e67dce8e9c',
  },
  {
    name: 'r-second-x',
    comment: 'a small r with x = r + n',
    r: '0000000000000000000000000000000000000000000000000000000000000002',
    s: '043a718774c572bd8a25adbeb1bfcd5c0256ae11cecf9f9c3f925d0e52beaf89',
    recovery: 2,
    publicKey: '03c1b57e13ce0fab6ad6bcff048b7ed1b53c65d0ab7ddae26a9817c01dca176eb7',
  },
  {
    name: 'r-second-x-none',
    comment: 'r + n is the x of no point',
    r: '0000000000000000000000000000000000000000000000000000000000000001',
    s: '043a718774c572bd8a25adbeb1bfcd5c0256ae11cecf9f9c3f925d0e52beaf89',
    recovery: 2,
  },
  {
    name: 'r-small',
    comment: 'a small r',
    r: '0000000000000000000000000000000000000000000000000000000000000001',
    s: '043a718774c572bd8a25adbeb1bfcd5c0256ae11cecf9f9c3f925d0e52beaf89',
    recovery: 0,
    publicKey: '0243f7d522616da923524eb20841425f4bfc7ffa9b87b4622f0f5f52447f49309a',
  },
  {
    name: 'r-zero',
    comment: 'r = 0 has no inverse',
    r: '0000000000000000000000000000000000000000000000000000000000000000',
    s: '043a718774c572bd8a25adbeb1bfcd5c0256ae11cecf9f9c3f925d0e52beaf89',
    recovery: 0,
  },
  {
    name: 'r-zero-2',
    comment: 'r = 0 with x = n has no inverse either',
    r: '0000000000000000000000000000000000000000000000000000000000000000',
    s: '043a718774c572bd8a25adbeb1bfcd5c0256ae11cecf9f9c3f925d0e52beaf89',
    recovery: 2,
  },
  {
    name: 'r-n',
    comment: 'r = n has no inverse',
    r: 'fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141',
    s: '043a718774c572bd8a25adbeb1bfcd5c0256ae11cecf9f9c3f925d0e52beaf89',
    recovery: 0,
  },
  {
    name: 'r-p',
    comment: 'r = p is no x',
    r: 'fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f',
    s: '043a718774c572bd8a25adbeb1bfcd5c0256ae11cecf9f9c3f925d0e52beaf89',
    recovery: 0,
  },
  {
    name: 'r-p-1',
    comment: 'p - 1 is the x of no point',
    r: 'fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2e',
    s: '043a718774c572bd8a25adbeb1bfcd5c0256ae11cecf9f9c3f925d0e52beaf89',
    recovery: 0,
  },
  {
    name: 'r-top',
    comment: 'the greatest r that fits is no x',
    r: 'ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
    s: '043a718774c572bd8a25adbeb1bfcd5c0256ae11cecf9f9c3f925d0e52beaf89',
    recovery: 0,
  },
  {
    name: 'r-no-point',
    comment: 'r is the x of no point',
    r: '454349e422f05297191ead13e21d3db520e5abef52055e4964b82fb213f593a8',
    s: '043a718774c572bd8a25adbeb1bfcd5c0256ae11cecf9f9c3f925d0e52beaf89',
    recovery: 0,
  },
  {
    name: 'r-last-x',
    comment: 'the greatest x of a point',
    r: 'fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2c',
    s: '043a718774c572bd8a25adbeb1bfcd5c0256ae11cecf9f9c3f925d0e52beaf89',
    recovery: 1,
    publicKey: '021a6a71419dad82db03b48e0d9420407b042f5ae4bb297f364d2114058e623060',
  },
];

/** A deterministic signature: RFC 6979 with SHA-256 over the message digest of KEY-5, low s. */
export interface DeterministicSignature {
  readonly name: string;
  readonly secret: string;
  readonly compressed: boolean;
  readonly message: string;
  readonly signature: string;
}

/** Computed with a plain implementation of RFC 6979 and affine curve arithmetic in Python. */
export const SIGNATURES: readonly DeterministicSignature[] = [
  {
    name: 'sentence',
    secret: '2378e67dc6c2c78858b014f0d327ccbbc5779f7772692da9cc7678081fd8c2ab',
    compressed: true,
    message: '54686520717569636b2062726f776e20666f78206a756d7073206f76657220746865206c617a7920646f67',
    signature:
      '2013ca8e39c9e9da9d3cb576fadb271d559d077fc62e90a31cabde879fbc26939071a1cf5338c0217522df3754d5babfe504d37afe43a2f85e768850ed135b91e1',
  },
  {
    name: 'sentence-uncompressed',
    secret: '2378e67dc6c2c78858b014f0d327ccbbc5779f7772692da9cc7678081fd8c2ab',
    compressed: false,
    message: '54686520717569636b2062726f776e20666f78206a756d7073206f76657220746865206c617a7920646f67',
    signature:
      '1c13ca8e39c9e9da9d3cb576fadb271d559d077fc62e90a31cabde879fbc26939071a1cf5338c0217522df3754d5babfe504d37afe43a2f85e768850ed135b91e1',
  },
  {
    name: 'empty',
    secret: '0000000000000000000000000000000000000000000000000000000000000001',
    compressed: true,
    message: '',
    signature:
      '207bcd7db4174bac6b533648eac0b87c35b632fb7ab560f19555d46f6c6480e27820420a7f25f974ab6c1a245c9cd468a4a40ec5673584e6b9cb6f6f5b050c8394',
  },
  {
    name: 'greatest-secret',
    secret: 'fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364140',
    compressed: true,
    message: '68656c6c6f',
    signature:
      '1ff18680d418272d54748ca971a42f6ff190508459344cd1029eb9f6102002dcac51631a73e9e3db2fa2687a3775f6a9498467f2ccf064e56110d2ab6e912852cd',
  },
  {
    name: 'long-uncompressed',
    secret: '0000000000000000000000000000000000000000000000000000000000000002',
    compressed: false,
    message:
      '000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f404142434445464748494a4b4c4d4e4f505152535455565758595a5b5c5d5e5f606162636465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9fa0a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3b4b5b6b7b8b9babbbcbdbebfc0c1c2c3c4c5c6c7c8c9cacbcccdcecfd0d1d2d3d4d5d6d7d8d9dadbdcdddedfe0e1e2e3e4e5e6e7e8e9eaebecedeeeff0f1f2f3f4f5f6f7f8f9fafbfcfdfeff0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000',
    signature:
      '1cd4a1a2a5827d4bd0361a4f0c843bf4206e518762e73435eeb96deca28863929c3471f9e5931fd3a198c7cbce063d8d12ecfe655a1265a81b36f281240ae9c03a',
  },
  {
    name: 'length-252',
    secret: '2378e67dc6c2c78858b014f0d327ccbbc5779f7772692da9cc7678081fd8c2ab',
    compressed: true,
    message:
      'ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
    signature:
      '1f90dc54dba18362d5f987ba81a94fe3ad1fb5e56f58a8e746f947ffc7c1dd2ba27d7cd04556728a580a6adcbc52a1e3fe64fae0377f6af75b509c976d9d574bf0',
  },
  {
    name: 'length-253',
    secret: '2378e67dc6c2c78858b014f0d327ccbbc5779f7772692da9cc7678081fd8c2ab',
    compressed: true,
    message:
      'ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
    signature:
      '1f4c3223c725f2cb93a930799a1ac0da65c8030e940b38aab0c9c17e01b0d404a9695b405ad707914f215faba7c92bc3598af02a6aaa7d1aab98474acef98208da',
  },
];
