/** Signs links to single copies. A link is a bearer token: whoever has it can read that one object until it ends. */
export type LinkSigner = {
  /**
   * A link to one object of the delivery bucket that ends `seconds` from now. `session` names the signing session in
   * the platform's own trail (the opening's id).
   */
  sign(link: { key: string; seconds: number; session: string }): Promise<string>;
};
