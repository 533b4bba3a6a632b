import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readCaseFile } from '../../cli/case-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'dualkey-cases-'));

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const CSV = `kind,reference,hotels,guests,department,openedAt,closedAt,major,handedOverTo,handedOverAt,complaint
dispute,D-1,SHA01;HGH02,phone:+8613800138000;booking@hotel:123,spa,2026-05-01T08:00:00+08:00,,,,,
complaint,C-1,SHA01,phone:+8613800138000,,2026-05-01T08:00:00+08:00,2026-06-01T00:00:00Z,是,,,

ticket,T-1,SHA01,,,,,,p_1,2026-05-01T08:00:00+08:00,
`;

describe('a file of cases', () => {
  it('is CSV: lists in a cell, words for yes and no, a hand-over in two columns', async () => {
    const lines = await readCaseFile(file('cases.csv', CSV));
    expect(lines.map(({ line }) => line)).toEqual([2, 3, 5]);
    expect(lines[0]?.entry).toEqual({
      kind: 'dispute',
      reference: 'D-1',
      hotels: ['SHA01', 'HGH02'],
      guests: [
        { kind: 'phone', value: '+8613800138000' },
        { kind: 'booking', value: '123', issuer: 'hotel' },
      ],
      department: 'spa',
      openedAt: '2026-05-01T08:00:00+08:00',
    });
    expect(lines[1]?.entry).toMatchObject({ major: true, closedAt: '2026-06-01T00:00:00Z' });
    expect(lines[2]?.entry).toMatchObject({
      handedOver: { to: 'p_1', at: '2026-05-01T08:00:00+08:00' },
    });
  });

  it('is JSON: a list, guests as KIND:VALUE or as objects', async () => {
    const text = `[
  { "kind": "matter", "reference": "M-1", "hotels": ["SHA01"], "openedAt": "2026-05-01T00:00:00Z" },
  { "kind": "plan", "reference": "P-1", "hotels": ["SHA01"], "complaint": "C-1",
    "guests": ["wecom:wmGuest", { "kind": "phone", "value": "+8613800138000" }] }
]`;
    const lines = await readCaseFile(file('cases.json', text));
    expect(lines.map(({ line }) => line)).toEqual([2, 3]);
    expect(lines[1]?.entry['guests']).toEqual([
      { kind: 'wecom', value: 'wmGuest' },
      { kind: 'phone', value: '+8613800138000' },
    ]);
  });

  it.each([
    ['csv', 'kind,reference\nmatter', /line 2: \d+ columns/],
    ['csv', 'kind,kind\n', /a column stands twice/],
    ['csv', 'reference\nM-1\n', /column kind is missing/],
    [
      'csv',
      'kind,reference,hotels,openedAt\nquarrel,Q-1,SHA01,2026-05-01T00:00:00Z\n',
      /line 2 kind: .*unknown kind/,
    ],
    [
      'csv',
      'kind,reference,hotels,openedAt,x\nmatter,M-1,SHA01,2026-05-01T00:00:00Z,1\n',
      /line 2 x: .*no such field/,
    ],
    [
      'csv',
      'kind,reference,hotels,openedAt\nmatter,M-1,SHA01,2026-05-01T00:00:00\n',
      /line 2 openedAt: .*zone/,
    ],
    [
      'csv',
      'kind,reference,hotels,openedAt,closedAt\nmatter,M-1,SHA01,2026-05-02T00:00:00Z,2026-05-01T00:00:00Z\n',
      /line 2 closedAt: is before openedAt/,
    ],
    [
      'csv',
      'kind,reference,hotels,guests,complaint\nplan,P-1,SHA01,somebody,C-1\n',
      /line 2 guests: .*KIND:VALUE/,
    ],
    ['json', '[\n{"kind": "matter",\n}]', /line 3: not JSON/],
    ['json', '{"list": []}', /must be a list/],
    ['json', '{"cases": []}', /the list is empty.*put one case in it/],
    ['json', '[]', /the list is empty.*put one case in it/],
    ['csv', 'kind,reference\n', /the header alone is there.*write one case a row below it/],
    ['csv', 'kind,reference\n,\n\n', /the header alone is there.*write one case a row below it/],
    ['csv', '\n', /the file has no header.*name the columns in its first row/],
    [
      'json',
      '[\n{"kind":"matter","reference":"M-1","hotels":["SHA01"],"openedAt":"2026-05-01T00:00:00Z"},\n{"kind":"matter","reference":"M-1","hotels":["SHA01"],"openedAt":"2026-05-01T00:00:00Z"}]',
      /line 3 reference: the same number as on line 2/,
    ],
  ])('is refused whole, with line and reason: %s %#', async (ending, content, reason) => {
    const path = file(`bad.${ending}`, content);
    await expect(readCaseFile(path)).rejects.toMatchObject({
      name: 'BadInputError',
      where: expect.stringContaining(path),
      message: expect.stringMatching(reason),
    });
  });
});
