/** Why calls are refused, in words: one table for whoever calls, explains, or delivers what an adapter looks up. */
import type { Refusal } from './decide.ts'

/** `toCaller` says what to do next; `ofDepartment` goes on from the name of a department. */
export const reasons: Readonly<Record<Refusal, { readonly toCaller: string; readonly ofDepartment: string }>> = {
  'no-agreement': {
    toCaller: 'Your department has no agreement on this standard; ask its owner for one.',
    ofDepartment: 'has no agreement on this standard',
  },
  'no-matter': {
    toCaller: 'Say what the call is for: put the matter code into the header Concord-Matter.',
    ofDepartment: 'has not said for which matter',
  },
  matter: {
    toCaller: 'No agreement of your department on this standard covers this matter.',
    ofDepartment: 'has no agreement that covers this matter',
  },
  requested: {
    toCaller: 'The agreement that covers this matter was asked for, and the owner of the standard has not decided yet.',
    ofDepartment: 'has asked for an agreement that is not decided yet',
  },
  rejected: {
    toCaller: 'The agreement that would cover this matter was rejected; `concord agreement show` says why.',
    ofDepartment: 'has asked for an agreement that was rejected',
  },
  suspended: {
    toCaller: 'The agreement that covers this matter is suspended until the owner of the standard resumes it.',
    ofDepartment: 'has an agreement that is suspended',
  },
  revoked: {
    toCaller: 'The agreement that covers this matter was revoked.',
    ofDepartment: 'has an agreement that was revoked',
  },
  'not-begun': {
    toCaller: 'The term of the agreement that covers this matter has not begun.',
    ofDepartment: 'has an agreement whose term has not begun',
  },
  expired: {
    toCaller: 'The term of the agreement that covers this matter has ended; ask for a new one.',
    ofDepartment: 'has an agreement whose term has ended',
  },
  operation: {
    toCaller: 'The agreement that covers this matter does not allow this operation.',
    ofDepartment: 'has an agreement that does not allow to look up records',
  },
  'no-case': {
    toCaller: 'The agreement asks which case a call serves: put its number into the header Concord-Case.',
    ofDepartment: 'has an agreement that asks for a case, which an adapter cannot name',
  },
  quota: {
    toCaller: 'The daily quota of the agreement that covers this matter is used up; the next day begins at 00:00 UTC.',
    ofDepartment: 'has used up the daily quota of its agreement',
  },
}
