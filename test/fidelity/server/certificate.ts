import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';

/** A certificate for one run of the tests, and the switch that makes Chromium trust it. */
export interface Certificate {
  /** The private key and the certificate, both PEM. */
  readonly key: string;
  readonly cert: string;
  /** The switch that makes Chromium trust the certificate, because a page with a certificate error has no HTTP cache. */
  readonly chromiumSwitch: string;
}

const ECDSA_WITH_SHA256 = seq(der(0x06, Buffer.from('2a8648ce3d040302', 'hex')));
const COMMON_NAME = Buffer.from('550403', 'hex');

/** Creates a self-signed certificate, valid from yesterday until tomorrow (RFC 5280 section 4.1). */
export function createCertificate(now: number): Certificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const name = seq(der(0x31, seq(der(0x06, COMMON_NAME), der(0x0c, Buffer.from('fidelity')))));
  const serial = der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)]));
  const validity = seq(utcTime(now - 86_400_000), utcTime(now + 86_400_000));
  const content = seq(serial, ECDSA_WITH_SHA256, name, validity, name, spki);
  const signature = der(0x03, Buffer.concat([Buffer.from([0]), sign('sha256', content, privateKey)]));
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${seq(content, ECDSA_WITH_SHA256, signature).toString('base64')}\n-----END CERTIFICATE-----\n`,
    chromiumSwitch: `--ignore-certificate-errors-spki-list=${createHash('sha256').update(spki).digest('base64')}`,
  };
}

function utcTime(at: number): Buffer {
  return der(0x17, Buffer.from(new Date(at).toISOString().replace(/^..|[-:T]|\.\d+/g, '')));
}

function seq(...parts: Buffer[]): Buffer {
  return der(0x30, Buffer.concat(parts));
}

function der(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}
