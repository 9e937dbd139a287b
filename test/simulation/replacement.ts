import type { AuthClientConfig, Platform } from 'unexpired/core';
import type * as createAuthClient from '../../src/core/create-auth-client.ts';
import type * as answerClass from '../../src/core/model/answer-class.ts';
import type * as foreignError from '../../src/core/model/foreign-error.ts';
import type * as ownToken from '../../src/core/model/own-token.ts';
import type * as recordChange from '../../src/core/model/record-change.ts';
import type * as recordOrder from '../../src/core/model/record-order.ts';
import type * as refreshFailure from '../../src/core/model/refresh-failure.ts';
import type * as refreshOutcome from '../../src/core/model/refresh-outcome.ts';
import type * as refreshPolicy from '../../src/core/model/refresh-policy.ts';
import type * as storageRecord from '../../src/core/model/storage-record.ts';
import type * as tokenLife from '../../src/core/model/token-life.ts';
import type * as tokenDecision from '../../src/core/model/token-decision.ts';
import type * as refreshLock from '../../src/core/refresh/refresh-lock.ts';
import type * as refresher from '../../src/core/refresh/refresher.ts';
import type * as tokenSource from '../../src/core/refresh/token-source.ts';
import type * as cookieJar from '../../src/core/session/cookie-jar.ts';
import type * as cookieRemoval from '../../src/core/session/cookie-removal.ts';
import type * as signIn from '../../src/core/session/sign-in.ts';
import type * as subject from '../../src/core/session/subject.ts';
import type * as leaseLock from '../../src/server/lease-lock.ts';
import type * as rowStorage from '../../src/server/row-storage.ts';
import type * as sessions from '../../src/server/sessions.ts';
import type * as storeClock from '../../src/server/store-clock.ts';
import type * as bonfire from '../../src/protocols/bonfire/bonfire.ts';

/** The modules of which defects replace an export, by their paths below `src`. */
interface Modules {
  'core/create-auth-client.ts': typeof createAuthClient;
  'core/model/answer-class.ts': typeof answerClass;
  'core/model/foreign-error.ts': typeof foreignError;
  'core/model/own-token.ts': typeof ownToken;
  'core/model/record-change.ts': typeof recordChange;
  'core/model/record-order.ts': typeof recordOrder;
  'core/model/refresh-failure.ts': typeof refreshFailure;
  'core/model/refresh-outcome.ts': typeof refreshOutcome;
  'core/model/refresh-policy.ts': typeof refreshPolicy;
  'core/model/storage-record.ts': typeof storageRecord;
  'core/model/token-life.ts': typeof tokenLife;
  'core/model/token-decision.ts': typeof tokenDecision;
  'core/refresh/refresh-lock.ts': typeof refreshLock;
  'core/refresh/refresher.ts': typeof refresher;
  'core/refresh/token-source.ts': typeof tokenSource;
  'core/session/cookie-jar.ts': typeof cookieJar;
  'core/session/cookie-removal.ts': typeof cookieRemoval;
  'core/session/sign-in.ts': typeof signIn;
  'core/session/subject.ts': typeof subject;
  'protocols/bonfire/bonfire.ts': typeof bonfire;
  'server/lease-lock.ts': typeof leaseLock;
  'server/row-storage.ts': typeof rowStorage;
  'server/sessions.ts': typeof sessions;
  'server/store-clock.ts': typeof storeClock;
}

/** An export of a module that is replaced while the simulation is loaded. */
export interface Replacement {
  readonly file: string;
  readonly exported: string;
  /** Only this module, by its path below `src`, imports the replacement; without it, every module does. */
  readonly importedBy?: string;
  readonly create: (original: unknown, module: unknown) => unknown;
}

/** A deliberate defect. */
export interface Defect {
  readonly name: string;
  /** Where the refresh token is in the worlds that detect it; on the page by default. */
  readonly refreshToken?: 'cookie';
  /** Whether worlds of instances detect it, instead of worlds of tabs. */
  readonly isOfInstances?: true;
  readonly replacements: readonly Replacement[];
}

/**
 * Describes a replacement. A replacement must have the type of its original. If it no longer fits, it does not compile.
 *
 * @param create receives the original export and all exports of its module
 */
export function replace<File extends keyof Modules, Exported extends keyof Modules[File] & string>(
  file: File,
  exported: Exported,
  create: (original: Modules[File][Exported], module: Modules[File]) => Modules[File][Exported],
  importedBy?: string,
): Replacement {
  return { file, exported, create: create as Replacement['create'], ...(importedBy === undefined ? {} : { importedBy }) };
}

/** Replaces members of the platform that a client is created with. */
export function replaceOnPlatform(membersOf: (platform: Platform) => Partial<Platform>): Replacement {
  return replace('core/create-auth-client.ts', 'createAuthClient', (create) => (config) => create({ ...config, platform: { ...platformOf(config), ...membersOf(platformOf(config)) } }));
}

export function platformOf({ platform }: AuthClientConfig): Platform {
  if (!platform) throw new Error('The simulation must give its clients a platform.');
  return platform;
}
