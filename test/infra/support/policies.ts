import { z } from 'zod';
import { ofType, type SynthesisedRegion, type Template } from './synthesis.ts';

const statementSchema = z.object({
  Sid: z.string().optional(),
  Effect: z.enum(['Allow', 'Deny']),
  Action: z.union([z.string().transform((one) => [one]), z.array(z.string())]),
  Resource: z.unknown().transform((value) => (Array.isArray(value) ? value.map(flat) : [flat(value)])),
  Principal: z.unknown().optional(),
  Condition: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
});
export type Statement = z.infer<typeof statementSchema>;

export function statements(document: unknown): Statement[] {
  return z.object({ Statement: z.array(statementSchema) }).parse(document).Statement;
}

/** A CloudFormation value as one line of text: references as `${what}`, joins joined. */
export function flat(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(flat).join(',');
  if (typeof value !== 'object' || value === null) return String(value);
  const [[name, inner] = ['', '']] = Object.entries(value);
  if (name === 'Fn::Join') {
    const [separator, parts] = z.tuple([z.string(), z.array(z.unknown())]).parse(inner);
    return parts.map(flat).join(separator);
  }
  return `\${${flat(inner)}}`;
}

const policySchema = z.object({ PolicyDocument: z.unknown(), Roles: z.array(z.unknown()) });

/** What the role of each function may do (its name without `dualkey-<region>-`), from the template alone. */
export function rightsByRole({ region, flow }: SynthesisedRegion): Map<string, Statement[]> {
  const names = new Map(
    ofType(flow, 'AWS::IAM::Role').map(([id, { Properties }]) => [id, String(Properties['RoleName'])]),
  );
  const rights = new Map<string, Statement[]>();
  for (const [, { Properties }] of ofType(flow, 'AWS::IAM::Policy')) {
    const { PolicyDocument, Roles } = policySchema.parse(Properties);
    for (const role of Roles.map(flat)) {
      const name = names.get(role.slice(2, -1))?.replace(`dualkey-${region}-`, '') ?? role;
      rights.set(name, [...(rights.get(name) ?? []), ...statements(PolicyDocument)]);
    }
  }
  return rights;
}

/** Every statement of every policy of identities and roles in a template. */
export function identityStatements(template: Template): Statement[] {
  return ofType(template, 'AWS::IAM::Policy').flatMap(([, { Properties }]) =>
    statements(Properties['PolicyDocument']),
  );
}
