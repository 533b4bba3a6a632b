import type { Digest } from '../domain/digest.ts';
import type { RuleSetDocument } from '../domain/rule-set-document.ts';

/** A rule set as published, with the digest that names it. */
export type PublishedRuleSet = { digest: Digest; document: RuleSetDocument };

/** The published rule sets: content-addressed, kept while a request or package cites them. */
export type RuleSets = {
  /** The one in force, by a consistent read of its pointer. Throws `RuleSetMissingError` where none was published. */
  current(): Promise<PublishedRuleSet>;
  /** A published one. Throws `RuleSetMissingError`, or `RuleSetAlteredError` where the object isn't what its name says. */
  byDigest(digest: string): Promise<PublishedRuleSet>;
};
