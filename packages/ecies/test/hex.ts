export { bytesToHex as hex, hexToBytes as unhex } from '@noble/hashes/utils.js';
