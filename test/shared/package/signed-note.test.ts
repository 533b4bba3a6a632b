import { describe, expect, it } from '@jest/globals';
import { isSignedBy, parseNote, signNote, verifierKey } from '../../../shared/package/signed-note.ts';
import { localSigner } from './sample-package.ts';

/** The example of c2sp.org/signed-note. */
const NAME = 'example.com/foo';
const VERIFIER_KEY = 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k';
const NOTE = `This is an example message.

— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=
`;
const SPKI = Buffer.concat([
  Buffer.from('302a300506032b6570032100', 'hex'),
  Buffer.from('6TJ5GubnqECkYWTJBHhkJtXngh3YspoA1hyucq/dTaQ=', 'base64'),
]);

function parsed(note: string) {
  const found = parseNote(note);
  if (found === null) throw new Error('This is no note');
  return found;
}

describe('signed notes', () => {
  it('verifies the specification’s example and writes its verifier key', () => {
    expect(isSignedBy(parsed(NOTE), NAME, SPKI)).toBe(true);
    expect(verifierKey(NAME, SPKI)).toBe(VERIFIER_KEY);
  });

  it('refuses another text, key or name', async () => {
    expect(isSignedBy(parsed(NOTE.replace('example message', 'example massage')), NAME, SPKI)).toBe(false);
    expect(isSignedBy(parsed(NOTE), 'example.com/bar', SPKI)).toBe(false);
    const { spki } = await localSigner().publicKey();
    expect(isSignedBy(parsed(NOTE), NAME, spki)).toBe(false);
  });

  it('signs what it verifies', async () => {
    const signer = localSigner();
    const { spki } = await signer.publicKey();
    const note = await signNote('line one\n\nline two\n', 'dualkey/cn-north-1', signer);
    expect(parsed(note).text).toBe('line one\n\nline two\n');
    expect(isSignedBy(parsed(note), 'dualkey/cn-north-1', spki)).toBe(true);
  });

  it.each([
    ['no signature', 'text\n\n'],
    ['no empty line', 'text\n— name AAAAAAAA\n'],
    ['a hyphen for the dash', NOTE.replace('—', '-')],
    ['base64 that could be written otherwise', NOTE.replace('aQM=', 'aQN=')],
    ['a control character', `a\u0000b\n\n${NOTE.split('\n\n')[1]}`],
    ['a line after the signatures', `${NOTE}more\n`],
  ])('is none with %s', (_, note) => {
    expect(parseNote(note)).toBeNull();
  });

  it('signs no text without a final newline, and under no name with a space', async () => {
    await expect(signNote('text', 'name', localSigner())).rejects.toMatchObject({ name: 'SignedNoteError' });
    await expect(signNote('text\n', 'a name', localSigner())).rejects.toMatchObject({
      name: 'SignedNoteError',
    });
  });
});
