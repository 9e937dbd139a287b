import type { Evidence, Requirement } from './obligations.ts';

const cited = (file: string) => (...claims: readonly string[]): readonly Evidence[] => claims.map((claim) => ({ claim, file: `test/${file}.test.ts` }));
const clocks = cited('engine/session-end/clocks');
const ends = cited('engine/session-end/ends');
const idle = cited('engine/session-end/idle');
const faults = cited('engine/session-end/adversity');

/** What standards ask of the limits of a session, and how the client meets it. The figures are settings of the app. */
export const LIMIT_REQUIREMENTS: readonly Requirement[] = [
  {
    section: 'NIST SP 800-63B-4, 2.2.3 (AAL2)',
    requirement: 'There is an overall time-out, after which the user authenticates again. It should be at most 24 hours.',
    met: '`maxSessionMs: 24 * 3_600_000`. It counts from the sign-in, over reloads, and activity does not move it.',
    shownBy: ends('longest-session'),
  },
  {
    section: 'NIST SP 800-63B-4, 2.2.3 (AAL2)',
    requirement: 'There is an inactivity time-out, which should be at most 1 hour.',
    met: '`idle: { timeoutMs: 3_600_000 }`. A refresh, a call and a poll are no activity.',
    shownBy: idle('idle-end', 'refresh-is-no-activity'),
  },
  {
    section: 'NIST SP 800-63B-4, 2.3.3 (AAL3)',
    requirement: 'The overall time-out is at most 12 hours. The inactivity time-out should be at most 15 minutes.',
    met: '`maxSessionMs: 12 * 3_600_000` and `idle: { timeoutMs: 15 * 60_000 }`. Your sign-in decides which factors it asks for.',
    shownBy: [...ends('longest-with-activity'), ...idle('idle-over-reloads')],
  },
  {
    section: 'PCI DSS 4.0.1, 8.2.8',
    requirement: 'A session that has been idle for more than 15 minutes requires the user to authenticate again.',
    met: '`idle: { timeoutMs: 15 * 60_000 }`, also after sleep and with a clock that is set back.',
    shownBy: [...idle('idle-after-sleep'), ...clocks('idle-set-back')],
  },
  {
    section: 'OWASP ASVS 5.0, 7.3.1',
    requirement: 'There is an inactivity time-out.',
    met: '`idle`. Activity in any tab counts, and the end comes in all tabs.',
    shownBy: idle('activity-in-all-tabs'),
  },
  {
    section: 'OWASP ASVS 5.0, 7.3.2',
    requirement: 'There is an absolute maximum lifetime of a session.',
    met: '`maxSessionMs`, or the `session_expiry` of the server.',
    shownBy: ends('server-end'),
  },
  {
    section: 'OWASP ASVS 5.0, 7.4.1',
    requirement: 'A session that has expired cannot be used any more.',
    met: 'No tab stores a token, the tokens are revoked if the protocol can, and a cookie is removed. Your API must refuse the tokens, too.',
    shownBy: faults('no-token-after-idle', 'idle-removes-cookie'),
  },
];
