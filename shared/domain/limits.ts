/** Every input limit stands here. Sizes in bytes unless the name says otherwise. */
export const LIMITS = {
  bodyBytes: 64 * 1024,
  uploadBytes: 20 * 1024 ** 3,
  uploadPartBytes: 64 * 1024 ** 2,
  openBatchesPerPerson: 10,
  batchesListed: 50,
  lineBytes: 1024 ** 2,
  /** A file dropped into the inbox: what S3 copies at once. */
  dropBytes: 5 * 1024 ** 3,
  /** A push as it comes over HTTP. */
  pushBodyBytes: 2 * 1024 ** 2,
  /** A push compressed and sealed: what goes into one message of a queue (SQS takes 256 KiB, in base64). */
  pushSealedBytes: 180 * 1024,
  /** A message that waits, sealed: it is one row (DynamoDB takes 400 KiB, names of attributes included). */
  waitingSealedBytes: 380 * 1024,
  /** How far a push's own time may be from ours. */
  pushWindowSeconds: 300,
  /** How long a hotel's token for a platform's notifications may be valid. */
  pushTokenSeconds: 24 * 60 * 60,
  /** The header that carries a push's signature or token. */
  pushHeaderCharacters: 4_096,
  channelAccountCharacters: 64,
  channelSecretCharacters: 512,
  /** The present secrets of a channel and those before, while they are rotated. */
  channelVersions: 2,
  /** A conversation's pushed messages are sealed once there are so many bytes of them, */
  gatheredBytes: 64 * 1024,
  /** or once the first of them has waited so long. */
  gatheredHours: 6,
  /** Messages that one sealing takes. */
  sealedMessages: 2_000,
  sealedBytes: 8 * 1024 ** 2,
  /** How long a push that no importer could read is kept for another try. */
  unreadPushDays: 30,
  /** How far a record's own time may lie after its receipt: clocks and zones differ by no more. */
  aheadHours: 24,
  documentBytes: 16 * 1024 ** 2,
  importStateCharacters: 4_096,
  /** What an uploader says about a file (`--map`), as JSON. */
  importProfileBytes: 64 * 1024,
  /** What ingest takes of a file between two checkpoints: it ends with the item that reaches any of them. */
  segmentBytes: 16 * 1024 ** 2,
  segmentItems: 20_000,
  /** Bytes of its records' media, with all copies: at the slowest of what S3 gives, a fraction of an invocation's time. */
  segmentMediaBytes: 512 * 1024 ** 2,
  /** Messages of a chat export before its guest's first, and messages of one minute that are told apart. */
  heldExportMessages: 10_000,
  /** Gaps in a platform's numbers that wait for what comes late: beyond them the oldest is settled. */
  openSequenceGaps: 64,
  batchMedia: 20_000,
  mediumBytes: 2 * 1024 ** 3,
  mediumNameCharacters: 512,
  blockMedia: 1_000,
  /** Staff of one block's records: each is 33 bytes of its row, of which DynamoDB takes 400 KiB. */
  blockStaff: 2_000,
  /** Bytes of all copies of one message's files: each of its guests has one of their own. */
  messageMediaBytes: 8 * 1024 ** 3,
  companionBytes: 20 * 1024 ** 3,
  companionIndexBytes: 12 * 1024 ** 2,
  jsonNesting: 32,
  xmlNesting: 32,
  xmlNodes: 50_000,
  xmlNameBytes: 512,
  /** Forwarded chats within forwarded chats. */
  chatRecordNesting: 8,
  guestsPerMessage: 50,
  staffPerMessage: 2_000,
  consentsPerCall: 100,
  linkedGuests: 50,
  /** Guest ids, times months, that one grant counts for (R4): they are written with it, in one transaction of 100 items. */
  countedGuests: 80,
  /** Cases of one file, its bytes, and guests whom one case names (and ids that they lead to). */
  casesPerImport: 1_000,
  caseImportBytes: 4 * 1024 ** 2,
  guestsPerCase: 20,
  guestIdsPerCase: 45,
  /** Documents and addresses that a guest may have before another one no longer joins by a phone number alone. */
  documentsByPhone: 1,
  emailsByPhone: 3,
  /** Guests who are found by one number that joins nobody. */
  guestsOfSharedNumber: 8,
  csvColumns: 64,
  exportColumns: 500,
  stayNights: 31,
  /** A cell that says more is no number of nights. */
  countedNights: 3_650,
  rejectedLinesListed: 1_000,
  sequenceGapsListed: 100,
  /** The highest number that counts as a platform's own of a message; a person's (a phone, a card, a document) is longer. */
  sequenceNumber: 4_294_967_295,
  /** Runs of a platform's numbers that are known to be in custody, of a hotel and source: some 11 KB of its row. */
  heldNumberRanges: 500,
  /** How far two numbers of one numbering may lie apart: what is further away belongs to none. */
  sequenceJump: 10_000_000,
  unknownTypesListed: 20,
  rejectionReasonsListed: 100,
  /** Reasons kept with a push that could not be read. */
  unreadReasonsListed: 20,
  committedConversationsPerPage: 5_000,
  blockRecords: 500,
  blockPlaintextBytes: 256 * 1024,
  scopeRecords: 50_000,
  /** A cohort: days times hotels that are looked through, and guests in it, whose ids stand on the request's row. */
  cohortDays: 750,
  cohortGuests: 2_000,
  /** Devices of one person that aren't revoked. */
  devicesPerPerson: 10,
  identifierCharacters: 256,
  referenceCharacters: 64,
  freeTextCharacters: 1_000,
  instrumentOfficers: 20,
  citationCharacters: 4_000,
  hotelsPerRequest: 50,
  windowHours: 30 * 24,
  opens: 20,
  pendingRequestsPerPerson: 50,
  idempotencyKeyCharacters: 64,
  listedRequests: 100,
  /** A directory file: its bytes, the people in it, and rows of its tables of shifts and the like. */
  staffFileBytes: 16 * 1024 ** 2,
  staffPerFile: 20_000,
  staffRows: 200_000,
  staffNameCharacters: 100,
  rolesPerPerson: 32,
  accountsPerPerson: 32,
  /** An account manager's own clients: some 30 bytes each of one row, of which DynamoDB takes 400 KiB. */
  clientsPerPerson: 2_000,
  shiftsPerPerson: 400,
  shiftHours: 24,
  /** How long a shift that ended is kept. */
  endedShiftDays: 40,
  secondmentsPerPerson: 32,
  managersAbove: 32,
  /** How long an entry says whom its person was under, and who let them act: longer than any request lasts. */
  directoryHistoryDays: 400,
  /** People of one change that waits for its confirmation, and faults of a file that are told. */
  staffPerChange: 2_000,
  fileFaultsListed: 20,
  /** A rule set: policies of product and chain together; one file of them. */
  ruleSetPolicies: 2_000,
  policyFileBytes: 256 * 1024,
  /** Letters to providers that one access request gives rise to, issues of one letter, and files of one answer. */
  providerRequests: 20,
  providerLetters: 20,
  providerAnswers: 20,
  /** Prints on record of one request. */
  prints: 500,
  providerDueDays: 90,
  providerNameCharacters: 200,
  /** A file of a provider's answer, kept whole; and how much of it is sealed at once. */
  providerAnswerBytes: 64 * 1024 ** 2,
  providerAnswerPartBytes: 8 * 1024 ** 2,
  /** Records of one routine view, and how long a trainee may look into it (T10). */
  viewRecords: 100,
  openViewMinutes: 10,
  /** Days of a view that counts (T2). */
  aggregateDays: 31,
  packageBytes: 512 * 1024 ** 2,
  packageEntries: 4_096,
  packageMedia: 4_000,
} as const;
