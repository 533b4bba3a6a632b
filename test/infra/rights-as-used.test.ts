import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from '@jest/globals';
import { buildSync } from 'esbuild';
import { z } from 'zod';
import { FUNCTION_NAMES, FUNCTION_SPECS, type FunctionName } from '../../infra/function-catalogue.ts';
import { custodyLog } from '../../shared/aws/custody-log.ts';
import { grantStore } from '../../shared/aws/grant-store.ts';
import { providerStore } from '../../shared/aws/provider-store.ts';
import { viewStore } from '../../shared/aws/view-store.ts';
import type { Opening } from '../../shared/domain/access-grant.ts';
import type { Notice } from '../../shared/domain/notice.ts';
import type { ProviderRequest } from '../../shared/domain/provider-request.ts';
import type { GrantStore } from '../../shared/ports/grant-store.ts';
import type { ProviderStore } from '../../shared/ports/provider-store.ts';
import type { ViewStore } from '../../shared/ports/view-store.ts';
import { NOON, opened } from '../shared/policy/staff.ts';

/*
 * The embedded AWS doesn't enforce the rows of a right (`dynamodb:LeadingKeys`), so that a right which is too narrow
 * would show in the cloud alone: what a function may do with the tables of the loop is held here to what its code does.
 */

const ROOT = new URL('../../', import.meta.url).pathname;

/** A function's own code without the adapters, and without what it imports and doesn't use. */
function codeOf(name: FunctionName): string {
  const { outputFiles } = buildSync({
    absWorkingDir: ROOT,
    entryPoints: [`functions/${name}/${name}.ts`],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    external: ['../../shared/aws/*', '../aws/*'],
    packages: 'external',
    logLevel: 'silent',
  });
  return outputFiles.map(({ text }) => text).join('\n');
}

const calls = (code: string, name: string) =>
  [...code.matchAll(new RegExp(`\\b${name}\\d*\\.(\\w+)\\(`, 'g'))].map(([, method]) => method ?? '');

const grant = opened();
const opening: Opening = {
  openingId: 'opn_1',
  requestId: grant.requestId,
  state: 'preparing',
  number: null,
  by: 'p_lawyer',
  copyKey: `copies/${grant.requestId}/opn_1.zip`,
  copyDigest: 'd',
  createdAt: NOON.toISOString(),
  issuedAt: null,
  expiresAt: null,
  deleteAt: NOON.toISOString(),
};
const notice: Notice = {
  ...{ version: 1, kind: 'approval-reminder', requestId: grant.requestId, hotels: ['SHA01'] },
  ...{ roles: ['privacy-officer'], deadline: null, at: NOON.toISOString() },
};
const event = { at: NOON, actor: 'p_lawyer', data: {} };
const id = grant.requestId;

/** Each method of the grants table, done once; a grant ends where it moves, which closes its register. */
const METHODS: { [Method in keyof GrantStore]: (store: GrantStore) => Promise<unknown> } = {
  create: (store) => store.create(grant, event),
  read: (store) => store.read(id),
  move: (store) => store.move(grant, 'fail', {}, event),
  provision: (store) =>
    store.provision(grant, {}, event, {
      requester: 'p_lawyer',
      key: `request/${id}`,
      rows: [{ guestId: 'gst_1', month: '2026-06', keys: [], version: 0 }],
    }),
  breakGlass: (store) =>
    store.breakGlass(grant, 'break', {}, event, {
      person: 'p_officer',
      part: 'opened',
      months: ['2026-06'],
      limit: 3,
    }),
  issue: (store) => store.issue(grant, opening, event),
  prepare: (store) => store.prepare(grant, opening),
  rendered: (store) => store.rendered(opening, { copyKey: 'copies/x', copyDigest: 'd' }),
  opening: (store) => store.opening(id, opening.openingId),
  openings: (store) => store.openings(id),
  copyDeleted: (store) => store.copyDeleted(opening, event),
  lateCopiesCleared: (store) => store.lateCopiesCleared(opening, event),
  note: (store) => store.note(`attempts/${id}`, 'request-shown', event),
  events: (store) => store.events(id),
  keepToken: (store) => store.keepToken(id, 'end', 't'),
  tokens: (store) => store.tokens(id),
  dropToken: (store) => store.dropToken(id, 'end'),
  released: (store) => store.released(id),
  noticesDue: (store) => store.noticesDue(id),
  noticeSent: (store) => store.noticeSent(notice),
  due: (store) => store.due('window', NOON),
  byRequester: (store) => store.byRequester('p_lawyer'),
  byHotel: (store) => store.byHotel('SHA01', 2026),
  registerPage: (store) => store.registerPage('SHA01', 2026, null),
};

