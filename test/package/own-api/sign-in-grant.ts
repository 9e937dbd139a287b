import { classifyFailure, defineGrant, invalidResponse } from 'unexpired';
import { API, errorCodeIn, post, readTokens } from './auth';

/** For `auth.signIn(signInGrant(email, password))`. */
export const signInGrant = (email: string, password: string) => defineGrant({
  request: { url: `${API}/login`, ...post({ email, password }) },
  read(answer) {
    if (answer.status === 200) {
      const tokens = readTokens(answer.body, answer.now);
      return tokens ? { kind: 'granted', tokens: { [email]: tokens } } : invalidResponse('it is not the JSON of our API');
    }
    const apiCode = errorCodeIn(answer.body);
    return answer.status < 500 && apiCode !== null ? { kind: 'refused', apiCode } : classifyFailure(answer);
  },
});
