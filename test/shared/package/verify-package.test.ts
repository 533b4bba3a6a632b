import { beforeAll, describe, expect, it } from '@jest/globals';
import { type CustodyEvent, nextEvent } from '../../../shared/domain/custody-event.ts';
import { digestOf, isDigest, sha256 } from '../../../shared/domain/digest.ts';
import { messageOf } from '../../../shared/domain/message-of.ts';
import { buildPackage, type PackageInput } from '../../../shared/package/build-package.ts';
import { ENTRIES, type Manifest, manifestSchema, noteText } from '../../../shared/package/manifest.ts';
import { pinnedKeys } from '../../../shared/package/pinned-keys.ts';
import { signNote } from '../../../shared/package/signed-note.ts';
import { type CheckName, verifyPackageBytes } from '../../../shared/package/verify-package.ts';
import { writeZip } from '../../../shared/package/zip-writer.ts';
import { entriesOf, type RawEntry, rawZip } from './raw-zip.ts';
import { chainOf, found, linked, localSigner, samplePackage, storedRecord } from './sample-package.ts';

type Entries = { name: string; bytes: Buffer }[];

const signer = localSigner();
const RECORDS = [0, 1, 2, 3].map((index) => found(storedRecord(index)));
let zip: Buffer;
let entries: Entries;
let input: PackageInput;

beforeAll(async () => {
  input = samplePackage(RECORDS, {}, signer);
  zip = await buildPackage(input);
  entries = await entriesOf(zip);
});

function failedChecks(
  bytes: Buffer,
  pinned: Parameters<typeof verifyPackageBytes>[1] = [signer.pinned],
): CheckName[] {
  const { ok, checks } = verifyPackageBytes(bytes, pinned);
  const failed = checks.filter((check) => !check.ok).map(({ name }) => name);
  expect(ok).toBe(failed.length === 0);
  return failed;
}

function changedEntries(name: string, change: (text: string) => string): Entries {
  return entries.map((entry) =>
    entry.name === name ? { name, bytes: Buffer.from(change(entry.bytes.toString('utf8'))) } : entry,
  );
}

/** What somebody with the signing key (or with one of their own) can do: change anything, and sign it again. */
async function signedAnew(
  change: {
    entries?: Entries;
    manifest?: (manifest: Manifest) => unknown;
    written?: (manifest: string) => string;
  },
  by = signer,
): Promise<Buffer> {
  const all = change.entries ?? entries;
  const text = all.find(({ name }) => name === ENTRIES.manifest)?.bytes.toString('utf8') ?? '';
  const manifest = manifestSchema.parse(JSON.parse(text));
  const contents = all.filter(({ name }) => name !== ENTRIES.manifest && name !== ENTRIES.signature);
  const listed = {
    ...manifest,
    entries: contents.map(({ name, bytes }) => ({ name, bytes: bytes.length, sha256: sha256(bytes) })),
  };
  const written = `${JSON.stringify(change.manifest?.(listed) ?? listed, null, 2)}\n`;
  const bytes = Buffer.from(change.written?.(written) ?? written);
  const note = await signNote(noteText(listed, sha256(bytes)), manifest.signer.keyName, by);
  return writeZip([
    { name: ENTRIES.manifest, bytes },
    { name: ENTRIES.signature, bytes: Buffer.from(note) },
    ...contents,
  ]);
}

