import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { readRegions } from '../../../infra/read-regions.ts';
import { CATEGORIES, type Category } from '../../../shared/domain/record.ts';
import { ROLE_NAMES, type Role } from '../../../shared/domain/roles.ts';
import { SUPPOSED_NOW } from '../../../shared/policy/admitted-rule-set.ts';
import { MATRIX_SCOPE_NAMES, type MatrixScope, matrixOf } from '../../../shared/policy/matrix.ts';
import { matrixDocument } from '../../../shared/policy/matrix-document.ts';
import { regionFactsOf } from '../../../shared/policy/region-facts.ts';
import { bundledRuleSet } from '../../../shared/policy/rule-set.ts';
import { REGIONS_FILE } from '../../infra/support/synthesis.ts';
import { everyHat } from './every-hat.ts';

const regions = readRegions(REGIONS_FILE);
const [first] = regions;
if (first === undefined) throw new Error('the regions file has a region');
const matrix = matrixOf(bundledRuleSet(), { region: regionFactsOf(first, regions), now: SUPPOSED_NOW });

/**
 * The rulebook's table "Who may reach what", as data: for each role that may ask for records, the categories it reaches,
 * its route, and the scopes in which it is refused. Whoever isn't here may ask for nothing.
 */
type Reach = { categories: readonly Category[]; route: readonly Role[]; notIn: readonly MatrixScope[] };

const NOT_SENSITIVE = CATEGORIES.filter((category) => !['key-card', 'stay', 'cctv'].includes(category));
const HEAD = ['department-head', 'privacy-officer'] as const;
/** A cohort is for T9 alone (R6), originals for a lawyer and for who brings an instrument (E1). */
const USUALLY_NOT = ['de-identified', 'originals'] as const;
const OWN_HOTEL_ALONE = ['other-hotel', 'several-regions'] as const;
const supervising: Reach = {
  categories: CATEGORIES,
  route: HEAD,
  notIn: [...USUALLY_NOT, 'week', 'month', ...OWN_HOTEL_ALONE],
};
const deIdentified: Reach = {
  categories: NOT_SENSITIVE,
  route: HEAD,
  notIn: ['named', 'originals', 'many-sensitive'],
};

const REACH: Partial<Record<Role, Reach>> = {
  // T2
  supervisor: supervising,
  // T3
  'infosec-director': { categories: CATEGORIES, route: ['legal', 'privacy-officer'], notIn: USUALLY_NOT },
  // T5
  gm: {
    categories: CATEGORIES,
    route: ['internal-audit', 'privacy-officer'],
    notIn: [...USUALLY_NOT, ...OWN_HOTEL_ALONE],
  },
  // T6
  'account-manager': { categories: CATEGORIES, route: HEAD, notIn: [...USUALLY_NOT, 'others-clients'] },
  // T7
  legal: {
    categories: CATEGORIES,
    route: ['privacy-officer', 'infosec-director'],
    notIn: ['de-identified', 'nothing-on-file'],
  },
  // T8
  sales: { categories: ['enquiry'], route: HEAD, notIn: [...USUALLY_NOT, 'many-sensitive'] },
  // T9
  trainer: deIdentified,
  analyst: deIdentified,
  marketing: deIdentified,
  // T11
  seconded: {
    categories: CATEGORIES,
    route: HEAD,
    notIn: [...USUALLY_NOT, ...OWN_HOTEL_ALONE, 'others-clients'],
  },
  // T12
  liaison: {
    categories: CATEGORIES,
    route: ['legal', 'privacy-officer'],
    notIn: ['de-identified', 'nothing-on-file'],
  },
  // T13
  partner: {
    categories: CATEGORIES,
    route: ['legal', 'privacy-officer'],
    notIn: [...USUALLY_NOT, 'nothing-on-file'],
  },
  // T16
  security: {
    categories: ['key-card', 'cctv'],
    route: ['gm', 'privacy-officer'],
    notIn: [...USUALLY_NOT, 'several-regions', 'week-for-complaint', 'week', 'month', 'nothing-on-file'],
  },
  // T17
  'duty-manager': { ...supervising, notIn: [...supervising.notIn, 'off-shift'] },
};

