import { attribute, saidAttribute, saidElement } from '../../kernel/document/parts.ts'
import { record } from '../../kernel/document/record.ts'
import { count } from '../../kernel/document/scalars.ts'
import { instanceNamespace } from '../../kernel/document/tag.ts'
import { xml } from '../../kernel/xml.ts'
import { writeDocument } from './document.ts'

/** The least that public agents take (wire-server.md 6.3). */
const extensionsConfig = record('Extensions', {
  version: saidAttribute('version', '1.0.0.0'),
  goalStateIncarnation: attribute(count('goalStateIncarnation')),
  guestAgentExtension: saidElement(xml('GuestAgentExtension', { 'xmlns:i': instanceNamespace }, xml('GAFamilies'))),
  statusUploadBlob: saidElement(({ statusBlob }: { readonly statusBlob: string }) =>
    xml('StatusUploadBlob', { statusBlobType: 'BlockBlob' }, statusBlob),
  ),
})

/** `statusBlob` is the URL to which a current agent puts its status each period. */
export function writeExtensionsConfig(goalStateIncarnation: number, statusBlob: string): string {
  return writeDocument(extensionsConfig, { goalStateIncarnation, statusBlob })
}
