export type { StepUpChallenge } from './core/model/auth-error.ts';
export type { SubjectOf } from './core/held-session.ts';
export type { ApiParameters } from './apis/api-parameters.ts';
export { handleStepUp, type Authenticate, type StepUpOptions } from './apis/step-up.ts';
export { withApis, type ApisClient } from './apis/with-apis.ts';