describe('a package as it was delivered', () => {
  it('is intact and pinned where its signer is among the given keys', () => {
    const result = verifyPackageBytes(zip, [localSigner().pinned, signer.pinned]);
    expect(result.checks.filter(({ ok }) => !ok)).toEqual([]);
    expect(result).toMatchObject({
      ok: true,
      trust: 'pinned',
      signer: { fingerprint: signer.pinned.fingerprint },
    });
  });

  it('is intact with its signer not established where no keys are given, and never called authentic', () => {
    const result = verifyPackageBytes(zip, null);
    expect(result).toMatchObject({ ok: true, trust: 'package-only' });
    expect(result.summary).toContain('intact; signer not established');
    expect(result.checks.find(({ name }) => name === 'signer')?.detail).toContain(
      'intact; signer not established',
    );
    expect(JSON.stringify(result)).not.toMatch(/authentic/i);
  });

  it('fails where its signer is not among the given keys', () => {
    expect(failedChecks(zip, [localSigner().pinned])).toEqual(['signer']);
    expect(verifyPackageBytes(zip, [localSigner().pinned]).trust).toBe('package-only');
  });

  it('states the limits of what was checked', () => {
    expect(verifyPackageBytes(zip, null).checks.at(-1)).toMatchObject({ name: 'limits', ok: true });
  });

  it('is the same again when it is rendered again', async () => {
    expect(await buildPackage(input)).toEqual(zip);
    expect(rawZip(entries)).toEqual(zip);
  });

  it('fails where another writer packed the same entries: every byte of the container is the product’s', () => {
    const others: [string, Omit<RawEntry, 'name' | 'bytes'>][] = [
      [ENTRIES.readme, { method: 8 }],
      [ENTRIES.readme, { flags: 0 }],
      [ENTRIES.readme, { mode: 0o120777 }],
      [ENTRIES.transcript, { mode: 0o100000 }],
      [ENTRIES.transcript, { mode: 0o104755 }],
      [ENTRIES.records, { extra: Buffer.concat([Buffer.from('75781800', 'hex'), Buffer.alloc(24, 'x')]) }],
      [ENTRIES.records, { time: 0x5a210000 }],
    ];
    for (const [name, change] of others) {
      const packed = entries.map((entry) => (entry.name === name ? { ...entry, ...change } : entry));
      expect(failedChecks(rawZip(packed))).toEqual(['container']);
    }
  });

  it('is pinned only by a key of the same id and region, and says what disagrees', () => {
    for (const [change, detail] of [
      [{ region: 'eu-central-1' }, 'this key is of eu-central-1, the package of cn-north-1'],
      [{ keyId: 'another-key' }, 'call this key another-key'],
    ] as const) {
      const given = [{ ...signer.pinned, ...change }];
      expect(failedChecks(zip, given)).toEqual(['signer']);
      const { trust, checks } = verifyPackageBytes(zip, given);
      expect(trust).toBe('package-only');
      expect(checks.find(({ name }) => name === 'signer')?.detail).toContain(detail);
      expect(failedChecks(zip, [...given, signer.pinned])).toEqual([]);
    }
    expect(failedChecks(zip, [{ ...signer.pinned, region: null }])).toEqual([]);
  });

  it('is pinned by a keys file that gives the key by its ARN, as KMS does', () => {
    const { keyId, fingerprint, spki } = signer.pinned;
    const arn = `arn:aws-cn:kms:cn-north-1:000000000000:key/${keyId}`;
    const file = { keys: [{ keyId: arn, fingerprint, spki: Buffer.from(spki).toString('base64') }] };
    expect(failedChecks(zip, pinnedKeys(file))).toEqual([]);
  });
});

