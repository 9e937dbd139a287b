import { ABORTING } from './cases/aborting.ts';
import { ADDRESSES } from './cases/addresses.ts';
import { BODIES } from './cases/bodies.ts';
import { ERRORS } from './cases/errors.ts';
import { HEADERS } from './cases/headers.ts';
import { METHODS } from './cases/methods.ts';
import { OPTIONS } from './cases/options.ts';
import { REQUESTS } from './cases/requests.ts';
import { RESPONSES } from './cases/responses.ts';
import { SHAPE } from './cases/shape.ts';
import type { Case } from './page/case.ts';

/** The cases in which `client.fetch` must do what `fetch` does. */
export const CASES: readonly Case[] = [...ADDRESSES, ...METHODS, ...HEADERS, ...REQUESTS, ...BODIES, ...OPTIONS, ...ABORTING, ...RESPONSES, ...ERRORS, ...SHAPE];
