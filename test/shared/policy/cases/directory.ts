import { allowed, does, type RuleCase, refused, unpermitted } from '../case-builders.ts';
import { auditor, clerk, director, lawyer, officer, person } from '../staff.ts';

const headquarters = person('headquarters', 'hq-approver');
const gone = { ...director, active: false };
const atOneHotel = {
  ...director,
  roles: director.roles.map((held) => ({ ...held, hotels: ['SHA01'] })),
};

/** Keeping the directory, confirming what gives somebody more, seeing it. */
export const DIRECTORY_CASES: readonly RuleCase[] = [
  allowed('T18.keep-directory', 'the director brings a directory file', does('keep-directory', director)),
  allowed('T18.keep-directory', 'headquarters brings a directory file', does('keep-directory', headquarters)),
  allowed('T18.not-keeping-directory', 'for the director’s own hotel', does('keep-directory', atOneHotel)),
  unpermitted(
    'T18.not-keeping-directory',
    'a lawyer brings a directory file',
    does('keep-directory', lawyer),
  ),
  refused('T18.not-keeping-directory', 'a director who has left', does('keep-directory', gone)),
  unpermitted(
    'T18.not-keeping-directory',
    'a director of another hotel',
    does('keep-directory', atOneHotel, ['SHA01', 'HGH02']),
  ),
  allowed(
    'T18.confirm-directory-change',
    'the privacy officer confirms',
    does('confirm-directory-change', officer),
  ),
  allowed(
    'T18.confirm-directory-change',
    'headquarters confirms',
    does('confirm-directory-change', headquarters),
  ),
  allowed(
    'T18.not-confirming-directory-change',
    'the director of the hotel confirms',
    does('confirm-directory-change', atOneHotel),
  ),
  unpermitted(
    'T18.not-confirming-directory-change',
    'an auditor confirms',
    does('confirm-directory-change', auditor),
  ),
  refused(
    'T18.not-confirming-directory-change',
    'an officer who has left',
    does('confirm-directory-change', { ...officer, active: false }),
  ),
  allowed('T18.see-directory', 'an auditor looks somebody up', does('see-directory', auditor)),
  allowed('T18.not-to-see-directory', 'the privacy officer looks', does('see-directory', officer)),
  unpermitted('T18.not-to-see-directory', 'a clerk looks somebody up', does('see-directory', clerk)),
  allowed(
    'A3.duty',
    'a directory of the region’s hotels',
    does('keep-directory', director, ['SHA01', 'HGH02']),
  ),
  refused('A3.duty', 'a directory of a hotel elsewhere', does('keep-directory', director, ['FRA01'])),
];