describe('every entry', () => {
  const names = [
    ENTRIES.manifest,
    ENTRIES.signature,
    `keys/${signer.pinned.keyId}.json`,
    ENTRIES.readme,
    ENTRIES.transcript,
    ENTRIES.records,
    ENTRIES.completeness,
    ENTRIES.events,
    ENTRIES.approvals,
  ];

  it('is one of these', () => {
    expect(entries.map(({ name }) => name)).toEqual(names);
  });

  describe.each(names)('%s', (name) => {
    const changes: [string, (bytes: Buffer) => Buffer][] = [
      ['a bit flipped', (bytes) => flipped(bytes, Math.floor(bytes.length / 2))],
      ['its first byte changed', (bytes) => flipped(bytes, 0)],
      ['its last byte changed', (bytes) => flipped(bytes, bytes.length - 1)],
      ['a newline added', (bytes) => Buffer.concat([bytes, Buffer.from('\n')])],
      ['its end cut off', (bytes) => bytes.subarray(0, -1)],
      ['nothing in it', () => Buffer.alloc(0)],
    ];
    it.each(changes)('fails with %s', (_, change) => {
      const changed = entries.map((entry) =>
        entry.name === name ? { name, bytes: change(entry.bytes) } : entry,
      );
      expect(failedChecks(rawZip(changed))).not.toEqual([]);
      expect(failedChecks(rawZip(changed), null)).not.toEqual([]);
    });

    it('fails where it is missing', () => {
      expect(failedChecks(rawZip(entries.filter((entry) => entry.name !== name)), null)).not.toEqual([]);
    });

    it('fails where it is there twice, the same or changed', () => {
      const one = entries.find((entry) => entry.name === name);
      if (one === undefined) throw new Error(`There is no ${name}`);
      expect(failedChecks(rawZip([...entries, one]), null)).toEqual(['container']);
      expect(failedChecks(rawZip([{ name, bytes: Buffer.from('{}') }, ...entries]), null)).toEqual([
        'container',
      ]);
    });

    it('fails where it is renamed', () => {
      const renamed = entries.map((entry) =>
        entry.name === name ? { ...entry, name: `${name}.bak` } : entry,
      );
      expect(failedChecks(rawZip(renamed), null)).not.toEqual([]);
    });

    it('fails where its own header says another name', () => {
      const renamed = entries.map((entry) => (entry.name === name ? { ...entry, localName: 'x' } : entry));
      expect(failedChecks(rawZip(renamed), null)).toEqual(['container']);
    });
  });

  it('fails where another is added', () => {
    for (const name of [
      'extra.txt',
      'attachments/a.jpg',
      'keys/other.json',
      'records.ndjson.bak',
      'custody/x',
    ]) {
      expect(failedChecks(rawZip([...entries, { name, bytes: Buffer.from('x') }]), null)).toEqual([
        'entries',
      ]);
    }
  });

  it('fails where two are in another order, or have changed places', () => {
    expect(failedChecks(rawZip([...entries].reverse()), null)).toEqual(['entries']);
    const [one, two] = [ENTRIES.readme, ENTRIES.transcript];
    const swapped = entries.map((entry) => {
      const other = entry.name === one ? two : entry.name === two ? one : entry.name;
      return { ...entry, name: other };
    });
    expect(failedChecks(rawZip(swapped), null)).toContain('entries');
  });
});

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}

describe('the file as a whole', () => {
  it('fails wherever it is cut short, and with anything before or behind it', () => {
    for (const length of [0, 1, 100, zip.length >> 1, zip.length - 22, zip.length - 1]) {
      expect(failedChecks(zip.subarray(0, length), null)).toEqual(['container']);
    }
    expect(failedChecks(Buffer.concat([zip, Buffer.from('\0')]), null)).toEqual(['container']);
    expect(failedChecks(Buffer.concat([Buffer.from('PK'), zip]), null)).toEqual(['container']);
  });

  it('never verifies, whichever byte of it is changed', async () => {
    const small = await buildPackage(samplePackage(RECORDS.slice(0, 1), {}, signer));
    expect(failedChecks(small)).toEqual([]);
    const accepted: number[] = [];
    for (let at = 0; at < small.length; at += 1) {
      for (const bits of at % 16 === 0 || isHeader(small, at) ? [0x01, 0x80, 0xff] : [0x20]) {
        const changed = Buffer.from(small);
        changed[at] = (changed[at] ?? 0) ^ bits;
        if (verifyPackageBytes(changed, [signer.pinned]).ok) accepted.push(at);
      }
    }
    expect(accepted).toEqual([]);
  });
});

