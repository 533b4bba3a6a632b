import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { readRegions } from '../../infra/read-regions.ts';
import { LIMITS } from '../../shared/domain/limits.ts';
import { REQUEST_STATES, TRANSITIONS } from '../../shared/domain/request-states.ts';
import { flat } from './support/policies.ts';
import { at, one, REGIONS_FILE, synthesise, type Template } from './support/synthesis.ts';

const caughtBy = z.array(z.object({ ErrorEquals: z.array(z.string()), Next: z.string() }));
const condition = z.object({ Variable: z.literal('$.state'), StringEquals: z.string() });
const stateSchema = z.object({
  Type: z.string(),
  Next: z.string().optional(),
  Default: z.string().optional(),
  Choices: z
    .array(
      z.union([
        condition
          .extend({ Next: z.string() })
          .transform(({ StringEquals, Next }) => ({ of: [StringEquals], Next })),
        z
          .object({ Or: z.array(condition), Next: z.string() })
          .transform(({ Or, Next }) => ({ of: Or.map(({ StringEquals }) => StringEquals), Next })),
      ]),
    )
    .optional(),
  Catch: caughtBy.optional(),
  Retry: z.array(z.object({ ErrorEquals: z.array(z.string()), MaxAttempts: z.number() })).optional(),
  Resource: z.string().optional(),
  TimeoutSeconds: z.number().optional(),
  HeartbeatSeconds: z.number().optional(),
  ItemsPath: z.string().optional(),
  ItemProcessor: z
    .object({
      ProcessorConfig: z.object({ Mode: z.string() }),
      StartAt: z.string(),
      States: z.record(z.string(), z.unknown()),
    })
    .optional(),
  Parameters: z.record(z.string(), z.unknown()).optional(),
});
const machineSchema = z.object({ StartAt: z.string(), States: z.record(z.string(), stateSchema) });
type State = z.infer<typeof stateSchema>;

function machineOf(flow: Template) {
  const { Properties } = one(flow, 'AWS::StepFunctions::StateMachine', 'Retrieval');
  return { properties: Properties, ...machineSchema.parse(JSON.parse(flat(Properties['DefinitionString']))) };
}

function named(states: Record<string, State>, name: string): State {
  const state = states[name];
  if (state === undefined) throw new Error(`The machine has no state ${name}`);
  return state;
}

/** Every state by name, those inside a Map too. */
function everyState(states: Record<string, State>): [string, State][] {
  return Object.entries(states).flatMap(([name, state]): [string, State][] => [
    [name, state],
    ...Object.entries(state.ItemProcessor?.States ?? {}).map(([inner, value]): [string, State] => [
      inner,
      stateSchema.parse(value),
    ]),
  ]);
}

const configs = new Map(readRegions(REGIONS_FILE).map((config) => [config.region, config]));
const { regions } = await synthesise({ local: false });
const local = (await synthesise({ local: true })).regions;
const machines = [...regions, ...local].map(({ region, flow }, index) => ({
  where: index < regions.length ? region : `${region}, locally`,
  config: configs.get(region),
  ...machineOf(flow),
}));

/** `from label --> to` of docs/workflow.md's drawing of the machine. */
function drawn(): string[] {
  const document = readFileSync(new URL('../../docs/workflow.md', import.meta.url), 'utf8');
  const chart = /```mermaid\nflowchart TD\n([\s\S]*?)```/.exec(document)?.[1] ?? '';
  const node = String.raw`(\w+)(?:\{[^}]*\}|\["[^\]]*"\])?`;
  const edge = new RegExp(String.raw`^\s*${node} --(?: (.+) --)?> ${node}$`);
  return chart.split('\n').flatMap((line) => {
    const [, from, label, to] = edge.exec(line) ?? [];
    return from === undefined ? [] : [`${from} ${label ?? 'always'} > ${to}`];
  });
}

function built(states: Record<string, State>): string[] {
  return Object.entries(states).flatMap(([name, { Next, Default, Choices = [] }]) => [
    ...Choices.map((choice) => `${name} ${choice.of.join(', ')} > ${choice.Next}`),
    ...(Default === undefined ? [] : [`${name} otherwise > ${Default}`]),
    ...(Next === undefined ? [] : [`${name} always > ${Next}`]),
  ]);
}

/** The order of a choice's states says nothing. */
function normalised(edges: string[]): string[] {
  return edges
    .map((edge) =>
      edge.replace(/ (.+) > /, (_, label: string) => ` ${label.split(', ').sort().join(', ')} > `),
    )
    .sort();
}

