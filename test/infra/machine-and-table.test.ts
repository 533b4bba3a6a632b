import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import {
  canMove,
  FINAL_STATES,
  priorStates,
  REQUEST_STATES,
  type RequestState,
  TRANSITIONS,
  type Transition,
} from '../../shared/domain/request-states.ts';
import { flat } from './support/policies.ts';
import { one, synthesise, type Template } from './support/synthesis.ts';

/**
 * The synthesised machine is walked together with the row that it drives: each step of it is entered with every state
 * that the row can be in there, the row moves as the transition table lets that step, and the machine goes on by the
 * state that it reads. What one has and the other hasn't is a fault.
 */

function isTransition(name: string): name is Transition {
  return Object.hasOwn(TRANSITIONS, name);
}

/** What each step does to the row by itself. */
const OWN: Record<string, readonly Transition[]> = {
  Check: ['refuse', 'ask', 'submit'],
  Provision: ['provision', 'fail'],
  Archive: ['archive'],
  Compensate: ['refuse', 'lapse', 'fail'],
};

/** What people, deadlines and the reconciler do, whichever step the machine stands in. */
const MEANWHILE: readonly Transition[] = [
  'break',
  'follow',
  'view',
  'approve',
  'complete',
  'deny',
  'remind',
  'lapse',
  'withdraw',
  'open',
  'close',
  'expire',
  'revoke',
  'fail',
];

/** States that a step never leaves as they are: it moves the row, or it breaks and is caught. */
const LEFT: Record<string, readonly RequestState[]> = {
  Provision: ['provisioning'],
  Archive: priorStates('archive'),
};

const condition = z.object({ Variable: z.literal('$.state'), StringEquals: z.string() });
const choice = z.union([
  condition
    .extend({ Next: z.string() })
    .transform(({ StringEquals, Next }) => ({ of: [StringEquals], Next })),
  z
    .object({ Or: z.array(condition), Next: z.string() })
    .transform(({ Or, Next }) => ({ of: Or.map(({ StringEquals }) => StringEquals), Next })),
]);
const stepSchema = z.object({
  Type: z.enum(['Task', 'Map', 'Choice', 'Succeed', 'Fail']),
  Next: z.string().optional(),
  Default: z.string().optional(),
  Choices: z.array(choice).default([]),
  Catch: z.array(z.object({ Next: z.string() })).default([]),
});
const machineSchema = z.object({ StartAt: z.string(), States: z.record(z.string(), stepSchema) });

function machineOf(flow: Template) {
  const { Properties } = one(flow, 'AWS::StepFunctions::StateMachine', 'Retrieval');
  return machineSchema.parse(JSON.parse(flat(Properties['DefinitionString'])));
}
type Machine = ReturnType<typeof machineOf>;

type Walked = {
  /** `step state`: the row's states with which each step is entered. */
  entered: Map<string, Set<RequestState>>;
  made: Set<Transition>;
  /** Choices that were taken: `step state`. */
  chosen: Set<string>;
};

function walk({ StartAt, States }: Machine): Walked {
  const walked: Walked = { entered: new Map(), made: new Set(), chosen: new Set() };
  const waiting: [string, RequestState][] = [[StartAt, 'requested']];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const [name, state] = next;
    const known = walked.entered.get(name) ?? new Set();
    if (known.has(state)) continue;
    walked.entered.set(name, known.add(state));
    const step = States[name];
    if (step === undefined) throw new Error(`the machine goes to ${name}, which it has not`);
    if (step.Type === 'Choice') {
      const taken = step.Choices.find(({ of }) => of.includes(state));
      if (taken !== undefined) walked.chosen.add(`${name} ${state}`);
      const to = taken?.Next ?? step.Default;
      if (to === undefined) throw new Error(`${name} has no way for ${state}`);
      waiting.push([to, state]);
      continue;
    }
    const by = step.Type === 'Task' || step.Type === 'Map' ? [...(OWN[name] ?? []), ...MEANWHILE] : [];
    for (const after of reachable(state, by, walked.made)) {
      if (step.Next !== undefined && !LEFT[name]?.includes(after)) waiting.push([step.Next, after]);
      for (const { Next } of step.Catch) waiting.push([Next, after]);
    }
  }
  return walked;
}

/** Every state that the row can be in after any number of these transitions, itself among them. */
function reachable(from: RequestState, by: readonly Transition[], made: Set<Transition>): Set<RequestState> {
  const states = new Set([from]);
  for (const state of states) {
    for (const transition of by.filter((one) => canMove(state, one))) {
      made.add(transition);
      states.add(TRANSITIONS[transition].to);
    }
  }
  return states;
}

const flows = [
  ...(await synthesise({ local: false })).regions,
  ...(await synthesise({ local: true })).regions,
].map(({ flow }) => flow);
const [firstFlow] = flows;
if (firstFlow === undefined) throw new Error('a region is synthesised');
const machine = machineOf(firstFlow);
const walked = walk(machine);
const enteredWith = (step: string) => [...(walked.entered.get(step) ?? [])].sort();

describe('the deployed machine and the transition table', () => {
  it('are the same in every region, and locally', () => {
    for (const flow of flows) expect(walk(machineOf(flow))).toEqual(walked);
  });

  it('have no step that the table’s transitions never lead to', () => {
    expect(Object.keys(machine.States).filter((step) => !walked.entered.has(step))).toEqual([]);
  });

  it('have every transition of the table made in some step, and no step that makes another', () => {
    const transitions = Object.keys(TRANSITIONS).filter(isTransition);
    expect(transitions.filter((one) => !walked.made.has(one))).toEqual([]);
    expect(Object.keys(OWN).filter((step) => machine.States[step]?.Type !== 'Task')).toEqual([]);
  });

  it('have every state of the table met by the machine', () => {
    const met = new Set([...walked.entered.values()].flatMap((states) => [...states]));
    expect(REQUEST_STATES.filter((state) => !met.has(state))).toEqual([]);
  });

  it('have no branch on a state that the row never has there', () => {
    const branches = Object.entries(machine.States).flatMap(([name, { Choices }]) =>
      Choices.flatMap(({ of }) => of.map((state) => `${name} ${state}`)),
    );
    expect(branches.filter((branch) => !walked.chosen.has(branch))).toEqual([]);
  });

  it('begin together: the machine starts with what was just requested', () => {
    expect([machine.StartAt, ...enteredWith(machine.StartAt)]).toEqual(['Check', 'requested']);
  });

  it('end together: where the machine ends well, nothing is left to be done', () => {
    expect(enteredWith('Ended').filter((state) => !FINAL_STATES.some((final) => final === state))).toEqual(
      [],
    );
  });

  it('clear what broke: from each state that waits or can be opened, compensate has a transition out', () => {
    const given = enteredWith('Compensate');
    const stuck = given.filter(
      (state) => !(OWN['Compensate'] ?? []).some((transition) => canMove(state, transition)),
    );
    const ended = [...FINAL_STATES, ...priorStates('archive')];
    expect(stuck.filter((state) => !ended.some((one) => one === state))).toEqual([]);
  });
});
