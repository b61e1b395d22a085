import { WireError } from '@rookery/wire';

/** What kinds of things are checked, in the order of the report. */
export const AREAS = [
  'header work',
  'Merkle roots',
  'blocks in the chain',
  'registrations',
  'key replacements',
  'promotions',
  'refused blocks',
  'side branches',
  'transactions offered',
  'posts',
  'posts offered',
  'pieces in swarms',
  'DHT values',
  'DHT values offered',
  'DHT replies judged',
  'messages opened',
  'messages kept from others',
] as const;
export type Area = (typeof AREAS)[number];

/** What our rules said: accepted, or refused with a code. */
export interface Outcome {
  readonly ok: boolean;
  readonly code?: string;
  readonly detail?: string;
}

/** One thing that was checked. */
export interface Finding {
  readonly area: Area;
  /** What it is about, for people. */
  readonly subject: string;
  /** What the capture says must happen. */
  readonly expected: 'accepted' | 'refused';
  readonly outcome: Outcome;
  /** What the canonical profile says where the deployed one was judged. */
  readonly canonical?: Outcome;
}

/** Whether a thing came out as the capture says. */
export function held({ expected, outcome }: Finding): boolean {
  return outcome.ok === (expected === 'accepted');
}

/** Judges by a rule, and turns bytes that cannot even be read into a refusal with offset. */
export function judge(rule: () => Outcome): Outcome {
  try {
    return rule();
  } catch (error) {
    if (error instanceof WireError) return { ok: false, code: error.code, detail: error.message };
    throw error;
  }
}
