import { asObject } from '../model/json.ts';
import { decodeRecord, encodeRecord, type SignedOutRecord } from '../model/storage-record.ts';
import type { TabChannel } from '../platform/platform.ts';
import type { ClientContext } from './client-context.ts';
import type { Written } from './record-store.ts';

/** The news of another tab. */
export interface News {
  /** The record of an ended session; `null` if the message carries none. */
  readonly ended: SignedOutRecord | null;
  /** Whether storage has something new to read. */
  readonly isStored: boolean;
}

/** The messages between the tabs of one session key. None of them contains a token. */
export interface SessionChannel {
  /** Starts to listen, until the client is disposed. */
  readonly open: () => void;
  /** Announces a write to the other tabs. */
  readonly announce: (written: Written) => void;
}

/** Creates the channel of one client. */
export function createSessionChannel({ platform, key, disposed }: Pick<ClientContext, 'platform' | 'key' | 'disposed'>, onNews: (news: News) => void): SessionChannel {
  let channel: TabChannel | null = null;

  function onMessage(message: unknown): void {
    const news = asObject(message) ?? {};
    const decoded = decodeRecord(news['ended']);
    const ended = decoded.kind === 'record' && decoded.record.status === 'signedOut' ? decoded.record : null;
    onNews({ ended, isStored: (news['revision'] ?? null) !== null });
  }

  return {
    open() {
      channel = platform.openChannel?.(key, onMessage) ?? null;
      disposed.addEventListener('abort', () => {
        channel?.close();
        channel = null;
      });
    },
    // A sign-out is announced even if storage fails. Another end that is not stored is not, because it may be about a
    // refresh token that another tab has replaced.
    announce({ record, stored }) {
      const ended = record.status === 'signedOut' && (stored || record.endReason === 'sign_out') ? encodeRecord(record) : null;
      if (!stored && !ended) return;
      const line = channel ?? platform.openChannel?.(key, () => undefined); // A write may end after the client is disposed.
      line?.post({ revision: stored ? record.revision : null, ended });
      if (line !== channel) line?.close();
    },
  };
}
