import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { endingOfBytes, endingOfName, FILE_ENDINGS } from '../../../shared/domain/file-ending.ts';

describe('what a file is', () => {
  it('is told by its first bytes', () => {
    const heads = [
      ['\xff\xd8\xff\xe0', 'jpg'],
      ['\x89PNG\r\n\x1a\n', 'png'],
      ['GIF89a', 'gif'],
      ['%PDF-1.7', 'pdf'],
      ['#!AMR\n', 'amr'],
      ['\x02#!SILK_V3', 'silk'],
      ['ID3\x04', 'mp3'],
      ['\xff\xfb\x90\x00', 'mp3'],
      ['RIFF\n\x00\x00\x00WAVEfmt ', 'wav'],
      ['\x00\x00\x00\x18ftypmp42', 'mp4'],
      ['\x00\x00\x00\x18ftypheic', 'heic'],
      ['PK\x03\x04\x14\x00[Content_Types].xml … word/document.xml', 'docx'],
      ['PK\x03\x04\x14\x00 a.txt', 'zip'],
      ['MZ\x90', null],
      ['', null],
    ] as const;
    for (const [head, ending] of heads) expect(endingOfBytes(Buffer.from(head, 'latin1'))).toBe(ending);
  });

  it('is an ending that nothing runs, whatever the bytes and the name', () => {
    expect(endingOfName('Zhang San/照片.JPG')).toBe('jpg');
    for (const name of ['a.exe', 'a.html', 'jpg', 'a.jpg.lnk', 'a.']) expect(endingOfName(name)).toBeNull();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.string(), (bytes, name) => {
        expect([...FILE_ENDINGS, null]).toContain(endingOfBytes(bytes));
        expect([...FILE_ENDINGS, null]).toContain(endingOfName(name));
      }),
    );
  });
});
