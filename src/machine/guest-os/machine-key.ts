import { generateKeyPairSync } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { realPath, webServerMachineKey } from '../../guest/contract/guest-paths.ts'
import type { GuestSettings } from '../../guest/contract/guest-settings.ts'
import { wireHeaders } from '../../guest/contract/headers.ts'
import { machineKeyPurpose, readMachineKey, transportKeyBits } from '../../guest/contract/machine-key.ts'
import type { Markup } from '../../kernel/xml.ts'
import { isMachineKey, machineKeyElement } from '../../service-model/application-host/machine-key.ts'
import { writeWhole } from '../building/write-whole.ts'
import { openerWith } from '../certificates/party-sealer.ts'
import { wireClient } from './wire-client.ts'

/**
 * The element of the machine key that all instances of the role in its deployment share (I-14). It never changes, so it is requested from the
 * host agent once, and not when a role is started again. Undefined while the host agent has none, because its goal is older than this feature:
 * the next start asks again. Rejects with a sentence when a needed request fails.
 */
export async function machineKeyOf(settings: GuestSettings): Promise<Markup | undefined> {
  const digits = await digitsOf(settings)
  return digits === undefined ? undefined : machineKeyElement(digits)
}

async function digitsOf(settings: GuestSettings): Promise<string | undefined> {
  const file = realPath(settings.root, webServerMachineKey) as string
  const kept = existsSync(file) ? readFileSync(file, 'utf8') : ''
  // A machine that lost its power may have left an empty file.
  if (isMachineKey(kept)) return kept
  const digits = await fetchMachineKey(settings)
  if (digits === undefined) return undefined
  mkdirSync(dirname(file), { recursive: true })
  writeWhole(file, digits, 0o600)
  return digits
}

/** Status of a document that the wire server does not have. */
const notFound = 404

async function fetchMachineKey({ wireServer, ownNetwork, root }: GuestSettings): Promise<string | undefined> {
  const hostUid = ownNetwork ? undefined : statSync(join(root, 'guest.json')).uid
  const { publicKey, privateKey } = generateKeyPairSync('rsa', {
    modulusLength: transportKeyBits,
    publicKeyEncoding: { type: 'spki', format: 'der' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
  const headers = { [wireHeaders.transportKey]: publicKey.toString('base64') }
  const body = await wireClient(wireServer, hostUid).get('/machine/?comp=machineKey', headers, notFound)
  if (body === undefined) return undefined
  return openerWith(privateKey).open(readMachineKey(body), machineKeyPurpose).toString()
}
