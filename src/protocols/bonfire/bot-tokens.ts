import { invalidSetting } from '../../core/model/auth-error.ts';
import { defineGrant, type Grant } from '../../core/model/grant.ts';
import { asObject, memberAt } from '../../core/model/json.ts';
import type { TokenSet } from '../../core/model/token-set.ts';
import { readAccessTokenObject } from './access-token-object.ts';
import { readGranted, type BonfireProtocol } from './bonfire.ts';
import { asGrantFailure } from './error-codes.ts';

/**
 * Makes the grant that creates tokens for bots: one token set for each bot, by bot id.
 *
 * @param protocol the protocol of the API, with the App Key
 * @param botIds the ids of at least one bot; `signIn` takes the grant of exactly one
 * @throws AuthError `invalid_config`, with the field `botIds`
 * @see the Bonfire document: create access tokens
 * @example
 * ```ts
 * import { createAuthClient } from 'unexpired/core';
 * import { bonfire, createBotTokens } from 'unexpired/bonfire';
 * const protocol = bonfire({ baseUrl: 'https://api.bonfire.camp/v1', appKey: 'my-app-key' });
 * const auth = createAuthClient({ protocol });
 * await auth.signIn(createBotTokens(protocol, ['-OoX6R1ba0eM5kwmB8n']));
 * ```
 */
export function createBotTokens({ tokenRequest }: Pick<BonfireProtocol, 'tokenRequest'>, botIds: readonly string[]): Grant {
  return defineGrant({
    request: tokenRequest('/bots', { grant_type: 'client_credentials', bots: checkedBotIds(botIds) }),
    read(answer) {
      const outcome = readGranted(answer, botTokensIn);
      return outcome.kind === 'granted' ? outcome : asGrantFailure(outcome, answer);
    },
  });
}

function botTokensIn(body: string): Readonly<Record<string, TokenSet>> | string {
  const byBot = asObject(memberAt(body, 'data', 'tokens'));
  if (!byBot) return 'there is no `data.tokens` object';
  const tokens = Object.fromEntries(Object.entries(byBot).map(([botId, object]) => [botId, readAccessTokenObject(object, { scopes: [] })]));
  return Object.values(tokens).find((read) => typeof read === 'string') ?? (tokens as Record<string, TokenSet>);
}

function checkedBotIds(botIds: readonly string[]): readonly string[] {
  if (!Array.isArray(botIds) || botIds.length === 0 || botIds.some((botId) => typeof botId !== 'string' || botId === '')) {
    throw invalidSetting('botIds', botIds);
  }
  return botIds;
}
