import type { RuleCase } from './case-builders.ts';
import { BREAK_GLASS_CASES } from './cases/break-glass.ts';
import { BREAK_GLASS_CONDITION_CASES } from './cases/break-glass-conditions.ts';
import { CASE_CASES } from './cases/cases.ts';
import { CONDITION_CASES } from './cases/conditions.ts';
import { CONDUCT_CASES } from './cases/conduct.ts';
import { DIRECTORY_CASES } from './cases/directory.ts';
import { LIST_CASES } from './cases/lists.ts';
import { LOOP_CASES } from './cases/loop.ts';
import { REACH_CASES } from './cases/reach.ts';
import { RED_LINE_CASES } from './cases/red-lines.ts';
import { STEP_UP_CASES } from './cases/step-up.ts';
import { VIEW_CASES } from './cases/views.ts';

/** The rulebook's case table: one file of `cases/` a group of rules. */
export const RULE_CASES: readonly RuleCase[] = [
  ...BREAK_GLASS_CASES,
  ...BREAK_GLASS_CONDITION_CASES,
  ...CONDITION_CASES,
  ...CONDUCT_CASES,
  ...DIRECTORY_CASES,
  ...LIST_CASES,
  ...LOOP_CASES,
  ...CASE_CASES,
  ...REACH_CASES,
  ...RED_LINE_CASES,
  ...STEP_UP_CASES,
  ...VIEW_CASES,
];