/** What the route adds: A2 for disputes, major complaints and the longer window; A9; E1's third. */
function addedRoles(role: Role, scope: MatrixScope, category: Category): Role[] {
  const longer = scope === 'week-for-complaint' && ['supervisor', 'duty-manager'].includes(role);
  return [
    ...(scope === 'dispute-or-major' || category === 'dispute' || longer ? (['legal'] as const) : []),
    ...(scope === 'several-guests' || scope === 'many-sensitive' ? (['infosec-director'] as const) : []),
    ...(scope === 'several-regions' ? (['hq-approver'] as const) : []),
    ...(scope === 'originals' ? (['privacy-officer', 'infosec-director', 'legal'] as const) : []),
  ];
}

function expected(role: Role, scope: MatrixScope, category: Category): string {
  const reach = REACH[role];
  // Every purpose needs one of them (R6).
  if (scope === 'neither-matter-nor-ticket') return 'refused';
  if (reach === undefined || reach.notIn.includes(scope) || !reach.categories.includes(category))
    return 'refused';
  return [...new Set([...reach.route, ...addedRoles(role, scope, category)])].sort().join(' + ');
}

describe('the matrix', () => {
  for (const role of ROLE_NAMES) {
    it(`gives ${role} what the rulebook’s table gives, and nothing wider`, () => {
      const cells = matrix.requests.filter((cell) => cell.role === role);
      const evaluated = cells.map(({ scope, category, outcome, route }) => [
        scope,
        category,
        outcome === 'allow' ? [...route].sort().join(' + ') : 'refused',
      ]);
      expect(evaluated).toEqual(
        MATRIX_SCOPE_NAMES.flatMap((scope) =>
          CATEGORIES.map((category) => [scope, category, expected(role, scope, category)]),
        ),
      );
    });
  }

  it('is of the role asked in, whatever other roles the person holds', () => {
    for (const { role, category, answer } of everyHat(bundledRuleSet())) {
      expect([role, category, answer]).toEqual([role, category, expected(role, 'usual', category)]);
    }
  });

  it('never has fewer than two roles on a route, nor the same one twice', () => {
    for (const { outcome, route } of matrix.requests) {
      if (outcome === 'allow') expect(new Set(route).size).toBeGreaterThanOrEqual(2);
      expect(new Set(route).size).toBe(route.length);
    }
  });

  it('refuses each role that may never ask under its own rule', () => {
    const never = matrix.requests.filter(({ role }) => REACH[role] === undefined);
    for (const { role, rules } of never) {
      expect({ role, rules }).toMatchObject({
        rules: expect.arrayContaining([expect.stringMatching(/^T\d+$/)]),
      });
    }
  });

  it('has the routine views of T1, T2, T4, T6, T10 and T15, and no other', () => {
    const allowed = matrix.views
      .filter(({ outcome }) => outcome === 'allow')
      .map(({ role, kind }) => `${role} ${kind}`);
    expect(allowed.sort()).toEqual(
      [
        'front-desk guest',
        'front-desk ticket',
        'supervisor aggregates',
        'it-ops system',
        'account-manager guest',
        'trainee simulated',
        'trainee shared',
        'agent ticket',
      ].sort(),
    );
  });
});

describe('docs/permission-matrix.md', () => {
  it('is what the rulebook’s evaluation says: write it with `dualkey rules matrix --write`', () => {
    const document = readFileSync(new URL('../../../docs/permission-matrix.md', import.meta.url), 'utf8');
    expect(document).toBe(matrixDocument(matrix, 'both'));
  });

  it('can be said in one language', () => {
    expect(matrixDocument(matrix, 'zh')).toContain('# 权限矩阵\n');
    expect(matrixDocument(matrix, 'en')).toContain('# Permission matrix\n');
    expect(matrixDocument(matrix, 'en')).not.toMatch(/\p{Script=Han}/u);
    expect(matrixDocument(matrix, 'zh')).not.toMatch(/supervisor,? [a-z]+ may/);
  });
});
