import { child, childrenOf, parseXml, xml } from '../../kernel/xml.ts'

/** Version of the protocol that the published client libraries speak (role-runtime.md 1). */
export const publishedProtocol = '2011-03-08'

/** Version of the JSON-lines protocol of Reddog's own host processes (role-runtime.md 3). */
export const ownProtocol = 'reddog-1'

/** The discovery document: where each protocol version is spoken. Never holds CR LF (role-runtime.md 3). */
export function writeDiscovery(endpoints: Readonly<Record<string, string>>): string {
  const listed = Object.entries(endpoints).map(([version, path]) => xml('RuntimeServerEndpoint', { version, path }))
  const document = xml('RuntimeServerDiscovery', schemaNamespaces, xml('RuntimeServerEndpoints', {}, listed))
  return `<?xml version="1.0" encoding="utf-8"?>${document.markup}`
}

/** Path at which `version` is spoken, undefined when it is not. Throws XmlError when the text is no discovery document. */
export function endpointOf(document: string, version: string): string | undefined {
  const endpoints = childrenOf(child(parseXml(document), 'RuntimeServerEndpoints'), 'RuntimeServerEndpoint')
  return endpoints.find((endpoint) => endpoint.attributes['version'] === version)?.attributes['path']
}

export const schemaNamespaces = {
  'xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance',
  'xmlns:xsd': 'http://www.w3.org/2001/XMLSchema',
} as const
