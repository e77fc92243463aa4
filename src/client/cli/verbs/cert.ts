import { X509Certificate } from 'node:crypto'
import type { ServiceCertificate } from '../../service-management/certificates.ts'
import { openServiceManagement } from '../../service-management/service-management.ts'
import { operationEnds, watching } from '../follow.ts'
import { table } from '../table.ts'
import { readUserFile } from '../user-file.ts'
import { needed, option, type Verb } from '../verb.ts'

export const certAdd: Verb = {
  name: 'cert add',
  form: 'FILE --service NAME [--password TEXT | --password-file FILE]',
  about: 'Uploads the certificates of a .pfx or .cer file to a cloud service.',
  options: { service: { type: 'string' }, password: { type: 'string' }, 'password-file': { type: 'string' } },
  words: [1, 1],
  async run(call) {
    const { terminal } = call
    const [file = ''] = call.words
    const service = needed(call, 'service')
    const passwordFile = option(call, 'password-file')
    const bytes = readUserFile(file, 'certificate file')
    const password =
      passwordFile === undefined
        ? (option(call, 'password') ?? '')
        : firstLine(readUserFile(passwordFile, 'password file'))
    const fabric = openServiceManagement(call.api())
    const before = new Set((await fabric.certificates(service)).map(({ thumbprint }) => thumbprint))
    const operation = await fabric.addCertificate(service, {
      bytes,
      format: /\.(pfx|p12)$/i.test(file) ? 'pfx' : 'cer',
      password,
    })
    await operationEnds(watching(call, fabric, service), operation)
    const added = (await fabric.certificates(service)).filter(({ thumbprint }) => !before.has(thumbprint))
    for (const line of lines(added)) terminal.line(line)
    if (added.length === 0) terminal.line(`${service} had all certificates of ${file} already.`)
    terminal.object({ operation, added: added.map(({ thumbprint }) => thumbprint) })
  },
}

export const certList: Verb = {
  name: 'cert list',
  form: '--service NAME',
  about: 'Lists the certificates of a cloud service.',
  options: { service: { type: 'string' } },
  words: [0, 0],
  async run(call) {
    const found = await openServiceManagement(call.api()).certificates(needed(call, 'service'))
    if (found.length === 0)
      call.terminal.line('There are no certificates. Add some with: reddog cert add FILE --service NAME')
    else for (const line of lines(found)) call.terminal.line(line)
    call.terminal.object({ certificates: found.map(({ thumbprint, data }) => ({ thumbprint, data })) })
  },
}

export const certDelete: Verb = {
  name: 'cert delete',
  form: 'THUMBPRINT --service NAME',
  about: 'Deletes a certificate that no deployment names.',
  options: { service: { type: 'string' } },
  words: [1, 1],
  async run(call) {
    const service = needed(call, 'service')
    const thumbprint = (call.words[0] ?? '').replace(/[\s:]/g, '').toUpperCase()
    const fabric = openServiceManagement(call.api())
    const operation = await fabric.deleteCertificate(service, thumbprint)
    await operationEnds(watching(call, fabric, service), operation)
    call.terminal.line(`Deleted the certificate ${thumbprint} of ${service}.`)
    call.terminal.object({ operation, thumbprint })
  },
}

function lines(certificates: readonly ServiceCertificate[]): readonly string[] {
  if (certificates.length === 0) return []
  const rows = certificates.map(({ thumbprint, data }) => {
    const { subject, validToDate } = new X509Certificate(Buffer.from(data, 'base64'))
    return [thumbprint, subject.replaceAll('\n', ', '), validToDate.toISOString().slice(0, 10)]
  })
  return table([['THUMBPRINT', 'SUBJECT', 'VALID UNTIL'], ...rows])
}

/** An editor ends the only line of a password file too. */
function firstLine(bytes: Buffer): string {
  return bytes.toString().split(/\r?\n/)[0] ?? ''
}
