import { createPrivateKey, X509Certificate } from 'node:crypto'
import { parseXml, xml } from '../../kernel/xml.ts'
import type { KeyAndCertificate } from './key-and-certificate.ts'
import { type Entry, readPkcs12, writePkcs12 } from './pkcs12.ts'

/** The content of a `.publishsettings` file about one subscription (S-8). */
export interface PublishSettings extends KeyAndCertificate {
  readonly subscriptionId: string
  readonly name: string
  /** `https://HOST[:PORT]` */
  readonly managementUrl: string
}

/** The file for one subscription: readers of this old format know only PKCS#12 with PBE-SHA1-3DES and a SHA-1 MAC (S-8). Holds the private key: mode 0600. */
export function writePublishSettings(settings: PublishSettings): string {
  const subscription = xml('Subscription', {
    ServiceManagementUrl: settings.managementUrl,
    Id: settings.subscriptionId,
    Name: settings.name,
    ManagementCertificate: Buffer.from(writePkcs12([entryOf(settings)])).toString('base64'),
  })
  const profile = xml(
    'PublishProfile',
    { SchemaVersion: '2.0', PublishMethod: 'AzureServiceManagementAPI' },
    subscription,
  )
  return `<?xml version="1.0" encoding="utf-8"?>\n${xml('PublishData', {}, profile).markup}\n`
}

/**
 * Every subscription of a file, of schema version 2.0 or of 1.0, where address and certificate belong to the profile. Throws an Error that names what
 * is missing.
 */
export function readPublishSettings(text: string): readonly PublishSettings[] {
  const root = parseXml(text)
  const found = root.children.flatMap((profile) =>
    profile.children
      .filter((element) => element.local === 'Subscription')
      .map(({ attributes }) => {
        const certificate = attributes['ManagementCertificate'] ?? profile.attributes['ManagementCertificate']
        const managementUrl = attributes['ServiceManagementUrl'] ?? profile.attributes['Url']
        if (!certificate || !managementUrl || !attributes['Id'])
          throw new Error('a Subscription of the publish settings has no Id, address or ManagementCertificate')
        return {
          subscriptionId: attributes['Id'],
          name: attributes['Name'] ?? '',
          managementUrl: managementUrl.replace(/\/+$/, ''),
          ...readPkcs12(Buffer.from(certificate, 'base64')),
        }
      }),
  )
  if (found.length === 0) throw new Error('the publish settings name no Subscription')
  return found
}

function entryOf({ certificatePem, keyPem }: KeyAndCertificate): Entry {
  const key = createPrivateKey(keyPem).export({ type: 'pkcs8', format: 'der' })
  return { der: new X509Certificate(certificatePem).raw, key }
}
