import { record } from '../../../kernel/document/record.ts'
import { count, oneOf, text, time } from '../../../kernel/document/scalars.ts'
import { list, orNil } from '../../../kernel/document/tag.ts'
import { attachmentLimit } from '../names.ts'
import { document } from './document.ts'
import { given, givenBase64 } from './given.ts'

/** Answer of Get Subscription (S-1). */
export const subscriptionDocument = document(
  record('Subscription', {
    id: text('SubscriptionID'),
    name: text('SubscriptionName'),
    status: oneOf('SubscriptionStatus', ['Active', 'Warned', 'Disabled']),
    accountAdmin: orNil(text('AccountAdminLiveEmailId')),
    serviceAdmin: orNil(text('ServiceAdminLiveEmailId')),
    maxCoreCount: count('MaxCoreCount'),
    maxStorageAccounts: count('MaxStorageAccounts'),
    maxHostedServices: count('MaxHostedServices'),
    currentCoreCount: count('CurrentCoreCount'),
    currentHostedServices: count('CurrentHostedServices'),
    currentStorageAccounts: count('CurrentStorageAccounts'),
    maxVirtualNetworkSites: count('MaxVirtualNetworkSites'),
    maxLocalNetworkSites: count('MaxLocalNetworkSites'),
    maxDnsServers: count('MaxDnsServers'),
    offerCategories: orNil(text('OfferCategories')),
    tenantId: orNil(text('AADTenantID')),
    createdTime: time('CreatedTime'),
  }),
)

/** Body and answer of the operations on management certificates (S-7). */
const subscriptionCertificate = record('SubscriptionCertificate', {
  /** Base64 of the public key. */
  publicKey: orNil(given('SubscriptionCertificatePublicKey', attachmentLimit)),
  thumbprint: given('SubscriptionCertificateThumbprint'),
  /** Base64 of the DER certificate. */
  data: givenBase64('SubscriptionCertificateData', attachmentLimit),
  created: orNil(time('Created')),
})

export const subscriptionCertificateDocument = document(subscriptionCertificate)
export const subscriptionCertificatesDocument = document(list('SubscriptionCertificates', subscriptionCertificate))
