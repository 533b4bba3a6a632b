/** Base of everything that can be wrong with sealed bytes. No error repeats a byte of what it could not open. */
export class SealedObjectError extends Error {
  override name = 'SealedObjectError';
}

/** These bytes are no sealed object of a known format, version and suite, or they are cut short or not canonical. */
export class SealedFormatError extends SealedObjectError {
  override name = 'SealedFormatError';
}

/** A whole sealed object, but another one than was asked for: `field` of its header differs. */
export class WrongSealedObjectError extends SealedObjectError {
  override name = 'WrongSealedObjectError';
  readonly field: string;
  constructor(field: string) {
    super(`This sealed object is of another ${field} than the one asked for`);
    this.field = field;
  }
}

/** Not sealed under this key with this header: the key is another one, or header, salt or commitment was changed. */
export class KeyCommitmentError extends SealedObjectError {
  override name = 'KeyCommitmentError';
}

/** Sealed under this key, and changed since. */
export class TamperedError extends SealedObjectError {
  override name = 'TamperedError';
}

/** Authentic, but its content is not what its header says (length, compression, padding, index). */
export class SealedContentError extends SealedObjectError {
  override name = 'SealedContentError';
}

/** What was to be sealed could not be read back. Nothing was sealed: what is sealed can be opened. */
export class UnsealableError extends SealedObjectError {
  override name = 'UnsealableError';
}