describe.each(machines)('the workflow in $where', ({ where, config, properties, StartAt, States }) => {
  it('is a Standard workflow', () => {
    expect(properties['StateMachineType']).toBe('STANDARD');
  });

  it('goes the way that docs/workflow.md draws', () => {
    expect(drawn().length).toBeGreaterThan(10);
    expect(normalised(built(States))).toEqual(normalised(drawn()));
    expect(StartAt).toBe('Check');
  });

  it('gives every callback a timeout, a literal beyond the row’s own deadline', () => {
    const callbacks = everyState(States).filter(([, { Resource }]) => Resource?.includes('waitForTaskToken'));
    expect(callbacks.map(([name]) => name).sort()).toEqual(['AwaitApproval', 'AwaitEnd']);
    const timeouts = Object.fromEntries(callbacks.map(([name, state]) => [name, state.TimeoutSeconds]));
    expect(timeouts['AwaitApproval']).toBeGreaterThan((config?.approvals.deadlineHours ?? 0) * 3600);
    expect(timeouts['AwaitEnd']).toBeGreaterThan(LIMITS.windowHours * 3600);
  });

  it('gives every other task a timeout too', () => {
    const untimed = everyState(States).filter(
      ([, { Type, TimeoutSeconds }]) => Type === 'Task' && TimeoutSeconds === undefined,
    );
    expect(untimed).toEqual([]);
  });

  it('collects approvals with an inline Map over the route, one role an item', () => {
    const { Type, ItemsPath, ItemProcessor } = named(States, 'CollectApprovals');
    expect({ Type, ItemsPath }).toEqual({ Type: 'Map', ItemsPath: '$.route' });
    expect(ItemProcessor?.ProcessorConfig.Mode).toBe('INLINE');
    expect(Object.keys(ItemProcessor?.States ?? {})).toEqual(['AwaitApproval']);
    expect(everyState(States).some(([, state]) => state.Type === 'Parallel')).toBe(false);
  });

  it('sends whatever breaks to Compensate, and from there to Failed', () => {
    const uncaught = Object.entries(States)
      .filter(([name, { Type }]) => (Type === 'Task' || Type === 'Map') && name !== 'Compensate')
      .filter(
        ([, { Catch = [] }]) =>
          !Catch.some(({ ErrorEquals, Next }) => ErrorEquals.includes('States.ALL') && Next === 'Compensate'),
      )
      .map(([name]) => name);
    expect(uncaught).toEqual([]);
    expect(States['Compensate']?.Next).toBe('Failed');
    expect(States['Failed']?.Type).toBe('Fail');
  });

  it('tries every task again before it gives up', () => {
    const once = everyState(States)
      .filter(([, { Type }]) => Type === 'Task')
      .filter(([, { Retry = [] }]) => !Retry.some(({ MaxAttempts }) => MaxAttempts >= 2))
      .map(([name]) => name);
    expect(once).toEqual([]);
  });

  it('branches on states that the transition table has', () => {
    const named = Object.values(States).flatMap(({ Choices = [] }) => Choices.flatMap(({ of }) => of));
    const known: readonly string[] = REQUEST_STATES;
    expect(named.filter((state) => !known.includes(state))).toEqual([]);
    expect(States['Provisioned']?.Choices?.find(({ Next }) => Next === 'Archive')?.of.toSorted()).toEqual(
      [...TRANSITIONS.archive.from].sort(),
    );
  });

  it('passes ids and codes between its steps, with a version', () => {
    for (const [name, { Type, Parameters }] of everyState(States)) {
      if (Type !== 'Task') continue;
      const payload = at(Parameters, 'Payload') ?? Parameters;
      const fields = Object.keys(Object(payload)).map((field) => field.replace(/\.\$$/, ''));
      expect({ name, fields }).toEqual({
        name,
        fields: ['version', 'requestId', ...(fields.includes('token') ? ['gate', 'token'] : [])],
      });
    }
  });

  it('makes at most 16 transitions with two approvers', () => {
    const happy = new Map([
      ['Checked', 'awaiting-approval'],
      ['Provisioned', 'open'],
      ['Archived', 'archived'],
    ]);
    let transitions = 0;
    let here: string | undefined = StartAt;
    while (here !== undefined) {
      transitions += 1;
      const state: State = named(States, here);
      if (state.Type === 'Map') transitions += 2 * Object.keys(state.ItemProcessor?.States ?? {}).length;
      const now: string | undefined = happy.get(here);
      const chosen = state.Choices?.find(({ of }) => now !== undefined && of.includes(now))?.Next;
      here = chosen ?? state.Next ?? state.Default;
    }
    expect(transitions).toBeLessThanOrEqual(16);
  });

  if (!where.includes('locally')) {
    it('logs failures without what passed between the states, and is traced', () => {
      expect(properties['LoggingConfiguration']).toMatchObject({
        IncludeExecutionData: false,
        Level: 'ERROR',
      });
      expect(properties['TracingConfiguration']).toEqual({ Enabled: true });
    });
  }
});
