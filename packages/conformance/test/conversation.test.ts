import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Conversation, KIT_LIMITS } from '../src/index.ts';

const small = { ...KIT_LIMITS, strayLines: 3, strayBytes: 100 };

function codes(conversation: Conversation, lines: readonly (string | undefined)[]): string[] {
  return lines.map((line) => {
    const received = conversation.receive(line);
    return received.kind === 'answer' ? 'answer' : `${received.fault.code}${received.fatal ? '!' : ''}`;
  });
}

describe('CONF-2', () => {
  test('the answer with the number of the request is the answer', () => {
    const conversation = new Conversation();
    conversation.expect(1);
    expect(codes(conversation, ['{"seq":1,"ok":{}}'])).toEqual(['answer']);
  });

  test('everything else is a fault of its own kind', () => {
    const conversation = new Conversation();
    conversation.expect(0);
    conversation.receive('{"seq":0,"hello":{}}');
    conversation.expect(1);
    const lines = ['{"seq":0,"ok":{}}', '{"seq":2}', '{"ok":{}}', '[]', 'null', 'noise', '', undefined, '{"seq":"1"}'];
    expect(codes(conversation, lines)).toEqual([
      'double-answer',
      'stray-answer',
      'stray-answer',
      'garbage',
      'garbage',
      'garbage',
      'garbage',
      'garbage',
      'stray-answer',
    ]);
    expect(codes(conversation, ['{"seq":1,"ok":{}}', '{"seq":1,"ok":{}}'])).toEqual(['answer', 'double-answer']);
  });

  test('an answer without a number is that of a line without one, once', () => {
    const conversation = new Conversation();
    conversation.expect(null);
    const line = '{"seq":null,"error":{"message":"no"}}';
    expect(codes(conversation, [line, line])).toEqual(['answer', 'stray-answer']);
  });

  test('a double answer names the request that it belongs to', () => {
    const conversation = new Conversation();
    conversation.expect(4);
    conversation.receive('{"seq":4,"ok":{}}');
    expect(conversation.receive('{"seq":4,"ok":{}}')).toMatchObject({ fault: { code: 'double-answer', seq: 4 } });
  });

  test('too many lines and too many bytes are a flood, and a new request starts the count anew', () => {
    const conversation = new Conversation(small);
    conversation.expect(1);
    expect(codes(conversation, ['a', 'b', 'c', 'd'])).toEqual(['garbage', 'garbage', 'garbage', 'flood!']);
    expect(conversation.count(100)).toBeUndefined();
    expect(conversation.count(1)).toMatchObject({ fatal: true, fault: { code: 'flood' } });
    conversation.expect(2);
    expect(conversation.count(100)).toBeUndefined();
    expect(codes(conversation, ['a'])).toEqual(['garbage']);
  });
});

test('whatever a driver writes, each request gets at most one answer', () => {
  const line = fc.oneof(
    fc.string(),
    fc.json(),
    fc
      .record({ seq: fc.constantFrom(0, 1, 2, 3, null, '1'), ok: fc.constant({}) })
      .map((answer) => JSON.stringify(answer)),
  );
  fc.assert(
    fc.property(fc.array(fc.array(line), { maxLength: 4 }), (rounds) => {
      const conversation = new Conversation();
      rounds.forEach((lines, seq) => {
        conversation.expect(seq);
        expect(codes(conversation, lines).filter((code) => code === 'answer').length).toBeLessThanOrEqual(1);
      });
    }),
  );
});
