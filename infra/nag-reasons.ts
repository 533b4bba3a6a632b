import type { FlowStack } from './flow-stack.ts';
import type { StateStack } from './state-stack.ts';

export function acknowledgeFindings(_state: StateStack, _flow: FlowStack): void {}