const letter: ProviderRequest = {
  providerRequestId: 'prq_1',
  requestId: grant.requestId,
  number: 1,
  letterNumber: '2026-1-P01',
  version: 1,
  state: 'drafted',
  chain: { sequence: 1, digest: null },
  platform: 'wecom',
  hotels: ['SHA01'],
  categories: [],
  dueDays: 14,
  provider: 'sealed',
  address: null,
  replyTo: null,
  drafted: { by: 'p_lawyer', at: NOON.toISOString() },
  letters: [],
  answerBy: null,
  sent: null,
  overdueSince: null,
  refusal: null,
  withdrawal: null,
  answers: [],
};

/** Each method of the store of provider requests, done once. */
const PROVIDER_METHODS: { [Method in keyof ProviderStore]: (store: ProviderStore) => Promise<unknown> } = {
  create: (store) => store.create(letter, event),
  read: (store) => store.read('prq_1'),
  ofRequest: (store) => store.ofRequest(id),
  move: (store) => store.move(letter, 'issue', {}, event),
  overdue: (store) => store.overdue(NOON),
};

const VIEW_METHODS: { [Method in keyof ViewStore]: (store: ViewStore) => Promise<unknown> } = {
  record: (store) =>
    store.record(
      {
        ...{ viewId: 'view_1', viewer: 'p_desk', role: 'front-desk', hotel: 'SHA01', kind: 'guest' },
        ...{ guests: [], recordIds: [], from: null, to: null },
        ...{ at: NOON.toISOString(), openUntil: NOON.toISOString() },
      },
      '2026-06-15',
      event,
    ),
  read: (store) => store.read('view_1'),
};

const keyed = z.object({ TableName: z.string(), Key: z.object({ pk: z.string() }) });
const put = z.object({ TableName: z.string(), Item: z.object({ pk: z.string() }) });
const query = z.object({
  TableName: z.string(),
  IndexName: z.string().optional(),
  ExpressionAttributeValues: z.record(z.string(), z.unknown()),
});
const transaction = z.object({ TransactItems: z.array(z.record(z.string(), z.unknown())) });

/** `table action rows`, as a role's rights are written. */
function right(action: string, input: unknown): string[] {
  if (action.startsWith('TransactWrite')) {
    return transaction
      .parse(input)
      .TransactItems.flatMap((item) =>
        Object.entries(item).flatMap(([kind, one]) =>
          right(kind === 'ConditionCheck' ? 'ConditionCheckItem' : kind, one),
        ),
      );
  }
  const full = action.endsWith('Item') || action === 'Query' ? action : `${action}Item`;
  if (full === 'PutItem') {
    const { TableName, Item } = put.parse(input);
    return [`${TableName} ${full} ${rowsOf(Item.pk)}`];
  }
  if (full === 'Query') {
    const { TableName, IndexName, ExpressionAttributeValues } = query.parse(input);
    // Of an index there is a right of its own.
    if (IndexName !== undefined) return [];
    return [`${TableName} ${full} ${rowsOf(String(Object.values(ExpressionAttributeValues)[0]))}`];
  }
  const { TableName, Key } = keyed.parse(input);
  return [`${TableName} ${full} ${rowsOf(Key.pk)}`];
}

