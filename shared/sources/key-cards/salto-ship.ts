import { LIMITS } from '../../domain/limits.ts';
import { canonicalContent } from '../documents/canonical-content.ts';
import type { Format } from '../documents/several-formats.ts';
import type { Draft, ImportOptions } from '../importer.ts';
import { tableInstant } from '../table/table-time.ts';
import { type ReadXmlDocument, readXmlElements } from '../xml/xml-documents.ts';
import { childrenNamed, type XmlElement } from '../xml/xml-elements.ts';
import { keyCardDraft } from './keycard-draft.ts';

const FIELDS = [
  'EventID',
  'EventDateTime',
  'Operation',
  'IsExit',
  'DoorID',
  'SubjectType',
  'SubjectID',
] as const;
const EXITS = { '0': 'in', '1': 'out', false: 'in', true: 'out' } as const;

/**
 * Salto SHIP: the audit trail as `SaltoDBAuditTrail.Read` answers it, one `SaltoDBAuditTrailEvent` after the other (fields
 * as public integrations read them). Times have no zone. What the numbers of `Operation` and `SubjectType` mean is not
 * public: they are shown as they are.
 */
export const saltoShip: Format = {
  read: (bytes, from, options) => readXmlElements(bytes, from, options, 'SaltoDBAuditTrailEvent', readEvent),
};

const readEvent: ReadXmlDocument = function* (root, options) {
  const draft = draftOf(root, options);
  yield typeof draft === 'string' ? { kind: 'rejected', reason: draft } : { kind: 'record', draft };
};

function draftOf(event: XmlElement, options: ImportOptions): Draft | string {
  const cells = new Map<string, string>();
  for (const name of FIELDS) {
    const [first, second] = childrenNamed(event, name);
    // Two readers could see two different events.
    if (second !== undefined) return `invalid-field:${name}`;
    const text = first?.text.trim() ?? '';
    if (text.length > LIMITS.identifierCharacters) return `invalid-field:${name}`;
    if (text !== '') cells.set(name, text);
  }
  const missing = (['EventDateTime', 'DoorID'] as const).find((name) => !cells.has(name));
  if (missing !== undefined) return `missing-field:${missing}`;
  const field = (name: (typeof FIELDS)[number]): string => cells.get(name) ?? '';
  const instant = tableInstant(field('EventDateTime'), options);
  if ('reason' in instant) return instant.reason;
  const exit = field('IsExit').toLowerCase();
  const direction = isExit(exit) ? EXITS[exit] : '';
  if (exit !== '' && direction === '') return 'invalid-field:IsExit';
  const draft = keyCardDraft(
    {
      id: field('EventID'),
      at: instant.at,
      door: field('DoorID'),
      room: '',
      event: field('Operation') === '' ? '' : `Operation ${field('Operation')}`,
      direction,
      card: '',
      level: field('SubjectType') === '' ? '' : `SubjectType ${field('SubjectType')}`,
      holder: field('SubjectID'),
      user: '',
      encoder: '',
      bookings: [],
      guestName: '',
      phone: '',
      validFrom: '',
      validUntil: '',
      result: '',
      remarks: '',
    },
    null,
    options,
  );
  return typeof draft === 'string'
    ? draft
    : { ...draft, content: canonicalContent(Object.fromEntries(cells)) };
}

function isExit(text: string): text is keyof typeof EXITS {
  return Object.hasOwn(EXITS, text);
}
