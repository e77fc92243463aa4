import { saidElement } from '../../kernel/document/parts.ts'
import { record } from '../../kernel/document/record.ts'
import { count, scalar, text } from '../../kernel/document/scalars.ts'
import { xml } from '../../kernel/xml.ts'
import { readDocument, schema, writeDocument } from './document.ts'
import { protocolVersion } from './versions.ts'

/** Certificates of a role, encrypted to the guest that asked (wire-server.md 8). */
export interface CertificateFile {
  readonly incarnation: number
  /** Base64 of a DER CMS EnvelopedData. */
  readonly data: string
}

const ourFormat = 'Pkcs7BlobWithPfxContents'
const lineLength = 64

export const certificateFileTag = record(
  'CertificateFile',
  {
    version: saidElement(xml('Version', {}, protocolVersion)),
    incarnation: count('Incarnation'),
    format: text('Format'),
    data: scalar('Data', inLines, (found) => found.replace(/\s/g, ''), 'Base64', ['YQ==', 'A'.repeat(200)]),
  },
  schema('certificates10.xsd'),
)

export function writeCertificateFile(file: CertificateFile): string {
  return writeDocument(certificateFileTag, { ...file, format: ourFormat })
}

/** Throws XmlError when it is no certificate file; undefined when its content has a format that we do not know. */
export function readCertificateFile(source: string): CertificateFile | undefined {
  const { format, ...file } = readDocument(certificateFileTag, source)
  return format === ourFormat ? file : undefined
}

function inLines(data: string): string {
  return (data.match(new RegExp(`.{1,${lineLength}}`, 'g')) ?? []).join('\n')
}