function rowsOf(pk: string): string {
  return pk.replace(/(?<=[#/]).*$/, '*');
}

async function rightsOf(method: (dynamo: DynamoDBDocumentClient) => Promise<unknown>): Promise<Set<string>> {
  const dynamo = DynamoDBDocumentClient.from(new DynamoDBClient({ region: 'cn-north-1' }));
  const needed = new Set<string>();
  dynamo.middlewareStack.add(
    (_next, context) => async (args) => {
      const action = (context.commandName ?? '')
        .replace(/Command$/, '')
        .replace(/^(Get|Put|Update|Delete)Item$/, '$1');
      const found = right(action, args.input);
      for (const one of found) needed.add(one);
      const [only = ''] = found;
      const Item = only.includes('REQUEST#')
        ? grant
        : only.includes('OPENINGS#')
          ? opening
          : only.includes('PROVIDER#')
            ? letter
            : undefined;
      const Items = only.includes('PROVIDERS#') ? [letter] : [];
      return { output: { $metadata: {}, Item, Items }, response: {} };
    },
    { step: 'initialize', priority: 'high' },
  );
  await method(dynamo);
  return needed;
}

/** The chains of other adapters' methods, and of what a function's own code names. */
const CHAINS: [receiver: string, methods: string[], rows: string][] = [
  ['batches', ['received', 'commit', 'fail'], 'batch/*'],
  ['identifiers', ['create', 'link', 'unlink'], 'guest/*'],
  ['consents', ['record'], 'guest/*'],
  ['consents', ['place', 'withdraw'], 'collection/*'],
  ['holds', ['create', 'extend', 'release'], 'hold/*'],
  ['channels', ['add', 'rotate', 'remove'], 'channel/*'],
  ['devices', ['offer', 'confirm', 'revoke'], 'device/*'],
  ['refusals', ['note'], 'channel/*'],
  ['merge', ['swap'], 'merge/*'],
  ['changes', ['write'], 'directory/*'],
  ['changes', ['moveImport'], 'directory-import/*'],
  ['waiting', ['propose', 'settle'], 'change/*'],
  ['merge', ['addMedia'], 'batch/*'],
  ['cases', ['file'], 'case/*'],
  ['caseChanges', ['propose', 'settle'], 'change/*'],
];
const NAMED = /[`"'](attempts|period)\/\$\{/g;

async function needs(name: FunctionName): Promise<Set<string>> {
  const code = codeOf(name);
  const own = [...calls(code, 'store'), ...calls(code, 'grants')];
  const methods = Object.entries(METHODS).filter(([method]) => own.includes(method));
  const letters = calls(code, 'providers');
  const providerMethods = Object.entries(PROVIDER_METHODS).filter(([method]) => letters.includes(method));
  const views = calls(code, 'views');
  const viewMethods = Object.entries(VIEW_METHODS).filter(([method]) => views.includes(method));
  const rights = await Promise.all([
    ...viewMethods.map(([, method]) =>
      rightsOf((dynamo) => method(viewStore('grants', dynamo, custodyLog('events', dynamo)))),
    ),
    ...methods.map(([, method]) =>
      rightsOf((dynamo) => method(grantStore('grants', dynamo, custodyLog('events', dynamo)))),
    ),
    ...providerMethods.map(([, method]) =>
      rightsOf((dynamo) => method(providerStore('grants', dynamo, custodyLog('events', dynamo)))),
    ),
  ]);
  const chains = [
    ...CHAINS.filter(([receiver, some]) => calls(code, receiver).some((one) => some.includes(one))).map(
      ([, , rows]) => rows,
    ),
    ...[...code.matchAll(NAMED)].map(([, chain]) => `${chain}/*`),
  ];
  return new Set([
    ...rights.flatMap((some) => [...some]),
    ...(calls(code, 'counts').includes('read') ? ['grants BatchGetItem RETRIEVALS#*'] : []),
    ...(calls(code, 'emergencies').includes('uses') ? ['grants GetItem EMERGENCIES#*'] : []),
    // Break-glass that is refused gives back what it counted (L5).
    ...([...calls(code, 'store'), ...calls(code, 'grants')].includes('move') && /["']refuse["']/.test(code)
      ? ['grants UpdateItem EMERGENCIES#*']
      : []),
    // What a change tells people is written with it: what is submitted, reminded of, or ends break-glass (A4, L5).
    ...(leavesNotices(code) ? ['grants PutItem NOTICES#*'] : []),
    ...(calls(code, 'prints').includes('add')
      ? [
          ...['grants Query PRINTS#*', 'grants PutItem PRINTS#*', 'grants UpdateItem REGISTER#*'],
          ...['events Query prints/*', 'events PutItem prints/*'],
        ]
      : []),
    ...(calls(code, 'prints').includes('ofRequest') ? ['grants Query PRINTS#*'] : []),
    // A row of conduct carries its chain's head (R9); what a decision needs is read at once.
    ...(calls(code, 'conduct').some((one) => ['refused', 'requestRefused', 'change'].includes(one))
      ? ['events PutItem conduct/*']
      : []),
    ...(/\binOneCall\(/.test(code) ? ['grants BatchGetItem REQUEST#*'] : []),
    ...chains.flatMap((rows) => [`events Query ${rows}`, `events PutItem ${rows}`]),
  ]);
}

/** Whether it makes a change that people are told of; the same words stand in lists of what there is, which move nothing. */
function leavesNotices(code: string): boolean {
  const moves = [...calls(code, 'store'), ...calls(code, 'grants')].includes('move');
  const said = code.replaceAll(/\benum\(\[[^\]]*\]\)/g, '');
  const names = /(\(|, |\?\? |transition: )"(submit|remind|close|revoke)"/.test(said);
  return moves && (names || /\bfailRequest\(/.test(said));
}

function may(name: FunctionName): Set<string> {
  const { tables = {} } = FUNCTION_SPECS[name];
  return new Set(
    (['grants', 'events'] as const).flatMap((table) =>
      [tables[table] ?? []]
        .flat()
        .flatMap(({ actions, rows = ['everything'] }) =>
          actions.flatMap((action) => rows.map((row) => `${table} ${action} ${row}`)),
        ),
    ),
  );
}

describe('what a function may do with requests, grants and chains', () => {
  // The chain `rules` has one event for each publication, which the adapter of rule sets writes.
  const names = FUNCTION_NAMES.filter((name) => name !== 'publish-rules' && name !== 'metrics-bridge');

  it.each(names)('is what the code of %s does, and nothing more', async (name) => {
    expect([...may(name)].sort()).toEqual([...(await needs(name))].sort());
  });

  it('has rows for every table but those that are read by whatever was found', () => {
    const without = FUNCTION_NAMES.flatMap((name) =>
      Object.entries(FUNCTION_SPECS[name].tables ?? {}).flatMap(([table, uses]) =>
        [uses].flat().flatMap(({ rows }) => (rows === undefined ? [`${name}: ${table}`] : [])),
      ),
    );
    expect(without.filter((one) => !one.endsWith(': records'))).toEqual([]);
  });

  it('lets nobody but publish-rules write which rule set is in force', () => {
    const writers = FUNCTION_NAMES.filter((name) =>
      [FUNCTION_SPECS[name].tables?.cases ?? []]
        .flat()
        .some(
          ({ actions, rows }) =>
            (rows === undefined || rows.includes('RULES')) &&
            actions.some((action) => /^(Put|Update|Delete)Item$/.test(action)),
        ),
    );
    expect(writers).toEqual(['publish-rules']);
  });

  it('lets `render` unwrap what was staged, and no evidence', () => {
    expect(FUNCTION_SPECS.render.keys?.grant).toEqual({ actions: ['Decrypt'], purposes: ['grant'] });
  });
});
