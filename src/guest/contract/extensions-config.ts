import { xml } from '../../kernel/xml.ts'
import { writeDocument } from './document.ts'

/** The least that public agents take (wire-server.md 6.3). `statusBlob` is the URL to which a current agent puts its status each period. */
export function writeExtensionsConfig(goalStateIncarnation: number, statusBlob: string): string {
  return writeDocument(
    xml('Extensions', { version: '1.0.0.0', goalStateIncarnation }, [
      xml('GuestAgentExtension', { 'xmlns:i': 'http://www.w3.org/2001/XMLSchema-instance' }, xml('GAFamilies')),
      xml('StatusUploadBlob', { statusBlobType: 'BlockBlob' }, statusBlob),
    ]),
  )
}
