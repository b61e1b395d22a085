const MARKUP: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/**
 * Makes any text safe inside of XML or HTML, in elements and in quoted attributes. Characters that XML cannot hold at all,
 * such as NUL, escape sequences and halves of surrogate pairs, become U+FFFD.
 */
export function escapeMarkup(text: string): string {
  return cleanText(text).replaceAll(/[&<>"']/g, (character) => MARKUP[character]!);
}

/**
 * Replaces what could steer a terminal or break a parser: control characters but tab and line feed, and halves of surrogate pairs.
 * What a driver writes goes into reports, and a driver is a stranger.
 */
export function cleanText(text: string): string {
  return text.replaceAll(/\p{Surrogate}|[^\P{Control}\t\n]|[\ufffe\uffff]/gu, '\ufffd');
}
