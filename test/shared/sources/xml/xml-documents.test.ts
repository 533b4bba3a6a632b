import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { LIMITS } from '../../../../shared/domain/limits.ts';
import { type Importer, PLAIN_DRAFT } from '../../../../shared/sources/importer.ts';
import {
  readXmlDocuments,
  readXmlElements,
  type XmlOutcome,
} from '../../../../shared/sources/xml/xml-documents.ts';
import type { XmlElement } from '../../../../shared/sources/xml/xml-elements.ts';
import { expectGoesOnAnywhere } from '../support/goes-on-anywhere.ts';
import { expectUnbreakable } from '../support/holds-under-damage.ts';
import { readAll, recordsOf, rejectionsOf } from '../support/read-all.ts';

/** Each child of the root is a record, a root without children one of its own. */
function* read(root: XmlElement): Generator<XmlOutcome> {
  for (const element of root.children.length === 0 ? [root] : root.children) {
    if (element.localName === 'bad') yield { kind: 'rejected', reason: 'missing-field:id' };
    else if (element.localName === 'none') yield { kind: 'skipped' };
    else
      yield {
        kind: 'record',
        draft: {
          ...PLAIN_DRAFT,
          sourceMessageId: null,
          placements: [{ conversation: 'c', identifiers: [] }],
          at: new Date(0),
          from: { role: 'guest', id: null, name: null },
          text: element.text,
          sourceType: element.name,
          content: '{}',
        },
      };
  }
}

const documents: Importer = {
  source: 'wechat-official',
  read: (bytes, from, options) => readXmlDocuments(bytes, from, options, read),
};
const entries: Importer = {
  source: 'keycard',
  read: (bytes, from, options) => readXmlElements(bytes, from, options, 'Entry', read),
};

const FIRST = '<xml><a><![CDATA[一</xml>\n]]></a></xml>';
const SECOND = '<xml b="/>" c=\'"\'><!-- </xml> --><a>二</a></xml>';

function originals(items: Awaited<ReturnType<typeof readAll>>): string[] {
  return recordsOf(items).map(({ original }) => Buffer.from(original).toString());
}

describe('a file of XML documents', () => {
  it.each([
    ['one on each line', `${FIRST}\n${SECOND}\n`],
    ['one after the other on one line', `${FIRST}${SECOND}`],
    ['with white space and comments between them', `\n\n  ${FIRST}\r\n\r\n${SECOND}\n<!-- end -->\n`],
    ['behind a byte order mark', `\uFEFF${FIRST}\n${SECOND}`],
  ])('may be %s; each record has exactly its own bytes', async (_name, text) => {
    for (const chunk of [1, 7, 64 * 1024]) {
      const items = await readAll(documents, text, { chunk });
      expect(originals(items)).toEqual([FIRST, SECOND]);
      expect(rejectionsOf(items)).toEqual([]);
    }
  });

  it('takes an XML declaration and a pretty-printed document for what they are', async () => {
    const pretty = '<?xml version="1.0"?>\n<xml>\n  <a>一</a>\n</xml>';
    const items = await readAll(documents, `${pretty}\n${pretty}`);
    expect(originals(items)).toEqual([pretty, pretty]);
    expect(recordsOf(items).map(({ line }) => line)).toEqual([1, 5]);
  });

  it('goes on after any item as if it had never stopped', async () => {
    await expectGoesOnAnywhere(
      documents,
      `\uFEFF${FIRST}\njunk\n<xml><a>1</a><bad/><none/><a>2</a></xml>\n<!-- c -->\n<xml><a></xml>${SECOND}<xml><a`,
    );
  });

  it('names a bad document and reads the others', async () => {
    const items = await readAll(
      documents,
      [
        FIRST,
        '<xml><a></xml>',
        'junk',
        '</stray>',
        '<xml><a>&lol;</a></xml>',
        '<xml>',
        SECOND,
        '<xml><b',
      ].join('\n'),
    );
    expect(originals(items)).toEqual([FIRST, SECOND]);
    // The first document stands on two lines.
    expect(rejectionsOf(items)).toEqual([
      { line: 3, reason: 'not-xml' },
      { line: 4, reason: 'not-xml' },
      { line: 5, reason: 'not-xml' },
      { line: 6, reason: 'xml-unknown-entity' },
      { line: 7, reason: 'not-xml' },
      { line: 9, reason: 'not-xml' },
    ]);
    expect(items.at(-1)).toMatchObject({ kind: 'lack', lack: { kind: 'truncated' } });
  });

  it('refuses a document that declares entities, and reads the one behind it', async () => {
    const items = await readAll(
      documents,
      `<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><xml><a>&b;</a></xml>\n${SECOND}`,
    );
    expect(rejectionsOf(items)).toEqual([{ line: 1, reason: 'xml-doctype' }]);
    expect(originals(items)).toEqual([SECOND]);
  });

  it('refuses what is not UTF-8', async () => {
    const items = await readAll(
      documents,
      Buffer.concat([Buffer.from('<xml>'), Buffer.from([0xc4, 0xe3]), Buffer.from('</xml>')]),
    );
    expect(rejectionsOf(items)).toEqual([{ line: 1, reason: 'not-utf8' }]);
  });

  it('passes a document that is too large, holds no more of it than one may have, and goes on', async () => {
    const large = `<xml>${'x'.repeat(LIMITS.documentBytes)}</xml>`;
    const items = await readAll(documents, `${FIRST}\n${large}\n${SECOND}`);
    expect(originals(items)).toEqual([FIRST, SECOND]);
    const [rejected] = items.filter((item) => item.kind === 'rejected');
    expect(rejected).toMatchObject({ line: 3, reason: 'document-too-large', bytes: large.length });
    expect(rejected?.original.length).toBe(LIMITS.lineBytes);
  });

  it('never throws, whatever the bytes and however they are cut', async () => {
    await expectUnbreakable(documents, [FIRST, `${SECOND}\n<?xml version="1.0"?>${FIRST}`]);
  });
});

