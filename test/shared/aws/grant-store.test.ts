import { randomBytes } from 'node:crypto';
import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { custodyLog } from '../../../shared/aws/custody-log.ts';
import { grantStore } from '../../../shared/aws/grant-store.ts';
import type { AccessGrant, Opening } from '../../../shared/domain/access-grant.ts';
import { faultInChain } from '../../../shared/domain/custody-event.ts';
import { LATE_COPY_SECONDS } from '../../../shared/domain/rendering.ts';
import type { GrantStore } from '../../../shared/ports/grant-store.ts';
import { type EmbeddedAwsOfTest, embeddedAwsOfTest } from '../../support/embedded-aws-of-test.ts';
import { approval, checked, director, lawyer, officer, request } from '../policy/staff.ts';

const AT = new Date('2026-06-15T12:00:00.000Z');
const later = (minutes: number) => new Date(AT.getTime() + minutes * 60_000);
const event = (data = {}, at = AT) => ({ at, actor: 'p_x', data });

describe('the grants table', () => {
  let aws: EmbeddedAwsOfTest;
  let table: string;
  let store: GrantStore;
  let log: ReturnType<typeof custodyLog>;

  beforeAll(async () => {
    aws = await embeddedAwsOfTest();
  }, 300_000);
  afterAll(() => aws.stop());
  beforeEach(async () => {
    table = await grantsTable();
    log = custodyLog(await aws.table(), aws.dynamo);
    store = grantStore(table, aws.dynamo, log);
  });

  async function grantsTable(): Promise<string> {
    const name = `grants-${randomBytes(6).toString('hex')}`;
    const string = (AttributeName: string) => ({ AttributeName, AttributeType: 'S' as const });
    const index = (IndexName: string, hash: string, range: string) => ({
      IndexName,
      KeySchema: [
        { AttributeName: hash, KeyType: 'HASH' as const },
        { AttributeName: range, KeyType: 'RANGE' as const },
      ],
      Projection: { ProjectionType: 'ALL' as const },
    });
    await aws.dynamo.send(
      new CreateTableCommand({
        TableName: name,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: ['pk', 'sk', 'due', 'dueAt', 'requester', 'requestedAt'].map(string),
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
        GlobalSecondaryIndexes: [
          index('due', 'due', 'dueAt'),
          index('byRequester', 'requester', 'requestedAt'),
        ],
      }),
    );
    return name;
  }

  async function created(changes: Partial<AccessGrant> = {}): Promise<AccessGrant> {
    const { version: _version, chain: _chain, ...grant } = request(changes);
    return store.create(grant, event());
  }

  async function submitted(changes: Partial<AccessGrant> = {}): Promise<AccessGrant> {
    const { route, scope, ruleSet, deadline, requestDigest } = checked(changes);
    const set = { route, scope, ruleSet, deadline, requestDigest };
    return moved(await store.move(await created(changes), 'submit', set, event()));
  }

  async function opened(): Promise<AccessGrant> {
    const row = await submitted();
    const approvals = [
      approval(row, officer, 'privacy-officer'),
      approval(row, director, 'infosec-director'),
    ];
    const complete = moved(await store.move(row, 'complete', { approvals }, event()));
    const windowEnds = later(60).toISOString();
    return moved(await store.move(complete, 'provision', { windowEnds }, event()));
  }

  function moved(result: Awaited<ReturnType<GrantStore['move']>>): AccessGrant {
    if (result.outcome !== 'moved') throw new Error('It was stale');
    return result.grant;
  }

  function opening(openingId: string): Opening {
    return {
      openingId,
      requestId: 'req_1',
      state: 'preparing',
      number: null,
      by: lawyer.personId,
      copyKey: null,
      copyDigest: null,
      createdAt: AT.toISOString(),
      issuedAt: null,
      expiresAt: null,
      deleteAt: later(10).toISOString(),
    };
  }

  it('gives back a request as it was written, with its event and its row in the register', async () => {
    const row = await created();
    expect(await store.read('req_1')).toEqual(row);
    expect((await store.events('req_1')).map(({ type }) => type)).toEqual(['request-made']);
    expect(await store.byHotel('SHA01', 2026)).toEqual([row]);
    expect(await store.byRequester('p_lawyer')).toEqual([row]);
    expect(await store.byHotel('SHA01', 2025)).toEqual([]);
    expect(await store.registerPage('SHA01', 2026, null)).toEqual({ found: [row], next: null });
    expect(await store.registerPage('SHA01', 2026, row)).toEqual({ found: [], next: null });
  });

  it('creates one request for one id, whoever comes second', async () => {
    const rows = await Promise.all([created(), created({ matter: 'M-other' })]);
    expect(rows[0]).toEqual(rows[1]);
    expect(await store.events('req_1')).toHaveLength(1);
  });

  it('moves a row on the version and from the states that were read alone, one event each', async () => {
    const row = await submitted();
    const [one, other] = await Promise.all([
      store.move(row, 'approve', { approvals: [approval(row, officer, 'privacy-officer')] }, event()),
      store.move(row, 'deny', { approvals: [approval(row, director, 'infosec-director', 'deny')] }, event()),
    ]);
    expect([one.outcome, other.outcome].sort()).toEqual(['moved', 'stale']);
    expect((await store.move(row, 'approve', {}, event())).outcome).toBe('stale');
    const now = await store.read('req_1');
    expect((await store.move({ ...row, version: now?.version ?? 0 }, 'provision', {}, event())).outcome).toBe(
      'stale',
    );
    const events = await store.events('req_1');
    expect(events).toHaveLength(3);
    expect(faultInChain(events)).toBeNull();
  });

  it('says what is due since when, and nothing that is not yet', async () => {
    const row = await submitted();
    expect(await store.due('start', later(60 * 24))).toEqual([]);
    const deadline = new Date(row.deadline ?? '');
    expect(await store.due('approval', new Date(deadline.getTime() - 1))).toEqual([]);
    expect(await store.due('approval', deadline)).toEqual(['req_1']);
    await store.move(row, 'deny', {}, event({}, later(5)));
    expect(await store.due('release', later(4))).toEqual([]);
    expect(await store.due('release', later(5))).toEqual(['req_1']);
    await store.released('req_1');
    await store.released('req_1');
    expect(await store.due('release', later(60))).toEqual([]);
    expect((await store.read('req_1'))?.state).toBe('denied');
  });

  it('leaves the notices of a change with it, due apart from what is due of the request, until they were sent', async () => {
    const row = await submitted({ remindAt: later(30).toISOString() });
    expect(await store.noticesDue('req_1')).toMatchObject([
      { version: 1, kind: 'request-awaiting-approval', roles: row.route, at: AT.toISOString() },
    ]);
    expect(await store.due('notice', later(-1))).toEqual([]);
    expect(await store.due('notice', AT)).toEqual(['req_1']);
    const change = { remindedAt: later(30).toISOString() };
    // A change that comes to nothing tells nobody.
    expect(await store.move({ ...row, version: 9 }, 'remind', change, event({}, later(30)))).toEqual({
      outcome: 'stale',
    });
    expect(await store.noticesDue('req_1')).toHaveLength(1);
    await store.move(row, 'remind', change, event({}, later(30)));
    const due = await store.noticesDue('req_1');
    expect(due.map(({ kind }) => kind).sort()).toEqual(['approval-reminder', 'request-awaiting-approval']);
    for (const notice of due) await store.noticeSent(notice);
    for (const notice of due) await store.noticeSent(notice);
    expect(await store.noticesDue('req_1')).toEqual([]);
    expect(await store.due('notice', later(60))).toEqual([]);
    expect((await store.read('req_1'))?.state).toBe('awaiting-approval');
  });

  it('closes the register’s row with the result when a request ends', async () => {
    const row = await submitted();
    await store.move(row, 'deny', {}, event());
    const { Item } = await aws.dynamo.send(
      new GetCommand({
        TableName: table,
        Key: { pk: 'REGISTER#SHA01#2026', sk: `${row.requestedAt}#req_1` },
      }),
    );
    expect(Item).toMatchObject({ result: 'denied', requestId: 'req_1', number: '2026-000001' });
  });

  const COPY = { copyKey: 'copies/req_1/opn_1/a.zip', copyDigest: 'sha256:copy' };

  it('counts an opening once, with its event', async () => {
    const grant = await opened();
    await store.prepare(grant, opening('opn_1'));
    expect(await store.prepare(grant, { ...opening('opn_1'), by: 'p_other' })).toEqual({ outcome: 'stale' });
    expect(await store.opening('req_1', 'opn_1')).toMatchObject({ by: 'p_lawyer' });
    await store.rendered(opening('opn_1'), COPY);
    const issued = { ...opening('opn_1'), ...COPY, number: 1, issuedAt: AT.toISOString() };
    expect((await store.issue(grant, issued, event())).outcome).toBe('moved');
    expect((await store.issue(grant, issued, event())).outcome).toBe('stale');
    expect(await store.read('req_1')).toMatchObject({ opened: 1, state: 'open' });
    expect(await store.opening('req_1', 'opn_1')).toMatchObject({ state: 'issued', ...COPY });
  });

  it('binds one copy to an opening, the first, and only while it is being prepared', async () => {
    const grant = await opened();
    const one = opening('opn_1');
    await store.prepare(grant, one);
    const other = { copyKey: 'copies/req_1/opn_1/b.zip', copyDigest: 'sha256:other' };
    const outcomes = await Promise.all([store.rendered(one, COPY), store.rendered(one, other)]);
    expect(outcomes.sort()).toEqual(['bound', 'not-bound']);
    const bound = await store.opening('req_1', 'opn_1');
    if (bound === null) throw new Error('There is no opening');
    // The copy it names is gone: whoever saw that may bind another.
    expect(await store.rendered(bound, { ...COPY, copyKey: 'copies/req_1/opn_1/c.zip' })).toBe('bound');
    expect((await store.issue(grant, { ...bound, number: 1 }, event())).outcome).toBe('stale');
    await store.copyDeleted(bound, event());
    const now = await store.opening('req_1', 'opn_1');
    if (now === null) throw new Error('There is no opening');
    expect(await store.rendered(now, COPY)).toBe('not-bound');
  });

  it('prepares no more openings at once than are left, and only while the grant is as it was read', async () => {
    const grant = { ...(await opened()), opens: 2 };
    const ids = ['opn_1', 'opn_2', 'opn_3', 'opn_4'];
    const results = await Promise.all(ids.map((id) => store.prepare(grant, opening(id))));
    const outcomes = results.map(({ outcome }) => outcome);
    expect(outcomes.filter((outcome) => outcome === 'prepared')).toHaveLength(2);
    expect(outcomes.filter((outcome) => outcome === 'none-left')).toHaveLength(2);
    const [one, two] = await store.openings('req_1');
    if (one === undefined || two === undefined) throw new Error('None was prepared');
    // One that ends gives its place back; one that is counted keeps it.
    await store.copyDeleted(one, event());
    expect((await store.prepare(grant, opening('opn_5'))).outcome).toBe('prepared');
    await store.rendered(two, COPY);
    const counted = moved(await store.issue(grant, { ...two, ...COPY, number: 1 }, event()));
    expect((await store.prepare(grant, opening('opn_6'))).outcome).toBe('stale');
    expect((await store.prepare({ ...counted, opens: 2 }, opening('opn_6'))).outcome).toBe('none-left');
  });

  it('keeps a deleted copy’s row due until no rendering can bring another, with one event however often it is told', async () => {
    const one = opening('opn_1');
    await store.prepare(await opened(), one);
    expect(await store.due('copy', later(10))).toEqual(['req_1']);
    await store.copyDeleted(one, event({ openingId: 'opn_1' }));
    await store.copyDeleted(one, event({ openingId: 'opn_1' }));
    const lateMinutes = LATE_COPY_SECONDS / 60;
    expect(await store.due('copy', later(lateMinutes - 1))).toEqual([]);
    expect(await store.due('copy', later(lateMinutes))).toEqual(['req_1']);
    const deleted = await store.opening('req_1', 'opn_1');
    if (deleted === null) throw new Error('There is no opening');
    expect(deleted).toMatchObject({ state: 'deleted', lateUntil: later(lateMinutes).toISOString() });
    expect(await log.events('copies/req_1')).toHaveLength(1);

    await store.lateCopiesCleared(deleted, event({ openingId: 'opn_1', late: 1 }));
    await store.lateCopiesCleared(deleted, event({ openingId: 'opn_1', late: 1 }));
    await store.lateCopiesCleared(deleted, null);
    expect(await store.due('copy', later(600))).toEqual([]);
    expect(await store.opening('req_1', 'opn_1')).not.toHaveProperty('lateUntil');
    expect(await log.events('copies/req_1')).toHaveLength(2);
  });

  it('keeps one token a gate, the last that came', async () => {
    await store.keepToken('req_1', 'approval:privacy-officer', 'one');
    await store.keepToken('req_1', 'approval:privacy-officer', 'two');
    await store.keepToken('req_1', 'end', 'three');
    expect(await store.tokens('req_1')).toEqual([
      { gate: 'approval:privacy-officer', token: 'two' },
      { gate: 'end', token: 'three' },
    ]);
    await store.dropToken('req_1', 'end');
    expect(await store.tokens('req_1')).toHaveLength(1);
    expect(await store.tokens('req_2')).toEqual([]);
  });
});
