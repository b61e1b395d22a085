import Table from 'cli-table3';
import { AREAS, type Area, type Finding, held, type Outcome } from './finding.ts';
import { type RuleBook, ruleOf } from './rules.ts';
import type { World } from './world.ts';

const PACKAGES: Readonly<Record<Area, readonly string[]>> = {
  'header work': ['chain'],
  'Merkle roots': ['chain'],
  'blocks in the chain': ['chain', 'wire'],
  registrations: ['chain'],
  'key replacements': ['chain'],
  promotions: ['chain'],
  'refused blocks': ['chain', 'wire'],
  'side branches': ['chain', 'wire'],
  'transactions offered': ['chain', 'wire'],
  posts: ['posts', 'wire'],
  'posts offered': ['posts', 'wire'],
  'pieces in swarms': ['posts', 'wire'],
  'DHT values': ['dht', 'wire'],
  'DHT values offered': ['dht', 'wire'],
  'DHT replies judged': ['dht', 'wire'],
  'messages opened': ['ecies'],
  'messages kept from others': ['ecies'],
};

/** Everything the report shows, as plain data: what `--json` prints. */
export interface Report {
  readonly ok: boolean;
  readonly seconds: number;
  readonly backend: string;
  readonly blocks: number;
  readonly users: readonly {
    readonly name: string;
    readonly registeredAt: number;
    readonly keys: number;
    readonly posts: number;
    readonly messages: number;
  }[];
  readonly posts: World['posts'];
  readonly areas: readonly {
    readonly area: Area;
    readonly checked: number;
    readonly accepted: number;
    readonly refused: number;
    readonly unexpected: number;
    readonly perSecond: number;
  }[];
  readonly refusals: readonly Refusal[];
  readonly unexpected: readonly Refusal[];
}

interface Refusal {
  readonly area: Area;
  readonly subject: string;
  readonly expected: Finding['expected'];
  /** Who refuses it: every node, or the canonical profile alone; undefined where it was accepted. */
  readonly refusedBy?: 'every node' | 'us alone';
  readonly code: string;
  readonly rule: string;
  readonly detail: string;
}

export function createReport(world: World, rules: RuleBook, seconds: number): Report {
  const { chain, findings, posts } = world;
  const areas = AREAS.map((area) => {
    const found = findings.filter((finding) => finding.area === area);
    const accepted = found.filter(({ outcome }) => outcome.ok).length;
    const unexpected = found.filter((finding) => !held(finding)).length;
    const perSecond = Math.round((found.length * 1000) / Math.max(world.clock.spentMs.get(area) ?? 0, 0.001));
    return { area, checked: found.length, accepted, refused: found.length - accepted, unexpected, perSecond };
  }).filter(({ checked }) => checked > 0);
  const unexpected = findings
    .filter((finding) => !held(finding))
    .map((finding) => refusalOf(finding, finding.outcome, rules));
  return {
    ok: findings.length > 0 && unexpected.length === 0,
    seconds,
    backend: world.backend.name,
    blocks: chain.blocks.length,
    users: [...chain.histories].map(([name, keys]) => ({
      name,
      registeredAt: keys[0]?.height ?? 0,
      keys: new Set(keys.map(({ publicKey }) => publicKey.join())).size,
      posts: posts.filter(({ user, kind }) => user === name && kind !== 'dm').length,
      messages: posts.filter(({ user, kind }) => user === name && kind === 'dm').length,
    })),
    posts,
    areas,
    refusals: refusalsOf(findings, rules),
    unexpected,
  };
}

/** What broke a rule: everything refused, and what daemons take but the canonical profile does not. */
function refusalsOf(findings: readonly Finding[], rules: RuleBook): Refusal[] {
  return findings.flatMap((finding) => {
    if (finding.area === 'messages kept from others') return [];
    if (!finding.outcome.ok) return [refusalOf(finding, finding.outcome, rules)];
    return finding.canonical && !finding.canonical.ok ? [refusalOf(finding, finding.canonical, rules)] : [];
  });
}

function refusalOf({ area, expected, outcome, subject }: Finding, shown: Outcome, rules: RuleBook): Refusal {
  return {
    area,
    subject,
    expected,
    ...(shown.ok ? {} : { refusedBy: outcome.ok ? ('us alone' as const) : ('every node' as const) }),
    code: shown.code ?? '',
    rule: ruleOf(rules, shown.code, PACKAGES[area]),
    detail: shown.detail ?? '',
  };
}

/** The report for people. */
export function formatReport(report: Report): string {
  const parts = [
    `${report.blocks} blocks, genesis to height ${report.blocks - 1}; curve work by ${report.backend}`,
    section(
      'Users',
      ['name', 'registered at', 'keys', 'posts', 'messages'],
      report.users.map((user) => [user.name, user.registeredAt, user.keys, user.posts, user.messages]),
    ),
    section(
      'Posts',
      ['user', 'k', 'height', 'time', 'kind', 'text'],
      report.posts.map((post) => [post.user, post.k, post.height, timeText(post.time), post.kind, post.text]),
    ),
    ...AREAS.map((area) =>
      section(
        `Refused: ${area}`,
        ['what', 'code', 'rule', 'by'],
        report.refusals
          .filter((refusal) => refusal.area === area)
          .map(({ code, refusedBy = '', rule, subject }) => [subject, code, rule, refusedBy]),
      ),
    ),
    section(
      'Checks',
      ['area', 'checked', 'accepted', 'refused', 'unexpected', 'a second'],
      report.areas.map((area) => [
        area.area,
        area.checked,
        area.accepted,
        area.refused,
        area.unexpected,
        area.perSecond,
      ]),
    ),
  ];
  if (report.unexpected.length > 0) {
    const rows = report.unexpected.map(({ area, code, detail, expected, subject }) => [
      `${area}: ${subject}`,
      expected,
      code === '' ? 'accepted' : `${code} ${detail}`,
    ]);
    parts.push(section('Not as the capture says', ['what', 'expected', 'found'], rows));
  }
  const checked = report.areas.reduce((sum, area) => sum + area.checked, 0);
  const rate = Math.round(checked / report.seconds);
  parts.push(
    `${checked} checks in ${report.seconds.toFixed(2)} s (${rate} a second): ${report.ok ? 'all as expected' : `${report.unexpected.length} not as expected`}`,
  );
  return parts.filter((part) => part !== '').join('\n\n');
}

function section(title: string, head: string[], rows: (string | number)[][]): string {
  if (rows.length === 0) return '';
  const table = new Table({ head, style: { head: [], border: [], compact: true } });
  table.push(...rows.map((row) => row.map(String)));
  return `${title}\n${table.toString()}`;
}

/** A post may claim any time at all. */
function timeText(seconds: number): string {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? String(seconds) : date.toISOString().slice(0, 16).replace('T', ' ');
}