describe('elements of one XML document', () => {
  const LOG = `<?xml version="1.0"?>
<s:Log xmlns:s="urn:s"><Head id="1"/>
  <s:Entry><Entry>1</Entry></s:Entry>
  <Entry/><Group><Entry>3</Entry></Group>
</s:Log>`;

  it('are records with their own bytes; what stands around them passes', async () => {
    for (const chunk of [1, 5, 64 * 1024]) {
      const items = await readAll(entries, LOG, { chunk });
      expect(originals(items)).toEqual([
        '<s:Entry><Entry>1</Entry></s:Entry>',
        '<Entry/>',
        '<Entry>3</Entry>',
      ]);
      expect(items.every(({ kind }) => kind === 'record')).toBe(true);
      expect(recordsOf(items).map(({ line }) => line)).toEqual([3, 4, 4]);
    }
  });

  it('go on after any item, also where the file is cut between two of them', async () => {
    await expectGoesOnAnywhere(entries, LOG);
    const cut = LOG.slice(0, LOG.indexOf('<Group>') + 3);
    await expectGoesOnAnywhere(entries, cut);
    expect((await readAll(entries, cut)).at(-1)).toMatchObject({ kind: 'lack', lack: { kind: 'truncated' } });
  });

  it('may be many more than memory holds, each being read alone', async () => {
    const entry = '<Entry>开门</Entry>';
    let given = 0;
    async function* log() {
      yield Buffer.from('<Log>');
      for (let at = 0; at < 2_000; at += 1) yield Buffer.from(entry.repeat(10));
      yield Buffer.from('</Log>');
    }
    const options = {
      timezone: null,
      profile: null,
      ownNames: [],
      staffAccounts: async () => new Set<string>(),
    };
    for await (const item of entries.read(log(), { line: 0, offset: 0, items: 0, state: null }, options)) {
      expect(item.kind).toBe('record');
      given += 1;
    }
    expect(given).toBe(20_000);
  });

  it('are refused where they use entities that the document declares', async () => {
    const items = await readAll(
      entries,
      '<!DOCTYPE Log [<!ENTITY a "b">]><Log><Entry>&a;</Entry><Entry>2</Entry></Log>',
    );
    expect(rejectionsOf(items).map(({ reason }) => reason)).toEqual(['xml-doctype', 'xml-unknown-entity']);
    expect(originals(items)).toEqual(['<Entry>2</Entry>']);
  });

  it('never throw, whatever the bytes', async () => {
    await expectUnbreakable(entries, [LOG]);
  });

  it('are found in the same places however the bytes are cut', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: LOG.length }), async (chunk) => {
        expect(await readAll(entries, LOG, { chunk })).toEqual(await readAll(entries, LOG));
      }),
    );
  });
});
