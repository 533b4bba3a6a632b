/** Something that whoever sits at the terminal can mend: what is wrong, where, and what to do. Printed as one line. */
export class SetupFailure extends Error {
  override name = 'SetupFailure';
  constructor(what: string, where: string, remedy: string, options?: ErrorOptions) {
    super(`${what} (${where}). ${remedy}`, options);
  }
}
