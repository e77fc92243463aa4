import { attribute } from '../../kernel/document/parts.ts'
import { record } from '../../kernel/document/record.ts'
import { text } from '../../kernel/document/scalars.ts'
import { instanceNamespace, list } from '../../kernel/document/tag.ts'
import { parseXml } from '../../kernel/xml.ts'

/** Version of the protocol that the published client libraries speak (role-runtime.md 1). */
export const publishedProtocol = '2011-03-08'

/** Version of the JSON-lines protocol of Reddog's own host processes (role-runtime.md 3). */
export const ownProtocol = 'reddog-1'

export const schemaNamespaces = {
  'xmlns:xsi': instanceNamespace,
  'xmlns:xsd': 'http://www.w3.org/2001/XMLSchema',
} as const

const endpoint = record('RuntimeServerEndpoint', { version: attribute(text('version')), path: attribute(text('path')) })

export const discoveryTag = record(
  'RuntimeServerDiscovery',
  { endpoints: list('RuntimeServerEndpoints', endpoint) },
  schemaNamespaces,
)

/** The discovery document: where each protocol version is spoken. Never holds CR LF (role-runtime.md 3). */
export function writeDiscovery(paths: Readonly<Record<string, string>>): string {
  const endpoints = Object.entries(paths).map(([version, path]) => ({ version, path }))
  return `<?xml version="1.0" encoding="utf-8"?>${discoveryTag.write({ endpoints })?.markup}`
}

/** Path at which `version` is spoken, undefined when it is not. Throws XmlError when the text is not a discovery document. */
export function endpointOf(document: string, version: string): string | undefined {
  const { endpoints } = discoveryTag.read(parseXml(document))
  return endpoints.find((endpoint) => endpoint.version === version)?.path
}
