import { parseXml, xml } from '../../kernel/xml.ts'
import { decimal, requiredText, writeDocument } from './document.ts'
import { schema } from './goal-state.ts'
import { protocolVersion } from './versions.ts'

/** Certificates of a role, encrypted to the guest that asked (wire-server.md 8). */
export interface CertificateFile {
  readonly incarnation: number
  /** Base64 of a DER CMS EnvelopedData. */
  readonly data: string
}

const format = 'Pkcs7BlobWithPfxContents'
const lineLength = 64

export function writeCertificateFile({ incarnation, data }: CertificateFile): string {
  const lines = data.match(new RegExp(`.{1,${lineLength}}`, 'g')) ?? []
  return writeDocument(
    xml('CertificateFile', schema('certificates10.xsd'), [
      xml('Version', {}, protocolVersion),
      xml('Incarnation', {}, incarnation),
      xml('Format', {}, format),
      xml('Data', {}, lines.join('\n')),
    ]),
  )
}

/** Throws XmlError when it is no certificate file; undefined when its content has a format that we do not know. */
export function readCertificateFile(source: string): CertificateFile | undefined {
  const root = parseXml(source)
  if (requiredText(root, 'Format') !== format) return undefined
  return {
    incarnation: decimal(requiredText(root, 'Incarnation'), root),
    data: requiredText(root, 'Data').replace(/\s/g, ''),
  }
}
