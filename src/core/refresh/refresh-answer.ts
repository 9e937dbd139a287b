import type { Answer } from '../model/answer.ts';
import { AuthError } from '../model/auth-error.ts';
import { commitChange, replaceChange, type Claim, type RecordChange } from '../model/record-change.ts';
import { invalidResponse, withRotated, type RefreshOutcome } from '../model/refresh-outcome.ts';
import type { Session } from '../model/storage-record.ts';
import { receiptOf, type ReceiptFacts } from '../model/token-life.ts';
import { kept, tokenSetProblem, type TokenSet } from '../model/token-set.ts';
import type { ClientContext } from '../session/client-context.ts';
import { subjectFrom } from '../session/subject.ts';

/** Returns the function that reads the answer to a refresh of a session. Its tokens can be sent and stored. */
export function readerOf({ platform, protocol }: ClientContext, session: Session): (answer: Answer) => RefreshOutcome {
  const { tokens } = session;
  // The end of the former refresh token is not that of a new one. An answer without a refresh token leaves it in the cookie, if there is one.
  const previous = { ...tokens, refreshExpiresAt: undefined, ...(protocol.refreshCookie && { refreshToken: undefined }) };

  function usable(outcome: RefreshOutcome): RefreshOutcome {
    if (outcome.kind === 'final') return outcome;
    if (outcome.kind !== 'granted') return withRotated({ ...outcome, rotatedRefreshToken: undefined }, outcome.rotatedRefreshToken, tokens);
    const problem = tokenSetProblem(outcome.tokens, protocol.refreshCookie !== undefined);
    if (problem === null) return outcome;
    const failure = invalidResponse(problem);
    platform.report(new AuthError('invalid_response', failure.detail)); // The protocol of the app has read them.
    return withRotated(failure, outcome.tokens?.refreshToken, tokens);
  }

  return (answer) => {
    const read = protocol.readRefresh(answer, previous);
    return usable(protocol.refreshCookie?.outcomeOf(read, answer, session, platform) ?? read);
  };
}

/** Returns the change that stores the tokens of a refresh. The tokens of another user start another session. */
export function renewedChange(context: ClientContext, claim: Claim, session: Session, granted: TokenSet, facts: ReceiptFacts): RecordChange {
  const { platform, protocol } = context;
  const tokens = kept(granted, session.tokens, protocol.refreshCookie !== undefined);
  const receipt = receiptOf(granted, facts, session.tokens);
  const subject = subjectFrom(context, tokens);
  const former = session.subject ?? subjectFrom(context, session.tokens);
  if (!former || !subject || former === subject) return commitChange(claim, tokens, receipt, null, subject);
  return replaceChange(claim, { sessionId: platform.randomId(), generation: 1, tokens, receipt, subject }, platform.now().wall);
}
