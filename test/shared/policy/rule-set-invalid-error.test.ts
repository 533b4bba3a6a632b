import type { DetailedError } from '@cedar-policy/cedar-wasm/nodejs';
import { describe, expect, it } from '@jest/globals';
import { faultOf, RuleSetInvalidError } from '../../../shared/policy/rule-set-invalid-error.ts';

/** An error as Cedar gives it. */
function cedars(message: string, more: Partial<DetailedError> = {}): DetailedError {
  return { message, help: null, code: null, url: null, severity: null, ...more };
}

const said = (message: string, more: Partial<DetailedError> = {}) => {
  const { file, line, zh, reason } = faultOf('own.cedar', '', [cedars(message, more)]);
  return { at: `${file}:${line}`, zh, en: reason };
};

describe('a fault that Cedar finds in a rule set', () => {
  it('says where and what in both languages', () => {
    const fault = faultOf('own.cedar', '', [cedars('unexpected token `resource`')]);
    expect(fault).toBeInstanceOf(RuleSetInvalidError);
    expect(fault.name).toBe('RuleSetInvalidError');
    expect(fault.message).toBe(
      'own.cedar:1: 语法错误(Cedar:unexpected token `resource`) unexpected token `resource`',
    );
    expect(fault.other).toBeNull();
  });

  it('is at the line where Cedar points, whose places are bytes and not characters', () => {
    const text = '// 注释注释注释\n// 再一行\nforbid (principal);';
    const start = Buffer.byteLength('// 注释注释注释\n// 再一行\n') + 3;
    const pointed = cedars('unexpected', { sourceLocations: [{ start, end: start + 1, label: null }] });
    expect(faultOf('own.cedar', text, [pointed]).line).toBe(3);
    expect(faultOf('own.cedar', text, [pointed], 10).line).toBe(12);
    expect(faultOf('own.cedar', text, [cedars('unexpected')], 10).line).toBe(10);
    expect(faultOf('own.cedar', text, [cedars('unexpected', { sourceLocations: [] })]).line).toBe(1);
  });

  it('is the first of several', () => {
    expect(faultOf('own.cedar', '', [cedars('first'), cedars('second')]).reason).toBe('first');
  });

  it('carries Cedar’s help, or the label of the place where it has none', () => {
    const sourceLocations = [{ start: 0, end: 1, label: 'here' }];
    expect(said('wrong', { help: 'write it so', sourceLocations }).en).toBe('wrong (write it so)');
    expect(said('wrong', { sourceLocations }).en).toBe('wrong (here)');
    expect(said('wrong').en).toBe('wrong');
    expect(said('wrong', { help: 'write it so' }).zh).toBe('规则不合模式(Cedar:wrong (write it so))');
  });

  it('says so where Cedar gave no reason', () => {
    const { file, line, zh, reason } = faultOf('own.cedar', 'text', [], 4);
    expect({ at: `${file}:${line}`, zh, reason }).toEqual({
      at: 'own.cedar:4',
      zh: 'Cedar 未说明理由即拒绝',
      reason: 'Cedar refused it without a reason',
    });
  });

  const kinds: [said: string, zh: string][] = [
    ['unexpected token `)`', '语法错误'],
    ['failed to parse schema', '语法错误'],
    ['Expected `;`', '语法错误'],
    ['attribute `colour` for entity type Request not found', '没有这样的属性,或该属性可能缺失'],
    ['unrecognized action `Action::"peek"`', '没有这样的操作'],
    ['policy is impossible: it never applies', '该规则永远不会适用'],
    ['the condition is always false', '该规则永远不会适用'],
    ['operand of the wrong type', '规则不合模式'],
  ];
  for (const [message, zh] of kinds) {
    it(`is called ${zh} where Cedar says: ${message}`, () => {
      expect(said(message)).toEqual({ at: 'own.cedar:1', zh: `${zh}(Cedar:${message})`, en: message });
    });
  }
});

it('a rule set that is invalid names a second place where two don’t go together', () => {
  const fault = new RuleSetInvalidError(
    'a.cedar',
    3,
    { zh: '重复', en: 'twice' },
    { file: 'b.cedar', line: 7 },
  );
  expect(fault).toMatchObject({ message: 'a.cedar:3: 重复 twice', other: { file: 'b.cedar', line: 7 } });
});
