import type { ViewedRecord } from '../../shared/view/masked-records.ts';
import conversations from './simulated-conversations.json' with { type: 'json' };

/** The first of them began then; they are nobody's, at no hotel. */
const BEGAN = Date.parse('2026-01-01T01:00:00.000Z');
const MINUTE_MS = 60_000;

/** Conversations that never took place, as a view shows real ones: newest first (T10). */
export function simulatedConversations(): ViewedRecord[] {
  return conversations
    .flatMap(({ category, lines }, conversation) =>
      lines.map(
        ([role, text], index): ViewedRecord => ({
          recordId: `${String(conversation + 1).padStart(16, '0')}${String(index + 1).padStart(16, '0')}`,
          conversationId: `simulated-${conversation + 1}`,
          platform: 'internal',
          category: category === 'complaint' ? 'complaint' : 'enquiry',
          hotel: 'SIMULATED',
          at: new Date(BEGAN + (conversation * 60 + index) * MINUTE_MS).toISOString(),
          timeKnown: true,
          from:
            role === 'guest'
              ? { role: 'guest', name: '客人 Guest' }
              : { role: 'staff', name: '模拟前台 simulated front desk' },
          text: text ?? '',
          attachments: [],
          edited: false,
          edits: null,
          internal: false,
          recalled: false,
          recalls: null,
          type: 'simulated',
          redactions: [],
        }),
      ),
    )
    .reverse();
}
