import type { Command } from 'commander';
import { z } from 'zod';
import { REQUEST_STATE_LABELS } from '../../shared/domain/labels.ts';
import { ROLE_NAMES, ROLES } from '../../shared/domain/roles.ts';
import type { Verdict } from '../../shared/domain/verdict.ts';
import { contextOf } from '../context.ts';
import { RefusedError } from '../failure.ts';
import { named } from '../language.ts';
import { requestLines, show } from './request.ts';

/** A refusal to decide on what was refused itself: whoever reads it is told by which rules that was. */
export function restingOn(error: unknown, earlier: Verdict | null): unknown {
  if (!(error instanceof RefusedError) || error.lock !== null) return error;
  return new RefusedError(error.verdict, error.result, { earlier });
}

/** The roles that a route may have, by the codes that are typed. */
const ROLE_CODES = {
  zh: ROLE_NAMES.map((role) => `${role} ${ROLES[role].zh}`).join(', '),
  en: ROLE_NAMES.join(', '),
};

const decided = z.looseObject({
  requestId: z.string(),
  state: z.string(),
  approvals: z.array(z.object({ role: z.string(), by: z.string(), at: z.string() })),
});

export function registerDecide(program: Command): void {
  for (const decision of ['approve', 'deny'] as const) {
    program
      .command(decision)
      .description(
        decision === 'approve' ? '同意 agree to exactly one request' : '否决 deny a request, which ends it',
      )
      .argument('<id>')
      .requiredOption('--reason <reason>', '理由 reason')
      .option(
        '--role <role>',
        `以何角色,在审批路线中兼任数个时写明:${ROLE_CODES.zh} · the role to decide in, where you hold several of the route: ${ROLE_CODES.en}`,
      )
      .action(async (id: string, { reason, role }: { reason: string; role?: string }, command: Command) => {
        const { console, languages, say, api: signIn } = contextOf(command);
        const api = await signIn();
        // What is decided on is what was just shown: the digest goes with the decision (A7).
        const seen = await show(api, id);
        for (const line of requestLines(seen, languages)) console.progress(line);
        const requestDigest = seen.requestDigest ?? '';
        const stepUp = await api.stepUp({
          action: decision,
          subject: id,
          digest: requestDigest,
          reason,
          role,
        });
        const result = await api
          .post(
            `/requests/${encodeURIComponent(id)}/decisions`,
            {
              decision,
              reason,
              requestDigest,
              stepUp,
              ...(role === undefined ? {} : { role }),
            },
            decided,
          )
          .catch((error: unknown) => {
            throw seen.state === 'refused' ? restingOn(error, seen.verdict) : error;
          });
        console.result(result, [
          `${say('申请', 'request')} ${result.requestId}: ${named(say, REQUEST_STATE_LABELS, result.state)}`,
          ...result.approvals.map(
            (approval) =>
              `  ${say('审批', 'approval')}: ${named(say, ROLES, approval.role)} · ${approval.by} · ${approval.at}`,
          ),
        ]);
      });
  }
}
