import { createHash } from 'node:crypto';
import {
  bad,
  fragment,
  type Guest,
  lines,
  mediumOf,
  ofUnknownType,
  recordOf,
  type Writer,
} from './source-export.ts';

const STAFF = 'frontdesk01';
const externalId = ({ tag }: Guest) => `wmT${tag}ExternalContact`;

/** Decrypted archive, one message a line (docs/sources.md `wecom`). */
export const wecomArchive: Writer = {
  source: 'wecom',
  format: 'archive',
  extension: 'jsonl',
  subject: (guest) => ({ kind: 'wecom', value: externalId(guest) }),
  write(entry) {
    const { id, guest, at } = entry;
    const theirs = externalId(guest);
    const byStaff = (entry.kind === 'said' || entry.kind === 'medium') && entry.by === 'staff';
    const [from, to] = byStaff ? [STAFF, theirs] : [theirs, STAFF];
    const message = { msgid: id, action: 'send', from, tolist: [to], roomid: '', msgtime: at.getTime() };
    const said = { from: { role: byStaff ? ('staff' as const) : ('guest' as const), id: from, name: null } };
    switch (entry.kind) {
      case 'said':
        return fragment(
          { ...message, msgtype: 'text', text: { content: entry.text } },
          recordOf(entry, said),
        );
      case 'medium': {
        const md5sum = createHash('md5').update(entry.bytes).digest('hex');
        const image = { md5sum, sdkfileid: `file-${id}`, filesize: entry.bytes.length };
        return fragment(
          { ...message, msgtype: 'image', image },
          recordOf(entry, {
            ...said,
            text: '[图片 image]',
            attachments: [mediumOf(entry, null)],
          }),
        );
      }
      case 'recall':
        return fragment(
          { ...message, action: 'recall', msgtype: 'revoke', revoke: { pre_msgid: entry.of.id } },
          recordOf(entry, { ...said, text: '[撤回消息 message recalled]' }),
        );
      case 'unknown':
        return ofUnknownType(
          'hologram',
          { ...message, msgtype: 'hologram', hologram: { title: entry.text } },
          recordOf(entry, { ...said, text: `[hologram 未知类型 unknown type]\ntitle: ${entry.text}` }),
        );
      case 'bad':
        return bad(`{"msgid":"${id}","action":`, 'not-json');
      default:
        return null;
    }
  },
  file: (written) => lines(written.map(({ piece }) => piece)),
};
