/**
 * CertificateInstaller: a child of the guest agent that fetches the role's certificates and writes them where the role finds
 * them. Each process has its own transport key, which is lost when it ends, like the private keys that it saw (wire-server.md 8).
 */
import { text } from 'node:stream/consumers'
import { openTransport } from '../../machine/certificates/transport.ts'
import { writeCertificates } from '../../machine/guest-os/certificate-store.ts'
import { wireClient } from '../../machine/guest-os/wire-client.ts'
import { nameThisProcess } from '../../machine/process.ts'
import { readCertificateFile } from '../contract/certificate-file.ts'
import { wireHeaders } from '../contract/headers.ts'
import { filesOf, type InstallOrder, indexName, indexOf } from './order.ts'

nameThisProcess('CertificateInstaller')
// Whoever started us shows our last line: one sentence, not a stack.
process.on('uncaughtException', (error) => {
  process.stderr.write(`${error.message}\n`)
  process.exit(1)
})
const { wireServer, hostUid, url, directory, certificates } = JSON.parse(await text(process.stdin)) as InstallOrder
if (url === undefined)
  throw new Error('The host agent gives no certificates to this guest, and its configuration names some.')
const transport = openTransport('WindowsAzureGuestAgent')
const body = await wireClient(wireServer, hostUid).get(url, {
  [wireHeaders.transportCertificate]: transport.certificate,
  [wireHeaders.cipher]: 'AES128_CBC',
})
if (body === undefined) throw new Error('A newer goal came while certificates were being fetched.')
const file = readCertificateFile(body)
if (!file) throw new Error('The host agent gives certificates in a form that this agent does not know.')
const found = transport.open(file.data)
writeCertificates(directory, found, {
  wanted: certificates.map((certificate) => ({ ...filesOf(certificate), ...certificate })),
  index: { name: indexName, text: indexOf(certificates) },
})
// The open connection to the host agent would keep this process alive.
process.exit(0)
