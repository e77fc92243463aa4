import { group } from '../../kernel/document/parts.ts'
import { record } from '../../kernel/document/record.ts'
import { text } from '../../kernel/document/scalars.ts'
import { list } from '../../kernel/document/tag.ts'
import { readDocument, writeDocument } from './document.ts'

/** The version that Reddog's own agents speak and that every document answers with. */
export const protocolVersion = '2012-11-30'

/** Versions that a request may name; all are answered with the same documents (wire-server.md 3). */
export const supportedVersions: readonly string[] = [protocolVersion, '2011-12-31', '2011-08-31', '2010-12-15']

export const versionsTag = record('Versions', {
  preferredElement: group('Preferred', { preferred: text('Version') }),
  supported: list('Supported', text('Version')),
})

export function writeVersions(): string {
  return writeDocument(versionsTag, { preferred: protocolVersion, supported: supportedVersions })
}

/** The versions that a server supports. Throws XmlError. */
export function readVersions(source: string): readonly string[] {
  return readDocument(versionsTag, source).supported
}
