import { childrenOf, parseXml, xml } from '../../kernel/xml.ts'
import { requiredChild, writeDocument } from './document.ts'

/** The version that Reddog's own agents speak and that every document answers with. */
export const protocolVersion = '2012-11-30'

/** Versions that a request may name; all are answered with the same documents (wire-server.md 3). */
export const supportedVersions: readonly string[] = [protocolVersion, '2011-12-31', '2011-08-31', '2010-12-15']

export function writeVersions(): string {
  const version = (name: string) => xml('Version', {}, name)
  return writeDocument(
    xml('Versions', {}, [
      xml('Preferred', {}, version(protocolVersion)),
      xml('Supported', {}, supportedVersions.map(version)),
    ]),
  )
}

/** The versions that a server supports. Throws XmlError. */
export function readVersions(source: string): readonly string[] {
  return childrenOf(requiredChild(parseXml(source), 'Supported'), 'Version').map((element) => element.text.trim())
}