/** Whether a byte lies in the directory or in the first entry's own header, where nothing is signed. */
function isHeader(bytes: Buffer, at: number): boolean {
  return at < 30 || at >= bytes.readUInt32LE(bytes.length - 6);
}

describe('a package signed anew', () => {
  it('by another key fails against the pinned keys, and is not established without', async () => {
    const other = localSigner(signer.pinned.keyId);
    const forged = await buildPackage({ ...input, signer: other });
    expect(failedChecks(forged)).toEqual(['signer']);
    expect(verifyPackageBytes(forged, null)).toMatchObject({ ok: true, trust: 'package-only' });
  });

  it('by another key, under the pinned key’s fingerprint, fails', async () => {
    const forged = await signedAnew({}, localSigner());
    expect(failedChecks(forged)).toEqual(['signature']);
    expect(failedChecks(forged, null)).toEqual(['signature']);
  });

  const changes: [string, CheckName, (manifest: Manifest) => unknown][] = [
    ['with one approval only', 'approvals', (m) => ({ ...m, approvals: m.approvals.slice(0, 1) })],
    ['with no approval', 'approvals', (m) => ({ ...m, approvals: [] })],
    [
      'with one person in two roles',
      'approvals',
      (m) => ({ ...m, approvals: m.approvals.map((one) => ({ ...one, by: 'p_privacy1' })) }),
    ],
    [
      'with two people in one role',
      'approvals',
      (m) => ({ ...m, approvals: m.approvals.map((one) => ({ ...one, role: 'privacy-officer' })) }),
    ],
    [
      'with the requester as approver',
      'approvals',
      (m) => ({ ...m, approvals: m.approvals.map((one, i) => (i === 0 ? { ...one, by: 'p_legal1' } : one)) }),
    ],
    [
      'with approvals of another request',
      'approvals',
      (m) => ({ ...m, approvals: m.approvals.map((one) => ({ ...one, requestDigest: sha256('other') })) }),
    ],
    [
      'with a role that the route doesn’t have',
      'approvals',
      (m) => ({ ...m, approvals: m.approvals.map((one, i) => (i === 0 ? { ...one, role: 'gm' } : one)) }),
    ],
    [
      'with approvers that no event names',
      'events',
      (m) => ({ ...m, approvals: m.approvals.map((one, i) => (i === 0 ? { ...one, by: 'p_other' } : one)) }),
    ],
    ['with another purpose', 'request', (m) => ({ ...m, request: { ...m.request, purpose: 'training' } })],
    ['with a wider masking', 'request', (m) => ({ ...m, request: { ...m.request, masking: 'named' } })],
    ['with another scope', 'request', (m) => ({ ...m, scope: { ...m.scope, digest: sha256('other') } })],
    ['with another rule set', 'request', (m) => ({ ...m, ruleSet: sha256('other') })],
    [
      'with another opening',
      'watermark',
      (m) => ({ ...m, opening: { ...m.opening, opening: `opn_${'00'.repeat(16)}` } }),
    ],
    [
      'opened by a stranger',
      'request',
      (m) => ({ ...m, opening: { ...m.opening, requester: 'p_stranger' } }),
    ],
    ['as a later opening', 'events', (m) => ({ ...m, opening: { ...m.opening, number: 2 } })],
    ['as an opening too many', 'request', (m) => ({ ...m, opening: { ...m.opening, number: 4 } })],
    [
      'after the window',
      'events',
      (m) => ({ ...m, opening: { ...m.opening, at: '2026-07-01T00:00:00.000Z' } }),
    ],
    [
      'with another head of the chain',
      'events',
      (m) => ({ ...m, events: { ...m.events, head: sha256('x') } }),
    ],
    [
      'with the key of another region',
      'signature',
      (m) => ({ ...m, signer: { ...m.signer, keyName: 'dualkey/eu-central-1' } }),
    ],
    ['with an unknown field', 'manifest', (m) => ({ ...m, approved: true })],
    ['without a field', 'manifest', ({ approvals: _, ...m }) => m],
  ];
  it.each(changes)('%s fails under %s', async (_, check, manifest) => {
    expect(failedChecks(await signedAnew({ manifest }))).toContain(check);
  });

  it('with a field of the manifest twice fails under manifest, at any depth, the same or another value', async () => {
    for (const [before, twice] of [
      ['{', '{\n  "requestId": "req_other",'],
      ['{', '{\n  "version": 1,'],
      ['"opening": {', '"opening": {\n    "number": 9,'],
      ['"request": {', '"request": {\n    "masking": "named",'],
    ] as const) {
      const forged = await signedAnew({ written: (text) => text.replace(before, twice) });
      expect(failedChecks(forged)).toEqual(['manifest']);
    }
  });

  const contents: [string, CheckName, string, (text: string) => string][] = [
    ['with a record left out', 'records', ENTRIES.records, (text) => text.split('\n').slice(1).join('\n')],
    [
      'with records in another order',
      'records',
      ENTRIES.records,
      (text) => `${text.trimEnd().split('\n').reverse().join('\n')}\n`,
    ],
    [
      'with a record of another commitment',
      'scope',
      ENTRIES.records,
      (text) => text.replace(/"commitment":"[0-9a-f]{8}/, '"commitment":"00000000'),
    ],
    [
      'with a record of another hotel',
      'scope',
      ENTRIES.records,
      (text) => text.replace('"SHA01"', '"HGH02"'),
    ],
    [
      'with a record outside the period',
      'scope',
      ENTRIES.records,
      (text) => text.replace('2026-05-01T00:00:00.000Z', '2026-04-01T00:00:00.000Z'),
    ],
    [
      'with another watermark on a record',
      'watermark',
      ENTRIES.records,
      (text) => text.replace('"number":1', '"number":2'),
    ],
    [
      'with a field twice',
      'records',
      ENTRIES.records,
      (text) => text.replace('{', '{"text":"shown elsewhere",'),
    ],
    [
      'with an event’s field twice',
      'events',
      ENTRIES.events,
      (text) => text.replace('{', '{"actor":"p_other",'),
    ],
    [
      'with a field of the completeness twice',
      'completeness',
      ENTRIES.completeness,
      (text) => text.replace('{', '{\n  "missing": [],'),
    ],
    [
      'with a field of the key twice',
      'signature',
      `keys/${signer.pinned.keyId}.json`,
      (text) => text.replace('{', '{\n  "algorithm": "none",'),
    ],
    [
      'with a digest of an original',
      'records',
      ENTRIES.records,
      (text) => text.replace('{"recordId"', '{"digest":"x","recordId"'),
    ],
    [
      'with another watermark in the transcript',
      'watermark',
      ENTRIES.transcript,
      (text) => text.replace('<aside>p_legal1', '<aside>p_other'),
    ],
    [
      'with a record missing in the transcript',
      'records',
      ENTRIES.transcript,
      (text) => text.replace(/<article[\s\S]*?<\/article>/, ''),
    ],
    [
      'with a record said to be missing',
      'completeness',
      ENTRIES.completeness,
      (text) => text.replace('"missing": []', '"missing": ["00"]'),
    ],
    ['with a changed event', 'events', ENTRIES.events, (text) => text.replace('p_privacy1', 'p_privacy2')],
    ['with an event left out', 'events', ENTRIES.events, (text) => text.split('\n').slice(1).join('\n')],
    [
      'with another key beside the signature',
      'signature',
      `keys/${signer.pinned.keyId}.json`,
      (text) => text.replace(/"spki": ".{60}/, `"spki": "${'A'.repeat(60)}`),
    ],
  ];
  it.each(contents)('%s fails under %s', async (_, check, name, change) => {
    expect(failedChecks(await signedAnew({ entries: changedEntries(name, change) }))).toContain(check);
  });

  it('must name the versions of a message that differ', async () => {
    const one = storedRecord(0);
    const other = storedRecord(1, { recordId: `${messageOf(one.recordId)}${'0'.repeat(16)}` });
    const versions = samplePackage([found(one), found(other)], {}, signer);
    expect(failedChecks(await buildPackage(versions))).toEqual([]);
    const silent = { ...versions, completeness: { ...versions.completeness, conflicts: [] } };
    expect(failedChecks(await buildPackage(silent))).toEqual(['completeness']);
  });

  it('that hides that a message was edited or recalled, or that a note was internal, fails', async () => {
    const first = storedRecord(0);
    const about = messageOf(first.recordId);
    const whole = samplePackage(
      [
        found(first),
        found(storedRecord(1, { edits: about })),
        found(storedRecord(2, { recalls: about })),
        found(storedRecord(3, { internal: true })),
      ],
      {},
      signer,
    );
    expect(failedChecks(await buildPackage(whole))).toEqual([]);
    const silent = (change: Partial<PackageInput['records'][number]>, at: number) => ({
      ...whole,
      records: whole.records.map((record, index) => (index === at ? { ...record, ...change } : record)),
    });
    expect(failedChecks(await buildPackage(silent({ edited: false }, 0)))).toContain('records');
    expect(failedChecks(await buildPackage(silent({ recalled: false }, 0)))).toEqual(['records']);
    expect(failedChecks(await buildPackage(silent({ recalled: true }, 1)))).toEqual(['records']);
    const uncounted = { ...whole, completeness: { ...whole.completeness, edited: 0 } };
    expect(failedChecks(await buildPackage(uncounted))).toEqual(['completeness']);

    const parts = await entriesOf(await buildPackage(whole));
    const shownAsSaid = parts.map(({ name, bytes }) => ({
      name,
      bytes:
        name === ENTRIES.transcript
          ? Buffer.from(bytes.toString('utf8').replace('class="staff internal"', 'class="staff"'))
          : bytes,
    }));
    expect(failedChecks(await signedAnew({ entries: shownAsSaid }))).toEqual(['records']);
  });

  it('of a time before edits and notes were told is still verified', async () => {
    const lines = changedEntries(ENTRIES.records, (text) =>
      text.replaceAll('"edits":null,"internal":false,', ''),
    );
    const before = lines.map((entry) =>
      entry.name === ENTRIES.completeness
        ? { ...entry, bytes: Buffer.from(entry.bytes.toString('utf8').replace('  "edited": 0,\n', '')) }
        : entry,
    );
    expect(before.map(({ bytes }) => bytes.toString('utf8')).join()).not.toMatch(/"edits"|"edited": 0/);
    expect(failedChecks(await signedAnew({ entries: before }))).toEqual([]);
  });

  const chains: [string, (events: CustodyEvent[]) => CustodyEvent[]][] = [
    [
      'without the approvals’ events',
      (events) => again(events.filter(({ type }) => type !== 'request-approved')),
    ],
    [
      'with an approval after provision',
      (events) => again([...events.slice(0, 3), ...events.slice(4), ...events.slice(3, 4)]),
    ],
    ['never provisioned', (events) => again(events.filter(({ type }) => type !== 'grant-provisioned'))],
    ['of a grant that was revoked', (events) => [...events, following(events, 'grant-revoked')]],
    ['of a grant that was closed', (events) => [...events, following(events, 'grant-closed')]],
    ['of another request', (events) => linked('req_other', events)],
  ];
  it.each(chains)('with a chain %s fails under events', async (_, change) => {
    const events = change(chainOf(input.grant));
    const lines = events.map((event) => `${JSON.stringify(event)}\n`).join('');
    const forged = await signedAnew({
      entries: changedEntries(ENTRIES.events, () => lines),
      manifest: (m) => ({ ...m, events: { count: events.length, head: events.at(-1)?.digest } }),
    });
    expect(failedChecks(forged)).toEqual(['events']);
  });
});

function again(events: CustodyEvent[]): CustodyEvent[] {
  return linked(input.grant.requestId, events);
}

function following(events: CustodyEvent[], type: 'grant-revoked' | 'grant-closed'): CustodyEvent {
  const last = events.at(-1);
  if (last === undefined || !isDigest(last.digest)) throw new Error('The chain is empty');
  const { subject, actor, data } = last;
  return nextEvent(
    { sequence: last.sequence, digest: last.digest },
    { subject, actor, data, type, at: new Date(last.at) },
  );
}

describe('what a package holds', () => {
  it('is no word or account of the guest that masking hides, no reason, no salt, no original', () => {
    const all = entries.map(({ bytes }) => bytes.toString('utf8')).join('\n');
    const secrets = ['王小明', 'wmGuest01', 'sealed', Buffer.from('original 0').toString('base64')];
    for (const secret of [...secrets, sha256('original 0').slice(7)]) expect(all).not.toContain(secret);
    expect(all).toContain('李前台');
  });

  it('is the statement that its digest is of', () => {
    const manifest = manifestSchema.parse(JSON.parse(entries[0]?.bytes.toString('utf8') ?? ''));
    expect(digestOf(manifest.request)).toBe(manifest.requestDigest);
    expect(manifest.requestDigest).toBe(input.grant.requestDigest);
  });

  it('is signed in at most 4,096 bytes', () => {
    expect(entries[1]?.bytes.length).toBeLessThan(1_000);
  });

  it('numbers an opening after those that were counted before it', async () => {
    const opened = [...chainOf(input.grant)];
    const last = opened.at(-1);
    if (last === undefined || !isDigest(last.digest)) throw new Error('The chain is empty');
    const head = { sequence: last.sequence, digest: last.digest };
    const event = nextEvent(head, {
      subject: last.subject,
      type: 'grant-opened',
      actor: 'p_legal1',
      at: new Date('2026-06-01T03:30:00.000Z'),
      data: { opening: 1 },
    });
    const grant = { ...input.grant, opened: 1, chain: { sequence: event.sequence, digest: event.digest } };
    const second = await buildPackage({ ...input, grant, events: [...opened, event] });
    expect(failedChecks(second)).toEqual([]);
    const [first] = (await entriesOf(second)).filter(({ name }) => name === ENTRIES.manifest);
    expect(JSON.parse(first?.bytes.toString('utf8') ?? '')).toMatchObject({ opening: { number: 2 } });
  });

  it('is not made where the events are not those of the row', async () => {
    const missing = { ...input, events: input.events.slice(0, -1) };
    await expect(buildPackage(missing)).rejects.toMatchObject({ name: 'PackageInputError' });
    const unchecked = { ...input, grant: { ...input.grant, scope: null } };
    await expect(buildPackage(unchecked)).rejects.toMatchObject({ name: 'PackageInputError' });
  });
});

describe('the media of a package that somebody signs anew', () => {
  const content = Buffer.from('a photo');
  const FILE = `attachments/${RECORDS[0]?.record.recordId}-1.jpg`;
  const attachment = {
    name: 'photo.jpg',
    mediaType: null,
    bytes: content.length,
    digest: sha256(content),
    state: 'present' as const,
    mediaId: 'med_1',
    found: { bytes: content.length, digest: sha256(content) },
  };
  const records = RECORDS.map((one, index) =>
    index === 0 ? { ...one, record: { ...one.record, attachments: [attachment] } } : one,
  );
  async function packaged(masking: 'named' | 'masked', media: Entries): Promise<Entries> {
    return entriesOf(await buildPackage({ ...samplePackage(records, { masking }, signer), media }));
  }
  const changed = (all: Entries, name: string, from: string | RegExp, to: string) =>
    all.map((entry) =>
      entry.name === name
        ? { name, bytes: Buffer.from(entry.bytes.toString('utf8').replace(from, to)) }
        : entry,
    );

  it('verify where they are what the records name', async () => {
    const named = await packaged('named', [{ name: FILE, bytes: content }]);
    expect(failedChecks(await signedAnew({ entries: named }))).toEqual([]);
    expect(failedChecks(await signedAnew({ entries: await packaged('masked', []) }))).toEqual([]);
  });

  it('fail where one is another, missing, added, another record’s, or shown where it is masked', async () => {
    const named = await packaged('named', [{ name: FILE, bytes: content }]);
    const other = Buffer.from('b photo');
    const more = { name: FILE.replace('-1.', '-2.'), bytes: content };
    const renamed = FILE.replace(/[0-9a-f]{32}/, 'f'.repeat(32));
    for (const forged of [
      named.map((entry) => (entry.name === FILE ? { ...entry, bytes: other } : entry)),
      named.filter(({ name }) => name !== FILE),
      [...named, more],
      changed(named, ENTRIES.records, FILE, renamed).map((entry) =>
        entry.name === FILE ? { ...entry, name: renamed } : entry,
      ),
      changed(named, ENTRIES.records, `"file":"${FILE}"`, '"file":null'),
      changed(named, ENTRIES.records, sha256(content), sha256(other)),
      changed(named, ENTRIES.records, '"state":"present"', '"state":"missing"'),
    ]) {
      expect(failedChecks(await signedAnew({ entries: forged }))).toContain('records');
    }
    const masked = await packaged('masked', []);
    const shown = changed(masked, ENTRIES.records, '"file":null', `"file":"${FILE}"`);
    expect(failedChecks(await signedAnew({ entries: [...shown, { name: FILE, bytes: content }] }))).toContain(
      'records',
    );
    const uncounted = changed(masked, ENTRIES.completeness, '"withheld": 1', '"withheld": 0');
    expect(failedChecks(await signedAnew({ entries: uncounted }))).toContain('completeness');
  });

  describe('that the scope names', () => {
    const commitment = 'c'.repeat(64);
    const never = { ...attachment, state: 'reference' as const, mediaId: null, found: null };
    const named = RECORDS.map((one, index) =>
      index === 0
        ? {
            ...one,
            record: { ...one.record, attachments: [{ ...attachment, suppliedBy: 'bat_02' }, never] },
            media: [`present:${commitment}`, 'reference'],
          }
        : one,
    );
    const whole = async () =>
      entriesOf(
        await buildPackage({
          ...samplePackage(named, { masking: 'named' }, signer),
          media: [{ name: FILE, bytes: content }],
        }),
      );

    it('verify where they are as it has them', async () => {
      expect(failedChecks(await signedAnew({ entries: await whole() }))).toEqual([]);
    });

    it('fail where a commitment is another, left out, or of one that was not in custody', async () => {
      const entries = await whole();
      for (const [from, to, check] of [
        [commitment, 'd'.repeat(64), 'scope'],
        [`,"commitment":"${commitment}"`, '', 'scope'],
        ['"commitment":null', `"commitment":"${commitment}"`, 'records'],
        [`"commitment":"${commitment}"`, '"commitment":null', 'records'],
        ['"state":"reference"', '"state":"missing"', 'scope'],
      ] as const) {
        const forged = changed(entries, ENTRIES.records, from, to);
        expect(failedChecks(await signedAnew({ entries: forged }))).toContain(check);
      }
    });

    it('fail where completeness.json hides which batch brought them later, or that no digest was declared', async () => {
      const entries = await whole();
      for (const [from, to] of [
        ['"batchId": "bat_02"', '"batchId": "bat_03"'],
        [/"suppliers": \[[^\]]*\],/, ''],
        ['"undeclared": 0', '"undeclared": 1'],
      ] as const) {
        const forged = changed(entries, ENTRIES.completeness, from, to);
        expect(failedChecks(await signedAnew({ entries: forged }))).toContain('completeness');
      }
    });
  });
});
