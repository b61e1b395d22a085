const GROUP = /^[0-9A-Fa-f]{1,4}$/;
const GROUPS = 8;
const IPV4_BYTES = 4;
const ZERO = 0x30;
/** Longest text of an address: six groups and four octets. */
const LONGEST = 45;

/**
 * Reads an IP address from text: four octets for `192.0.2.1`, sixteen for `2001:db8::1` (RFC 4291, section 2.2, `::ffff:192.0.2.1` among them).
 * Undefined for anything else: host names, ports, zones, octets with leading zeros.
 */
export function parseIpAddress(text: string): Uint8Array | undefined {
  if (text.length > LONGEST) return undefined;
  return text.includes(':') ? parseIpv6(text) : parseIpv4(text);
}

function parseIpv4(text: string): Uint8Array | undefined {
  const octets = new Uint8Array(IPV4_BYTES);
  let at = 0;
  let octet = -1;
  for (let index = 0; index <= text.length; index += 1) {
    const digit = text.charCodeAt(index) - ZERO;
    if (digit >= 0 && digit <= 9) {
      if (octet === 0) return undefined;
      octet = octet < 0 ? digit : octet * 10 + digit;
      if (octet > 0xff) return undefined;
    } else {
      const isEnd = index === text.length;
      if (octet < 0 || at === IPV4_BYTES || (!isEnd && text[index] !== '.')) return undefined;
      octets[at] = octet;
      at += 1;
      octet = -1;
    }
  }
  return at === IPV4_BYTES ? octets : undefined;
}

function parseIpv6(text: string): Uint8Array | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const before = parseGroups(halves[0]!, halves.length === 1);
  const after = halves.length === 1 ? [] : parseGroups(halves[1]!, true);
  if (before === undefined || after === undefined) return undefined;
  const missing = GROUPS - before.length - after.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  const groups = [...before, ...new Array<number>(missing).fill(0), ...after];
  return Uint8Array.from(groups.flatMap((group) => [group >> 8, group & 0xff]));
}

/** Reads groups between colons; the last may be an IPv4 address where the address ends there. */
function parseGroups(text: string, atEnd: boolean): number[] | undefined {
  if (text === '') return [];
  const groups: number[] = [];
  const parts = text.split(':');
  for (const [index, part] of parts.entries()) {
    const octets = atEnd && index === parts.length - 1 ? parseIpv4(part) : undefined;
    if (octets !== undefined) groups.push((octets[0]! << 8) | octets[1]!, (octets[2]! << 8) | octets[3]!);
    else if (GROUP.test(part)) groups.push(Number.parseInt(part, 16));
    else return undefined;
  }
  return groups;
}
